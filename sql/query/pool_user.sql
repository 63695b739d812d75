-- Users of a pool.

-- name: pool_user_by_id one
-- row: pool_user
-- in: pool_id text, id text
-- out: id text, pool_id text, username text, status text, enabled boolean, password_hash text?, sealed_srp_verifier blob?, srp_salt text?, password_set_at integer?, tokens_valid_after integer, created_at integer, modified_at integer
-- out: mfa_factors text?, preferred_mfa text?, has_software_token boolean
SELECT id, pool_id, username, status, enabled, password_hash, sealed_srp_verifier, srp_salt, password_set_at,
    tokens_valid_after, created_at, modified_at, mfa_factors, preferred_mfa, has_software_token
FROM pool_user WHERE id = :id AND pool_id = :pool_id;

-- name: pool_user_by_name one
-- row: pool_user
-- in: name_space text, name_key text
-- out: id text, pool_id text, username text, status text, enabled boolean, password_hash text?, sealed_srp_verifier blob?, srp_salt text?, password_set_at integer?, tokens_valid_after integer, created_at integer, modified_at integer
-- out: mfa_factors text?, preferred_mfa text?, has_software_token boolean
SELECT u.id, u.pool_id, u.username, u.status, u.enabled, u.password_hash, u.sealed_srp_verifier, u.srp_salt,
    u.password_set_at, u.tokens_valid_after, u.created_at, u.modified_at, u.mfa_factors, u.preferred_mfa,
    u.has_software_token
FROM sign_in_name n JOIN pool_user u ON u.id = n.user_id
WHERE n.pool_id = :name_space AND n.name_key = :name_key;

-- name: pool_user_insert write
-- in: id text, pool_id text, username text, username_key text, status text, enabled boolean
-- in: password_hash text?, sealed_srp_verifier blob?, srp_salt text?, password_set_at integer?, created_at integer
INSERT INTO pool_user (id, pool_id, username, username_key, status, enabled, password_hash, sealed_srp_verifier,
    srp_salt, password_set_at, tokens_valid_after, created_at, modified_at)
VALUES (:id, :pool_id, :username, :username_key, :status, :enabled, :password_hash, :sealed_srp_verifier,
    :srp_salt, :password_set_at, 0, :created_at, :created_at);

-- name: pool_user_set_password write
-- in: id text, status text, password_hash text?, sealed_srp_verifier blob?, srp_salt text?, now integer
UPDATE pool_user SET status = :status, password_hash = :password_hash, sealed_srp_verifier = :sealed_srp_verifier,
    srp_salt = :srp_salt, password_set_at = :now, modified_at = :now
WHERE id = :id;

-- name: pool_user_set_status write
-- in: id text, status text, old_status text, now integer
UPDATE pool_user SET status = :status, modified_at = :now WHERE id = :id AND status = :old_status;

-- name: pool_user_set_enabled write
-- in: id text, enabled boolean, now integer
UPDATE pool_user SET enabled = :enabled, modified_at = :now WHERE id = :id;

-- The password is gone with it.
-- name: pool_user_require_reset write
-- in: id text, now integer
UPDATE pool_user SET status = 'RESET_REQUIRED', password_hash = NULL, sealed_srp_verifier = NULL, srp_salt = NULL,
    modified_at = :now
WHERE id = :id;

-- name: pool_user_set_mfa write
-- in: id text, mfa_factors text?, preferred_mfa text?, now integer
UPDATE pool_user SET mfa_factors = :mfa_factors, preferred_mfa = :preferred_mfa, modified_at = :now WHERE id = :id;

-- name: pool_user_set_has_software_token write
-- in: id text, has_software_token boolean, now integer
UPDATE pool_user SET has_software_token = :has_software_token, modified_at = :now WHERE id = :id;

-- name: pool_user_touch write
-- in: id text, now integer
UPDATE pool_user SET modified_at = :now WHERE id = :id;

-- Later than every sign-in so far, so that one of the same moment does not survive.
-- name: pool_user_invalidate_tokens write
-- in: id text, now integer
UPDATE pool_user SET tokens_valid_after = CASE WHEN tokens_valid_after > :now THEN tokens_valid_after ELSE :now END + 1
WHERE id = :id;

