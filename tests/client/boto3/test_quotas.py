# SPDX-License-Identifier: Apache-2.0
"""Rates of requests: per pool and category, per user, and what a client sees past them."""

import concurrent.futures
import time

import pytest
from botocore.exceptions import ClientError

import raw
from cognito import PASSWORD, Pool, connect, refused
from server import Server, wait_for

TRIES = 40  # at once; more than any rate here


@pytest.fixture
def quota(server):
    """quota(pool, category, rate)"""
    return lambda pool, category, rate: raw.rest(
        server, "SetUserPoolQuota", UserPoolId=pool.id, Category=category, Rate=rate)


def outcomes(call, tries=TRIES):
    """What became of calls made side by side, and the seconds they took."""
    def once(_):
        try:
            call()
        except ClientError as error:
            return error.response["Error"]["Code"]
        return None
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return list(pool.map(once, range(tries))), time.monotonic() - began


def assert_limited(call, rate):
    """As many pass as the rate allows, and everything else is told so."""
    found, seconds = outcomes(call)
    assert set(found) == {None, "TooManyRequestsException"}
    assert rate <= found.count(None) <= rate + rate * seconds + 1


def refused_call(call):
    """The first refusal."""
    for _ in range(1000):
        try:
            call()
        except ClientError as error:
            return error.response
    raise AssertionError("never refused")


def test_a_category_is_limited_in_its_pool(server, make_pool, quota):
    limited, other = make_pool(), make_pool()
    quota(limited, "UserList", 5)
    assert_limited(lambda: raw.call(server, "ListUsers", UserPoolId=limited.id), 5)
    assert set(outcomes(lambda: raw.call(server, "ListUsers", UserPoolId=other.id))[0]) == {None}
    assert set(outcomes(lambda: raw.call(server, "DescribeUserPool", UserPoolId=limited.id))[0]) == {None}
    raw.rest(server, "DeleteUserPoolQuota", UserPoolId=limited.id, Category="UserList")
    assert set(outcomes(lambda: raw.call(server, "ListUsers", UserPoolId=limited.id))[0]) == {None}


def test_a_refusal_asks_to_come_again(server, make_pool, quota):
    pool = make_pool()
    quota(pool, "UserList", 1)
    answer = refused_call(lambda: raw.call(server, "ListUsers", UserPoolId=pool.id))
    assert answer["Error"] == {"Code": "TooManyRequestsException", "Message": "Rate exceeded"}
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert "Retry-After" not in answer["ResponseMetadata"]["HTTPHeaders"]
    answer = refused_call(lambda: raw.rest(server, "ListUsers", UserPoolId=pool.id))
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 429
    assert answer["ResponseMetadata"]["HTTPHeaders"]["Retry-After"] == "1"


def test_an_overload_is_no_sign_out(make_pool, quota):
    """Clients throw their tokens away when they hear NotAuthorizedException."""
    pool = make_pool()
    user = pool.add_user()
    tokens = pool.tokens(user)
    quota(pool, "UserAuthentication", 1)
    quota(pool, "UserRead", 1)
    for call in (lambda: pool.refresh(tokens["RefreshToken"]), lambda: pool.sign_in(user),
                 lambda: pool.sign_in(user, "wrong"),
                 lambda: pool.idp.get_user(AccessToken=tokens["AccessToken"])):
        found = set(outcomes(call, 8)[0]) - {None}
        assert "TooManyRequestsException" in found
        assert found <= {"TooManyRequestsException", "NotAuthorizedException"}
    quota(pool, "UserAuthentication", 0)
    quota(pool, "UserRead", 0)
    assert pool.refresh(tokens["RefreshToken"])


def when_allowed(call):
    """Comes again until there is room."""
    def attempt():
        try:
            return call()
        except ClientError as error:
            assert error.response["Error"]["Code"] == "TooManyRequestsException"
            return None
    return wait_for(attempt, "a request that is within its rate")


