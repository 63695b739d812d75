-- Groups of a pool. Deleted ones are only spoken of at the end.

-- Nothing changes when the pool is gone or has as many groups as it may.
-- name: pool_group_count_one_more write
-- in: pool_id text, max integer
UPDATE user_pool SET group_count = group_count + 1 WHERE id = :pool_id AND group_count < :max;

-- name: pool_group_count_one_less write
-- in: pool_id text
UPDATE user_pool SET group_count = group_count - 1 WHERE id = :pool_id;

-- Nothing changes when the name is taken.
-- name: pool_group_insert write
-- in: id text, pool_id text, name text, description text?, role_arn text?, precedence integer?, now integer
INSERT INTO pool_group (id, pool_id, name, description, role_arn, precedence, created_at, modified_at)
VALUES (:id, :pool_id, :name, :description, :role_arn, :precedence, :now, :now)
ON CONFLICT DO NOTHING;

-- name: pool_group_by_name one
-- row: pool_group
-- in: pool_id text, name text
-- out: id text, name text, description text?, role_arn text?, precedence integer?, created_at integer, modified_at integer
SELECT id, name, description, role_arn, precedence, created_at, modified_at
FROM pool_group WHERE pool_id = :pool_id AND name = :name AND deleted_at IS NULL;

-- What is NULL stays as it is.
-- name: pool_group_update write
-- in: id text, description text?, role_arn text?, precedence integer?, now integer
UPDATE pool_group SET description = coalesce(:description, description), role_arn = coalesce(:role_arn, role_arn),
    precedence = coalesce(:precedence, precedence), modified_at = :now
WHERE id = :id;

-- name: pool_group_page many
-- row: pool_group
-- in: pool_id text, after_name text, limit integer
-- out: id text, name text, description text?, role_arn text?, precedence integer?, created_at integer, modified_at integer
SELECT id, name, description, role_arn, precedence, created_at, modified_at
FROM pool_group WHERE pool_id = :pool_id AND name > :after_name AND deleted_at IS NULL ORDER BY name LIMIT :limit;

-- name: pool_group_delete write
-- in: pool_id text, name text, now integer
UPDATE pool_group SET deleted_at = :now WHERE pool_id = :pool_id AND name = :name AND deleted_at IS NULL;

-- What deleted groups leave behind, a part at a time.

-- name: pool_group_delete_members write
-- in: now integer, limit integer
DELETE FROM group_member WHERE (group_id, user_id) IN
    (SELECT m.group_id, m.user_id FROM pool_group g JOIN group_member m ON m.group_id = g.id
    WHERE g.deleted_at <= :now LIMIT :limit);

-- Those without members.
-- name: pool_group_delete_rows write
-- in: now integer, limit integer
DELETE FROM pool_group WHERE id IN
    (SELECT g.id FROM pool_group g
    WHERE g.deleted_at <= :now AND NOT EXISTS (SELECT 1 FROM group_member m WHERE m.group_id = g.id) LIMIT :limit);
