# SPDX-License-Identifier: Apache-2.0
"""Unsigned and badly signed requests, over both protocols. Where a signature is asked for, each has its error; where
none is asked for, none changes anything."""

import pytest

import forgery
import mutation
import rest
import spec
import wire
from test_aws_json import report
from test_valid import as_nobody

SIGNED = [operation for operation in spec.OPERATIONS if operation.caller == "sigv4"]
OPEN = [operation for operation in spec.OPERATIONS if operation.caller != "sigv4"]


def aws_json(operation, document):
    return wire.aws_json(operation, mutation.written(document))


PROTOCOLS = {
    "awsJson": (aws_json, wire.AWS_JSON, lambda error: 400),
    "REST": (rest.message, wire.JSON, rest.STATUSES.get)}


@pytest.fixture
def forger(world, line):
    return forgery.Forger(world.key, line.host)


@pytest.fixture(scope="module")
def forgeries(world):
    return forgery.FORGERIES | {"another secret": (forgery.INVALID, forgery.forged_with_secret(world.key))}


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("operation", SIGNED, ids=repr)
def test_bad_signatures_are_refused(operation, protocol, world, line, forger, forgeries, untouched):
    compose, content_type, status = PROTOCOLS[protocol]
    failed = []
    for what, (error, forge) in forgeries.items():
        reply = line.send(forge(forger, compose(operation, world.baseline(operation))))
        if found := wire.complaints(reply, error, status(error), content_type):
            failed.append((what, found))
    report(failed)


@pytest.mark.parametrize("operation", SIGNED, ids=repr)
def test_a_signature_is_good_for_its_operation(operation, world, line, forger, untouched):
    failed = []
    for other in SIGNED:
        if other is operation:
            continue
        message = forger.sign(aws_json(operation, world.baseline(operation)))
        message.headers["X-Amz-Target"] = other.target
        reply = line.send(message)
        if found := wire.complaints(reply, forgery.INVALID, 400, wire.AWS_JSON):
            failed.append((other, found))
    message = forgery.unsigned_header("x-amz-target")(forger, aws_json(operation, world.baseline(operation)))
    if found := wire.complaints(line.send(message), forgery.INVALID, 400, wire.AWS_JSON):
        failed.append(("target unsigned", found))
    report(failed)


@pytest.mark.parametrize("operation", SIGNED, ids=repr)
def test_strangers_learn_nothing_of_their_input(operation, line, untouched):
    """Who asks is asked first."""
    failed = []
    for what, body in (("no JSON", b"{"), ("no object", b"[]"), ("nothing", b"{}"), ("empty", b"")):
        reply = line.send(wire.aws_json(operation, body))
        if found := wire.complaints(reply, forgery.MISSING, 400, wire.AWS_JSON):
            failed.append((what, found))
    report(failed)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("operation", OPEN, ids=repr)
def test_no_signature_changes_what_needs_none(operation, protocol, world, line, forger, forgeries, untouched):
    compose, content_type, _ = PROTOCOLS[protocol]
    document = as_nobody(operation, world)
    expected = line.send(compose(operation, document))
    failed = []
    for what, (_, forge) in forgeries.items():
        if what in ("another query", "another body"):
            continue  # they ask for something else
        reply = line.send(forge(forger, compose(operation, document)))
        if (reply.status, reply.body) != (expected.status, expected.body):
            failed.append((what, reply.status, reply.body))
    assert expected.error in operation.errors
    assert not wire.complaints(expected, expected.error, expected.status, content_type)
    report(failed)
