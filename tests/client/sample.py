# SPDX-License-Identifier: Apache-2.0
"""Values that a spec allows, made from its types alone: texts of a wanted length that match a pattern, and whole
structures with all that they require. What is sensitive carries a mark by which it is found wherever it leaks."""

import base64
import functools
import itertools
import re

import spec

with_internals = re._parser  # the only reader of python's own dialect; a pattern it does not know fails the suite

MARK = "m4rk3rOfASecret"
# What the model lets messages show and the log must not know either.
MARK_OF_CODE = "c0d3OfAUser"
CODES = {"ConfirmationCodeType"}
PREFERRED = "a0A:-_./@+ "


class Unmatchable(Exception):
    """No text of that length could be made for the pattern."""


# --- Texts that match ---

CATEGORIES = {"CATEGORY_DIGIT": r"\d", "CATEGORY_SPACE": r"\s", "CATEGORY_WORD": r"\w",
              "CATEGORY_NOT_DIGIT": r"\D", "CATEGORY_NOT_SPACE": r"\S", "CATEGORY_NOT_WORD": r"\W"}


def _is_in(character, what, argument):
    if what == "LITERAL":
        return ord(character) == argument
    if what == "RANGE":
        return argument[0] <= ord(character) <= argument[1]
    return bool(re.fullmatch(CATEGORIES[str(argument)], character, re.ASCII))


def _one_of(items):
    items = [(str(what), argument) for what, argument in items]
    negated = items[0][0] == "NEGATE"
    for character in PREFERRED + "".join(map(chr, range(33, 127))):
        if any(_is_in(character, *item) for item in items[negated:]) != negated:
            return character
    raise Unmatchable(items)


class Writer:
    """Writes a text for a parsed pattern: the shortest, and `room` characters on top where it may be longer. `choice`
    numbers the ways to choose among alternatives."""

    def __init__(self, room, choice=0):
        self.room = room
        self.choice = choice

    def sequence(self, nodes):
        return "".join(self.node(str(what), argument) for what, argument in nodes)

    def node(self, what, argument):
        if what == "LITERAL":
            return chr(argument)
        if what in ("ANY", "NOT_LITERAL"):
            return "a" if what == "ANY" or argument != ord("a") else "b"
        if what == "IN":
            return _one_of(argument)
        if what == "BRANCH":
            self.choice, chosen = divmod(self.choice, len(argument[1]))
            return self.sequence(argument[1][chosen])
        if what == "SUBPATTERN":
            return self.sequence(argument[3])
        if what in ("MAX_REPEAT", "MIN_REPEAT"):
            return self.repeat(*argument)
        if what == "AT":
            return ""
        raise Unmatchable(what)

    def repeat(self, least, most, nodes):
        room, self.room = self.room, 0
        shortest = self.sequence(nodes)
        self.room = room
        out = [shortest] * least
        while len(out) < most and shortest and self.room >= len(shortest):
            self.room -= len(shortest)
            out.append(self.sequence(nodes) if len(nodes) > 1 or len(shortest) > 1 else shortest)
        return "".join(out)


@functools.cache
def _parsed(expression):
    return list(with_internals.parse(spec.pattern(expression).pattern, re.ASCII))


@functools.cache
def _matching(expression, length):
    """Sub-patterns of the shortest text have no room: what is left goes to what may be repeated, from the left."""
    if expression is None:
        return "a" * length
    nodes = _parsed(expression)
    shortest = len(Writer(0).sequence(nodes))
    text = Writer(length - shortest).sequence(nodes) if length >= shortest else ""
    if len(text) != length or not spec.pattern(expression).fullmatch(text):
        raise Unmatchable(f"{length} characters of {expression}")
    return text


def text(kind, length):
    """A text of exactly that length that breaks no pattern; Unmatchable when there is none."""
    mark = MARK if kind.get("sensitive") else MARK_OF_CODE if kind["name"] in CODES else ""
    marked = (mark * length)[:length]
    if mark and ("pattern" not in kind or spec.pattern(kind["pattern"]).fullmatch(marked)):
        return marked
    return _matching(kind.get("pattern"), length)


def _any_text(kind):
    """A short one, long enough for a mark."""
    least, most = kind.get("min", 0), kind.get("max", 64)
    wanted = len(MARK) if kind.get("sensitive") or kind["name"] in CODES else 1
    for length in range(min(max(least, wanted), most), most + 1):
        try:
            return text(kind, length)
        except Unmatchable:
            continue
    raise Unmatchable(kind)


# --- Values ---

def of(service, kind):
    """A valid value of that type, no larger than it must be."""
    return MAKERS[kind["kind"]](service, kind)


def value(service, name, hidden=False):
    """Of a named type of the service; `hidden` inside of what is sensitive."""
    return of(service, service.type(name) | ({"sensitive": True} if hidden else {}))


def blob(length):
    return base64.b64encode(bytes(length)).decode()


def _integer(_, kind):
    return max(kind.get("min", 1), min(1, kind.get("max", 1)))


def structure(service, kind):
    """With what it requires and nothing else."""
    return {name: value(service, member["type"], kind.get("sensitive", False))
            for name, member in kind["members"].items() if member.get("required")}


def items(service, kind, count):
    return [value(service, kind["element"], kind.get("sensitive", False))] * count


CHOICES = 1000


def _keys(kind):
    """Different texts without end, or all that alternatives of the pattern give."""
    stem = "a" * max(kind.get("min", 1) - 5, 1)
    if "pattern" not in kind or spec.pattern(kind["pattern"]).fullmatch(stem + "00000"):
        yield from (f"{stem}{number:05d}" for number in itertools.count())
    for choice in range(CHOICES):
        yield Writer(0, choice).sequence(_parsed(kind["pattern"]))


def entries(service, kind, count):
    """That many entries of a map, whose keys differ; Unmatchable when its keys cannot."""
    item = value(service, kind["value"], kind.get("sensitive", False))
    out = {}
    for key in _keys(service.type(kind["key"])):
        if len(out) == count:
            return out
        out[key] = item
    raise Unmatchable(f"{count} keys of {kind}")


MAKERS = {
    "string": lambda service, kind: _any_text(kind),
    "blob": lambda service, kind: blob(kind.get("min", 3)),
    "enum": lambda service, kind: kind["values"][0],
    "integer": _integer,
    "boolean": lambda service, kind: True,
    "timestamp": lambda service, kind: 1700000000,
    "structure": structure,
    "list": lambda service, kind: items(service, kind, max(1, kind.get("min", 1))),
    "map": lambda service, kind: entries(service, kind, max(1, kind.get("min", 1))),
}
