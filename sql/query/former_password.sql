-- name: former_password_insert write
-- in: user_id text, id text, password_hash text, set_at integer
INSERT INTO former_password (user_id, id, password_hash, set_at) VALUES (:user_id, :id, :password_hash, :set_at);

-- The newest first; there are never more than a pool may ask for, and one.
-- name: former_passwords many
-- in: user_id text
-- out: id text, password_hash text, set_at integer
SELECT id, password_hash, set_at FROM former_password WHERE user_id = :user_id ORDER BY set_at DESC, id DESC;

-- name: former_password_delete write
-- in: user_id text, set_at integer, id text
DELETE FROM former_password WHERE user_id = :user_id AND set_at = :set_at AND id = :id;
