-- name: software_token_get one
-- in: user_id text, state text
-- out: sealed_secret blob, device_name text?, last_step integer
SELECT sealed_secret, device_name, last_step FROM software_token WHERE user_id = :user_id AND state = :state;

-- In the place of one that waited before.
-- name: software_token_set_waiting write
-- in: user_id text, sealed_secret blob
INSERT INTO software_token (user_id, state, sealed_secret, device_name, last_step)
VALUES (:user_id, 'waiting', :sealed_secret, NULL, 0)
ON CONFLICT (user_id, state) DO UPDATE SET sealed_secret = excluded.sealed_secret;

-- Nothing changes when none waits. The one verified before must be deleted first.
-- name: software_token_verify write
-- in: user_id text, device_name text?, last_step integer
UPDATE software_token SET state = 'verified', device_name = :device_name, last_step = :last_step
WHERE user_id = :user_id AND state = 'waiting';

-- name: software_token_delete write
-- in: user_id text, state text
DELETE FROM software_token WHERE user_id = :user_id AND state = :state;

-- name: software_token_use write
-- in: user_id text, last_step integer
UPDATE software_token SET last_step = :last_step WHERE user_id = :user_id AND state = 'verified';
