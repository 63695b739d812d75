-- Who is in which group. Rows of deleted groups may still be there.

-- Nothing changes when the user is in the group.
-- name: group_member_insert write
-- in: group_id text, user_id text, group_name text
INSERT INTO group_member (group_id, user_id, group_name) VALUES (:group_id, :user_id, :group_name)
ON CONFLICT DO NOTHING;

-- name: group_member_delete write
-- in: group_id text, user_id text
DELETE FROM group_member WHERE group_id = :group_id AND user_id = :user_id;

-- Reads the user's own rows alone, and never more than the 100 that the count is made to enforce and what deleted groups
-- have left.
-- name: group_member_count one
-- in: user_id text
-- out: count integer
SELECT count(*) AS count FROM group_member m JOIN pool_group g ON g.id = m.group_id
WHERE m.user_id = :user_id AND g.deleted_at IS NULL;

-- name: group_member_find one
-- in: group_id text, user_id text
-- out: group_name text
SELECT group_name FROM group_member WHERE group_id = :group_id AND user_id = :user_id;

-- The groups of a user.
-- name: group_member_groups many
-- row: pool_group
-- in: user_id text, after_name text, limit integer
-- out: id text, name text, description text?, role_arn text?, precedence integer?, created_at integer, modified_at integer
SELECT g.id, g.name, g.description, g.role_arn, g.precedence, g.created_at, g.modified_at
FROM group_member m JOIN pool_group g ON g.id = m.group_id
WHERE m.user_id = :user_id AND m.group_name > :after_name AND g.deleted_at IS NULL
ORDER BY m.group_name LIMIT :limit;
