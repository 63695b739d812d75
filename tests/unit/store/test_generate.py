#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What src/store/generate.py makes of SQL, and above all what it refuses."""

import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "src" / "store"))

import generate  # noqa: E402

SCHEMA = """
CREATE TABLE fish (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, weight INTEGER, note BLOB) STRICT;
"""

# What is wrong with it, the statement, a part of the message
REFUSED = [
    ("kind", "-- name: a few\n-- out: id integer\nSELECT id FROM fish;", "is not a name and one of"),
    ("name", "-- name: A one\n-- out: id integer\nSELECT id FROM fish;", "is not a name and one of"),
    ("no name", "SELECT id FROM fish;", "SQL without a name"),
    ("no end", "-- name: a one\n-- out: id integer\nSELECT id FROM fish", "ends without a semicolon"),
    ("unknown key", "-- name: a one\n-- cost: none\nSELECT 1 AS id;", "is none of in, out, row, scan"),
    ("unknown type", "-- name: a one\n-- out: id float\nSELECT 1 AS id;", 'unknown type "float" of id'),
    ("no type", "-- name: a one\n-- out: id\nSELECT 1 AS id;", "is not a name and a type"),
    ("column twice", "-- name: a one\n-- out: id integer, id text\nSELECT 1 AS id;", "id is declared twice"),
    ("undeclared parameter", "-- name: a one\n-- out: id integer\nSELECT id FROM fish WHERE name = :name;",
     ":name is not declared"),
    ("unused parameter", "-- name: a one\n-- in: name text\n-- out: id integer\nSELECT 1 AS id;",
     "name is declared and not used"),
    ("parameter only in a text", "-- name: a one\n-- in: name text\n-- out: id text\nSELECT ':name' AS id;",
     "name is declared and not used"),
    ("other column name", "-- name: a one\n-- out: number integer\nSELECT 1 AS id;",
     "gives (id), declared are (number)"),
    ("fewer columns", "-- name: a one\n-- out: id integer\nSELECT 1 AS id, 2 AS weight;",
     "gives (id, weight), declared are (id)"),
    ("unknown table", "-- name: a one\n-- out: id integer\nSELECT id FROM bird;", "no such table: bird"),
    ("two statements", "-- name: a one\n-- out: id integer\nSELECT 1 AS id; SELECT 2 AS id;", "one statement"),
    ("scan", "-- name: a many\n-- in: weight integer\n-- out: id integer\nSELECT id FROM fish WHERE weight = :weight;",
     "SCAN fish: needs an index"),
    ("sort", "-- name: a many\n-- in: id integer\n-- out: id integer\n"
     "SELECT id FROM fish WHERE id > :id ORDER BY weight;", "USE TEMP B-TREE FOR ORDER BY: needs an index"),
    ("offset", "-- name: a many\n-- in: id integer\n-- out: id integer\n"
     "SELECT id FROM fish WHERE id > :id LIMIT 10 OFFSET 10;", "page by key"),
    ("write that reads", "-- name: a write\nSELECT 1;", "is declared write and only reads"),
    ("write with columns", "-- name: a write\n-- out: id integer\nDELETE FROM fish WHERE id = 1 RETURNING id;",
     "write has no columns"),
    ("one without columns", "-- name: a one\nDELETE FROM fish WHERE id = 1;", "one and many have some"),
    ("row of nothing", "-- name: a write\n-- row: fish\nDELETE FROM fish WHERE id = 1;", "has no rows"),
    ("schema change", "-- name: a write\nDROP TABLE fish;", "may only read and write rows"),
    ("transaction", "-- name: a write\nCOMMIT;", "may only read and write rows"),
    ("pragma", "-- name: a one\n-- out: user_version integer\nPRAGMA user_version;", "may only read and write rows"),
    ("name twice", "-- name: a one\n-- out: id integer\nSELECT 1 AS id;\n" * 2, "also in"),
    ("row with other columns", "-- name: a one\n-- out: id integer\n-- row: r\nSELECT 1 AS id;\n"
     "-- name: b one\n-- out: id text\n-- row: r\nSELECT 'x' AS id;", "row r has other columns elsewhere"),
]

