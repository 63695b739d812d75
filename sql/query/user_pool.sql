-- User pools.

-- name: user_pool_insert write
-- in: id text, name text, settings text, now integer
INSERT INTO user_pool (id, name, settings, version, user_count, created_at, modified_at)
VALUES (:id, :name, :settings, 1, 0, :now, :now);

-- name: user_pool_version one
-- in: id text
-- out: version integer
SELECT version FROM user_pool WHERE id = :id;

-- name: user_pool_by_id one
-- in: id text
-- out: settings text, mfa_settings text?, name_space text, version integer, created_at integer, modified_at integer
SELECT settings, mfa_settings, coalesce(name_space, id) AS name_space, version, created_at, modified_at
FROM user_pool WHERE id = :id;

-- name: user_pool_user_count one
-- in: id text
-- out: user_count integer
SELECT user_count FROM user_pool WHERE id = :id;

-- Nothing changes when somebody else changed the pool since `version` was read.
-- name: user_pool_update write
-- in: id text, version integer, name text, settings text, mfa_settings text?, now integer
UPDATE user_pool SET name = :name, settings = :settings, mfa_settings = :mfa_settings, version = version + 1,
    modified_at = :now
WHERE id = :id AND version = :version;

-- name: user_pool_delete write
-- in: id text
DELETE FROM user_pool WHERE id = :id;

-- name: user_pool_page many
-- in: after_id text, limit integer
-- out: id text, name text, settings text, created_at integer, modified_at integer
SELECT id, name, settings, created_at, modified_at FROM user_pool WHERE id > :after_id ORDER BY id LIMIT :limit;

-- name: user_pool_count one
-- out: count integer
-- scan: there are never more than the 1,000 that the count is made to enforce
SELECT count(*) AS count FROM user_pool;

-- name: user_pool_sums one
-- out: pools integer, users integer
-- scan: there are never more than the 1,000 that the count is made to enforce
SELECT count(*) AS pools, CAST(coalesce(sum(user_count), 0) AS BIGINT) AS users FROM user_pool;

-- Decoded copies of the pool are read anew, though its settings are as they were.
-- name: user_pool_renew write
-- in: id text
UPDATE user_pool SET version = version + 1 WHERE id = :id;

-- name: user_pool_renew_all write
-- scan: there are never more than the 1,000 that the count is made to enforce
UPDATE user_pool SET version = version + 1;
