#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes C of SQL: the embedded migrations, and a typed function and structs for each named statement.

    generate.py --prefix store --output DIR/statements FILE.sql ...

Files in a folder named schema are migrations, NNNN_name.sql; those in a folder named query hold statements:

    -- Comments in front become the function's contract.
    -- name: user_by_name one          one (0 or 1 row), many, write (no rows, gives the number of changed ones)
    -- in: pool_id text, name text     text, blob, integer, boolean; a ? behind the type: may be NULL
    -- out: id integer, email text?    the columns in their order; in: and out: may be repeated for long lists
    -- row: user                       optional: struct <prefix>_user_row, shared by statements with equal columns
    -- scan: there are never many      optional: why reading a whole table or sorting is right here
    SELECT id, email FROM user WHERE pool_id = :pool_id AND name = :name;

Every statement is prepared against the migrated schema and refused when it would read a whole table or sort, as its
cost would grow with the data. Everything not known is an error.
"""

import argparse
import pathlib
import re
import sqlite3
import sys
from dataclasses import dataclass, field

KINDS = ("one", "many", "write")
KEYS = ("name", "in", "out", "row", "scan")

# SQL type: C type, C type when it may be NULL, a value of that type to try a statement with
TYPES = {
    "text": ("str", "str", "x"),
    "blob": ("str", "str", b"x"),
    "integer": ("int64_t", "struct optional_int", 1),
    "boolean": ("bool", "struct optional_bool", 1),
}

NAME = re.compile(r"[a-z][a-z0-9_]*")
MIGRATION = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")

ORIGIN = "/* Made by src/store/generate.py from SQL; not to be edited. */\n"

# What is not a parameter although it may hold a colon, then a parameter.
TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|::|:([A-Za-z_]\w*)")

SCHEMA_FORBIDS = {
    sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_SAVEPOINT, sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH,
    sqlite3.SQLITE_PRAGMA,
}
READS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
WRITES = {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE}


class Mistake(Exception):
    """Something wrong in a file, with its place."""

    def __init__(self, path, line, text):
        super().__init__(f"{path}:{line}: {text}" if line else f"{path}: {text}")


@dataclass
class Field:
    name: str
    type: str
    optional: bool

    @property
    def c_type(self):
        return TYPES[self.type][1 if self.optional else 0]

    @property
    def sample(self):
        return TYPES[self.type][2]


@dataclass
class Statement:
    path: pathlib.Path
    line: int
    name: str
    kind: str
    comment: list
    parameters: list = field(default_factory=list)
    columns: list = field(default_factory=list)
    row: str = ""
    scan: str = ""
    lines: list = field(default_factory=list)
    used: list = field(default_factory=list)  # parameters in the order of their first appearance
    writes: bool = False

    @property
    def sql(self):
        return "\n".join(self.lines).rstrip().removesuffix(";")

    def mistake(self, text):
        return Mistake(self.path, self.line, f"{self.name}: {text}")


# Reading


def parse_field(statement, text):
    parts = text.split()
    if len(parts) != 2 or not NAME.fullmatch(parts[0]):
        raise statement.mistake(f'"{text.strip()}" is not a name and a type')
    type_name = parts[1].removesuffix("?")
    if type_name not in TYPES:
        raise statement.mistake(f'unknown type "{parts[1]}" of {parts[0]}')
    return Field(parts[0], type_name, parts[1].endswith("?"))


def parse_fields(statement, fields, text):
    for part in text.split(","):
        parsed = parse_field(statement, part)
        if any(known.name == parsed.name for known in fields):
            raise statement.mistake(f"{parsed.name} is declared twice")
        fields.append(parsed)


def start_statement(path, line, value, comment):
    parts = value.split()
    if len(parts) != 2 or not NAME.fullmatch(parts[0]) or parts[1] not in KINDS:
        raise Mistake(path, line, f'"{value}" is not a name and one of {", ".join(KINDS)}')
    return Statement(path, line, parts[0], parts[1], comment)


def take_key(statement, key, value):
    if key == "in":
        parse_fields(statement, statement.parameters, value)
    elif key == "out":
        parse_fields(statement, statement.columns, value)
    elif getattr(statement, key):
        raise statement.mistake(f"{key}: is given twice")
    elif key == "row" and not NAME.fullmatch(value):
        raise statement.mistake(f'"{value}" is no name for a row')
    else:
        setattr(statement, key, value)


def parse_query(path):
    """The statements of one file."""
    statements, comment, current = [], [], None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        key = re.fullmatch(r"-- ([a-z]+): (.+)", line)
        if current and not current.lines and line.startswith("--"):
            if not key or key[1] not in KEYS or key[1] == "name":
                raise Mistake(path, number, f'"{line}" is none of {", ".join(KEYS[1:])}')
            take_key(current, key[1], key[2].strip())
        elif current:
            current.lines.append(line)
            if line.rstrip().endswith(";"):
                statements.append(current)
                current = None
        elif key and key[1] == "name":
            current, comment = start_statement(path, number, key[2], comment), []
        elif line.startswith("--"):
            comment.append(line[2:].strip())
        elif line.strip():
            raise Mistake(path, number, "SQL without a name")
        else:
            comment = []
    if current:
        raise current.mistake("ends without a semicolon")
    return statements


def number_parameters(statement):
    """Turns :name into $1, $2 ... and returns the text; both SQLite and PostgreSQL read it."""
    declared = {parameter.name: parameter for parameter in statement.parameters}

    def replace(match):
        name = match[1]
        if not name:
            return match[0]
        if name not in declared:
            raise statement.mistake(f":{name} is not declared")
        if declared[name] not in statement.used:
            statement.used.append(declared[name])
        return f"${statement.used.index(declared[name]) + 1}"

    text = TOKEN.sub(replace, statement.sql)
    for parameter in statement.parameters:
        if parameter not in statement.used:
            raise statement.mistake(f"{parameter.name} is declared and not used")
    return text


# Checking


def migrate(database, migrations):
    """Applies the migrations to an empty database."""
    for expected, path in enumerate(migrations, 1):
        match = MIGRATION.fullmatch(path.name)
        if not match or int(match[1]) != expected:
            raise Mistake(path, 0, f"migration {expected} must be {expected:04}_name.sql")
        sql = path.read_text(encoding="utf-8")
        if re.search(r"\bDEFERRED\b", sql, re.I):
            raise Mistake(path, 0, "a deferred constraint would fail the commits of others")
        database.set_authorizer(lambda action, *_: sqlite3.SQLITE_DENY if action in SCHEMA_FORBIDS else 0)
        try:
            database.executescript(sql)
        except sqlite3.Error as error:
            raise Mistake(path, 0, error) from error
        finally:
            database.set_authorizer(None)


def execute(database, statement, prefix=""):
    values = {parameter.name: parameter.sample for parameter in statement.parameters}
    return database.execute(prefix + statement.sql, values)


def check_actions(database, statement):
    """Finds out whether the statement writes, and refuses all but reading and writing rows."""
    actions = set()
    database.set_authorizer(lambda action, *_: actions.add(action) or sqlite3.SQLITE_OK)
    try:
        execute(database, statement, "EXPLAIN ").fetchall()
    finally:
        database.set_authorizer(None)
    if actions - READS - WRITES:
        raise statement.mistake("may only read and write rows")
    statement.writes = bool(actions & WRITES)
    if statement.kind == "write" and not statement.writes:
        raise statement.mistake("is declared write and only reads")


def check_columns(database, statement):
    """Compares names and number of columns with what a trial run gives; its changes are rolled back."""
    database.execute("BEGIN")
    try:
        description = execute(database, statement).description or ()
    finally:
        database.execute("ROLLBACK")
    given = [column[0] for column in description]
    declared = [column.name for column in statement.columns]
    if given != declared:
        raise statement.mistake(f"gives ({', '.join(given)}), declared are ({', '.join(declared)})")
    if bool(declared) == (statement.kind == "write"):
        raise statement.mistake("write has no columns, one and many have some")


def is_costly(step):
    if step.startswith("SCAN "):
        return not re.match(r"SCAN (CONSTANT ROW|\d+ CONSTANT ROWS?|\(|.* VIRTUAL TABLE)", step)
    return step.startswith("USE TEMP B-TREE")


def check_cost(database, statement):
    if re.search(r"\bOFFSET\b", statement.sql, re.I):
        raise statement.mistake("pages by OFFSET; page by key")
    steps = [row[3] for row in execute(database, statement, "EXPLAIN QUERY PLAN ")]
    costly = [step for step in steps if is_costly(step)]
    if costly and not statement.scan:
        raise statement.mistake(f"{'; '.join(costly)}: needs an index, or a reason (-- scan: ...)")


def check_statement(database, statement):
    try:
        check_actions(database, statement)
        check_cost(database, statement)
        check_columns(database, statement)
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise statement.mistake(error) from error


def check_names(statements):
    seen = {}
    rows = {}
    for statement in statements:
        if statement.name in seen:
            raise statement.mistake(f"also in {seen[statement.name].path}")
        seen[statement.name] = statement
        if not statement.columns:
            if statement.row:
                raise statement.mistake("has no rows")
            continue
        columns = rows.setdefault(statement.row or statement.name, statement.columns)
        if columns != statement.columns:
            raise statement.mistake(f"row {statement.row or statement.name} has other columns elsewhere")


def check_listed(paths):
    """A file left out of the build's list would silently be no part of the product."""
    for folder in {path.parent for path in paths}:
        for path in sorted(folder.glob("*.sql")):
            if path not in paths:
                raise Mistake(path, 0, "is not listed for the build (local.mk)")


