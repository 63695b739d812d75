-- name: user_attributes many
-- in: user_id text
-- out: name text, value text
SELECT name, value FROM user_attribute WHERE user_id = :user_id ORDER BY name;

-- name: user_attribute_value one
-- in: user_id text, name text
-- out: value text
SELECT value FROM user_attribute WHERE user_id = :user_id AND name = :name;

-- name: user_attribute_set write
-- in: user_id text, pool_id text, name text, value text
INSERT INTO user_attribute (user_id, name, pool_id, value) VALUES (:user_id, :name, :pool_id, :value)
ON CONFLICT (user_id, name) DO UPDATE SET value = excluded.value;

-- name: user_attribute_delete write
-- in: user_id text, name text
DELETE FROM user_attribute WHERE user_id = :user_id AND name = :name;
