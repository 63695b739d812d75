# SPDX-License-Identifier: Apache-2.0
"""The operation specs as tests read them: an own reader and an own validator, so that what the server's tables make of
the same files is compared with a second opinion. Suites check each answer here, and the suite of wrong input makes its
cases of it."""

import base64
import binascii
import functools
import json
import pathlib
import re
import sys
import unicodedata
from typing import NamedTuple

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "src" / "spec"
SERVICE_FILE, TYPES_FILE = "service.json", "types.json"

# Raised before or around any operation; the API models leave most of them out.
COMMON_ERRORS = {
    "AccessDeniedException", "IncompleteSignatureException", "InternalErrorException", "InvalidParameterException",
    "InvalidSignatureException", "MissingAuthenticationTokenException", "SerializationException",
    "ServiceUnavailableException", "TooManyRequestsException", "UnrecognizedClientException"}

# Limits of the model that are those of requests alone. Answers have the standard attributes too, of which
# phone_number_verified is longer than a name may be that somebody chooses, and others with their prefix.
LOOSER_IN_ANSWERS = {"CustomAttributeNameType": {"max": len("dev:custom:") + 20},
                     "SchemaAttributesListType": {"max": 50 + 21}}


class Breach(NamedTuple):
    """What is wrong with one value."""
    path: str  # as in the service's messages: "userAttributes.1.member.name"
    rule: str  # in the words of those messages; OTHER_KIND or UNKNOWN where no constraint but the shape is wrong
    is_secret: bool  # the value may be shown to nobody


NULL = "Member must not be null"
OTHER_KIND = "Member must be of another JSON kind"
UNKNOWN = "Member must be known"


# --- Patterns ---

@functools.cache
def _ranges_by_class():
    """\\p{L} -> the ranges of all letters, as they stand inside the brackets of a pattern of python."""
    ranges, start, before = {}, 0, None
    for code in range(sys.maxunicode + 2):
        letter = unicodedata.category(chr(code))[0] if code <= sys.maxunicode else None
        if letter != before:
            if before:
                ranges.setdefault(before, []).append(f"\\U{start:08x}-\\U{code - 1:08x}")
            start, before = code, letter
    return {letter: "".join(found) for letter, found in ranges.items()}


def _with_unicode_classes(expression):
    """Python knows no \\p{..}. A text in brackets takes the ranges as they are, elsewhere they get brackets."""
    out, inside = [], False
    for piece in re.findall(r"\\p\{\w\}|\\.|.", expression, re.DOTALL):
        if piece.startswith("\\p"):
            ranges = _ranges_by_class()[piece[3]]
            piece = ranges if inside else f"[{ranges}]"
        elif piece in "[]":
            inside = piece == "["
        out.append(piece)
    return "".join(out)


@functools.cache
def pattern(expression):
    """In the dialect of the models \\w and \\s are ASCII."""
    return re.compile(_with_unicode_classes(expression), re.ASCII)


# --- Operations ---

class Operation:
    def __init__(self, service, document):
        self.service = service
        self.name = document["name"]
        self.target = f"{service.target_prefix}.{self.name}"
        self.caller = document["caller"]
        self.category = document.get("category")
        self.is_disclosure = document.get("trail") == "disclosure"
        self.method = document["rest"]["method"]
        self.path = document["rest"]["path"]
        self.listed = set(document["errors"])
        self.errors = self.listed | COMMON_ERRORS
        self.input = {"kind": "structure", "members": document["input"]}
        self.output = {"kind": "structure", "members": document["output"]}

    def __repr__(self):
        return self.name

    def breaches_of_input(self, value):
        """Unknown members are no breach: the service ignores them."""
        return [breach for breach in self.service.breaches(self.input, value) if breach.rule != UNKNOWN]

    def breaches_of_output(self, value):
        return list(self.service.breaches(self.output, value, is_answer=True))


class Service:
    def __init__(self, folder):
        self.name = folder.name
        wire = json.loads((folder / SERVICE_FILE).read_text())
        self.target_prefix, self.signing_names = wire["target_prefix"], wire["signing_names"]
        self.types = json.loads((folder / TYPES_FILE).read_text())
        paths = sorted(path for path in folder.glob("*.json") if path.name not in (SERVICE_FILE, TYPES_FILE))
        self.operations = {path.stem: Operation(self, json.loads(path.read_text())) for path in paths}

    def type(self, name):
        return self.types[name] | {"name": name}

    def breaches(self, kind, value, path="", is_secret=False, is_answer=False):
        """All that is wrong with a value of a type, in the order of the members."""
        is_secret = is_secret or kind.get("sensitive", False)
        if not KINDS[kind["kind"]](value):
            yield Breach(path, OTHER_KIND, is_secret)
            return
        if is_answer:
            kind = kind | LOOSER_IN_ANSWERS.get(kind.get("name"), {})
        walk = Walk(self, kind, path, is_secret, is_answer)
        yield from CHECKS[kind["kind"]](walk, value)


# --- Values ---

