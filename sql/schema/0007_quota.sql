-- Requests per second that a category of operations may have, where somebody said so; 0 stands for no limit. What is
-- said of a pool goes before what is said of all of them.

CREATE TABLE account_quota (
    category TEXT NOT NULL PRIMARY KEY,
    rate INTEGER NOT NULL
);

CREATE TABLE user_pool_quota (
    pool_id TEXT NOT NULL REFERENCES user_pool (id) ON DELETE CASCADE,
    category TEXT NOT NULL,
    rate INTEGER NOT NULL,
    PRIMARY KEY (pool_id, category)
);
