# SPDX-License-Identifier: Apache-2.0
"""Every operation that counts towards a quota is refused past it, whatever else would become of the call."""

import itertools

import pytest
from botocore.exceptions import ClientError

import raw
import sample
import spec
from cognito import Pool, connect
from server import Server, wait_for

TOO_MANY = "TooManyRequestsException"
COUNTED = [operation for operation in spec.OPERATIONS if operation.category]
# What the first call does would keep the next one from coming as far as its quota.
USED_UP = {"DeleteUser", "GlobalSignOut"}


@pytest.fixture(scope="module")
def limited_server():
    """Of its own, as these limits hold for every pool of a server."""
    with Server() as running:
        yield running


@pytest.fixture(scope="module")
def limited_pool(limited_server):
    return Pool(limited_server, connect(limited_server), {"DeletionProtection": "ACTIVE"})


@pytest.fixture(scope="module")
def token(limited_pool):
    return limited_pool.tokens(limited_pool.add_user())["AccessToken"]


@pytest.fixture
def tokens(limited_pool, token, operation):
    """Those for the calls of a test, in their order."""
    if operation.name not in USED_UP:
        return itertools.repeat(token)
    return iter([limited_pool.tokens(limited_pool.add_user())["AccessToken"] for _ in range(6)])


def outcome(server, operation, **members):
    try:
        raw.call(server, operation.name, sign=operation.caller == "sigv4", **members)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def set_limit(server, category, rate):
    """To change limits is limited itself."""
    members = {"LimitDefinition": {"LimitClass": "API_CATEGORY", "Attributes": {"Category": category}},
               "RequestedLimitValue": rate}
    wait_for(lambda: outcome(server, spec.BY_NAME["UpdateProvisionedLimit"], **members) != TOO_MANY, "a new limit")


@pytest.fixture
def limit(limited_server, tokens, operation):
    set_limit(limited_server, operation.category, 1)
    yield
    set_limit(limited_server, operation.category, 0)


def members_of(operation, pool, token):
    members = sample.structure(operation.service, operation.input)
    where = {"UserPoolId": pool.id} if "UserPoolId" in members else {"ClientId": pool.client_id}
    known = where | {"AccessToken": token}
    return members | {name: value for name, value in known.items() if name in members}


@pytest.mark.parametrize("operation", COUNTED, ids=repr)
def test_past_its_rate(limited_server, limited_pool, tokens, limit, operation):
    calls = (members_of(operation, limited_pool, token) for token in tokens)
    assert any(outcome(limited_server, operation, **members) == TOO_MANY for members in itertools.islice(calls, 100))


def test_what_counts_towards_none_lists_no_refusal():
    assert not [operation.name for operation in spec.OPERATIONS
                if not operation.category and TOO_MANY in operation.listed]
