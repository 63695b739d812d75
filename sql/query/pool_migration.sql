-- Migrations of pools to other rules; see userpool/pool_migration.h.

-- Where the pool's names are, and the migration that they have to follow: one that may still come to its end.
-- name: user_pool_naming one
-- in: id text
-- out: name_space text, next_id text?, next_rules text?, next_reached_id text?
SELECT coalesce(p.name_space, p.id) AS name_space, m.id AS next_id, m.rules AS next_rules,
    m.reached_id AS next_reached_id
FROM user_pool p LEFT JOIN user_pool_migration m
    ON m.pool_id = p.id AND m.state = 'RUNNING' AND m.dry_run = 0 AND m.conflict_count = 0
WHERE p.id = :id;

-- Decoded copies of the pool are read anew.
-- name: user_pool_set_name_space write
-- in: id text, name_space text
UPDATE user_pool SET name_space = :name_space, version = version + 1 WHERE id = :id;

-- name: user_pool_migration_of one
-- row: user_pool_migration
-- in: pool_id text
-- out: pool_id text, id text, state text, rules text, dry_run boolean, reached_id text, checked_count integer
-- out: changed_count integer, conflict_count integer, created_at integer, ended_at integer?
SELECT pool_id, id, state, rules, dry_run, reached_id, checked_count, changed_count, conflict_count, created_at, ended_at
FROM user_pool_migration WHERE pool_id = :pool_id;

-- One that is under way.
-- name: user_pool_migration_running one
-- row: user_pool_migration
-- out: pool_id text, id text, state text, rules text, dry_run boolean, reached_id text, checked_count integer
-- out: changed_count integer, conflict_count integer, created_at integer, ended_at integer?
SELECT pool_id, id, state, rules, dry_run, reached_id, checked_count, changed_count, conflict_count, created_at, ended_at
FROM user_pool_migration WHERE state = 'RUNNING' AND pool_id > '' ORDER BY pool_id LIMIT 1;

-- With its conflicts.
-- name: user_pool_migration_delete write
-- in: pool_id text
DELETE FROM user_pool_migration WHERE pool_id = :pool_id;

-- name: user_pool_migration_insert write
-- in: pool_id text, id text, rules text, dry_run boolean, now integer
INSERT INTO user_pool_migration (pool_id, id, state, rules, dry_run, reached_id, checked_count, changed_count,
    conflict_count, created_at)
VALUES (:pool_id, :id, 'RUNNING', :rules, :dry_run, '', 0, 0, 0, :now);

-- name: user_pool_migration_advance write
-- in: pool_id text, reached_id text, checked integer, changed integer, conflicts integer
UPDATE user_pool_migration SET reached_id = :reached_id, checked_count = checked_count + :checked,
    changed_count = changed_count + :changed, conflict_count = conflict_count + :conflicts
WHERE pool_id = :pool_id;

-- name: user_pool_migration_end write
-- in: pool_id text, state text, now integer
UPDATE user_pool_migration SET state = :state, ended_at = :now WHERE pool_id = :pool_id AND state = 'RUNNING';

-- name: user_pool_migration_conflict_insert write
-- in: pool_id text, number integer, kind text, attribute text, user_id text, other_user_id text?
INSERT INTO user_pool_migration_conflict (pool_id, number, kind, attribute, user_id, other_user_id)
VALUES (:pool_id, :number, :kind, :attribute, :user_id, :other_user_id);

-- name: user_pool_migration_conflict_page many
-- in: pool_id text, after_number integer, limit integer
-- out: number integer, kind text, attribute text, user_id text, username text, other_user_id text?
-- out: other_username text?
SELECT c.number, c.kind, c.attribute, c.user_id, u.username, c.other_user_id, o.username AS other_username
FROM user_pool_migration_conflict c JOIN pool_user u ON u.id = c.user_id LEFT JOIN pool_user o ON o.id = c.other_user_id
WHERE c.pool_id = :pool_id AND c.number > :after_number ORDER BY c.number LIMIT :limit;

-- name: stale_name_space_insert write
-- in: id text, due_at integer
INSERT INTO stale_name_space (id, due_at) VALUES (:id, :due_at);

-- name: stale_name_space_first one
-- out: id text, due_at integer
SELECT id, due_at FROM stale_name_space WHERE due_at >= 0 ORDER BY due_at LIMIT 1;

-- name: stale_name_space_delete write
-- in: id text
DELETE FROM stale_name_space WHERE id = :id;

-- name: sign_in_name_delete_some write
-- in: name_space text, limit integer
DELETE FROM sign_in_name WHERE pool_id = :name_space AND name_key IN
    (SELECT name_key FROM sign_in_name WHERE pool_id = :name_space ORDER BY name_key LIMIT :limit);