-- name: pool_user_delete write
-- in: pool_id text, id text
DELETE FROM pool_user WHERE id = :id AND pool_id = :pool_id;

-- name: pool_user_count_add write
-- in: pool_id text, added integer
UPDATE user_pool SET user_count = user_count + :added WHERE id = :pool_id;

-- The pages of ListUsers: one statement for each order that a filter asks for, all by key; and of ListUsersInGroup. Where
-- users come in another order than that of their ids, u.id is given by bounds: else SQLite would take the primary key and
-- go to each user's row, and not the index that has all columns.

-- name: pool_user_page many
-- row: pool_user_page
-- in: pool_id text, after_id text, limit integer
-- out: id text, username text, status text, enabled boolean, created_at integer, modified_at integer, page_key text
SELECT id, username, status, enabled, created_at, modified_at, id AS page_key
FROM pool_user WHERE pool_id = :pool_id AND id > :after_id ORDER BY id LIMIT :limit;

-- name: pool_user_page_by_id many
-- row: pool_user_page
-- in: pool_id text, after_id text, first text, last text, limit integer
-- out: id text, username text, status text, enabled boolean, created_at integer, modified_at integer, page_key text
SELECT id, username, status, enabled, created_at, modified_at, id AS page_key
FROM pool_user WHERE pool_id = :pool_id AND id > :after_id AND id >= :first AND id <= :last ORDER BY id LIMIT :limit;

-- name: pool_user_page_by_status many
-- row: pool_user_page
-- in: pool_id text, after_id text, status text, limit integer
-- out: id text, username text, status text, enabled boolean, created_at integer, modified_at integer, page_key text
SELECT id, username, status, enabled, created_at, modified_at, id AS page_key
FROM pool_user WHERE pool_id = :pool_id AND status = :status AND id > :after_id ORDER BY id LIMIT :limit;

-- name: pool_user_page_by_enabled many
-- row: pool_user_page
-- in: pool_id text, after_id text, enabled boolean, limit integer
-- out: id text, username text, status text, enabled boolean, created_at integer, modified_at integer, page_key text
SELECT id, username, status, enabled, created_at, modified_at, id AS page_key
FROM pool_user WHERE pool_id = :pool_id AND enabled = :enabled AND id > :after_id ORDER BY id LIMIT :limit;

-- name: pool_user_page_by_username many
-- row: pool_user_page
-- in: name_space text, after_key text, first text, last text, limit integer
-- out: id text, username text, status text, enabled boolean, created_at integer, modified_at integer, page_key text
SELECT u.id, u.username, u.status, u.enabled, u.created_at, u.modified_at, n.name_key AS page_key
FROM sign_in_name n JOIN pool_user u ON u.id = n.user_id
WHERE n.pool_id = :name_space AND n.kind = 'username' AND n.name_key > :after_key AND n.name_key >= :first
    AND n.name_key <= :last
ORDER BY n.name_key LIMIT :limit;

-- name: pool_user_page_by_attribute many
-- row: pool_user_page
-- in: pool_id text, name text, first text, last text, after_value text, after_id text, limit integer
-- out: id text, username text, status text, enabled boolean, created_at integer, modified_at integer, page_key text
SELECT u.id, u.username, u.status, u.enabled, u.created_at, u.modified_at, a.value AS page_key
FROM user_attribute a JOIN pool_user u ON u.pool_id = a.pool_id AND u.id >= a.user_id AND u.id <= a.user_id
WHERE a.pool_id = :pool_id AND a.name = :name AND a.value >= :first AND a.value <= :last
    AND (a.value, a.user_id) > (:after_value, :after_id)
ORDER BY a.value, a.user_id LIMIT :limit;

-- name: pool_user_page_in_group many
-- row: pool_user_page
-- in: pool_id text, group_id text, after_id text, limit integer
-- out: id text, username text, status text, enabled boolean, created_at integer, modified_at integer, page_key text
SELECT u.id, u.username, u.status, u.enabled, u.created_at, u.modified_at, m.user_id AS page_key
FROM group_member m JOIN pool_user u ON u.pool_id = :pool_id AND u.id >= m.user_id AND u.id <= m.user_id
WHERE m.group_id = :group_id AND m.user_id > :after_id ORDER BY m.user_id LIMIT :limit;
