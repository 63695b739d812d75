# SPDX-License-Identifier: Apache-2.0
"""The suite looked at: each mutation is wrong in one way and in the way it says, each check fails when it should. No
server is asked unless the case is about one."""

import copy
import json

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import mutation
import rest
import sample
import spec
import watch
import wire
from server import REGION
from world import fingerprint

SERVICE = spec.SERVICES["cognito-idp"]


def frame_of(operation):
    return mutation.Frame(operation, sample.structure(operation.service, operation.input))


# --- Mutations ---

# A kind of mutation -> how the constraints that it breaks begin. A text that is too short may break a pattern too.
BROKEN_BY = {
    "missing": {"Member must not be null"},
    "limits": {"Member must have ", "Member must satisfy regular", "Map keys must satisfy", "Map value must satisfy",
               "Member must satisfy constraint"},
    "broken_pattern": {"Member must satisfy regular expression pattern", "Member must satisfy constraint",
                       "Map value must satisfy", "Map keys must satisfy"},
    "unknown_enum": {"Member must satisfy enum value set", "Member must satisfy constraint: [Member must satisfy enum"}}


@pytest.mark.parametrize("operation", spec.OPERATIONS, ids=repr)
def test_baseline_is_valid(operation):
    assert operation.breaches_of_input(frame_of(operation).baseline) == []


@pytest.mark.parametrize("kind", BROKEN_BY)
@pytest.mark.parametrize("operation", spec.OPERATIONS, ids=repr)
def test_a_mutation_breaks_one_thing_in_one_place(operation, kind):
    frame = frame_of(operation)
    for case in mutation.KINDS[kind](frame):
        breaches = operation.breaches_of_input(case.document)
        assert breaches == case.breaches
        assert len({breach.path for breach in breaches}) == 1, case
        assert all(breach.rule.startswith(tuple(BROKEN_BY[kind])) for breach in breaches), case
        if kind == "limits":
            assert any("have" in breach.rule for breach in breaches), case
        assert differs_in_one_place(frame.baseline, case), case


def differs_in_one_place(baseline, case):
    step = case.name.split(":")[0].split(".")[0]
    others = {name: value for name, value in case.document.items() if name != step}
    return others == {name: value for name, value in baseline.items() if name != step}


@pytest.mark.parametrize("operation", spec.OPERATIONS, ids=repr)
def test_a_valid_case_breaks_nothing(operation):
    for case in mutation.within(frame_of(operation)):
        assert operation.breaches_of_input(case.document) == [], case


def is_fitting_json(operation, body):
    """Whether python's reader, held to the letter, finds an object whose values have their kinds."""
    def object_of(pairs):
        members = dict(pairs)
        if len(members) != len(pairs):
            raise ValueError("twice")
        return members

    def no_constant(text):
        raise ValueError(text)

    try:
        document = json.loads(body.decode(), object_pairs_hook=object_of, parse_constant=no_constant)
        text = json.dumps(document, ensure_ascii=False)
        text.encode()  # no lone surrogates
        if r"\u0000" in text:
            return False
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and not any(
        breach.rule == spec.OTHER_KIND for breach in operation.breaches_of_input(document))


@pytest.mark.parametrize("kind", ["wrong_kind", "wrong_document", "invalid_utf8", "nul_and_control", "duplicates",
                                  "malformed"])
@pytest.mark.parametrize("operation", spec.OPERATIONS, ids=repr)
def test_what_is_called_malformed_is(operation, kind):
    for case in mutation.KINDS[kind](frame_of(operation)):
        # Python reads a number that no double can hold as infinity, and one byte order mark.
        if case.name not in ("past doubles", "byte order mark") and "past all calendars" not in case.name:
            assert not is_fitting_json(operation, case.body), case


def names_of_parts(kind):
    return [member["type"] for member in kind.get("members", {}).values()] + [
        kind[part] for part in ("element", "value") if part in kind]


@pytest.mark.parametrize("operation", spec.OPERATIONS, ids=repr)
def test_every_type_of_an_input_is_reached(operation):
    wanted, waiting = set(), names_of_parts(operation.input)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += names_of_parts(operation.service.types[name])
    assert {place.kind["name"] for place in mutation.places(operation)} == wanted


