-- Names of users; sign_in_name.pool_id is the name space, which need not be the pool's id. See 0010_pool_migration.sql.

-- name: sign_in_name_owner one
-- in: name_space text, name_key text
-- out: user_id text, kind text
SELECT user_id, kind FROM sign_in_name WHERE pool_id = :name_space AND name_key = :name_key;

-- name: sign_in_names_of_user many
-- in: name_space text, user_id text
-- out: name_key text, kind text
SELECT name_key, kind FROM sign_in_name WHERE user_id = :user_id AND pool_id = :name_space ORDER BY kind;

-- Nothing changes when somebody has the name.
-- name: sign_in_name_insert write
-- in: name_space text, name_key text, kind text, user_id text
INSERT INTO sign_in_name (pool_id, name_key, kind, user_id) VALUES (:name_space, :name_key, :kind, :user_id)
ON CONFLICT DO NOTHING;

-- name: sign_in_name_delete write
-- in: name_space text, name_key text
DELETE FROM sign_in_name WHERE pool_id = :name_space AND name_key = :name_key;
