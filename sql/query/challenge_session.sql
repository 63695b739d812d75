-- name: challenge_session_insert write
-- in: session_hash blob, user_id text, client_id text, challenge text, stage text, code_hash blob?, expires_at integer
INSERT INTO challenge_session (session_hash, user_id, client_id, challenge, stage, code_hash, used, expires_at)
VALUES (:session_hash, :user_id, :client_id, :challenge, :stage, :code_hash, 0, :expires_at);

-- name: challenge_session_get one
-- in: session_hash blob
-- out: user_id text, client_id text, challenge text, stage text, code_hash blob?, used boolean, expires_at integer
SELECT user_id, client_id, challenge, stage, code_hash, used, expires_at FROM challenge_session
WHERE session_hash = :session_hash;

-- name: challenge_session_use write
-- in: session_hash blob
UPDATE challenge_session SET used = 1 WHERE session_hash = :session_hash AND used = 0;

-- One more wrong answer; too many use it up.
-- name: challenge_session_fail write
-- in: session_hash blob, limit integer
UPDATE challenge_session SET failures = failures + 1, used = CASE WHEN failures + 1 < :limit THEN 0 ELSE 1 END
WHERE session_hash = :session_hash AND used = 0;

-- name: challenge_session_use_all write
-- in: user_id text
UPDATE challenge_session SET used = 1 WHERE user_id = :user_id AND used = 0;

-- name: challenge_session_delete_expired write
-- in: now integer, limit integer
DELETE FROM challenge_session WHERE session_hash IN
    (SELECT session_hash FROM challenge_session WHERE expires_at < :now LIMIT :limit);

-- name: used_nonce_insert write
-- in: nonce_hash blob, expires_at integer
INSERT INTO used_nonce (nonce_hash, expires_at) VALUES (:nonce_hash, :expires_at) ON CONFLICT DO NOTHING;

-- name: used_nonce_delete_expired write
-- in: now integer, limit integer
DELETE FROM used_nonce WHERE nonce_hash IN (SELECT nonce_hash FROM used_nonce WHERE expires_at < :now LIMIT :limit);
