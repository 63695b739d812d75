-- User pools, their clients and keys, their users, and what a sign-in leaves behind.
-- Times are milliseconds since 1970. Columns named sealed_* are closed with the master key, *_hash are keyed hashes.

CREATE TABLE user_pool (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    settings TEXT NOT NULL,             -- UserPoolType as its table renders it
    version INTEGER NOT NULL,           -- raised by each change; decoded copies in memory compare it
    user_count INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL
);

CREATE TABLE user_pool_client (
    id TEXT NOT NULL PRIMARY KEY,
    pool_id TEXT NOT NULL REFERENCES user_pool (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    settings TEXT NOT NULL,             -- UserPoolClientType without its secret
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL
);
CREATE INDEX user_pool_client_by_pool ON user_pool_client (pool_id, id);

-- Several at once, so that a secret can be changed without a gap.
CREATE TABLE user_pool_client_secret (
    client_id TEXT NOT NULL REFERENCES user_pool_client (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    sealed_secret BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (client_id, id)
);

-- A key without a pool is a spare, made ahead so that no request waits for RSA.
CREATE TABLE signing_key (
    id TEXT NOT NULL PRIMARY KEY,       -- kid
    pool_id TEXT REFERENCES user_pool (id) ON DELETE CASCADE,
    usage TEXT,                         -- 'id' or 'access'; of a spare: NULL
    sealed_key BLOB NOT NULL,           -- PKCS #8
    created_at INTEGER NOT NULL
);
CREATE INDEX signing_key_by_pool ON signing_key (pool_id, usage, created_at);

CREATE TABLE pool_user (
    id TEXT NOT NULL PRIMARY KEY,       -- sub
    pool_id TEXT NOT NULL REFERENCES user_pool (id) ON DELETE CASCADE,
    username TEXT NOT NULL,
    username_key TEXT NOT NULL,         -- folded where the pool ignores case
    status TEXT NOT NULL,               -- UserStatusType
    enabled INTEGER NOT NULL,
    password_hash TEXT,                 -- argon2id in PHC form
    sealed_srp_verifier BLOB,
    srp_salt TEXT,                      -- hexadecimal
    password_set_at INTEGER,
    tokens_valid_after INTEGER NOT NULL, -- tokens of sign-ins before that are refused
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX pool_user_by_username ON pool_user (pool_id, username_key);
CREATE INDEX pool_user_by_pool ON pool_user (pool_id, id);
CREATE INDEX pool_user_by_status ON pool_user (pool_id, status, id);
CREATE INDEX pool_user_by_enabled ON pool_user (pool_id, enabled, id);

CREATE TABLE user_attribute (
    user_id TEXT NOT NULL REFERENCES pool_user (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    pool_id TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (user_id, name)
);
CREATE INDEX user_attribute_by_value ON user_attribute (pool_id, name, value, user_id);

-- Every name that a user may sign in with: the user name, and each address that counts as a name.
CREATE TABLE sign_in_name (
    pool_id TEXT NOT NULL,
    name_key TEXT NOT NULL,             -- folded where the pool ignores case
    kind TEXT NOT NULL,                 -- 'username', or the attribute's name
    user_id TEXT NOT NULL REFERENCES pool_user (id) ON DELETE CASCADE,
    PRIMARY KEY (pool_id, name_key)
);
CREATE INDEX sign_in_name_by_user ON sign_in_name (user_id, kind);

CREATE TABLE confirmation_code (
    user_id TEXT NOT NULL REFERENCES pool_user (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL,
    code_hash BLOB NOT NULL,
    attribute TEXT NOT NULL,            -- 'email' or 'phone_number'
    address TEXT NOT NULL,              -- where it was sent, and what it proves
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, purpose)
);

-- What a user may not choose again.
CREATE TABLE former_password (
    user_id TEXT NOT NULL REFERENCES pool_user (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    password_hash TEXT NOT NULL,        -- argon2id in PHC form
    set_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, set_at, id)
);

-- How often something was tried lately. The subject is a hash, so that names that nobody has are counted as well.
CREATE TABLE attempt (
    subject_hash BLOB NOT NULL PRIMARY KEY,
    count INTEGER NOT NULL,
    since INTEGER NOT NULL,             -- the first one that counts
    last INTEGER NOT NULL,
    expires_at INTEGER NOT NULL         -- the row means nothing from then on
);
CREATE INDEX attempt_by_expiry ON attempt (expires_at);

-- One sign-in: all tokens that come from it carry its id as origin_jti.
CREATE TABLE sign_in (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES pool_user (id) ON DELETE CASCADE,
    client_id TEXT NOT NULL,
    authenticated_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked INTEGER NOT NULL
);
CREATE INDEX sign_in_by_user ON sign_in (user_id, authenticated_at, id);
CREATE INDEX sign_in_by_expiry ON sign_in (expires_at);

CREATE TABLE refresh_token (
    token_hash BLOB NOT NULL PRIMARY KEY,
    sign_in_id TEXT NOT NULL REFERENCES sign_in (id) ON DELETE CASCADE,
    replaced_at INTEGER                 -- rotated then; accepted for the client's grace period only
);
CREATE INDEX refresh_token_by_sign_in ON refresh_token (sign_in_id);

-- The Session string of a challenge that waits for its answer; each is good once.
CREATE TABLE challenge_session (
    session_hash BLOB NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES pool_user (id) ON DELETE CASCADE,
    client_id TEXT NOT NULL,
    challenge TEXT NOT NULL,            -- ChallengeNameType
    used INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX challenge_session_by_expiry ON challenge_session (expires_at);
CREATE INDEX challenge_session_by_user ON challenge_session (user_id);

-- Sealed blobs that clients hand back once, kept until they expire by themselves.
CREATE TABLE used_nonce (
    nonce_hash BLOB NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
);
CREATE INDEX used_nonce_by_expiry ON used_nonce (expires_at);
