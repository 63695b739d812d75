-- The audit trail: who did what. An event outlives what it tells of, so nothing is referred to. Ids are UUIDs of version 7
-- (RFC 9562) as bytes: they grow with time, which is why no index needs a time of its own.

CREATE TABLE audit_event (
    id BLOB NOT NULL PRIMARY KEY,
    operation TEXT NOT NULL,            -- "AdminDeleteUser"
    actor TEXT NOT NULL,                -- AuditActorType
    access_key_id TEXT,                 -- of an administrator
    pool_id TEXT,
    client_id TEXT,
    user_id TEXT,                       -- on whom, who is also who did it where the actor is a user
    outcome TEXT NOT NULL,              -- AuditOutcomeType
    error TEXT,
    client_address TEXT,
    user_agent TEXT,                    -- as the client called itself, cut, without control characters
    request_id TEXT,                    -- NULL: of several
    count INTEGER NOT NULL              -- how many such events the row stands for
);
CREATE INDEX audit_event_by_operation ON audit_event (operation, id);
CREATE INDEX audit_event_by_access_key ON audit_event (access_key_id, id) WHERE access_key_id IS NOT NULL;
CREATE INDEX audit_event_by_pool ON audit_event (pool_id, id) WHERE pool_id IS NOT NULL;
CREATE INDEX audit_event_by_user ON audit_event (user_id, id) WHERE user_id IS NOT NULL;
-- The few among many: what failed, and what administrators did.
CREATE INDEX audit_event_failed ON audit_event (id) WHERE outcome = 'Fail';
CREATE INDEX audit_event_by_administrators ON audit_event (id) WHERE actor = 'ADMINISTRATOR';
