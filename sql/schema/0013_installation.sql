-- What all servers of one installation must have in common.

CREATE TABLE installation (
    name TEXT NOT NULL PRIMARY KEY,     -- 'master_key': a known text, sealed with it
    sealed_value BLOB NOT NULL
);