def _is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool) and -2**31 <= value < 2**31


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_text(value):
    return isinstance(value, str)


def _is_base64(value):
    try:
        return isinstance(value, str) and base64.b64decode(value, validate=True) is not None
    except binascii.Error:
        return False


KINDS = {
    "string": _is_text, "enum": _is_text, "blob": _is_base64, "integer": _is_integer, "timestamp": _is_number,
    "boolean": lambda value: isinstance(value, bool), "structure": lambda value: isinstance(value, dict),
    "list": lambda value: isinstance(value, list), "map": lambda value: isinstance(value, dict)}


def _entered(path, name):
    return f"{path}.{name}" if path else name


def member_path(path, name):
    """Members are written with a small first letter, keys of maps as they are."""
    return _entered(path, name[0].lower() + name[1:])


def rules(kind):
    """All that a type demands, in the order of the service's lists."""
    measure = "value" if kind["kind"] == "integer" else "length"
    words = {"max": f"have {measure} less than or equal to", "min": f"have {measure} greater than or equal to",
             "pattern": "satisfy regular expression pattern:"}
    found = {key: f"Member must {words[key]} {kind[key]}" for key in words if key in kind}
    if "values" in kind:
        found["values"] = f"Member must satisfy enum value set: [{', '.join(kind['values'])}]"
    return found


def _is_scalar(kind):
    return kind["kind"] not in ("structure", "list", "map")


class Walk(NamedTuple):
    """Where the validator stands."""
    service: Service
    type: dict
    path: str
    is_secret: bool
    is_answer: bool

    def breach(self, key):
        return Breach(self.path, rules(self.type)[key], self.is_secret)

    def bounds(self, size):
        if size < self.type.get("min", size):
            yield self.breach("min")
        if size > self.type.get("max", size):
            yield self.breach("max")

    def inside(self, name, value, path):
        """Of a part; null stands for nothing and no list or map may hold it."""
        kind = self.service.type(name)
        if value is None:
            yield Breach(path, NULL, self.is_secret or kind.get("sensitive", False))
        else:
            yield from self.service.breaches(kind, value, path, self.is_secret, self.is_answer)

    def parts(self, what, name, values):
        """Scalars that break a constraint are told of together, of the whole."""
        kind = self.service.type(name)
        of_scalars = False
        for path, value in values:
            for breach in self.inside(name, value, path):
                if _is_scalar(kind) and breach.rule in rules(kind).values():
                    of_scalars = True
                else:
                    yield breach
        if of_scalars:
            rule = f"{what} must satisfy constraint: [{', '.join(rules(kind).values())}]"
            yield Breach(self.path, rule, self.is_secret or kind.get("sensitive", False))

    def text(self, value):
        yield from self.bounds(len(value))
        if "pattern" in self.type and not pattern(self.type["pattern"]).fullmatch(value):
            yield self.breach("pattern")

    def blob(self, value):
        yield from self.bounds(len(base64.b64decode(value)))

    def enum(self, value):
        if value not in self.type["values"]:
            yield self.breach("values")

    def integer(self, value):
        yield from self.bounds(value)

    def nothing(self, _):
        return ()

    def structure(self, value):
        for name, member in self.type["members"].items():
            path = member_path(self.path, name)
            if value.get(name) is not None or (self.is_answer and name in value):
                yield from self.inside(member["type"], value[name], path)
            elif member.get("required"):
                yield from self.inside(member["type"], None, path)
        for name in value.keys() - self.type["members"].keys():
            yield Breach(_entered(self.path, name), UNKNOWN, self.is_secret)

    def list(self, value):
        yield from self.bounds(len(value))
        items = ((f"{self.path}.{number}.member", item) for number, item in enumerate(value, 1))
        yield from self.parts("Member", self.type["element"], items)

    def map(self, value):
        yield from self.bounds(len(value))
        yield from self.parts("Map keys", self.type["key"], ((self.path, key) for key in value))
        entries = ((_entered(self.path, key), item) for key, item in value.items())
        yield from self.parts("Map value", self.type["value"], entries)


CHECKS = {"string": Walk.text, "enum": Walk.enum, "blob": Walk.blob, "integer": Walk.integer,
          "timestamp": Walk.nothing, "boolean": Walk.nothing, "structure": Walk.structure, "list": Walk.list,
          "map": Walk.map}

SERVICES = {path.parent.name: Service(path.parent) for path in sorted(FOLDER.glob(f"*/{SERVICE_FILE}"))}
OPERATIONS = [operation for service in SERVICES.values() for operation in service.operations.values()]
BY_NAME = {operation.name: operation for operation in OPERATIONS}


# --- Answers ---

def check_answer(service, name, status, body):
    """Every reply that a test gets is one that the operation's spec allows."""
    operation = SERVICES[service].operations[name]
    document = json.loads(body)
    if status == 200:
        breaches = operation.breaches_of_output(document)
        assert not breaches, f"{name} answers against its spec: {breaches}"
    else:
        error = document["__type"]
        assert error in operation.errors, f"{name} answers an error that its spec does not list: {error}"
