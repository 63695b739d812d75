# SPDX-License-Identifier: Apache-2.0
"""Wrong input over the administration: the same mutations in the body, and what only paths and queries can have."""

import itertools
import re

import pytest

import mutation
import rest
import sample
import spec
import wire
from test_aws_json import UNKNOWN, kinds_of, report

INVALID, SERIALIZATION = mutation.INVALID, mutation.SERIALIZATION
LONGEST_TARGET = 12 * 1024


@pytest.fixture
def send(world, line):
    """send(operation, message) signs where it must be."""
    def send(operation, message):
        if operation.caller == "sigv4":
            wire.Signature(world.key, line.host).sign(message)
        return line.send(message)
    return send


def complaints(reply, error, status=None):
    # A body that is too large is refused before anybody asks whose it is.
    content_type = wire.AWS_JSON if error == mutation.TOO_LARGE else wire.JSON
    return wire.complaints(reply, error, status or rest.STATUSES[error], content_type)


def complaints_of_case(reply, case):
    found = complaints(reply, case.error)
    if not found and case.breaches is not None:
        found = wire.complaints_of_message(reply.document["message"], case.breaches)
    return found


def as_sent(operation, case, baseline):
    """The request, and the case as the server sees it: what a mutation left out of the path is there all the same. None
    where no request is wrong in that way."""
    if case.document is None:
        return rest.of_body(operation, baseline, case.raw), case
    members = {name: baseline[name] for name in rest.path_members(operation)}
    document = members | case.document
    message = rest.message(operation, document, case.raw)
    # A target that HTTP itself finds too long is looked at in test_http.py.
    if message is None or len(message.target) > LONGEST_TARGET:
        return None
    if operation.caller == "sigv4" and "//" in message.target:
        # No signature covers a path with an empty segment inside.
        return message, case._replace(error="InvalidSignatureException", breaches=None)
    if case.breaches is None:
        return message, case
    breaches = operation.breaches_of_input(document)
    return (message, case._replace(breaches=breaches)) if breaches else None


# --- Bodies ---

@pytest.mark.parametrize("operation, kind", [
    pytest.param(operation, kind, id=f"{operation}-{kind}")
    for operation in spec.OPERATIONS for kind in kinds_of(operation)])
def test_refused(operation, kind, world, send, untouched):
    baseline = world.baseline(operation)
    failed = []
    for case in mutation.KINDS[kind](mutation.Frame(operation, baseline)):
        if sent := as_sent(operation, case, baseline):
            message, seen = sent
            if found := complaints_of_case(send(operation, message), seen):
                failed.append((case.name, found))
    report(failed)


CONTENT_TYPES = ["", "text/plain", "application/x-amz-json-1.1", "application/jsonx", "application/xml",
                 "application/x-www-form-urlencoded", "json"]


@pytest.mark.parametrize("operation", spec.OPERATIONS, ids=repr)
def test_content_type(operation, world, send, untouched):
    baseline = world.baseline(operation)
    failed = []
    for content_type in CONTENT_TYPES + [None]:
        message = rest.of_body(operation, baseline, mutation.written(baseline))
        message.headers["Content-Type"] = content_type
        if content_type is None:
            del message.headers["Content-Type"]
        if found := complaints(send(operation, message), UNKNOWN, 415):
            failed.append((content_type, found))
    report(failed)


# --- Paths ---

BAD_SEGMENTS = {
    "no digits": ("%zz", INVALID), "one digit": ("a%2", INVALID), "lone percent": ("%", INVALID),
    "NUL": ("a%00b", INVALID), "byte that never occurs": ("a%ffb", SERIALIZATION),
    "overlong": ("%c0%af", SERIALIZATION), "surrogate": ("%ed%a0%80", SERIALIZATION),
    "truncated": ("a%e2%82", SERIALIZATION)}


def templates_with_path_members():
    return [operation for operation in spec.OPERATIONS if rest.path_members(operation)]


@pytest.mark.parametrize("operation", templates_with_path_members(), ids=repr)
def test_path(operation, world, send, untouched):
    failed = []
    for name, (what, (text, error)) in itertools.product(rest.path_members(operation), BAD_SEGMENTS.items()):
        message = rest.message(operation, world.baseline(operation) | {name: "PLACE"})
        message.target = message.target.replace("PLACE", text)
        if found := complaints(send(operation, message), error):
            failed.append((name, what, found))
    report(failed)


