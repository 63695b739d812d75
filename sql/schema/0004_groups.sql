-- Groups of user pools and who is in them.
-- Times are milliseconds since 1970.

ALTER TABLE user_pool ADD COLUMN group_count INTEGER NOT NULL DEFAULT 0;

-- A deleted group is gone from then on. Its row stays until its members' rows are removed, which takes time where there
-- are many, and the name is free at once: so members know a group by an id of its own.
CREATE TABLE pool_group (
    id TEXT NOT NULL PRIMARY KEY,
    pool_id TEXT NOT NULL REFERENCES user_pool (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT,
    role_arn TEXT,
    precedence INTEGER,                 -- the lowest number comes first, those without one last
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    deleted_at INTEGER
);
CREATE UNIQUE INDEX pool_group_by_name ON pool_group (pool_id, name) WHERE deleted_at IS NULL;
CREATE INDEX pool_group_by_pool ON pool_group (pool_id);
CREATE INDEX pool_group_by_deletion ON pool_group (deleted_at) WHERE deleted_at IS NOT NULL;

-- Read in both directions: the members of a group, and the groups of a user in the order of their names.
CREATE TABLE group_member (
    group_id TEXT NOT NULL REFERENCES pool_group (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES pool_user (id) ON DELETE CASCADE,
    group_name TEXT NOT NULL,           -- which never changes
    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_member_by_user ON group_member (user_id, group_name, group_id);
