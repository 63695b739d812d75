# SPDX-License-Identifier: Apache-2.0
"""What the refusals stand on. The requests that mutations start from are carried out, and change the store, so that
"nothing written" means something; and what a limit just allows is not refused."""

import configparser
import subprocess

import pytest

import mutation
import spec
import wire
from server import BINARY, Server
from test_aws_json import report
from world import World, fingerprint

READS = ("Describe", "Get", "List")


@pytest.fixture(scope="module")
def other_server():
    """Of its own: messages that are still under way here would look like changes there."""
    with Server() as running:
        yield running


@pytest.fixture(scope="module")
def lasting_world(other_server):
    """For operations that use nothing up."""
    return World(other_server, spec.SERVICES["cognito-idp"].operations)


@pytest.mark.parametrize("operation", spec.OPERATIONS, ids=repr)
def test_carried_out(operation, other_server, lasting_world):
    reads = operation.name.removeprefix("Admin").startswith(READS)
    world = lasting_world if reads else World(other_server, operation.service.operations)
    before = fingerprint(other_server)
    world.line = wire.Line(other_server)
    reply = world.send(operation, mutation.written(world.baseline(operation)))
    world.line.close()
    spec.check_answer(operation.service.name, operation.name, reply.status, reply.body)
    assert reply.status == 200, f"World.special_members() does not say what {operation} needs: {reply.body}"
    assert reads or fingerprint(other_server) != before


@pytest.fixture(scope="module")
def powerless(server):
    """A key that may do nothing. Whether it may is asked after the input was found valid, so its calls show that
    without being carried out."""
    command = [BINARY, "access-key", "create", "--data-dir", str(server.data)]
    parser = configparser.ConfigParser()
    parser.read_string(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return wire.Key(parser["default"]["aws_access_key_id"], parser["default"]["aws_secret_access_key"])


NOBODYS = {"ClientId": "nosuchclient", "AccessToken": "nobodys", "Token": "nobodys", "RefreshToken": "nobodys"}


def as_nobody(operation, world):
    """A valid request that would not be carried out."""
    baseline = world.baseline(operation)
    return baseline | {name: value for name, value in NOBODYS.items() if name in baseline}


@pytest.mark.parametrize("operation", spec.OPERATIONS, ids=repr)
def test_within_the_limits(operation, powerless, world, line, untouched):
    failed = []
    for case in mutation.within(mutation.Frame(operation, as_nobody(operation, world))):
        message = wire.aws_json(operation, case.body)
        if operation.caller == "sigv4":
            wire.Signature(powerless, line.host).sign(message)
        reply = line.send(message)
        error, text = reply.error, reply.document.get("message", "")
        is_right = error == "AccessDeniedException" if operation.caller == "sigv4" else error in operation.errors
        if not is_right or error == mutation.SERIALIZATION or "validation error" in text:
            failed.append((case.name, reply.status, error, text))
    report(failed)
