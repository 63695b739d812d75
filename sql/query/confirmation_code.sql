-- name: confirmation_code_get one
-- in: user_id text, purpose text
-- out: code_hash blob, attribute text, address text, expires_at integer
SELECT code_hash, attribute, address, expires_at FROM confirmation_code WHERE user_id = :user_id AND purpose = :purpose;

-- name: confirmation_code_set write
-- in: user_id text, purpose text, code_hash blob, attribute text, address text, expires_at integer
INSERT INTO confirmation_code (user_id, purpose, code_hash, attribute, address, expires_at)
VALUES (:user_id, :purpose, :code_hash, :attribute, :address, :expires_at)
ON CONFLICT (user_id, purpose) DO UPDATE SET code_hash = excluded.code_hash, attribute = excluded.attribute,
    address = excluded.address, expires_at = excluded.expires_at;

-- name: confirmation_code_delete write
-- in: user_id text, purpose text
DELETE FROM confirmation_code WHERE user_id = :user_id AND purpose = :purpose;