def fits(template, path):
    pattern = "/".join("[^/]*" if part.startswith("{") else re.escape(part) for part in template.split("/"))
    return re.fullmatch(re.escape(rest.ROOT) + pattern, path)


def methods_at(path):
    return {operation.method for operation in spec.OPERATIONS if fits(operation.path, path)}


METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "FOO"]


@pytest.mark.parametrize("operation", spec.OPERATIONS, ids=repr)
def test_method(operation, world, send, untouched):
    failed = []
    for method in METHODS:
        message = rest.message(operation, world.baseline(operation))
        allowed = methods_at(message.target)
        if method in allowed or (method == "HEAD" and "GET" in allowed):
            continue
        message.method = method
        reply = send(operation, message)
        found = complaints(reply, UNKNOWN, 405) if method != "HEAD" else []
        if found or reply.status != 405 or set(reply.headers["Allow"].split(", ")) != allowed:
            failed.append((method, reply.status, reply.headers["Allow"], found))
    report(failed)


@pytest.mark.parametrize("operation", [
    operation for operation in spec.OPERATIONS if operation.method == "GET"], ids=repr)
def test_head_is_get_without_its_body(operation, world, line, untouched):
    """And is signed as HEAD: no signature is good for both."""
    def with_query(method):
        document = world.baseline(operation)
        in_query = {name: value for name, value in document.items() if name in rest.query_members(operation)}
        rest_of = {name: value for name, value in document.items() if name not in in_query}
        message = rest.message(operation, rest_of)
        for name, value in in_query.items():
            rest.with_query(message, rest.parameters(name, value))
        message.method = method
        return wire.Signature(world.key, line.host).sign(message)

    get, head = line.send(with_query("GET")), line.send(with_query("HEAD"))
    assert (get.status, head.status) == (200, 200)
    assert head.body == b"" and head.headers["Content-Length"] == str(len(get.body))
    for signed_as, sent_as in (("GET", "HEAD"), ("HEAD", "GET")):
        message = with_query(signed_as)
        message.method = sent_as
        assert line.send(message).status == 401


def changes_of_path(path):
    last = path.rpartition("/")[2]
    return [path + "/", path + "/x", path + "x/x/x/x", "/" + path, path.replace("/admin/v1", "/admin/v2"),
            path.replace("/v1/", "//v1/"), path.replace("/v1/", "/v1/v1/"), path.replace("/admin", "/Admin"),
            path.replace("/admin", "/%61dmin"), path.replace("/v1/", "/v1/x/../"), path.removeprefix("/admin"),
            path.removeprefix("/admin/v1"), "/admin/v1/" + last + "/x/x", "/admin/v1/", "/admin/v1", "/admin/v1/%2e%2e"]


@pytest.mark.parametrize("operation", spec.OPERATIONS, ids=repr)
def test_unknown_path(operation, world, send, untouched):
    # At an unknown path no segment is known to be a user's name.
    document = world.baseline(operation) | dict.fromkeys(rest.path_members(operation), "x")
    known = rest.message(operation, document).target
    failed = []
    for target in changes_of_path(known):
        if methods_at(target) or target == "/":
            continue
        message = rest.message(operation, document)
        message.target = target
        if found := complaints(send(operation, message), UNKNOWN, 404):
            failed.append((target, found))
    report(failed)


# --- Queries ---

def query_cases(operation, baseline):
    """Cases whose mutated member can stand in a query, with its name."""
    members = rest.query_members(operation)
    for make in (mutation.limits, mutation.broken_pattern, mutation.unknown_enum):
        for case in make(mutation.Frame(operation, baseline)):
            name = re.split(r"[.:]", case.name)[0]
            # A list without items has no spelling, and a line of a request has its limits.
            if name in members and case.document[name] != [] and len(case.body) < 4096:
                yield name, case


