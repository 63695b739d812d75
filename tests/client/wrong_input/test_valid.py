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

READS = ("Describe", "Get", "List", "Search")


@pytest.fixture(scope="module")
def other_server():
    """Of its own: messages that are still under way here would look like changes there."""
    with Server() as running:
        yield running


@pytest.fixture(scope="module")
def worlds(other_server):
    """The last one is in use."""
    return [World(other_server)]


def carry_out(operation, worlds):
    """In the world as the test before left it or, where that is used up, in a new one. Also what was there before."""
    for _ in range(2):
        world = worlds[-1]
        before = fingerprint(world.server)
        reply = world.send(operation, mutation.written(world.baseline(operation)))
        if reply.status == 200 or operation.name not in world.special_members():
            break
        worlds.append(World(world.server))
    return before, reply


@pytest.mark.parametrize("operation", spec.OPERATIONS, ids=repr)
def test_carried_out(operation, other_server, worlds):
    before, reply = carry_out(operation, worlds)
    spec.check_answer(operation.service.name, operation.name, reply.status, reply.body)
    if operation.name not in worlds[-1].special_members():
        assert reply.error != mutation.SERIALIZATION and b"validation error" not in reply.body
        return
    assert reply.status == 200, reply.body
    if not operation.name.removeprefix("Admin").startswith(READS):
        assert fingerprint(other_server) != before


@pytest.fixture(scope="module")
def powerless(server):
    """A key that may do nothing. Whether it may is asked after the input was found valid, so its calls show that
    without being carried out."""
    command = [BINARY, "access-key", "create", *server.store_options]
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
