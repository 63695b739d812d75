-- The audit trail.

-- name: audit_event_insert write
-- in: id blob, operation text, actor text, access_key_id text?, pool_id text?, client_id text?, user_id text?
-- in: outcome text, error text?, client_address text?, user_agent text?, request_id text?, count integer
INSERT INTO audit_event (id, operation, actor, access_key_id, pool_id, client_id, user_id, outcome, error,
    client_address, user_agent, request_id, count)
VALUES (:id, :operation, :actor, :access_key_id, :pool_id, :client_id, :user_id, :outcome, :error, :client_address,
    :user_agent, :request_id, :count);

-- name: audit_event_set_outcome write
-- in: id blob, outcome text, error text?
UPDATE audit_event SET outcome = :outcome, error = :error WHERE id = :id;

-- name: audit_event_delete_before write
-- in: id blob, limit integer
DELETE FROM audit_event WHERE id IN (SELECT id FROM audit_event WHERE id < :id ORDER BY id LIMIT :limit);

-- The pages of ListAuditEvents, the newest first: one statement for each filter that can lead, with an index each.

-- name: audit_events many
-- row: audit_event
-- in: from blob, before blob, limit integer
-- out: id blob, operation text, actor text, access_key_id text?, pool_id text?, client_id text?, user_id text?
-- out: outcome text, error text?, client_address text?, user_agent text?, request_id text?, count integer
SELECT id, operation, actor, access_key_id, pool_id, client_id, user_id, outcome, error, client_address, user_agent,
    request_id, count
FROM audit_event WHERE id >= :from AND id < :before ORDER BY id DESC LIMIT :limit;

-- name: audit_events_by_operation many
-- row: audit_event
-- in: operation text, from blob, before blob, limit integer
-- out: id blob, operation text, actor text, access_key_id text?, pool_id text?, client_id text?, user_id text?
-- out: outcome text, error text?, client_address text?, user_agent text?, request_id text?, count integer
SELECT id, operation, actor, access_key_id, pool_id, client_id, user_id, outcome, error, client_address, user_agent,
    request_id, count
FROM audit_event WHERE operation = :operation AND id >= :from AND id < :before ORDER BY id DESC LIMIT :limit;

-- name: audit_events_by_access_key many
-- row: audit_event
-- in: access_key_id text, from blob, before blob, limit integer
-- out: id blob, operation text, actor text, access_key_id text?, pool_id text?, client_id text?, user_id text?
-- out: outcome text, error text?, client_address text?, user_agent text?, request_id text?, count integer
SELECT id, operation, actor, access_key_id, pool_id, client_id, user_id, outcome, error, client_address, user_agent,
    request_id, count
FROM audit_event WHERE access_key_id = :access_key_id AND id >= :from AND id < :before ORDER BY id DESC LIMIT :limit;

-- name: audit_events_by_pool many
-- row: audit_event
-- in: pool_id text, from blob, before blob, limit integer
-- out: id blob, operation text, actor text, access_key_id text?, pool_id text?, client_id text?, user_id text?
-- out: outcome text, error text?, client_address text?, user_agent text?, request_id text?, count integer
SELECT id, operation, actor, access_key_id, pool_id, client_id, user_id, outcome, error, client_address, user_agent,
    request_id, count
FROM audit_event WHERE pool_id = :pool_id AND id >= :from AND id < :before ORDER BY id DESC LIMIT :limit;

-- name: audit_events_by_user many
-- row: audit_event
-- in: user_id text, from blob, before blob, limit integer
-- out: id blob, operation text, actor text, access_key_id text?, pool_id text?, client_id text?, user_id text?
-- out: outcome text, error text?, client_address text?, user_agent text?, request_id text?, count integer
SELECT id, operation, actor, access_key_id, pool_id, client_id, user_id, outcome, error, client_address, user_agent,
    request_id, count
FROM audit_event WHERE user_id = :user_id AND id >= :from AND id < :before ORDER BY id DESC LIMIT :limit;

-- name: audit_events_failed many
-- row: audit_event
-- in: from blob, before blob, limit integer
-- out: id blob, operation text, actor text, access_key_id text?, pool_id text?, client_id text?, user_id text?
-- out: outcome text, error text?, client_address text?, user_agent text?, request_id text?, count integer
SELECT id, operation, actor, access_key_id, pool_id, client_id, user_id, outcome, error, client_address, user_agent,
    request_id, count
FROM audit_event WHERE outcome = 'Fail' AND id >= :from AND id < :before ORDER BY id DESC LIMIT :limit;

-- name: audit_events_by_administrators many
-- row: audit_event
-- in: from blob, before blob, limit integer
-- out: id blob, operation text, actor text, access_key_id text?, pool_id text?, client_id text?, user_id text?
-- out: outcome text, error text?, client_address text?, user_agent text?, request_id text?, count integer
SELECT id, operation, actor, access_key_id, pool_id, client_id, user_id, outcome, error, client_address, user_agent,
    request_id, count
FROM audit_event WHERE actor = 'ADMINISTRATOR' AND id >= :from AND id < :before ORDER BY id DESC LIMIT :limit;
