-- App clients and their secrets.

-- name: user_pool_client_insert write
-- in: id text, pool_id text, name text, settings text, now integer
INSERT INTO user_pool_client (id, pool_id, name, settings, version, created_at, modified_at)
VALUES (:id, :pool_id, :name, :settings, 1, :now, :now);

-- name: user_pool_client_version one
-- in: id text
-- out: version integer
SELECT version FROM user_pool_client WHERE id = :id;

-- name: user_pool_client_by_id one
-- in: id text
-- out: pool_id text, settings text, version integer, created_at integer, modified_at integer
SELECT pool_id, settings, version, created_at, modified_at FROM user_pool_client WHERE id = :id;

-- Nothing changes when somebody else changed the client since `version` was read.
-- name: user_pool_client_update write
-- in: id text, version integer, name text, settings text, now integer
UPDATE user_pool_client SET name = :name, settings = :settings, version = version + 1, modified_at = :now
WHERE id = :id AND version = :version;

-- name: user_pool_client_delete write
-- in: id text, pool_id text
DELETE FROM user_pool_client WHERE id = :id AND pool_id = :pool_id;

-- name: user_pool_client_page many
-- in: pool_id text, after_id text, limit integer
-- out: id text, name text
SELECT id, name FROM user_pool_client WHERE pool_id = :pool_id AND id > :after_id ORDER BY id LIMIT :limit;

-- Reads the index alone, and never more than the 1,000 entries that the count is made to enforce.
-- name: user_pool_client_count one
-- in: pool_id text
-- out: count integer
SELECT count(*) AS count FROM user_pool_client WHERE pool_id = :pool_id;

-- name: user_pool_client_secret_insert write
-- in: client_id text, id text, sealed_secret blob, now integer
INSERT INTO user_pool_client_secret (client_id, id, sealed_secret, created_at)
VALUES (:client_id, :id, :sealed_secret, :now);

-- Newest first: ids of one client end in the time they were made.
-- name: user_pool_client_secret_all many
-- in: client_id text
-- out: id text, sealed_secret blob, created_at integer
SELECT id, sealed_secret, created_at FROM user_pool_client_secret WHERE client_id = :client_id ORDER BY id DESC;