def can_be_crossed(service, kind, key):
    """Nothing is shorter than nothing, some patterns fit any text, some maxima are past that of a body, and some maps
    have room for every key there is."""
    if key == "min":
        return kind["min"] > 0 or kind["kind"] == "integer"
    if key == "pattern":
        return kind["pattern"] != "(?s).*"
    if key == "max" and kind["kind"] == "map":
        try:
            return bool(sample.entries(service, kind, kind["max"] + 1))
        except sample.Unmatchable:
            return False
    return key != "max" or kind["kind"] != "blob" or kind["max"] * 4 // 3 < mutation.BODY_LIMIT


def test_every_limit_of_every_type_is_crossed():
    """Of each type that an input has: below its minimum, above its maximum, against its pattern, beside its values."""
    crossed, wanted = set(), set()
    for operation in spec.OPERATIONS:
        frame = frame_of(operation)
        for place in frame.places:
            wanted |= {(place.kind["name"], rule) for key, rule in spec.rules(place.kind).items()
                       if can_be_crossed(operation.service, place.kind, key)}
        for kind in ("limits", "broken_pattern", "unknown_enum"):
            for case in mutation.KINDS[kind](frame):
                crossed |= rules_crossed(frame, case)
    assert not wanted - crossed


def rules_crossed(frame, case):
    for place in frame.places:
        if case.name.startswith(place.name + ": "):
            value = at(case.document, place.steps)
            return {(place.kind["name"], breach.rule) for breach in frame.service.breaches(place.kind, value)}
    raise AssertionError(f"no place of {case.name}")


def at(value, steps):
    for step in steps:
        if step == mutation.ITEM:
            value = value[0]
        elif step == mutation.ENTRY:
            value = next(iter(value.values()))
        else:
            value = value[step]
    return value


# --- The validator ---

WRONG_INPUTS = [
    ("ListUserPools", {}, "maxResults", spec.NULL),
    ("ListUserPools", {"MaxResults": 0}, "maxResults", "Member must have value greater than or equal to 1"),
    ("ListUserPools", {"MaxResults": True}, "maxResults", spec.OTHER_KIND),
    ("ListUserPools", {"MaxResults": 1.0}, "maxResults", spec.OTHER_KIND),
    ("ListUserPools", {"MaxResults": 2**31}, "maxResults", spec.OTHER_KIND),
    ("DescribeUserPool", {"UserPoolId": "a_1\n"}, "userPoolId",
     r"Member must satisfy regular expression pattern: [\w-]+_[0-9a-zA-Z]+"),
    ("DescribeUserPool", {"UserPoolId": "\u00e9_1"}, "userPoolId",
     r"Member must satisfy regular expression pattern: [\w-]+_[0-9a-zA-Z]+"),
    ("AdminGetUser", {"UserPoolId": "a_1", "Username": "a b"}, "username",
     r"Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+"),
    ("AdminCreateUser", {"UserPoolId": "a_1", "Username": "u", "UserAttributes": [{"Name": "a"}, {}]},
     "userAttributes.2.member.name", spec.NULL),
    ("CreateUserPool", {"PoolName": "p", "UserPoolTags": {"Key": None}}, "userPoolTags.Key", spec.NULL),
    ("CreateUserPool", {"PoolName": "p", "AliasAttributes": ["email", "name"]}, "aliasAttributes",
     "Member must satisfy constraint: [Member must satisfy enum value set: [phone_number, email, preferred_username]]"),
]


@pytest.mark.parametrize("name, value, path, rule", WRONG_INPUTS)
def test_validator_finds(name, value, path, rule):
    assert [breach[:2] for breach in SERVICE.operations[name].breaches_of_input(value)] == [(path, rule)]


def test_validator_lets_pass():
    operation = SERVICE.operations["AdminGetUser"]
    for name in ("\u00e9\u4e2d\U0001f4a5", "\u0300", "-", "u" * 128):
        assert operation.breaches_of_input({"UserPoolId": "a_1", "Username": name, "NoSuchMember": 1}) == []


