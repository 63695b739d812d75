-- name: attempt_get one
-- in: subject_hash blob
-- out: count integer, since integer, last integer, expires_at integer
SELECT count, since, last, expires_at FROM attempt WHERE subject_hash = :subject_hash;

-- name: attempt_set write
-- in: subject_hash blob, count integer, since integer, last integer, expires_at integer
INSERT INTO attempt (subject_hash, count, since, last, expires_at)
VALUES (:subject_hash, :count, :since, :last, :expires_at)
ON CONFLICT (subject_hash) DO UPDATE SET count = excluded.count, since = excluded.since, last = excluded.last,
    expires_at = excluded.expires_at;

-- name: attempt_delete write
-- in: subject_hash blob
DELETE FROM attempt WHERE subject_hash = :subject_hash;

-- name: attempt_delete_expired write
-- in: now integer, limit integer
DELETE FROM attempt WHERE subject_hash IN (SELECT subject_hash FROM attempt WHERE expires_at < :now LIMIT :limit);
