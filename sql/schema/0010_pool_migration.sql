-- What a pool settles at its creation can be changed later. The names that its users will have are built beside those
-- that count, in a name space of their own; the switch is one row.

-- Where the pool's names are: sign_in_name.pool_id; NULL: under the pool's id, as it begins.
ALTER TABLE user_pool ADD COLUMN name_space TEXT;

-- The last one of each pool, under way or ended.
CREATE TABLE user_pool_migration (
    pool_id TEXT NOT NULL PRIMARY KEY REFERENCES user_pool (id) ON DELETE CASCADE,
    id TEXT NOT NULL,                   -- also the name space that it builds
    state TEXT NOT NULL,                -- UserPoolMigrationStateType
    rules TEXT NOT NULL,                -- UserPoolRulesType that it leads to, as its table renders it
    dry_run INTEGER NOT NULL,
    reached_id TEXT NOT NULL,           -- users up to this one have their names in the new name space
    checked_count INTEGER NOT NULL,
    changed_count INTEGER NOT NULL,
    conflict_count INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER
);
CREATE INDEX user_pool_migration_running ON user_pool_migration (pool_id) WHERE state = 'RUNNING';

-- The first ones of a migration.
CREATE TABLE user_pool_migration_conflict (
    pool_id TEXT NOT NULL REFERENCES user_pool_migration (pool_id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,                 -- UserPoolConflictKindType
    attribute TEXT NOT NULL,            -- 'username', or the attribute's name
    user_id TEXT NOT NULL REFERENCES pool_user (id) ON DELETE CASCADE,
    other_user_id TEXT,                 -- who has the name
    PRIMARY KEY (pool_id, number)
);
CREATE INDEX user_pool_migration_conflict_by_user ON user_pool_migration_conflict (user_id);

-- Name spaces that nobody asks any more from that time on: their names are removed.
CREATE TABLE stale_name_space (
    id TEXT NOT NULL PRIMARY KEY,
    due_at INTEGER NOT NULL
);
CREATE INDEX stale_name_space_due ON stale_name_space (due_at);

-- Users in the order of user names, by the rule of case that counts. pool_user.username_key has that of the beginning:
-- nothing reads it any more, and it goes with a later schema.
CREATE INDEX sign_in_name_of_users ON sign_in_name (pool_id, name_key, user_id) WHERE kind = 'username';
DROP INDEX pool_user_by_username;
