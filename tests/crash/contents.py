#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What must hold in a server's database file whatever happened, and the users in it.

    contents.py FILE

prints what is wrong. Files are looked at in a copy, database and write-ahead log alone, as they would be found after a
crash: opening the originals would recover them in place of the server."""

import contextlib
import pathlib
import shutil
import sqlite3
import sys
import tempfile

NAME = "poolwarden.db"
SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "sql" / "schema"
CODE_LIFE = 24 * 60 * 60 * 1000  # milliseconds

# What is wrong, and the statement that gives a row for each case of it.
INVARIANTS = [
    ("a page or an index is damaged", "SELECT * FROM pragma_integrity_check WHERE integrity_check != 'ok'"),
    ("a row refers to one that is not there", "SELECT * FROM pragma_foreign_key_check"),
    ("a migration is missing",
     "SELECT max(version), count(*) FROM schema_migration HAVING max(version) != count(*)"),
    ("a pool counts other users than it has",
     "SELECT id, user_count FROM user_pool p WHERE user_count !="
     " (SELECT count(*) FROM pool_user WHERE pool_id = p.id)"),
    ("a pool or client cannot be read",
     "SELECT id FROM user_pool WHERE NOT json_valid(settings) UNION ALL"
     " SELECT id FROM user_pool_client WHERE NOT json_valid(settings)"),
    ("a key has half a place", "SELECT id FROM signing_key WHERE (pool_id IS NULL) != (usage IS NULL)"),
    ("a user has no user name to sign in with",
     "SELECT u.id, username FROM pool_user u JOIN user_pool p ON p.id = u.pool_id"
     " WHERE NOT EXISTS (SELECT 1 FROM sign_in_name n WHERE n.user_id = u.id"
     " AND n.pool_id = coalesce(p.name_space, p.id) AND n.kind = 'username'"
     " AND n.name_key IN (u.username, lower(u.username)))"),
    ("a user of a pool that calls users by addresses has none to sign in with",
     "SELECT u.id FROM pool_user u JOIN user_pool p ON p.id = u.pool_id"
     " WHERE json_array_length(p.settings, '$.UsernameAttributes') > 0 AND NOT EXISTS"
     " (SELECT 1 FROM sign_in_name n WHERE n.user_id = u.id AND n.pool_id = coalesce(p.name_space, p.id)"
     " AND n.kind != 'username')"),
    ("a name is that of another pool's user",
     "SELECT n.name_key FROM sign_in_name n JOIN pool_user u ON u.id = n.user_id"
     " JOIN user_pool p ON p.id = u.pool_id WHERE n.pool_id NOT IN (SELECT coalesce(p.name_space, p.id)"
     " UNION SELECT id FROM user_pool_migration WHERE pool_id = p.id UNION SELECT id FROM stale_name_space)"),
    ("a name is no attribute of its user",
     "SELECT n.name_key, n.kind FROM sign_in_name n WHERE n.kind != 'username'"
     " AND n.pool_id NOT IN (SELECT id FROM stale_name_space) AND NOT EXISTS"
     " (SELECT 1 FROM user_attribute a WHERE a.user_id = n.user_id AND a.name = n.kind"
     " AND (a.value = n.name_key OR lower(a.value) = n.name_key))"),
    ("an attribute is that of another pool's user",
     "SELECT a.user_id, a.name FROM user_attribute a JOIN pool_user u ON u.id = a.user_id"
     " WHERE u.pool_id != a.pool_id"),
    ("an address neither is nor is not verified",
     "SELECT user_id, name FROM user_attribute a WHERE name IN ('email', 'phone_number') AND NOT EXISTS"
     " (SELECT 1 FROM user_attribute v WHERE v.user_id = a.user_id AND v.name = a.name || '_verified')"),
    ("a user has half a password",
     "SELECT id FROM pool_user WHERE (password_hash IS NULL) != (sealed_srp_verifier IS NULL)"
     " OR (password_hash IS NULL) != (srp_salt IS NULL) OR (password_hash IS NULL) != (password_set_at IS NULL)"),
    ("a user was changed before it was made", "SELECT id FROM pool_user WHERE modified_at < created_at"),
    ("a user waits for a code that was not made",
     "SELECT u.id FROM pool_user u JOIN user_pool p ON p.id = u.pool_id,"
     " json_each(p.settings, '$.AutoVerifiedAttributes') v"
     " JOIN user_attribute a ON a.user_id = u.id AND a.name = v.value WHERE u.status = 'UNCONFIRMED' AND NOT EXISTS"
     " (SELECT 1 FROM confirmation_code c WHERE c.user_id = u.id AND c.purpose = 'sign_up')"),
    ("a sign-in cannot be refreshed",
     "SELECT id FROM sign_in s WHERE NOT EXISTS"
     " (SELECT 1 FROM refresh_token t WHERE t.sign_in_id = s.id AND t.replaced_at IS NULL)"),
    ("a token was replaced by more or less than one, and there is no grace period",
     "SELECT s.id FROM sign_in s JOIN user_pool_client c ON c.id = s.client_id"
     " WHERE coalesce(json_extract(c.settings, '$.RefreshTokenRotation.RetryGracePeriodSeconds'), 0) = 0 AND 1 !="
     " (SELECT count(*) FROM refresh_token t WHERE t.sign_in_id = s.id AND t.replaced_at IS NULL)"),
    ("a message was given up", "SELECT id, problem FROM outbox_message WHERE state NOT IN ('waiting')"),
]


@contextlib.contextmanager
def opened(path):
    """A copy of the database at that path."""
    path = pathlib.Path(path)
    with tempfile.TemporaryDirectory(prefix="poolwarden-image-") as folder:
        for name in (path.name, path.name + "-wal"):
            with contextlib.suppress(FileNotFoundError):
                shutil.copy(path.parent / name, folder)
        database = sqlite3.connect(pathlib.Path(folder, path.name))
        try:
            yield database
        finally:
            database.close()


def is_made(database):
    """A server that was killed at its first start may not have come to the last migration yet."""
    migrations = len(list(SCHEMA.glob("*.sql")))
    tables = database.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migration'").fetchone()[0]
    return tables and database.execute("SELECT count(*) FROM schema_migration").fetchone()[0] == migrations


def complaints(database):
    return [f"{what}: {row}" for what, statement in INVARIANTS for row in database.execute(statement)]


USERS = """
SELECT {name}, u.status, a.name, a.value FROM pool_user u
JOIN sign_in_name n ON n.user_id = u.id AND n.kind = {kind} LEFT JOIN user_attribute a ON a.user_id = u.id
WHERE u.pool_id = ? ORDER BY u.id, a.name
"""


def users(database, place):
    """By the names that clients call them by: status and sorted attributes."""
    found = {}
    kind = "'email'" if place.is_named_by_email else "'username'"
    for name, status, attribute, value in database.execute(USERS.format(name="n.name_key", kind=kind),
                                                           (place.pool_id,)):
        found.setdefault(name, (status, []))[1].append((attribute, value))
    return {name: (status, tuple(attributes)) for name, (status, attributes) in found.items()}


CODES = """
SELECT u.id, a.value, c.code_hash FROM confirmation_code c JOIN pool_user u ON u.id = c.user_id
JOIN user_attribute a ON a.user_id = u.id AND a.name = c.attribute
WHERE u.status = 'UNCONFIRMED' AND c.purpose = 'sign_up'
"""


def codes(database):
    """Of users who wait for one: user id, address, hash of the code."""
    return database.execute(CODES).fetchall()


def waiting(database):
    """Sealed messages: id, what was sealed."""
    return database.execute("SELECT id, sealed_message FROM outbox_message").fetchall()


def main():
    with opened(sys.argv[1]) as database:
        found = complaints(database)
    print("\n".join(found) or "nothing is wrong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