POOL = {"Id": "a_1", "Name": "p", "CreationDate": 1.5}
WRONG_ANSWERS = [
    ("unknown member", {"UserPool": POOL, "X": 1}), ("unknown member inside", {"UserPool": POOL | {"X": 1}}),
    ("null", {"UserPool": None}), ("another kind", {"UserPool": POOL | {"CreationDate": "1970"}}),
    ("unknown value", {"UserPool": POOL | {"MfaConfiguration": "MAYBE"}}),
    ("past a limit", {"UserPool": POOL | {"Name": "p" * 129}}), ("against a pattern", {"UserPool": POOL | {"Id": "a"}})]


@pytest.mark.parametrize("what, answer", WRONG_ANSWERS)
def test_wrong_answers_are_seen(what, answer):
    spec.check_answer("cognito-idp", "DescribeUserPool", 200, json.dumps({"UserPool": POOL}))
    with pytest.raises(AssertionError):
        spec.check_answer("cognito-idp", "DescribeUserPool", 200, json.dumps(answer))


def test_missing_members_of_answers_are_seen():
    with pytest.raises(AssertionError):
        spec.check_answer("cognito-idp", "GetUser", 200, '{"Username": "u"}')


def test_unlisted_errors_are_seen():
    spec.check_answer("cognito-idp", "GetUser", 400, '{"__type": "NotAuthorizedException"}')
    with pytest.raises(AssertionError):
        spec.check_answer("cognito-idp", "GetUser", 400, '{"__type": "UsernameExistsException"}')


# --- What is said of replies ---

CASE = next(mutation.limits(frame_of(SERVICE.operations["ListUserPools"])))


@pytest.fixture
def reply(world, line):
    return world_call(world, line, SERVICE.operations["ListUserPools"], b'{"MaxResults":0}')


def world_call(world, line, operation, body):
    return line.send(wire.Signature(world.key, line.host).sign(wire.aws_json(operation, body)))


def test_a_right_refusal_has_no_complaints(reply):
    assert wire.complaints(reply, mutation.INVALID, 400, wire.AWS_JSON) == []


def broken(reply, body=None, status=None, seconds=None, **headers):
    out = copy.deepcopy(reply.headers)
    for name, value in headers.items():
        del out[name.replace("_", "-")]
        if value is not None:
            out[name.replace("_", "-")] = value
    if body is not None:
        out.replace_header("Content-Length", str(len(body)))
    return wire.Reply(status or reply.status, out, reply.body if body is None else body, seconds or reply.seconds)


def wrong_replies(reply):
    document = reply.document
    yield "status", broken(reply, status=404)
    yield "content type", broken(reply, content_type="application/json")
    yield "no content type", broken(reply, content_type=None)
    yield "another name in the header", broken(reply, x_amzn_errortype="ResourceNotFoundException")
    yield "no name in the header", broken(reply, x_amzn_errortype=None)
    yield "no request id", broken(reply, x_amzn_requestid=None)
    yield "no UUID", broken(reply, x_amzn_requestid="1")
    yield "may be cached", broken(reply, cache_control="max-age=1")
    yield "late", broken(reply, seconds=wire.PATIENCE)
    yield "no JSON", broken(reply, b"{")
    yield "no UTF-8", broken(reply, b'{"__type":"\xff"}')
    yield "another name", broken(reply, json.dumps(document | {"__type": "ResourceNotFoundException"}).encode())
    yield "no message", broken(reply, json.dumps(document | {"message": ""}).encode())
    yield "another member", broken(reply, json.dumps(document | {"x": 1}).encode())
    yield "a secret", broken(reply, json.dumps(document | {"message": f"Value '{sample.MARK}'"}).encode())
    yield "a secret in a header", broken(reply, x_amzn_errormessage=sample.MARK)


def test_wrong_refusals_are_seen(reply):
    for what, wrong in wrong_replies(reply):
        assert wire.complaints(wrong, mutation.INVALID, 400, wire.AWS_JSON), what


