# SPDX-License-Identifier: Apache-2.0
"""Requests that are wrong as HTTP: cut off, too large, too slow, ambiguous, or none at all. Whatever comes, the server
stays up and answers the next good request."""

import json
import threading
import time

import pytest

import mutation
import spec
import wire
from peer import Peer, statuses_of
from server import Server
from test_aws_json import report
from watch import left_untouched, read_log
from world import World

LIMIT = mutation.BODY_LIMIT
HOST = b"Host: localhost\r\n"


# A server of its own that waits two seconds at most for what is missing, with a world of its own.

@pytest.fixture(scope="module")
def hasty():
    with Server("--idle-timeout", "2") as running:
        yield running


@pytest.fixture(scope="module")
def world(hasty):
    return World(hasty)


@pytest.fixture(scope="module")
def log_reader(hasty, world):
    with read_log(hasty, world) as reader:
        yield reader


@pytest.fixture
def untouched(hasty, log_reader):
    """The test may change nothing, and afterwards a good request on a new connection is answered."""
    with left_untouched(hasty, log_reader):
        yield
    assert is_well(hasty)


def is_well(server):
    line = wire.Line(server)
    try:
        return line.is_alive() and line.send(wire.aws_json(PUBLIC, b"{}")).status == 400
    finally:
        line.close()


PUBLIC = next(operation for operation in spec.OPERATIONS if operation.caller == "public")


def head(target=b"/", *headers, method=b"POST"):
    return b"".join((method, b" ", target, b" HTTP/1.1\r\n", HOST, *(header + b"\r\n" for header in headers), b"\r\n"))


def raw(message, *headers):
    """A message as bytes, with Content-Length or with headers of the test's own."""
    lines = [f"{name}: {value}".encode() for name, value in message.headers.items() if name != "Host"]
    lines += headers or [b"Content-Length: %d" % len(message.body)]
    return head(message.target.encode(), *lines, method=message.method.encode()) + message.body


def signed(operation, world):
    """A good request that is carried out once it is complete."""
    message = wire.aws_json(operation, mutation.written(world.baseline(operation)))
    if operation.caller == "sigv4":
        wire.Signature(world.key, "localhost").sign(message)
    return message


def refusal(answer, status, error):
    """What is wrong with an answer of the server's own; the library below has plainer ones."""
    found = [] if answer else ["no answer"]
    if answer and (answer.status, answer.headers.get("x-amzn-errortype")) != (status, error):
        found.append(f"{answer.status} {answer.headers}")
    if answer and not found and answer.document["__type"] != error:
        found.append(answer.body)
    return found


# --- Cut off ---

