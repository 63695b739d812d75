-- name: sign_in_insert write
-- in: id text, user_id text, client_id text, authenticated_at integer, expires_at integer
-- in: client_address text?, user_agent text?
INSERT INTO sign_in (id, user_id, client_id, authenticated_at, expires_at, revoked, client_address, user_agent)
VALUES (:id, :user_id, :client_id, :authenticated_at, :expires_at, 0, :client_address, :user_agent);

-- name: sign_in_by_id one
-- in: id text
-- out: user_id text, client_id text, authenticated_at integer, expires_at integer, revoked boolean
SELECT user_id, client_id, authenticated_at, expires_at, revoked FROM sign_in WHERE id = :id;

-- name: sign_in_latest one
-- in: user_id text
-- out: authenticated_at integer
SELECT authenticated_at FROM sign_in WHERE user_id = :user_id ORDER BY authenticated_at DESC LIMIT 1;

-- The newest first; begin with the largest time and id.
-- name: sign_in_page many
-- in: user_id text, not_before integer, before integer, before_id text, limit integer
-- out: id text, client_id text, authenticated_at integer, expires_at integer, revoked boolean
-- out: client_address text?, user_agent text?, refreshed_at integer?
SELECT id, client_id, authenticated_at, expires_at, revoked, client_address, user_agent, refreshed_at FROM sign_in
WHERE user_id = :user_id AND authenticated_at >= :not_before AND (authenticated_at, id) < (:before, :before_id)
ORDER BY authenticated_at DESC, id DESC LIMIT :limit;

-- Nothing changes when a later time stands there.
-- name: sign_in_set_refreshed write
-- in: id text, now integer
UPDATE sign_in SET refreshed_at = :now WHERE id = :id AND coalesce(refreshed_at, 0) < :now;

-- name: sign_in_revoke write
-- in: id text
UPDATE sign_in SET revoked = 1 WHERE id = :id;

-- name: sign_in_delete_expired write
-- in: now integer, limit integer
DELETE FROM sign_in WHERE id IN (SELECT id FROM sign_in WHERE expires_at < :now LIMIT :limit);

-- name: refresh_token_insert write
-- in: token_hash blob, sign_in_id text
INSERT INTO refresh_token (token_hash, sign_in_id, replaced_at) VALUES (:token_hash, :sign_in_id, NULL);

-- name: refresh_token_by_hash one
-- in: token_hash blob
-- out: sign_in_id text, replaced_at integer?, user_id text, client_id text, authenticated_at integer, expires_at integer, revoked boolean
SELECT t.sign_in_id, t.replaced_at, s.user_id, s.client_id, s.authenticated_at, s.expires_at, s.revoked
FROM refresh_token t JOIN sign_in s ON s.id = t.sign_in_id WHERE t.token_hash = :token_hash;

-- name: refresh_token_replace write
-- in: token_hash blob, now integer
UPDATE refresh_token SET replaced_at = :now WHERE token_hash = :token_hash AND replaced_at IS NULL;