NO_INTEGERS = ["", "abc", "1.5", "1.0", "1e0", "0x1", "--1", " 1", "1 ", "+1", "1,2", "null", "9" * 30, "\u0661"]
NO_TIMES = [text for text in NO_INTEGERS if text not in ("1.5", "1.0")] + [".5", "1.", "1.2.3", "01", "-", "-.5", "NaN"]
NO_BOOLEANS = ["", "yes", "True", "TRUE", "1", "0", "on", "null", " true"]
NO_VALUES = {"integer": NO_INTEGERS, "timestamp": NO_TIMES, "boolean": NO_BOOLEANS}


def unreadable(name, kind):
    for text in NO_VALUES.get(kind["kind"], []):
        yield f"{name} is {text!r}", f"{name}={wire.quoted(text)}", INVALID
    if kind["kind"] == "integer":
        yield f"{name} has 33 bits", f"{name}=2147483648", SERIALIZATION


def twice(name, kind, value):
    if kind["kind"] == "list":
        return
    yield f"{name} twice", f"{rest.parameters(name, value)}&{rest.parameters(name, value)}", INVALID
    yield f"{name} twice, otherwise", f"{rest.parameters(name, value)}&{name}=7", INVALID


def ill_formed(operation, name):
    # No signature fits a query that cannot be read.
    error = "InvalidSignatureException" if operation.caller == "sigv4" else INVALID
    for text in ("%", "%zz", "a%2", "a%00b"):
        yield f"{name} is {text}", f"{name}={text}", error
    yield f"{name} is no UTF-8", f"{name}=a%ff", SERIALIZATION


def misplaced(operation):
    """Members that the query may not have: structures, and what is sensitive."""
    allowed = rest.query_members(operation)
    for name in operation.input["members"]:
        if name not in allowed:
            yield f"{name} in the query", f"{name}=x", INVALID


def query_texts(operation):
    """(what, text of a query, error)"""
    for name, kind in rest.query_members(operation).items():
        yield from unreadable(name, kind)
        yield from twice(name, kind, sample.of(operation.service, kind))
        if kind["kind"] == "string":
            yield from ill_formed(operation, name)
    yield from misplaced(operation)
    some = next(iter(operation.input["members"]), "Some")
    for name in ("x", some.lower(), some + "x", some + "%20", "", "%", "x-amz-date"):
        error = "InvalidSignatureException" if name == "%" and operation.caller == "sigv4" else INVALID
        yield f"unknown parameter {name}", f"{name}=1", error
    yield "unknown parameter without a value", "x", INVALID
    yield "201 parameters", "&".join(["x=1"] * 201), INVALID


@pytest.mark.parametrize("operation", spec.OPERATIONS, ids=repr)
def test_query(operation, world, send, untouched):
    baseline = world.baseline(operation)
    failed = []
    for what, query, error in query_texts(operation):
        names = {name for name in rest.query_members(operation) if query.startswith(f"{name}=")}
        document = {name: value for name, value in baseline.items() if name not in names}
        message = rest.with_query(rest.message(operation, document), query)
        if found := complaints(send(operation, message), error):
            failed.append((what, found))
    for name, case in query_cases(operation, baseline):
        document = {other: value for other, value in case.document.items() if other != name}
        message = rest.with_query(rest.message(operation, document), rest.parameters(name, case.document[name]))
        if found := complaints_of_case(send(operation, message), case):
            failed.append((case.name, found))
    report(failed)


def contradictions(operation, baseline):
    """The same member in two places with two values."""
    for name in rest.path_members(operation):
        message = rest.message(operation, baseline)
        message.body = mutation.written({**baseline, name: "another"})
        message.headers["Content-Type"] = wire.JSON
        yield f"{name} in path and body", message
        yield f"{name} in path and query", rest.with_query(rest.message(operation, baseline), f"{name}=another")
    for name, kind in rest.query_members(operation).items():
        value = sample.of(operation.service, kind)
        message = rest.message(operation, baseline | {name: "another" if value != "another" else 1})
        yield f"{name} in query and body", rest.with_query(message, rest.parameters(name, value))


@pytest.mark.parametrize("operation", [
    operation for operation in spec.OPERATIONS if rest.path_members(operation) or rest.query_members(operation)],
    ids=repr)
def test_contradictions(operation, world, send, untouched):
    failed = []
    for what, message in contradictions(operation, world.baseline(operation)):
        if found := complaints(send(operation, message), INVALID):
            failed.append((what, found))
    report(failed)
