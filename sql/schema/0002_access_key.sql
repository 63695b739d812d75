-- Long-lived access keys that sign requests. The root key of the process is not among them.
-- Times are milliseconds since 1970. Columns named sealed_* are closed with the master key.

CREATE TABLE access_key (
    id TEXT NOT NULL PRIMARY KEY,       -- AKIA...
    sealed_secret BLOB NOT NULL,
    is_root INTEGER NOT NULL,           -- may do everything
    created_at INTEGER NOT NULL
);
