-- Messages to users that wait to be sent, and those that could not be.
-- Times are milliseconds since 1970. Columns named sealed_* are closed with the master key.

CREATE TABLE outbox_message (
    id TEXT NOT NULL PRIMARY KEY,
    pool_id TEXT NOT NULL,              -- for the log; the message outlives the pool
    medium TEXT NOT NULL,               -- 'EMAIL' or 'SMS'
    sealed_message BLOB NOT NULL,       -- recipient, subject, body
    state TEXT NOT NULL,                -- 'waiting' or 'dead'
    attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,            -- waiting: the next try; dead: the row goes
    problem TEXT                        -- why the last try failed
);
CREATE INDEX outbox_message_by_due ON outbox_message (state, medium, due_at, id);
