-- name: outbox_insert write
-- in: id text, pool_id text, medium text, sealed_message blob, now integer
INSERT INTO outbox_message (id, pool_id, medium, sealed_message, state, attempts, created_at, due_at)
VALUES (:id, :pool_id, :medium, :sealed_message, 'waiting', 0, :now, :now);

-- The one to send next, whether it is due or not.
-- name: outbox_first one
-- in: medium text
-- out: id text, pool_id text, sealed_message blob, attempts integer, created_at integer, due_at integer
-- out: resent_at integer?
SELECT id, pool_id, sealed_message, attempts, created_at, due_at, resent_at
FROM outbox_message WHERE state = 'waiting' AND medium = :medium ORDER BY due_at, id LIMIT 1;

-- Nothing changes when somebody else took it first.
-- name: outbox_claim write
-- in: id text, attempts integer, due_at integer
UPDATE outbox_message SET attempts = attempts + 1, due_at = :due_at
WHERE id = :id AND state = 'waiting' AND attempts = :attempts;

-- At the start of the only server: what the one before had in hand when it ended is due at once. Others that are due
-- until then come a little early. What was tried before waits, as it may be what ended that server.
-- name: outbox_recover write
-- in: medium text, now integer, until integer
UPDATE outbox_message SET due_at = :now
WHERE state = 'waiting' AND medium = :medium AND due_at > :now AND due_at <= :until AND attempts = 1;

-- Nothing changes when the claim ran out and somebody else has tried since.
-- name: outbox_postpone write
-- in: id text, attempts integer, due_at integer, problem text
UPDATE outbox_message SET due_at = :due_at, problem = :problem WHERE id = :id AND attempts = :attempts;

-- The same.
-- name: outbox_bury write
-- in: id text, attempts integer, due_at integer, problem text
UPDATE outbox_message SET state = 'dead', due_at = :due_at, problem = :problem
WHERE id = :id AND attempts = :attempts;

-- name: outbox_delete write
-- in: id text
DELETE FROM outbox_message WHERE id = :id;

-- name: outbox_delete_dead write
-- in: medium text, now integer, limit integer
DELETE FROM outbox_message WHERE id IN
    (SELECT id FROM outbox_message WHERE state = 'dead' AND medium = :medium AND due_at < :now LIMIT :limit);

-- An operator's list, the newest first; begin with the largest time.
-- name: outbox_dead many
-- in: medium text, before_due_at integer, before_id text, limit integer
-- out: id text, pool_id text, sealed_message blob, attempts integer, created_at integer
-- out: due_at integer, problem text?
SELECT id, pool_id, sealed_message, attempts, created_at, due_at, problem FROM outbox_message
WHERE state = 'dead' AND medium = :medium AND (due_at, id) < (:before_due_at, :before_id)
ORDER BY due_at DESC, id DESC LIMIT :limit;

-- The count of attempts goes on, so that an attempt that was forgotten long ago can settle nothing of this one.
-- name: outbox_resend write
-- in: id text, now integer
UPDATE outbox_message SET state = 'waiting', due_at = :now, resent_at = :now WHERE id = :id AND state = 'dead';

-- name: outbox_delete_one_dead write
-- in: id text
DELETE FROM outbox_message WHERE id = :id AND state = 'dead';

-- How many there are, or the limit where there are more.
-- name: outbox_count one
-- in: state text, medium text, limit integer
-- out: count integer
-- scan: the limit bounds it
SELECT count(*) AS count
FROM (SELECT 1 FROM outbox_message WHERE state = :state AND medium = :medium LIMIT :limit) AS counted;
