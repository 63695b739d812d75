# SPDX-License-Identifier: Apache-2.0
"""What a server has written down, seen from outside: the same for SQLite and PostgreSQL."""

import contextlib
import sqlite3

TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
}


def _connect_to_sqlite(path):
    return sqlite3.connect(path, timeout=30, isolation_level=None)


def _connect_to_postgresql(url):
    import psycopg2  # only where it is needed
    connection = psycopg2.connect(url)
    connection.autocommit = True
    return connection


def _plain(value):
    return bytes(value) if isinstance(value, memoryview) else value


class Database:
    """`place` is the path of SQLite's file, or a URL."""

    def __init__(self, place):
        self.kind = "postgresql" if str(place).startswith("postgresql:") else "sqlite"
        connect = _connect_to_postgresql if self.kind == "postgresql" else _connect_to_sqlite
        self._connect = lambda: contextlib.closing(connect(place))

    def blob(self, value):
        """As it stands in a statement."""
        return f"x'{value.hex()}'" if self.kind == "sqlite" else f"'\\x{value.hex()}'::bytea"

    def execute(self, sql):
        """Its rows, if it gives any."""
        return self.snapshot(lambda *_: {"": sql})[""]

    def snapshot(self, statements):
        """`statements(tables)` names statements by any key; gives their rows by that key, all of one moment."""
        while True:
            try:
                return self._snapshot(statements)
            except Exception as error:
                if not (getattr(error, "pgcode", None) or "").startswith("40"):  # a conflict with the server
                    raise

    def _snapshot(self, statements):
        with self._connect() as connection, contextlib.closing(connection.cursor()) as cursor:
            cursor.execute("BEGIN" if self.kind == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ")
            cursor.execute(TABLES[self.kind])
            found = {key: self._rows(cursor, sql) for key, sql in
                     statements([name for name, in cursor.fetchall()]).items()}
            cursor.execute("COMMIT")
        return found

    @staticmethod
    def _rows(cursor, sql):
        cursor.execute(sql)
        return [tuple(map(_plain, row)) for row in cursor.fetchall()] if cursor.description else []
