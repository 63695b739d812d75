-- Rates of all pools, and of one.

-- name: account_quotas many
-- row: quota
-- out: category text, rate integer
-- scan: there are never more than there are categories
SELECT category, rate FROM account_quota;

-- name: account_quota_set write
-- in: category text, rate integer
INSERT INTO account_quota (category, rate) VALUES (:category, :rate)
ON CONFLICT (category) DO UPDATE SET rate = excluded.rate;

-- name: user_pool_quotas many
-- row: quota
-- in: pool_id text
-- out: category text, rate integer
SELECT category, rate FROM user_pool_quota WHERE pool_id = :pool_id;

-- name: user_pool_quota_set write
-- in: pool_id text, category text, rate integer
INSERT INTO user_pool_quota (pool_id, category, rate) VALUES (:pool_id, :category, :rate)
ON CONFLICT (pool_id, category) DO UPDATE SET rate = excluded.rate;

-- name: user_pool_quota_delete write
-- in: pool_id text, category text
DELETE FROM user_pool_quota WHERE pool_id = :pool_id AND category = :category;