# Writing


def c_string(text, indent):
    escaped = [line.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") for line in text.split("\n")]
    return f"\n{indent}".join(f'"{line}\\n"' for line in escaped)


def members(fields):
    return "".join(f"\t{f.c_type} {f.name};{' /* NULL: absent */' if f.optional else ''}\n" for f in fields)


class Writer:
    def __init__(self, prefix, stem, statements, migrations):
        self.prefix, self.stem = prefix, stem
        self.statements, self.migrations = statements, migrations

    def in_type(self, statement):
        return f"struct {self.prefix}_{statement.name}_in"

    def row_type(self, statement):
        return f"struct {self.prefix}_{statement.row or statement.name}_row"

    def prototype(self, statement, return_type):
        arguments = ["struct request *request"]
        if statement.parameters:
            arguments.append(f"const {self.in_type(statement)} *in")
        arguments += {
            "one": [f"{self.row_type(statement)} *row", "bool *found"],
            "many": [f"{self.row_type(statement)} **rows", "size_t *count"],
            "write": ["int64_t *changed"],
        }[statement.kind]
        return f"{return_type} {self.prefix}_{statement.name}({', '.join(arguments)})"

    def structs(self, statement, written):
        text = ""
        if statement.parameters:
            text += f"{self.in_type(statement)} {{\n{members(statement.parameters)}}};\n\n"
        row = self.row_type(statement)
        if statement.columns and row not in written:
            written.add(row)
            text += f"{row} {{\n{members(statement.columns)}}};\n\n"
        return text

    def header(self):
        written = set()
        text = "/* SPDX-License-Identifier: Apache-2.0 */\n" + ORIGIN
        text += "/* (one): *found says whether *row was filled. (many): the rows are in the request's arena.\n"
        text += "   (write): *changed, unless NULL, counts rows; only inside store_write(). */\n#pragma once\n\n"
        text += '#include "base/optional.h"\n#include "base/request.h"\n\n'
        text += f"struct store_catalogue;\n\nextern const struct store_catalogue {self.prefix}_catalogue;\n"
        for statement in self.statements:
            text += "\n" + self.structs(statement, written)
            text += f"/* {' '.join(statement.comment + ['(' + statement.kind + ')'])} */\n"
            text += self.prototype(statement, "RESULT") + ";\n"
        return text

    def fields(self, name, struct, fields):
        if not fields:
            return ""
        rows = "".join(
            f'\t{{ .name = "{f.name}", .type = STORE_{f.type.upper()}, '
            f".optional = {str(f.optional).lower()}, .offset = offsetof({struct}, {f.name}) }},\n"
            for f in fields
        )
        return f"static const struct store_field {name}[] = {{\n{rows}}};\n\n"

    def descriptor(self, statement, index):
        name = statement.name
        text = self.fields(f"{name}_parameters", self.in_type(statement), statement.used)
        text += self.fields(f"{name}_columns", self.row_type(statement), statement.columns)
        text += f"static const struct store_statement {name}_statement = {{\n"
        text += f'\t.name = "{name}",\n\t.sql = {c_string(statement.numbered, chr(9) * 2)},\n'
        text += f"\t.index = {index},\n\t.writes = {str(statement.writes).lower()},\n"
        if statement.used:
            text += f"\t.parameters = {name}_parameters,\n\t.parameter_count = {len(statement.used)},\n"
        if statement.columns:
            text += f"\t.columns = {name}_columns,\n\t.column_count = {len(statement.columns)},\n"
            text += f"\t.row_size = sizeof({self.row_type(statement)}),\n"
        return text + "};\n\n"

    def function(self, statement):
        given = "in" if statement.used else "NULL"
        call = f"store_statement_{statement.kind}(request, &{statement.name}_statement, {given}, "
        if statement.kind == "many":
            body = f"\tvoid *list = NULL;\n\tTRY({call}&list, count));\n\t*rows = list;\n\treturn OK;\n"
        else:
            body = f"\treturn {call}{'row, found' if statement.kind == 'one' else 'changed'});\n"
        return f"{self.prototype(statement, 'result')}\n{{\n{body}}}\n\n"

    def catalogue(self):
        text = ""
        if self.migrations:
            text += "static const struct store_migration migrations[] = {\n"
            for version, path in enumerate(self.migrations, 1):
                sql = c_string(path.read_text(encoding="utf-8"), "\t\t")
                text += f'\t{{ .version = {version}, .name = "{path.name}",\n\t\t.sql = {sql} }},\n'
            text += "};\n\n"
        text += f"const struct store_catalogue {self.prefix}_catalogue = {{\n"
        if self.migrations:
            text += f"\t.migrations = migrations,\n\t.migration_count = {len(self.migrations)},\n"
        return text + f"\t.statement_count = {len(self.statements)},\n}};\n"

    def source(self):
        text = "/* SPDX-License-Identifier: Apache-2.0 */\n" + ORIGIN
        text += f'#include "store/{self.stem}.h"\n\n#include "store/catalogue.h"\n#include "store/statement.h"\n\n'
        for index, statement in enumerate(self.statements):
            text += self.descriptor(statement, index) + self.function(statement)
        return text + self.catalogue()


def generate(prefix, stem, paths):
    """The texts of the source and the header."""
    check_listed(paths)
    migrations = sorted(path for path in paths if path.parent.name == "schema")
    queries = sorted(path for path in paths if path.parent.name == "query")
    for path in paths:
        if path not in migrations and path not in queries:
            raise Mistake(path, 0, "is neither in a folder schema nor query")
    statements = [statement for path in queries for statement in parse_query(path)]
    check_names(statements)
    database = sqlite3.connect(":memory:", isolation_level=None)
    migrate(database, migrations)
    for statement in statements:
        statement.numbered = number_parameters(statement)
        check_statement(database, statement)
    writer = Writer(prefix, stem, statements, migrations)
    return writer.source(), writer.header()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--prefix", required=True, help="in front of every name in C")
    options.add_argument("--output", required=True, type=pathlib.Path, help="without .c and .h")
    options.add_argument("files", nargs="*", type=pathlib.Path)
    given = options.parse_args()
    try:
        source, header = generate(given.prefix, given.output.name, given.files)
    except Mistake as mistake:
        sys.exit(str(mistake))
    given.output.with_suffix(".c").write_text(source, encoding="utf-8")
    # The header last, so that make finds it newer than the source which it is made with.
    given.output.with_suffix(".h").write_text(header, encoding="utf-8")


if __name__ == "__main__":
    main()
