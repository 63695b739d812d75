-- Nothing changes when the id is taken.
-- name: access_key_insert write
-- in: id text, sealed_secret blob, is_root boolean, created_at integer
INSERT INTO access_key (id, sealed_secret, is_root, created_at)
VALUES (:id, :sealed_secret, :is_root, :created_at)
ON CONFLICT (id) DO NOTHING;

-- name: access_key_by_id one
-- in: id text
-- out: id text, sealed_secret blob, is_root boolean, created_at integer
-- row: access_key
SELECT id, sealed_secret, is_root, created_at FROM access_key WHERE id = :id;

-- name: access_key_page many
-- in: after text, limit_to integer
-- out: id text, sealed_secret blob, is_root boolean, created_at integer
-- row: access_key
SELECT id, sealed_secret, is_root, created_at FROM access_key WHERE id > :after ORDER BY id LIMIT :limit_to;

-- name: access_key_delete write
-- in: id text
DELETE FROM access_key WHERE id = :id;
