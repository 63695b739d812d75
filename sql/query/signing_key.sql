-- Signing keys of pools, and spare ones made ahead.

-- name: signing_key_insert_spare write
-- in: id text, sealed_key blob, now integer
INSERT INTO signing_key (id, pool_id, usage, sealed_key, created_at) VALUES (:id, NULL, NULL, :sealed_key, :now);

-- name: signing_key_insert write
-- in: id text, pool_id text, usage text, sealed_key blob, now integer
INSERT INTO signing_key (id, pool_id, usage, sealed_key, created_at)
VALUES (:id, :pool_id, :usage, :sealed_key, :now);

-- name: signing_key_spare_count one
-- out: count integer
SELECT count(*) AS count FROM signing_key WHERE pool_id IS NULL;

-- Nothing changes when there is no spare key. Its time becomes that of the assignment, which decides which key is used.
-- name: signing_key_assign_spare write
-- in: pool_id text, usage text, now integer
UPDATE signing_key SET pool_id = :pool_id, usage = :usage, created_at = :now
WHERE id = (SELECT id FROM signing_key WHERE pool_id IS NULL LIMIT 1);

-- The one in use is the newest of its usage.
-- name: signing_key_of_pool one
-- in: pool_id text, usage text
-- out: id text, sealed_key blob
SELECT id, sealed_key FROM signing_key WHERE pool_id = :pool_id AND usage = :usage
ORDER BY created_at DESC LIMIT 1;
