#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns src/spec/<service>/*.json into C.

    generate.py ERROR_TABLE CATEGORY_TABLE OUT_FOLDER SERVICE_FOLDER...

service.json names the service on the wire, types.json holds the named types that operations share; every other file is
one operation. <service>.h has the structs, the enums and the handlers' prototypes. <service>.c has the tables of
spec/type.h and, apart because it needs every handler at link time, <service>_operations.c the one of spec/operation.h.
Refuses unknown keys, unused types, errors that base/error.def and categories that base/category.def does not know, and
names that two services give to different things: C and the OpenAPI document have one room for all.
"""
import json
import pathlib
import re
import sys

SERVICE_FILE, TYPES_FILE = "service.json", "types.json"
SERVICE_KEYS = {"target_prefix", "signing_names"}
# Services whose operations all count towards a quota.
CATEGORIZED = {"cognito-idp"}
CALLERS = {"public": "SPEC_PUBLIC", "access_token": "SPEC_ACCESS_TOKEN", "sigv4": "SPEC_SIGV4"}
REST_METHODS = ("GET", "POST", "PUT", "DELETE")
# What the audit trail says of an operation; where its spec does not tell, that follows from the REST method.
TRAILS = {"change": "SPEC_TRAIL_CHANGE", "read": "SPEC_TRAIL_READ", "disclosure": "SPEC_TRAIL_DISCLOSURE"}
TYPE_KEYS = {
    "string": {"min", "max", "pattern", "sensitive"},
    "blob": {"min", "max", "sensitive"},
    "enum": {"values"},
    "integer": {"min", "max"},
    "boolean": set(),
    "timestamp": set(),
    "structure": {"members", "sensitive"},
    "list": {"element", "min", "max"},
    "map": {"key", "value", "min", "max", "sensitive"},
}
SCALARS = {
    "string": "str",
    "blob": "str",
    "integer": "struct optional_int",
    "boolean": "struct optional_bool",
    "timestamp": "struct optional_int",
    "map": "struct str_map",
}
ORIGIN = (
    "/* SPDX-License-Identifier: Apache-2.0 */",
    "/* Made by src/spec/generate.py from the operation specs; not to be edited. */",
)
OPERATION_KEYS = {
    "name", "summary", "caller", "category", "trail", "action", "resource", "rest", "input", "output", "errors",
}


def fail(where, what):
    sys.exit(f"{where}: {what}")


def snake(name):
    """SMSMfaConfigType -> sms_mfa_config_type, CallbackURLs -> callback_urls."""
    name = name.replace("URLs", "Urls").replace("OAuth", "Oauth")
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return name.lower()


def c_text(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Service:
    def __init__(self, folder, errors, categories):
        self.name = folder.name
        self.errors = errors
        self.categories = categories
        self.stem = folder.name.replace("-", "_")
        self.wire = json.loads((folder / SERVICE_FILE).read_text())
        self.types = json.loads((folder / TYPES_FILE).read_text())
        self.operations = [
            json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))
            if file.name not in (SERVICE_FILE, TYPES_FILE)
        ]
        self.used = set()
        self.check()

    # --- Checks -------------------------------------------------------------------------------------------------

    def check(self):
        if set(self.wire) != SERVICE_KEYS or not self.wire["signing_names"]:
            fail(self.name, f"{SERVICE_FILE} has exactly {', '.join(sorted(SERVICE_KEYS))}")
        for name, spec in self.types.items():
            self.check_type(name, spec)
        for operation in self.operations:
            self.check_operation(operation)
        unused = set(self.types) - self.used
        if unused:
            fail(self.name, f"unused types: {', '.join(sorted(unused))}")

    def check_type(self, name, spec):
        kind = spec.get("kind")
        if kind not in TYPE_KEYS:
            fail(name, f"unknown kind {kind}")
        unknown = set(spec) - TYPE_KEYS[kind] - {"kind"}
        if unknown:
            fail(name, f"unknown keys {unknown}")
        if "pattern" in spec:
            re.compile(re.sub(r"\\p\{\w+\}", "x", spec["pattern"]))
        if kind == "map" and self.types[spec["value"]]["kind"] != "string":
            fail(name, "only maps of strings are known")

    def check_members(self, where, members):
        for member, spec in members.items():
            if set(spec) - {"type", "required"}:
                fail(f"{where}.{member}", "unknown keys")
            self.use(f"{where}.{member}", spec["type"])

    def use(self, where, name):
        if name not in self.types:
            fail(where, f"unknown type {name}")
        if name in self.used:
            return
        self.used.add(name)
        spec = self.types[name]
        self.check_members(name, spec.get("members", {}))
        for part in ("element", "key", "value"):
            if part in spec:
                self.use(name, spec[part])

    def needs_category(self, operation):
        return self.name in CATEGORIZED or "category" in operation

    def check_operation(self, operation):
        name = operation["name"]
        if set(operation) - OPERATION_KEYS:
            fail(name, f"unknown keys {set(operation) - OPERATION_KEYS}")
        if operation["caller"] not in CALLERS or not operation["summary"]:
            fail(name, "caller or summary missing")
        if (operation["caller"] == "sigv4") != ("action" in operation and "resource" in operation):
            fail(name, "action and resource belong to sigv4 operations, and only to them")
        if operation["caller"] == "access_token" and "AccessToken" not in operation["input"]:
            fail(name, "an access_token operation needs the member AccessToken")
        if operation.get("category") not in (self.categories if self.needs_category(operation) else {None}):
            fail(name, "its category is missing or not in base/category.def")
        if operation["rest"]["method"] not in REST_METHODS:
            fail(name, "unknown REST method")
        if operation.get("trail", "change") not in TRAILS:
            fail(name, "unknown trail")
        for text in (operation["rest"]["path"], operation.get("resource", "")):
            for member in re.findall(r"\{([A-Z]\w*)\}", text):
                if member not in operation["input"]:
                    fail(name, f"{{{member}}} is no member of the input")
        for error in operation["errors"]:
            if error not in self.errors:
                fail(name, f"{error} is not in base/error.def")
        self.check_members(name, operation["input"])
        self.check_members(name, operation["output"])

    # --- C types ------------------------------------------------------------------------------------------------

    def c_type(self, name):
        kind = self.types[name]["kind"]
        if kind == "enum":
            return f"enum {snake(name)}"
        if kind == "structure":
            return f"struct {snake(name)} *"
        if kind == "list":
            return self.list_type(name)
        return SCALARS[kind]

    def list_type(self, name):
        element = self.types[name]["element"]
        kind = self.types[element]["kind"]
        if kind == "string":
            return "struct str_list"
        if kind in ("structure", "enum"):
            return f"struct {snake(element)}_list"
        fail(name, f"lists of {kind} are not known")

    def item_type(self, name):
        """What stands inline in a list."""
        return f"struct {snake(name)}" if self.types[name]["kind"] == "structure" else self.c_type(name)

    def in_order(self):
        """Type names, each behind those that its C definition needs."""
        done = []

        def visit(name):
            if name in done:
                return
            spec = self.types[name]
            for part in ("element", "key", "value"):
                if part in spec:
                    visit(spec[part])
            for member in spec.get("members", {}).values():
                visit(member["type"])
            done.append(name)

        for name in self.types:
            visit(name)
        return done

    # --- Header -------------------------------------------------------------------------------------------------

    def header(self):
        out = [
            *ORIGIN,
            "#pragma once",
            "",
            '#include "spec/operation.h"',
            "",
            f"extern const struct spec_service spec_{self.stem};",
            "",
        ]
        lists = set()
        for name in self.in_order():
            out += self.declare_type(name, lists)
        for operation in self.operations:
            out += self.declare_operation(operation)
        return "\n".join(out) + "\n"

    def declare_type(self, name, lists):
        spec = self.types[name]
        if spec["kind"] == "enum":
            return self.declare_enum(name, spec["values"])
        if spec["kind"] == "structure":
            return self.declare_struct(snake(name), spec["members"]) + [
                f"extern const struct spec_type spec_type_{snake(name)};", ""]
        if spec["kind"] == "list" and self.list_type(name) not in lists | {"struct str_list"}:
            lists.add(self.list_type(name))
            item = self.item_type(spec["element"])
            return [f"{self.list_type(name)} {{", f"\t{item} *items;", "\tsize_t count;", "};", ""]
        return []

    @staticmethod
    def declare_enum(name, values):
        prefix = snake(name).upper()
        lines = [f"enum {snake(name)} {{", f"\t{prefix}_UNSET,"]
        lines += [f"\t{prefix}_{snake(value).upper()}," for value in values]
        return lines + ["};", f"extern const struct spec_type spec_type_{snake(name)};", ""]

    def declare_struct(self, name, members):
        lines = [f"struct {name} {{"]
        for member, spec in members.items():
            c_type = self.c_type(spec["type"])
            space = "" if c_type.endswith("*") else " "
            lines.append(f"\t{c_type}{space}{snake(member)};")
        if not members:
            lines.append("\tchar nothing; /* C has no empty structs */")
        return lines + ["};"]

    def declare_operation(self, operation):
        stem = snake(operation["name"])
        return (
            [f"/* {operation['summary']} */"]
            + self.declare_struct(f"{stem}_request", operation["input"])
            + self.declare_struct(f"{stem}_response", operation["output"])
            + [
                f"extern const struct spec_type spec_type_{stem}_request, spec_type_{stem}_response;",
                f"RESULT operation_{stem}(struct request *request, const struct {stem}_request *input,",
                f"\tstruct {stem}_response *output);",
                "",
            ]
        )

    # --- Sources ------------------------------------------------------------------------------------------------

    def begin_source(self):
        return [*ORIGIN, f'#include "spec/{self.stem}.h"', ""]

    def type_source(self):
        out = self.begin_source()
        for name in self.in_order():
            out += self.define_type(name)
        for operation in self.operations:
            out += self.define_messages(operation)
        return "\n".join(out) + "\n"

    def operation_source(self):
        out = self.begin_source()
        for operation in self.operations:
            out += self.define_operation(operation)
        out += self.define_service()
        return "\n".join(out) + "\n"

    def define_type(self, name):
        spec = self.types[name]
        stem = snake(name)
        kind = spec["kind"]
        storage = "" if kind in ("structure", "enum") else "static "
        rows, lines = [], []
        if "pattern" in spec:
            lines.append(f"static struct pattern pattern_{stem} = PATTERN_INIT({c_text(spec['pattern'])});")
            rows.append(f".pattern = &pattern_{stem},")
        if kind == "enum":
            values = ", ".join(f"STR_INIT({c_text(value)})" for value in spec["values"])
            lines.append(f"static const str values_{stem}[] = {{ STR_INIT(\"\"), {values} }};")
            rows.append(f".values = values_{stem}, .value_count = {len(spec['values'])},")
        if kind == "structure":
            lines += self.define_fields(stem, spec["members"])
            rows.append(f".fields = fields_{stem}, .field_count = {len(spec['members'])},")
        for part in ("min", "max"):
            if part in spec:
                rows.append(f".{part} = {{ true, {spec[part]} }},")
        if "element" in spec:
            rows.append(f".element = &spec_type_{snake(spec['element'])},")
        if kind == "map":
            rows.append(f".key = &spec_type_{snake(spec['key'])}, .element = &spec_type_{snake(spec['value'])},")
        if spec.get("sensitive"):
            rows.append(".is_sensitive = true,")
        size = f"struct {stem}" if kind == "structure" else self.c_type(name)
        lines += [f"{storage}const struct spec_type spec_type_{stem} = {{",
                  f"\t.name = {c_text(name)}, .kind = SPEC_{kind.upper()}, .size = sizeof({size}),"]
        return lines + [f"\t{row}" for row in rows] + ["};", ""]

    def define_fields(self, stem, members):
        if not members:
            return [f"static const struct spec_field fields_{stem}[1];"]
        lines = [f"static const struct spec_field fields_{stem}[] = {{"]
        for member, spec in members.items():
            required = ", .required = true" if spec.get("required") else ""
            lines.append(
                f"\t{{ .name = STR_INIT({c_text(member)}), .type = &spec_type_{snake(spec['type'])}, "
                f".offset = SPEC_OFFSET(struct {stem}, {snake(member)}, {self.c_type(spec['type'])}){required} }},"
            )
        return lines + ["};"]

    def define_messages(self, operation):
        stem = snake(operation["name"])
        lines = []
        for side, key in (("request", "input"), ("response", "output")):
            lines += self.define_fields(f"{stem}_{side}", operation[key])
            lines += [
                f"const struct spec_type spec_type_{stem}_{side} = {{",
                f"\t.name = {c_text(operation['name'] + side.capitalize())}, .kind = SPEC_STRUCTURE,",
                f"\t.size = sizeof(struct {stem}_{side}), .fields = fields_{stem}_{side}, "
                f".field_count = {len(operation[key])},",
                "};",
            ]
        return lines

    def define_operation(self, operation):
        stem = snake(operation["name"])
        codes = ", ".join(f"ERROR_{self.errors[error]}" for error in operation["errors"])
        return [
            f"static const enum error_code errors_{stem}[] = {{ {codes} }};",
            f"static result run_{stem}(struct request *request, const void *input, void *output)",
            "{",
            f"\treturn operation_{stem}(request, input, output);",
            "}",
            "",
        ]

    def define_service(self):
        names = ", ".join(c_text(name) for name in self.wire["signing_names"])
        lines = [f"static const char *const signing_names[] = {{ {names}, NULL }};", "",
                 "static const struct spec_operation operations[] = {"]
        for operation in sorted(self.operations, key=lambda one: one["name"]):
            lines += self.operation_row(operation)
        return lines + [
            "};",
            "",
            f"const struct spec_service spec_{self.stem} = {{",
            f"\t.name = {c_text(self.name)},",
            "\t.signing_names = signing_names,",
            f"\t.target_prefix = STR_INIT({c_text(self.wire['target_prefix'])}),",
            "\t.operations = operations,",
            f"\t.operation_count = {len(self.operations)},",
            "};",
        ]

    def operation_row(self, operation):
        stem = snake(operation["name"])
        rest = operation["rest"]
        trail = operation.get("trail", "read" if rest["method"] == "GET" else "change")
        rows = [
            f".name = STR_INIT({c_text(operation['name'])}),",
            f".summary = {c_text(operation['summary'])},",
            f".caller = {CALLERS[operation['caller']]}, .trail = {TRAILS[trail]},",
            f".rest_method = STR_INIT({c_text(rest['method'])}), .rest_path = STR_INIT({c_text(rest['path'])}),",
            f".input = &spec_type_{stem}_request, .output = &spec_type_{stem}_response,",
            f".errors = errors_{stem}, .error_count = {len(operation['errors'])},",
            f".run = run_{stem},",
        ]
        if "category" in operation:
            rows.append(f".category = CATEGORY_{self.categories[operation['category']]},")
        for key in ("action", "resource"):
            if key in operation:
                rows.append(f".{key} = STR_INIT({c_text(operation[key])}),")
        return ["\t{"] + [f"\t\t{row}" for row in rows] + ["\t},"]


def check_together(services):
    """A scalar may be the same in two services: it has no name in C, and one in the document."""
    seen_types, seen_operations = {}, {}
    for service in services:
        for name, spec in service.types.items():
            other, there = seen_types.setdefault(name, (service.name, spec))
            is_named_in_c = spec["kind"] in ("structure", "enum")
            if other != service.name and (spec != there or is_named_in_c):
                fail(service.name, f"{other} has a type {name} too")
        for operation in service.operations:
            other = seen_operations.setdefault(operation["name"], service.name)
            if other != service.name:
                fail(service.name, f"{other} has an operation {operation['name']} too")


def read_table(path, macro):
    """Wire name -> code; the first row of a name wins, the others are shades of it in other protocols."""
    rows = {}
    for code, name in re.findall(rf'^{macro}\((\w+), "(\w+)"', path.read_text(), re.M):
        rows.setdefault(name, code)
    return rows


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    error_table, category_table, out, *folders = map(pathlib.Path, sys.argv[1:])
    errors, categories = read_table(error_table, "ERROR"), read_table(category_table, "CATEGORY")
    services = [Service(folder, errors, categories) for folder in folders]
    check_together(services)
    out.mkdir(parents=True, exist_ok=True)
    for service in services:
        (out / f"{service.stem}.h").write_text(service.header())
        (out / f"{service.stem}.c").write_text(service.type_source())
        (out / f"{service.stem}_operations.c").write_text(service.operation_source())


if __name__ == "__main__":
    main()