def cut(message):
    """Beginnings of a request that are no request."""
    whole = raw(message)
    begin = raw(wire.Message(message.method, message.target, message.headers), b"Transfer-Encoding: chunked")
    chunk = b"%x\r\n" % len(message.body) + message.body
    yield "a byte missing", whole[:-1]
    yield "half a body", whole[:-len(message.body) // 2]
    yield "no body", whole[:-len(message.body)]
    yield "half the headers", whole[:len(whole) // 4]
    yield "longer than sent", raw(message, b"Content-Length: %d" % (len(message.body) + 1))
    yield "chunk without an end", begin + chunk
    yield "chunks without the last one", begin + chunk + b"\r\n"
    yield "last chunk without an end", begin + chunk + b"\r\n0\r\n"
    yield "half a chunk", begin + chunk[:-5]


@pytest.fixture(scope="module")
def outcomes_of_cutting(hasty, world, log_reader):
    cases = {(operation.name, what): data
             for operation in spec.OPERATIONS for what, data in cut(signed(operation, world))}
    with left_untouched(hasty, log_reader):
        return statuses_of(hasty, cases)


@pytest.mark.parametrize("operation", spec.OPERATIONS, ids=repr)
def test_cut_off(operation, outcomes_of_cutting):
    found = {what: status for (name, what), status in outcomes_of_cutting.items() if name == operation.name}
    assert len(found) == 9
    assert set(found.values()) <= {0, 400, 408}, found


BEGINNINGS = [b"", b"POST / HT", b"POST / HTTP/1.1\r\nHost: a\r\nCont", head(b"/", b"Content-Length: 10"),
              head(b"/", b"Content-Length: 10") + b"{", head(b"/", b"Transfer-Encoding: chunked") + b"5\r\nab"]


def test_waits_for_the_rest_no_longer_than_it_says(hasty, untouched):
    """What began stays open: the server ends it."""
    began = time.monotonic()
    peers = [Peer(hasty) for _ in BEGINNINGS]
    for peer, data in zip(peers, BEGINNINGS):
        peer.say(data)
    for peer, data in zip(peers, BEGINNINGS):
        answer = peer.hear()
        assert (answer is None or answer.status == 408) and peer.hears_end(), data
        peer.socket.close()
    assert 0.5 < time.monotonic() - began < 10


# --- Too large ---

def large_requests():
    for over in (1, LIMIT, 15 * LIMIT):
        yield f"{over} more", head(b"/", b"Content-Length: %d" % (LIMIT + over)), b"x" * (LIMIT + over)
    begin = head(b"/", b"Transfer-Encoding: chunked")
    yield "chunked", begin, b"%x\r\n" % (LIMIT + 1) + b"x" * (LIMIT + 1) + b"\r\n0\r\n\r\n"
    yield "in small chunks", begin, (b"100\r\n" + b"x" * 256 + b"\r\n") * (LIMIT // 256 + 1) + b"0\r\n\r\n"


@pytest.mark.parametrize("what, begin, body", [pytest.param(*case, id=case[0]) for case in large_requests()])
@pytest.mark.parametrize("target", [b"/", b"/admin/v1/user-pools", b"/healthz", b"/nowhere"])
def test_large_body_is_read_and_refused(what, begin, body, target, hasty, untouched):
    with Peer(hasty) as peer:
        assert peer.say(begin.replace(b" / ", b" " + target + b" ", 1) + body)
        assert not refusal(peer.hear(), 413, mutation.TOO_LARGE)
        peer.say(head(b"/healthz", method=b"GET"))
        assert peer.hear().status == 200


@pytest.mark.parametrize("headers", [
    [b"Content-Length: %d" % (LIMIT + 1), b"Expect: 100-continue"],
    [b"Content-Length: %d" % (100 * LIMIT)], [b"Content-Length: %d" % (100 * LIMIT), b"Expect: 100-continue"],
    [b"Content-Length: 9223372036854775807"], [b"Content-Length: 9223372036854775808"],
    [b"Content-Length: 18446744073709551615"]], ids=repr)
def test_announced_body_is_refused_before_it_comes(headers, hasty, untouched):
    with Peer(hasty) as peer:
        peer.say(head(b"/", *headers))
        assert not refusal(peer.hear(), 413, mutation.TOO_LARGE)
        assert peer.hears_end()


def test_body_is_asked_for_within_the_limit(hasty, world, untouched):
    with Peer(hasty) as peer:
        message = wire.aws_json(PUBLIC, b"{}")
        begin = raw(message, b"Content-Length: 2", b"Expect: 100-continue").removesuffix(b"{}")
        peer.say(begin)
        assert peer.hear(has_body=False).status == 100
        peer.say(b"{}")
        assert not refusal(peer.hear(), 400, mutation.INVALID)


def test_endless_body_is_cut_off(hasty, untouched):
    with Peer(hasty) as peer:
        peer.say(head(b"/", b"Transfer-Encoding: chunked"))
        sent = 0
        while sent < 64 and peer.say(b"100000\r\n" + b"x" * LIMIT + b"\r\n"):
            sent += 1
        assert sent < 64


@pytest.mark.parametrize("what, data, statuses", [
    ("one header", head(b"/", b"A: " + b"x" * 20000), {431}), ("a name", head(b"/", b"x" * 20000 + b": y"), {431}),
    ("3000 headers", head(b"/", *[b"A: b"] * 3000), {431}), ("a signature", head(
        b"/", b"Authorization: AWS4-HMAC-SHA256 " + b"x" * 20000), {431}),
    ("a target", head(b"/" + b"x" * 20000), {414}), ("a query", head(b"/?" + b"x" * 20000), {414}),
    ("a method", head(method=b"X" * 20000), {414, 400}), ("an endless line", b"x" * 1000000, {0, 400, 414}),
    ("endless headers", head()[:-2] + b"A: b\r\n" * 100000, {431})], ids=lambda value: str(value)[:20])
def test_large_head_is_refused(what, data, statuses, hasty, untouched):
    assert statuses_of(hasty, {what: data})[what] in statuses


# --- Slow ---

def trickle(hasty, begin, piece, stop, ended):
    """Says a byte now and then, until the server has enough."""
    with Peer(hasty) as peer:
        peer.say(begin)
        while not stop.is_set() and peer.say(piece):
            stop.wait(0.1)
        if not stop.is_set():
            ended.append(begin)


SLOW = [(b"POST / HTTP/1.1\r\nA: ", b"x"), (b"POST / HTTP/1.1\r\n", b"A: b\r\n"), (b"POST /", b"x"),
        (head(b"/", b"Content-Length: 100000"), b"x"), (head(b"/", b"Transfer-Encoding: chunked"), b"1\r\nx\r\n")]


def test_slow_senders_stall_nobody_and_are_ended(hasty):
    stop, ended = threading.Event(), []
    threads = [threading.Thread(target=trickle, args=(hasty, *one, stop, ended)) for one in SLOW * 6]
    for thread in threads:
        thread.start()
    try:
        line, slowest = wire.Line(hasty), 0.0
        for _ in range(300):
            slowest = max(slowest, line.send(wire.aws_json(PUBLIC, b"{}")).seconds)
        line.close()
        deadline = time.monotonic() + 20
        while len(ended) < len(threads) and time.monotonic() < deadline:
            time.sleep(0.1)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert slowest < 2
    assert len(ended) == len(threads), f"{len(threads) - len(ended)} hang on"
    assert is_well(hasty)


def test_silent_connections_cost_nobody_anything(hasty):
    peers = [Peer(hasty) for _ in range(200)]
    assert is_well(hasty)
    assert all(peer.hear() is None for peer in peers)
    for peer in peers:
        peer.socket.close()


# --- Malformed ---

def chunked(*pieces):
    return head(b"/", b"Transfer-Encoding: chunked") + b"".join(pieces)


LAST = b"0\r\n\r\n"
AMBIGUOUS = {
    "both lengths": head(b"/", b"Content-Length: 5", b"Transfer-Encoding: chunked") + LAST,
    "two lengths": head(b"/", b"Content-Length: 1", b"Content-Length: 2") + b"ab",
    "list of lengths": head(b"/", b"Content-Length: 1, 1") + b"a", "signed": head(b"/", b"Content-Length: +1") + b"a",
    "negative": head(b"/", b"Content-Length: -1") + b"a", "no length": head(b"/", b"Content-Length:") + b"a",
    "hexadecimal": head(b"/", b"Content-Length: 0x1") + b"a", "word": head(b"/", b"Content-Length: a") + b"a",
    "gzip": head(b"/", b"Transfer-Encoding: gzip, chunked") + LAST,
    "identity": head(b"/", b"Transfer-Encoding: identity") + LAST,
    "encoding twice": head(b"/", b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked") + LAST,
    "encoding in 1.0": b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + LAST,
    "space before a colon": head(b"/", b"Content-Length : 1") + b"a", "two hosts": head(b"/", b"Host: b"),
    "no host": b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
    "no colon": head(b"/", b"nonsense"), "space before a header": b"POST / HTTP/1.1\r\n A: b\r\n" + HOST + b"\r\n"}
CHUNKS = {
    "no digits": chunked(b"zz\r\n"), "negative": chunked(b"-1\r\na\r\n", LAST),
    "prefix": chunked(b"0x1\r\na\r\n", LAST),
    "65 bits": chunked(b"1ffffffffffffffff\r\na\r\n", LAST), "space": chunked(b" 1\r\na\r\n", LAST),
    "none": chunked(b"\r\na\r\n", LAST), "too short": chunked(b"1\r\nab\r\n", LAST),
    "no line end": chunked(b"1\r\na", LAST), "comma": chunked(b"1,1\r\na\r\n", LAST),
    "NUL": chunked(b"1\x00\r\na\r\n", LAST), "64 bits, and gone": chunked(b"ffffffffffffffff\r\na\r\n", LAST)}
TARGETS = {
    "no slash": head(b"a"), "asterisk": head(b"*", method=b"OPTIONS"), "authority": head(b"a:443", method=b"CONNECT"),
    "another scheme": head(b"ftp://localhost/"), "empty": head(b""), "space": head(b"/a b"), "tab": head(b"/a\tb"),
    "raw UTF-8": head(b"/\xc3\xa9"), "raw byte": head(b"/\xff"), "delete": head(b"/\x7f"),
    "control in the query": head(b"/?a=\x01"), "control character": head(b"/\x01")}
LINES = {
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/0.9": b"GET /\r\n\r\n", "HTTP/9.9": b"GET / HTTP/9.9\r\n\r\n",
    "small letters": b"GET / http/1.1\r\n" + HOST + b"\r\n", "no version": b"GET / \r\n" + HOST + b"\r\n",
    "another protocol": b"GET / FTP/1.1\r\n" + HOST + b"\r\n", "no method": b" / HTTP/1.1\r\n" + HOST + b"\r\n",
    "TLS": bytes.fromhex("1603010200010001fc0303") + b"\x00" * 64, "SSH": b"SSH-2.0-x\r\n", "SMTP": b"EHLO x\r\n\r\n",
    "all bytes": bytes(range(256)) + b"\r\n\r\n", "zeros": bytes(1000),
    "JSON": b'{"a":1}\r\n\r\n', "control in the method": head(method=b"G\x01T")}


def controls():
    for code in [*range(1, 9), 11, 12, *range(14, 32), 127]:
        yield f"character {code} in a value", head(b"/", b"A: b%cc" % code)
        yield f"character {code} in a name", head(b"/", b"A%c: b" % code)
        yield f"character {code} in a target", head(b"/%c" % code)
    yield "return in a value", head(b"/", b"A: b\rc")
    yield "NUL in a name", head(b"/", b"A\0b: c")


MALFORMED = {"lengths": AMBIGUOUS, "chunks": CHUNKS, "targets": TARGETS, "lines": LINES, "controls": dict(controls())}


@pytest.fixture(scope="module")
def outcomes_of_nonsense(hasty, world, log_reader):
    """{(group, what, whether a good request follows): status}"""
    behind = raw(signed(spec.BY_NAME["SignUp"], world))
    cases = {(group, what, follows): data + behind * follows
             for group, cases in MALFORMED.items() for what, data in cases.items() for follows in (False, True)}
    with left_untouched(hasty, log_reader):
        return statuses_of(hasty, cases)


@pytest.mark.parametrize("group", MALFORMED)
@pytest.mark.parametrize("follows", [False, True], ids=["alone", "followed"])
def test_malformed(group, follows, outcomes_of_nonsense, hasty):
    """Answered with a refusal, or not at all: never as a request. And what follows is never taken for a request of its
    own, for another reader may see it as a part of the first."""
    found = {case[1]: status for case, status in outcomes_of_nonsense.items() if case[::2] == (group, follows)}
    assert len(found) == len(MALFORMED[group])
    assert set(found.values()) <= {0, 400, 413, 505}, found
    assert is_well(hasty)


HIDDEN = {
    "NUL in a value": head(b"/", b"A: b\0c"), "NUL in the target": head(b"/\0x"),
    "NUL in the method": head(method=b"G\0T"),
    "NUL behind the operation": head(b"/", b"X-Amz-Target: " + PUBLIC.target.encode() + b"\0x", b"Content-Length: 0"),
    "header without a name": head(b"/", b": b")}


@pytest.mark.parametrize("what", HIDDEN)
def test_what_the_library_hides_is_never_read(what, hasty, untouched):
    """It ends a text at a NUL and skips a header without a name, and nothing above can see that there was more."""
    assert statuses_of(hasty, {what: HIDDEN[what]})[what] in (0, 400, 404, 405)


# --- Around good requests ---

def test_pipelined_requests_are_answered_one_by_one(hasty, world, untouched):
    bad, fine = raw(wire.aws_json(PUBLIC, b"{")), head(b"/healthz", method=b"GET")
    with Peer(hasty) as peer:
        peer.say(fine + bad + fine + raw(wire.aws_json(PUBLIC, b"[]")) + fine + bytes(range(256)) + b"\r\n\r\n" + fine)
        answers = [peer.hear() for _ in range(7)]
    statuses = [answer.status if answer else 0 for answer in answers]
    assert statuses[:5] == [200, 400, 200, 400, 200]
    assert statuses[5] in (0, 400) and statuses[6] == 0


@pytest.mark.parametrize("target", [b"http://localhost/", b"http://localhost", b"http://other:80/", b"https://a/"])
def test_absolute_target(target, hasty, untouched):
    message = wire.aws_json(PUBLIC, b"{}")
    message.target = target.decode()
    with Peer(hasty) as peer:
        peer.say(raw(message))
        assert not refusal(peer.hear(), 400, mutation.INVALID)


def test_http_1_0_is_answered_and_closed(hasty, untouched):
    data = raw(wire.aws_json(PUBLIC, b"{}")).replace(b"HTTP/1.1", b"HTTP/1.0", 1)
    with Peer(hasty) as peer:
        peer.say(data)
        assert not refusal(peer.hear(), 400, mutation.INVALID)
        assert peer.hears_end()


@pytest.mark.parametrize("method", [b"FOO", b"post", b"M-SEARCH", b"TRACE", b"X" * 1000, b"!#$%&'*+-.^_`|~"],
                         ids=lambda method: method[:9].decode())
def test_unknown_method(method, hasty, untouched):
    with Peer(hasty) as peer:
        peer.say(head(method=method))
        assert not refusal(peer.hear(), 405, "UnknownOperationException")
        peer.say(head(b"/healthz", method=b"GET"))
        assert peer.hear().status == 200


def test_a_header_given_twice(hasty, world, untouched):
    """One of them is signed; no reader may take the other for it."""
    message = signed(spec.BY_NAME["AdminDeleteUser"], world)
    failed = []
    for name in ("Authorization", "X-Amz-Date", "X-Amz-Target", "Content-Type"):
        for value in (message.headers[name], "x"):
            line = f"{name}: {value}".encode()
            for data in (raw(message, line, b"Content-Length: %d" % len(message.body)),
                         raw(message).replace(HOST, HOST + line + b"\r\n", 1)):
                with Peer(hasty) as peer:
                    peer.say(data)
                    answer = peer.hear()
                    if not 400 <= answer.status < 500 or json.loads(answer.body)["__type"] not in (
                            "IncompleteSignatureException", "InvalidSignatureException", "UnknownOperationException"):
                        failed.append((name, value, answer))
    report(failed)
