# SPDX-License-Identifier: Apache-2.0
"""Wrong input, made of a spec: a valid request of an operation, and for each way to be wrong one that differs from it
by that alone. A kind of mutation is a function that yields cases; KINDS lists them."""

import copy
import json
from typing import NamedTuple, Optional

import sample
import spec

SERIALIZATION = "SerializationException"
INVALID = "InvalidParameterException"
TOO_LARGE = "RequestEntityTooLargeException"

BODY_LIMIT = 1048576  # the server's default
LARGE = 8192  # limits of texts past that are tried once
ITEM, ENTRY = "an item", "an entry"  # steps into a list and a map
REMOVED = object()
RAW = "\ufdd0raw\ufdd0"  # stands in a document for bytes that no JSON writer writes


class Case(NamedTuple):
    name: str
    error: Optional[str]  # that the answer must have; None: the input is valid
    document: Optional[dict]  # None: the bytes are no request at all
    raw: bytes = b""  # in the place of RAW, or the whole body
    breaches: Optional[list] = None  # what the message must say; None: it says something

    @property
    def body(self):
        return self.raw if self.document is None else written(self.document, self.raw)


def written(document, raw=b""):
    text = json.dumps(document, ensure_ascii=False).encode()
    return text.replace(json.dumps(RAW, ensure_ascii=False).encode(), raw)


# --- Places in a request ---

class Place(NamedTuple):
    """A value somewhere in an input: the steps that lead to it, and its type."""
    steps: tuple
    kind: dict
    is_required: bool

    @property
    def name(self):
        return ".".join(self.steps)


def _parts(service, kind):
    if kind["kind"] == "structure":
        for name, member in kind["members"].items():
            yield name, member["type"], member.get("required", False)
    elif kind["kind"] == "list":
        yield ITEM, kind["element"], True
    elif kind["kind"] == "map":
        yield ENTRY, kind["value"], True


def _places(service, kind, steps, above):
    for step, name, is_required in _parts(service, kind):
        hidden = kind.get("sensitive", False)
        inner = service.type(name)
        inner = inner | {"sensitive": True} if hidden else inner
        yield Place((*steps, step), inner, is_required)
        if name not in above:
            yield from _places(service, inner, (*steps, step), (*above, name))


def places(operation):
    return _places(operation.service, operation.input, (), ())


def _put(service, kind, steps, value):
    """A value of `kind`, valid but for what stands at the end of the steps."""
    if not steps:
        return value
    step, *rest = steps
    out = sample.of(service, kind)
    if step == ITEM:
        out[0] = _put(service, service.type(kind["element"]), rest, value)
    elif step == ENTRY:
        out[next(iter(out))] = _put(service, service.type(kind["value"]), rest, value)
    elif not rest and value is REMOVED:
        out.pop(step, None)
    else:
        out[step] = _put(service, service.type(kind["members"][step]["type"]), rest, value)
    return out


class Frame:
    """An operation and a valid request of it."""

    def __init__(self, operation, baseline):
        self.operation = operation
        self.service = operation.service
        self.baseline = baseline
        self.places = list(places(operation))

    def texts(self):
        return [place for place in self.places if place.kind["kind"] in ("string", "enum", "blob")]

    def document(self, place, value):
        """The request with another value at a place."""
        out = copy.deepcopy(self.baseline)
        first, *rest = place.steps
        if not rest and value is REMOVED:
            out.pop(first, None)
        else:
            kind = self.service.type(self.operation.input["members"][first]["type"])
            out[first] = _put(self.service, kind, rest, value)
        return out

    def invalid(self, place, what, value):
        """Well-formed, of the right kinds, and against a constraint."""
        document = self.document(place, value)
        return Case(f"{place.name}: {what}", INVALID, document, breaches=self.operation.breaches_of_input(document))

    def malformed(self, place, what, raw):
        """With bytes in the place of a value that cannot be a value there."""
        return Case(f"{place.name}: {what}", SERIALIZATION, self.document(place, RAW), raw)

    def valid(self, place, what, value):
        return Case(f"{place.name}: {what}", None, self.document(place, value))


# --- Constraints ---

def missing(frame):
    for place in frame.places:
        if not place.is_required:
            continue
        yield frame.invalid(place, "null", None)
        if place.steps[-1] not in (ITEM, ENTRY):
            yield frame.invalid(place, "missing", REMOVED)


