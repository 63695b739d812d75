-- What a page of users reads lies together, so that its cost does not grow with the pool: in a large one, each place that
-- a user's data is at is a page of the file that no cache holds.

-- A user's attributes are neighbours.
CREATE TABLE attribute_of_user (
    user_id TEXT NOT NULL REFERENCES pool_user (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    pool_id TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (user_id, name)
) WITHOUT ROWID;
INSERT INTO attribute_of_user (user_id, name, pool_id, value)
    SELECT user_id, name, pool_id, value FROM user_attribute ORDER BY user_id, name;
DROP TABLE user_attribute;
ALTER TABLE attribute_of_user RENAME TO user_attribute;
CREATE INDEX user_attribute_by_value ON user_attribute (pool_id, name, value, user_id);

-- All that a list shows of a user beside the attributes.
DROP INDEX pool_user_by_pool;
CREATE INDEX pool_user_by_pool
    ON pool_user (pool_id, id, username, status, enabled, created_at, modified_at);
