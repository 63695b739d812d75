-- Multi-factor authentication: what pools offer, what users have turned on, and their software tokens.
-- Times are milliseconds since 1970. Columns named sealed_* are closed with the master key.

-- What SetUserPoolMfaConfig has set beyond UserPoolType, as GetUserPoolMfaConfig renders it; NULL: nothing.
ALTER TABLE user_pool ADD COLUMN mfa_settings TEXT;

-- The factors that are turned on, as UserMFASettingList names them, a space between; NULL: none.
ALTER TABLE pool_user ADD COLUMN mfa_factors TEXT;
ALTER TABLE pool_user ADD COLUMN preferred_mfa TEXT;
-- Beside the token itself, so that a sign-in without one asks for no more than the user.
ALTER TABLE pool_user ADD COLUMN has_software_token INTEGER NOT NULL DEFAULT 0;

-- MFA_SETUP is answered by several calls: 'asked', 'associated', 'verified'.
ALTER TABLE challenge_session ADD COLUMN stage TEXT NOT NULL DEFAULT 'asked';
ALTER TABLE challenge_session ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;

CREATE TABLE software_token (
    user_id TEXT NOT NULL REFERENCES pool_user (id) ON DELETE CASCADE,
    state TEXT NOT NULL,                -- 'waiting' to be verified, or 'verified'
    sealed_secret BLOB NOT NULL,
    device_name TEXT,
    last_step INTEGER NOT NULL,         -- of the last code that was used; codes up to it count no more
    PRIMARY KEY (user_id, state)
);