def test_wrong_messages_are_seen():
    breach = spec.Breach("poolName", spec.NULL, False)
    secret = spec.Breach("password", "Member must have length less than or equal to 256", True)
    said = "at 'poolName' failed to satisfy constraint: Member must not be null"
    hidden = "at 'password' failed to satisfy constraint: Member must have length less than or equal to 256"
    right = [(f"1 validation error detected: Value null {said}", [breach]),
             (f"1 validation error detected: Value {hidden}", [secret]),
             (f"2 validation errors detected: Value null {said}; Value {hidden}", [breach, secret])]
    for message, breaches in right:
        assert not wire.complaints_of_message(message, breaches)
    wrong = [(f"2 validation errors detected: Value null {said}", [breach]),
             (f"1 validation error detected: Value null {said}; Value {hidden}", [breach, secret]),
             (f"1 validation error detected: Value 'a' {hidden}", [secret]),
             (f"1 validation error detected: Value null {said}".replace("poolName", "PoolName"), [breach]),
             (f"1 validation error detected: Value null {said}.", [breach]), ("Invalid", [breach])]
    for message, breaches in wrong:
        assert wire.complaints_of_message(message, breaches), message


# --- What is said of the server ---

def test_a_change_of_the_store_is_seen(world, server, log_reader, line):
    operation = SERVICE.operations["AdminCreateUser"]
    body = json.dumps({"UserPoolId": world.pool_id, "Username": "seen", "MessageAction": "SUPPRESS"}).encode()
    with pytest.raises(AssertionError, match="pool_user"), watch.left_untouched(server, log_reader):
        assert world_call(world, line, operation, body).status == 200
    before = fingerprint(server)
    message = wire.Message("GET", f"{rest.ROOT}/user-pools/{world.pool_id}")
    assert line.send(wire.Signature(world.key, line.host).sign(message)).status == 200
    assert fingerprint(server) == before


class Log:
    """A server that has nothing but a log."""

    def __init__(self, path, text):
        self.log_path = path
        path.write_text(text)


@pytest.mark.parametrize("text, count", [
    ("time=1 event=request path=/\n", 0), ("time=1 event=unlisted_error id=1\n", 1),
    ("time=1 event=internal_error\ntime=2 event=request\ntime=3 event=incomplete_output\n", 2),
    (f"time=1 event=request path=/{sample.MARK}\n", 1), ("time=1 event=request path=/s3ss1on\n", 1),
    (f"time=1 event=request path=/{sample.MARK}", 0)])
def test_faults_and_secrets_in_the_log_are_seen(text, count, tmp_path):
    log = Log(tmp_path / "log", text)
    reader = watch.LogReader(log, [sample.MARK, "s3ss1on"])
    assert len(reader.complaints()) == count
    log.log_path.write_text(text + "\n" + f"{sample.MARK}\n")
    assert reader.complaints()


def test_a_dropped_connection_is_seen(server):
    line = wire.Line(server)
    assert line.is_alive()
    line.connection.sock.close()
    with pytest.raises(OSError):
        line.is_alive()


# --- Signatures ---

@pytest.mark.parametrize("method, target, body", [
    ("POST", "/", b"{}"), ("GET", "/admin/v1/user-pools?MaxResults=1&NextToken=a%2Fb%20c", b""),
    ("PUT", "/admin/v1/user-pools/a_1/users/%C3%A9%2F%25/password", b'{"a":1}'),
    ("GET", "/x?b=2&a=1&a=0&c=&%C3%A9=~%2B", b"")])
def test_signs_as_botocore_does(method, target, body):
    headers = {"Content-Type": "application/json", "X-Amz-Target": "a.b"}
    theirs = AWSRequest(method, f"http://localhost{target}", dict(headers), body)
    SigV4Auth(Credentials("AKID", "secret"), "cognito-idp", REGION).add_auth(theirs)
    ours = wire.Message(method, target, headers, body)
    wire.Signature(wire.Key("AKID", "secret"), "localhost", timestamp=theirs.context["timestamp"]).sign(ours)
    assert ours.headers["Authorization"] == theirs.headers["Authorization"]