REFUSED_MIGRATIONS = [
    ("gap", "0003_more.sql", "CREATE TABLE more (id INTEGER);", "migration 2 must be 0002_name.sql"),
    ("file name", "more.sql", "CREATE TABLE more (id INTEGER);", "migration 2 must be 0002_name.sql"),
    ("syntax", "0002_more.sql", "CREATE TABEL more (id INTEGER);", "syntax error"),
    ("transaction", "0002_more.sql", "BEGIN; CREATE TABLE more (id INTEGER); COMMIT;", "not authorized"),
    ("pragma", "0002_more.sql", "PRAGMA journal_mode=DELETE;", "not authorized"),
    ("deferred", "0002_more.sql", "CREATE TABLE more (id INTEGER REFERENCES fish DEFERRABLE INITIALLY DEFERRED);",
     "deferred constraint"),
]


class GenerateTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.files = []
        self.add("schema/0001_fish.sql", SCHEMA)

    def add(self, path, text):
        file = self.folder / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        if file not in self.files:
            self.files.append(file)

    def generate(self, query=None):
        if query is not None:
            self.add("query/fish.sql", query)
        return generate.generate("pond", "statements", self.files)

    def refuse(self, part, query=None):
        with self.assertRaises(generate.Mistake) as caught:
            self.generate(query)
        self.assertIn(part, str(caught.exception))

    def test_refuses_statements(self):
        for name, query, part in REFUSED:
            with self.subTest(name):
                self.refuse(part, query)

    def test_names_the_place_of_a_mistake(self):
        self.refuse("fish.sql:3: a: unknown type", "\n\n-- name: a one\n-- in: id float\nSELECT 1 AS id;")

    def test_refuses_migrations(self):
        for name, file, sql, part in REFUSED_MIGRATIONS:
            with self.subTest(name):
                self.files = self.files[:1]
                self.add(f"schema/{file}", sql)
                self.refuse(part)
                self.files[1].unlink()

    def test_refuses_files_left_out_of_the_build(self):
        self.add("query/bird.sql", "")
        self.files.pop()
        self.refuse("is not listed for the build", "")

    def test_refuses_files_elsewhere(self):
        self.add("other/bird.sql", "")
        self.refuse("is neither in a folder schema nor query")

    def test_numbers_parameters_by_first_appearance(self):
        source, header = self.generate(
            "-- name: fish_rename write\n-- in: name text, id integer, weight integer?\n"
            "UPDATE fish SET weight = :weight, name = ':id' || :name -- :nobody\nWHERE id = :id AND name <> :name;")
        self.assertIn('"UPDATE fish SET weight = $1, name = \':id\' || $2 -- :nobody\\n"', source)
        self.assertIn('"WHERE id = $3 AND name <> $2\\n"', source)
        weight, name, number = (source.index(f'.name = "{field}"') for field in ("weight", "name", "id"))
        self.assertTrue(weight < name < number)
        self.assertIn("\tstr name;\n\tint64_t id;\n\tstruct optional_int weight; /* NULL: absent */\n", header)
        self.assertIn("RESULT pond_fish_rename(struct request *request, const struct pond_fish_rename_in *in, "
                      "int64_t *changed);", header)
        self.assertIn(".writes = true", source)

    def test_shares_a_row_between_statements(self):
        _, header = self.generate(
            "-- name: fish_first one\n-- out: id integer\n-- row: fish\nSELECT id FROM fish WHERE id = 1;\n"
            "-- name: fish_others many\n-- out: id integer\n-- row: fish\nSELECT id FROM fish WHERE id > 1;\n")
        self.assertEqual(header.count("struct pond_fish_row {"), 1)
        self.assertIn("pond_fish_first(struct request *request, struct pond_fish_row *row, bool *found);", header)
        self.assertIn("pond_fish_others(struct request *request, struct pond_fish_row **rows, size_t *count);", header)

    def test_knows_that_returning_writes(self):
        source, _ = self.generate("-- name: fish_add one\n-- in: name text\n-- out: id integer\n"
                                  "INSERT INTO fish (name) VALUES (:name) RETURNING id;")
        self.assertIn(".writes = true", source)

    def test_takes_a_reason_for_a_scan(self):
        source, _ = self.generate("-- name: fish_count one\n-- out: count integer\n-- scan: a pond is small\n"
                                  "SELECT count(*) AS count FROM fish;")
        self.assertIn(".writes = false", source)

    def test_makes_a_contract_of_the_comment(self):
        _, header = self.generate("-- SPDX-License-Identifier: Apache-2.0\n\n-- The first\n-- fish.\n"
                                  "-- name: fish_first one\n-- out: id integer\nSELECT id FROM fish WHERE id = 1;")
        self.assertIn("/* The first fish. (one) */\nRESULT pond_fish_first(", header)

    def test_works_without_any_sql(self):
        self.files = []
        source, _ = self.generate()
        self.assertIn(".statement_count = 0", source)


if __name__ == "__main__":
    unittest.main()