def _text(kind, length):
    """Of that length; if need be against the pattern too."""
    try:
        return sample.text(kind, length)
    except sample.Unmatchable:
        stem = sample.of(None, kind)
        return (stem * (length // len(stem) + 1))[:length]


def _matches(kind, text):
    return "pattern" not in kind or bool(spec.pattern(kind["pattern"]).fullmatch(text))


def _texts_past(kind):
    if kind.get("min", 0) > 0:
        yield "one character too short", _text(kind, kind["min"] - 1)
    if "max" in kind:
        yield "one character too long", _text(kind, kind["max"] + 1)
    if kind.get("max", LARGE) < LARGE:
        yield "far too long", _text(kind, 10 * kind["max"])
        wide = "\U00010348" * (kind["max"] + 1)
        if _matches(kind, wide):
            yield "too long in wide characters", wide


def _blobs_past(kind):
    if kind.get("min", 0) > 0:
        yield "one byte too short", sample.blob(kind["min"] - 1)
    if "max" in kind:
        yield "one byte too long", sample.blob(kind["max"] + 1)


def _integers_past(kind):
    if "min" in kind:
        yield "one too small", kind["min"] - 1
        yield "far too small", -2**31
    if "max" in kind:
        yield "one too large", kind["max"] + 1
        yield "far too large", 2**31 - 1


def _lists_past(service, kind):
    if kind.get("min", 0) > 0:
        yield "one item too few", sample.items(service, kind, kind["min"] - 1)
    if "max" in kind:
        yield "one item too many", sample.items(service, kind, kind["max"] + 1)


def _maps_past(service, kind):
    if kind.get("min", 0) > 0:
        yield "one entry too few", sample.entries(service, kind, kind["min"] - 1)
    if "max" in kind:
        try:
            yield "one entry too many", sample.entries(service, kind, kind["max"] + 1)
        except sample.Unmatchable:
            pass  # there are not that many different keys
    value = sample.value(service, kind["value"], kind.get("sensitive", False))
    for what, key in _texts_past(service.type(kind["key"])):
        yield f"key {what}", {key: value}


PAST = {
    "string": lambda service, kind: _texts_past(kind), "blob": lambda service, kind: _blobs_past(kind),
    "integer": lambda service, kind: _integers_past(kind), "list": _lists_past, "map": _maps_past}


def limits(frame):
    for place in frame.places:
        for what, value in PAST.get(place.kind["kind"], lambda *_: ())(frame.service, place.kind):
            case = frame.invalid(place, what, value)
            # A limit may be one that the body's own comes before.
            if len(case.body) <= BODY_LIMIT:
                yield case


WHITE_SPACE = {"space": " ", "line end": "\n", "carriage return": "\r", "tab": "\t", "no-break space": "\u00a0"}
STRANGE = {"accented letter": "\u00e9", "line separator": "\u2028", "control character": "\u0001", "delete": "\u007f",
           "byte order mark": "\ufeff", "emoji": "\U0001f4a5", "wide digit": "\uff11", "quote": '"', "backslash": "\\",
           "angle": "<", "percent": "%", "colon": ":", "at": "@"}


def _breakers(text):
    """The usual suspects: white space and line ends at the edges, letters that are letters to some engines only,
    control characters, punctuation, nothing of what is wanted."""
    for what, piece in (WHITE_SPACE | STRANGE).items():
        yield f"{what} behind", text + piece
    for what, piece in WHITE_SPACE.items():
        yield f"{what} before", piece + text
        yield f"{what} inside", text[:len(text) // 2] + piece + text[len(text) // 2:]
    yield "a word", "x" * max(len(text), 1)
    yield "spaces", " " * max(len(text), 1)


def broken_pattern(frame):
    for place in frame.places:
        if "pattern" not in place.kind:
            continue
        text = sample.of(None, place.kind)
        for what, value in _breakers(text):
            if [breach.rule for breach in frame.service.breaches(place.kind, value)] == [
                    spec.rules(place.kind)["pattern"]]:
                yield frame.invalid(place, what, value)


def unknown_enum(frame):
    for place in frame.places:
        values = place.kind.get("values")
        if not values:
            continue
        first = values[0]
        for value in ("", "NO_SUCH_VALUE", first.swapcase(), first + " ", " " + first, first + "\n", first[:-1],
                      ", ".join(values), "null", "0", "\u00e9"):
            if value not in values:
                yield frame.invalid(place, repr(value), value)


def several(frame):
    """All that is wrong is said at once."""
    required = [place for place in frame.places if place.is_required and len(place.steps) == 1]
    nothing = frame.operation.breaches_of_input({})
    if required:
        yield Case("all that is required is missing", INVALID, {}, breaches=nothing)
    first_of_each = {}
    for make in (limits, broken_pattern, unknown_enum):
        for case in make(frame):
            step = case.name.partition(":")[0].partition(".")[0]
            if len(case.body) < 4096:
                first_of_each.setdefault(step, case.document[step])
    if len(first_of_each) > 1:
        document = frame.baseline | first_of_each
        yield Case("each member is wrong", INVALID, document, breaches=frame.operation.breaches_of_input(document))


# --- Kinds of JSON values ---

JSON_KINDS = {
    "text": b'"x"', "empty text": b'""', "integer": b"1", "zero": b"0", "negative": b"-1", "real": b"1.5",
    "true": b"true", "false": b"false", "list": b"[]", "list of a list": b"[[]]", "object": b"{}",
    "object of an object": b'{"a":{}}'}
TEXTS, INTEGERS = {"text", "empty text"}, {"integer", "zero", "negative"}
FITTING = {
    "string": TEXTS, "enum": TEXTS, "blob": TEXTS, "integer": INTEGERS, "timestamp": INTEGERS | {"real"},
    "boolean": {"true", "false"}, "list": {"list", "list of a list"}, "structure": {"object", "object of an object"},
    "map": {"object", "object of an object"}}
OTHER_SPELLINGS = {
    "integer": {"whole real": b"1.0", "exponent": b"1e0", "33 bits": b"2147483648", "negative 33 bits": b"-2147483649",
                "65 bits": b"18446744073709551616", "100 digits": b"1" * 100},
    "timestamp": {"text of a date": b'"2026-01-01T00:00:00Z"', "past all calendars": b"1e300"},
    "blob": {"no base64": b'"A"', "base64 of URLs": b'"__8="', "unpadded": b'"AAA"'},
    "boolean": {"text of a boolean": b'"true"'},
    "list": {}, "structure": {}, "map": {}, "string": {}, "enum": {}}


def wrong_kind(frame):
    for place in frame.places:
        kind = place.kind["kind"]
        for what, raw in JSON_KINDS.items():
            if what not in FITTING[kind]:
                yield frame.malformed(place, what, raw)
        for what, raw in OTHER_SPELLINGS[kind].items():
            yield frame.malformed(place, what, raw)


def wrong_document(frame):
    for what, raw in JSON_KINDS.items():
        if what not in FITTING["structure"]:
            yield Case(f"the body is {what}", SERIALIZATION, None, raw)
    yield Case("the body is null", SERIALIZATION, None, b"null")


# --- Texts ---

ILL_FORMED = {
    "lone continuation": b"\x80", "byte that never occurs": b"\xff", "truncated sequence": b"\xe2\x82",
    "overlong": b"\xc0\xaf", "overlong NUL": b"\xc0\x80", "surrogate": b"\xed\xa0\x80",
    "past Unicode": b"\xf4\x90\x80\x80", "five bytes": b"\xf8\x88\x80\x80\x80"}


def invalid_utf8(frame):
    """Each text once, the first one in each way."""
    ways = list(ILL_FORMED.items())
    for number, place in enumerate(frame.texts()):
        for what, raw in ways if number == 0 else [ways[number % len(ways)]]:
            yield frame.malformed(place, what, b'"a' + raw + b'b"')
    for what, raw in ways:
        yield Case(f"in a name: {what}", SERIALIZATION, None,
                   written(frame.baseline)[:-1] + b',"x' + raw + b'":1}')


CONTROL = {"escaped NUL": rb"\u0000", "NUL": b"\x00", "control character": b"\x01", "line end": b"\n",
           "lone surrogate": rb"\ud800", "reversed surrogates": rb"\udc00\ud800", "unknown escape": rb"\x41",
           "half an escape": rb"\u00"}


def nul_and_control(frame):
    ways = list(CONTROL.items())
    for number, place in enumerate(frame.texts()):
        for what, raw in ways if number == 0 else ways[:1] + [ways[number % len(ways)]]:
            yield frame.malformed(place, what, b'"a' + raw + b'b"')
    body = written(frame.baseline)
    for what, raw in ways:
        yield Case(f"in a name: {what}", SERIALIZATION, None, body[:-1] + b',"x' + raw + b'":1}')
    yield Case("NUL behind the document", SERIALIZATION, None, body + b"\x00")
    yield Case("NUL before the document", SERIALIZATION, None, b"\x00" + body)


# --- Documents ---

def duplicates(frame):
    """Two readers would take two different values."""
    for name, value in frame.baseline.items():
        text = written(frame.baseline)[:-1]
        again = written({name: value})[1:]
        yield Case(f"{name} again", SERIALIZATION, None, text + b"," + again)
        yield Case(f"{name} again, otherwise", SERIALIZATION, None, text + b"," + written({name: None})[1:])
    for place in frame.places:
        if place.kind["kind"] == "structure":
            for name in place.kind["members"]:
                yield frame.malformed(place, f"{name} twice", written({name: None})[:-1] + b"," +
                                      written({name: None})[1:])
        if place.kind["kind"] == "map":
            yield frame.malformed(place, "a key twice", b'{"a":"1","a":"2"}')
    yield Case("an unknown member twice", SERIALIZATION, None, written(frame.baseline)[:-1] + b',"x":1,"x":1}')


def deep(depth, kind="["):
    return b"[" * depth + b"]" * depth if kind == "[" else b'{"a":' * depth + b"1" + b"}" * depth


def nesting(frame):
    body = written(frame.baseline)[:-1]
    for kind in "[{":
        for depth in (64, 1000, 20000):
            yield Case(f"{kind} {depth} deep in an unknown member", SERIALIZATION, None,
                       body + b',"x":' + deep(depth, kind) + b"}")
    yield Case("[ without an end", SERIALIZATION, None, b"[" * BODY_LIMIT)
    yield Case('{"a": without an end', SERIALIZATION, None, b'{"a":' * 20000)
    for place in frame.places[:20]:
        yield frame.malformed(place, "1000 deep", deep(1000))


GARBAGE = {
    "white space": b"  \r\n\t ", "one brace": b"{", "closing brace": b"}", "half a literal": b"tru", "word": b"x",
    "two documents": b"{}{}", "a word behind": b"{}x", "comma behind": b'{"a":1,}', "comma in a list": b'{"a":[1,]}',
    "single quotes": b"{'a':1}", "no quotes": b"{a:1}", "comment": b"{}//x", "comment inside": b"{/**/}",
    "NaN": b'{"a":NaN}', "infinity": b'{"a":Infinity}', "plus": b'{"a":+1}', "leading zero": b'{"a":01}',
    "hexadecimal": b'{"a":0x1}', "no fraction": b'{"a":1.}', "no whole": b'{"a":.1}', "past doubles": b'{"a":1e400}',
    "byte order mark": b"\xef\xbb\xbf{}", "UTF-16": "{}".encode("utf-16"), "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    "zeros": b"\x00" * 64, "form": b"Action=GetUser&Version=1", "XML": b"<?xml version='1.0'?><a/>",
    "no colon": b'{"a" 1}', "two colons": b'{"a"::1}', "no value": b'{"a":}', "number as a name": b"{1:1}"}


def malformed(frame):
    for what, raw in GARBAGE.items():
        yield Case(what, SERIALIZATION, None, raw)
    body = written(frame.baseline)
    step = max(1, len(body) // 16)
    for cut in range(1, len(body), step):
        yield Case(f"cut to {cut} of {len(body)} bytes", SERIALIZATION, None, body[:cut])


def size(frame):
    body = written(frame.baseline)
    for over in (1, BODY_LIMIT):
        yield Case(f"{over} past the limit of a body", TOO_LARGE, None, body.ljust(BODY_LIMIT + over))
    yield Case("a body at the limit", SERIALIZATION, None, body[:-1].ljust(BODY_LIMIT))


# --- Valid ---

def _texts_within(kind):
    for limit in ("min", "max"):
        if kind.get(limit, 0) > 0:
            try:
                yield f"at its {limit}", sample.text(kind, kind[limit])
            except sample.Unmatchable:
                pass
    wide = "\U00010348" * min(kind.get("max", 8), 1000)
    if len(wide) >= kind.get("min", 0) and _matches(kind, wide):
        yield "of wide characters", wide


def _lists_within(service, kind):
    yield "at its min", sample.items(service, kind, kind.get("min", 0))
    yield "at its max", sample.items(service, kind, kind.get("max", 8))


def _maps_within(service, kind):
    yield "at its min", sample.entries(service, kind, kind.get("min", 0))
    yield "at its max", sample.entries(service, kind, kind.get("max", kind.get("min", 0) + 1))


WITHIN = {
    "string": lambda service, kind: _texts_within(kind),
    "integer": lambda service, kind: [(f"at its {limit}", kind[limit]) for limit in ("min", "max") if limit in kind],
    "enum": lambda service, kind: [(value, value) for value in kind["values"]],
    "boolean": lambda service, kind: [("true", True), ("false", False)],
    "timestamp": lambda service, kind: [("whole", 1700000000), ("real", 1700000000.5)],
    "blob": lambda service, kind: [("base64", "AAAA")],
    "structure": lambda service, kind: [("with what it requires", sample.structure(service, kind))],
    "list": _lists_within, "map": _maps_within}


def within(frame):
    """The other side of each limit: input that must not be refused as invalid."""
    for place in frame.places:
        for what, value in WITHIN[place.kind["kind"]](frame.service, place.kind):
            yield frame.valid(place, what, value)
        if not place.is_required:
            yield frame.valid(place, "null", None)
    yield Case("an unknown member", None, frame.baseline | {"NoSuchMember": {"x": [1, None, "y"]}})
    yield Case("an unknown member, 60 deep", None, frame.baseline | {"x": json.loads(deep(60))})


KINDS = {make.__name__: make for make in (
    missing, limits, broken_pattern, unknown_enum, several, wrong_kind, wrong_document, invalid_utf8, nul_and_control,
    duplicates, nesting, malformed, size)}
