# SPDX-License-Identifier: Apache-2.0
"""How PostgreSQL would run each named statement where there are 200,000 users."""

import json
import pathlib
import re
import sys

import psycopg2
import pytest

import postgres
from server import Server

TOP = pathlib.Path(__file__).resolve().parents[3]
sys.dont_write_bytecode = True
sys.path.append(str(TOP / "src" / "store"))

import generate  # noqa: E402

STATEMENTS = [statement for path in sorted((TOP / "sql" / "query").glob("*.sql"))
              for statement in generate.parse_query(path)]

ROWS = 50_000
LARGE = {"pool_user": 200_000, "user_attribute": 400_000, "sign_in_name": 200_000, "sign_in": 200_000}
BOUNDED = {"user_pool": 1000, "user_pool_migration": 1000, "account_quota": 40, "installation": 1}
LARGEST_COST = 500  # of the planner; reading 50,000 rows in whatever order costs more
LIMIT = 20  # the planner takes an unknown one for a tenth of the rows

# Column: its value in row i. All others have as many values as there are rows.
VALUES = {
    "pool_id": "'pool' || i % 1000", "client_id": "'client' || i % 5000", "group_id": "'group' || i % 2000",
    "state": "(ARRAY['waiting', 'dead', 'verified'])[1 + i % 3]", "medium": "(ARRAY['EMAIL', 'SMS'])[1 + i % 2]",
    "status": "(ARRAY['CONFIRMED', 'UNCONFIRMED'])[1 + i % 2]", "usage": "(ARRAY['id', 'access'])[1 + i % 2]",
    "enabled": "i % 10 / 9", "used": "i % 2", "revoked": "i % 2", "kind": "'username'", "purpose": "'sign_up'",
    "deleted_at": "CASE WHEN i % 100 = 0 THEN i END", "replaced_at": "CASE WHEN i % 2 = 0 THEN i END",
}
# A table's own.
OWN_VALUES = {("user_pool", "id"): "'pool' || i", ("user_pool_migration", "pool_id"): "'pool' || i",
              ("user_pool_migration", "state"): "CASE WHEN i % 100 = 0 THEN 'RUNNING' ELSE 'COMPLETED' END",
              ("user_attribute", "name"): "(ARRAY['email', 'name'])[1 + i % 2]",
              ("signing_key", "pool_id"): "CASE WHEN i > 10 THEN 'pool' || i % 1000 END"}
BY_TYPE = {"text": "'t' || i", "bytea": "decode(md5(i::text), 'hex')", "bigint": "i"}
TYPES = {"text": "text", "blob": "bytea", "integer": "bigint", "boolean": "bigint"}


def fill(cursor):
    """Every table, by the names and types of its columns, so that a new one is not forgotten."""
    cursor.execute("SET session_replication_role = replica")  # rows that refer to nothing are good enough
    cursor.execute("SELECT table_name, json_object_agg(column_name, data_type) FROM information_schema.columns "
                   "WHERE table_schema = 'public' AND table_name <> 'schema_migration' GROUP BY table_name")
    for table, columns in cursor.fetchall():
        values = [OWN_VALUES.get((table, name)) or VALUES.get(name) or BY_TYPE[kind] for name, kind in columns.items()]
        cursor.execute(f"DELETE FROM {table}")
        cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) "
                       f"SELECT {', '.join(values)} FROM generate_series(1, {(LARGE | BOUNDED).get(table, ROWS)}) AS i")
    cursor.execute("ANALYZE")


@pytest.fixture(scope="module")
def cursor():
    with Server(database=postgres.shared().new_database()) as server:
        server.stop()
        connection = psycopg2.connect(server.database_url)
        connection.autocommit = True
        cursor = connection.cursor()
        fill(cursor)
        cursor.execute("SET plan_cache_mode = force_generic_plan")  # whatever the parameters are
        yield cursor
        connection.close()


def explain(cursor, statement):
    text = re.sub(r"LIMIT \$\d+", f"LIMIT {LIMIT}", generate.number_parameters(statement))
    types = ", ".join(TYPES[parameter.type] for parameter in statement.used)
    cursor.execute(f"PREPARE named{f' ({types})' if types else ''} AS {text}")
    nulls = ", ".join("NULL" for _ in statement.used)
    cursor.execute(f"SET enable_seqscan = {'off' if statement.kind == 'write' else 'on'}")  # as transaction.c does
    cursor.execute(f"EXPLAIN (FORMAT JSON) EXECUTE named{f' ({nulls})' if nulls else ''}")
    plan = cursor.fetchone()[0][0]["Plan"]
    cursor.execute("DEALLOCATE named")
    return plan


def steps(plan):
    yield plan
    for part in plan.get("Plans", ()):
        yield from steps(part)


@pytest.mark.parametrize("statement", STATEMENTS, ids=[statement.name for statement in STATEMENTS])
def test_cost_does_not_grow(cursor, statement):
    plan = explain(cursor, statement)
    scanned = {step["Relation Name"] for step in steps(plan) if step["Node Type"] == "Seq Scan"} - BOUNDED.keys()
    shown = json.dumps(plan, indent=1)
    assert statement.scan or not scanned, shown
    assert statement.scan or plan["Total Cost"] < LARGEST_COST, shown


def test_a_scan_would_be_seen(cursor):
    """Otherwise the others prove nothing."""
    cursor.execute("SET enable_seqscan = on")
    cursor.execute("PREPARE named (text) AS SELECT id FROM pool_user WHERE srp_salt = $1")
    cursor.execute("EXPLAIN (FORMAT JSON) EXECUTE named (NULL)")
    plan = cursor.fetchone()[0][0]["Plan"]
    cursor.execute("DEALLOCATE named")
    assert "Seq Scan" in [step["Node Type"] for step in steps(plan)]
    assert plan["Total Cost"] > LARGEST_COST
