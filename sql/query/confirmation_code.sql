-- name: confirmation_code_get one
-- in: user_id text, purpose text
-- out: code_hash blob, attribute text, expires_at integer, window_started_at integer, attempts integer, messages integer
SELECT code_hash, attribute, expires_at, window_started_at, attempts, messages
FROM confirmation_code WHERE user_id = :user_id AND purpose = :purpose;

-- name: confirmation_code_set write
-- in: user_id text, purpose text, code_hash blob, attribute text, expires_at integer, window_started_at integer, attempts integer, messages integer
INSERT INTO confirmation_code (user_id, purpose, code_hash, attribute, expires_at, window_started_at, attempts, messages)
VALUES (:user_id, :purpose, :code_hash, :attribute, :expires_at, :window_started_at, :attempts, :messages)
ON CONFLICT (user_id, purpose) DO UPDATE SET code_hash = excluded.code_hash, attribute = excluded.attribute,
    expires_at = excluded.expires_at, window_started_at = excluded.window_started_at, attempts = excluded.attempts,
    messages = excluded.messages;

-- name: confirmation_code_count_attempt write
-- in: user_id text, purpose text, window_started_at integer, attempts integer, messages integer
UPDATE confirmation_code SET window_started_at = :window_started_at, attempts = :attempts, messages = :messages
WHERE user_id = :user_id AND purpose = :purpose;

-- name: confirmation_code_delete write
-- in: user_id text, purpose text
DELETE FROM confirmation_code WHERE user_id = :user_id AND purpose = :purpose;
