-- Nothing changes when it is there.
-- name: installation_insert write
-- in: name text, sealed_value blob
INSERT INTO installation (name, sealed_value) VALUES (:name, :sealed_value) ON CONFLICT DO NOTHING;

-- name: installation_get one
-- in: name text
-- out: sealed_value blob
SELECT sealed_value FROM installation WHERE name = :name;