def test_lists_what_counts(server, make_pool, quota):
    pool = make_pool()
    quota(pool, "UserCreation", 7)
    quotas = {each["Category"]: each for each in raw.rest(server, "ListUserPoolQuotas", UserPoolId=pool.id)["Quotas"]}
    assert quotas["UserCreation"] == {"Category": "UserCreation", "Rate": 7, "UsualRate": 50, "IsOwn": True}
    assert quotas["ClientAuthentication"] == {
        "Category": "ClientAuthentication", "Rate": 0, "UsualRate": 150, "IsOwn": False}


@pytest.mark.parametrize("operation", ["ListUserPoolQuotas", "SetUserPoolQuota", "DeleteUserPoolQuota"])
def test_unknown_pool(server, operation):
    members = {"Category": "UserList"} if operation != "ListUserPoolQuotas" else {}
    members |= {"Rate": 1} if operation == "SetUserPoolQuota" else {}
    with refused("ResourceNotFoundException", "User pool us-east-1_Nowhere00 does not exist."):
        raw.rest(server, operation, UserPoolId="us-east-1_Nowhere00", **members)


def limit(category):
    return {"LimitClass": "API_CATEGORY", "Attributes": {"Category": category}}


@pytest.fixture(scope="module")
def limited_server():
    """Of its own, as these limits hold for every pool of a server."""
    with Server("--quota", "cognito,UserList=5,UserPoolRead=0", "--user-rate", "4") as running:
        yield running


def test_options_count_for_every_pool(limited_server):
    pool = Pool(limited_server, connect(limited_server))
    assert_limited(lambda: raw.call(limited_server, "ListUsers", UserPoolId=pool.id), 5)
    described = raw.call(limited_server, "GetProvisionedLimit", LimitDefinition=limit("UserList"))["Limit"]
    assert described == {"LimitDefinition": limit("UserList"), "ProvisionedLimitValue": 5, "FreeLimitValue": 30}


def test_the_api_s_own_limits_count_before_the_options(limited_server):
    pool = Pool(limited_server, connect(limited_server))
    # Asking for limits is limited to one a second itself.
    changed = when_allowed(lambda: raw.call(limited_server, "UpdateProvisionedLimit", RequestedLimitValue=9,
                                            LimitDefinition=limit("UserList"))["Limit"])
    assert (changed["ProvisionedLimitValue"], changed["FreeLimitValue"]) == (9, 30)
    assert_limited(lambda: raw.call(limited_server, "ListUsers", UserPoolId=pool.id), 9)
    limited_server.restart()
    assert_limited(lambda: raw.call(limited_server, "ListUsers", UserPoolId=pool.id), 9)


def test_a_user_is_limited(limited_server):
    pool = Pool(limited_server, connect(limited_server))
    for name in ("jane", "john"):
        raw.call(limited_server, "AdminCreateUser", UserPoolId=pool.id, Username=name, TemporaryPassword=PASSWORD,
                 MessageAction="SUPPRESS")
    found, _ = outcomes(lambda: pool.get("john"))
    assert set(found) == {None, "TooManyRequestsException"}
    assert pool.get("jane")["Username"] == "jane"
    assert when_allowed(lambda: pool.get("john"))["Username"] == "john"


@pytest.mark.parametrize("definition, value, error", [
    (limit("NoSuchCategory"), 1, "InvalidParameterException"),
    ({"LimitClass": "API_CATEGORY", "Attributes": {}}, 1, "InvalidParameterException"),
    (limit("UserList"), -1, "InvalidParameterException"),
    (limit("UserList"), 1000001, "ServiceQuotaExceededException")])
def test_wrong_limits(server, definition, value, error):
    with refused(error):
        raw.call(server, "UpdateProvisionedLimit", LimitDefinition=definition, RequestedLimitValue=value)
    if value == 1:
        with refused(error):
            raw.call(server, "GetProvisionedLimit", LimitDefinition=definition)
