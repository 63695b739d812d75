# SPDX-License-Identifier: Apache-2.0
"""An operator changes what a pool settled at its creation; users sign in before and after, by boto3."""

import base64
import concurrent.futures
import json

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from raw import Caller
from server import REGION, Server, wait_for

PASSWORD = "Passw0rd!"
FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


def verified(email):
    return {"email": email, "email_verified": "true"}


class Pool:
    def __init__(self, idp, admin, **settings):
        self.idp = idp
        self.admin = admin
        self.id = idp.create_user_pool(PoolName="moving", **settings)["UserPool"]["Id"]
        self.client = idp.create_user_pool_client(UserPoolId=self.id, ClientName="moving", ExplicitAuthFlows=FLOWS)[
            "UserPoolClient"]["ClientId"]

    def add(self, name, **attributes):
        listed = [{"Name": key, "Value": value} for key, value in attributes.items()]
        self.idp.admin_create_user(UserPoolId=self.id, Username=name, MessageAction="SUPPRESS", UserAttributes=listed)
        self.idp.admin_set_user_password(UserPoolId=self.id, Username=name, Password=PASSWORD, Permanent=True)

    def sign_up(self, name, **attributes):
        listed = [{"Name": key, "Value": value} for key, value in attributes.items()]
        return self.idp.sign_up(ClientId=self.client, Username=name, Password=PASSWORD, UserAttributes=listed)

    def sign_in(self, name):
        return self.idp.initiate_auth(ClientId=self.client, AuthFlow="USER_PASSWORD_AUTH",
                                      AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD})["AuthenticationResult"]

    def can_sign_in(self, name):
        try:
            return bool(self.sign_in(name))
        except self.idp.exceptions.UserNotFoundException:
            return False

    def described(self):
        return self.idp.describe_user_pool(UserPoolId=self.id)["UserPool"]

    def migration(self):
        return self.admin.call("DescribeUserPoolMigration", UserPoolId=self.id)["Migration"]

    def ended(self):
        return wait_for(lambda: (seen := self.migration())["State"] != "RUNNING" and seen, "the end of a migration")

    def migrate(self, **rules):
        self.admin.call("MigrateUserPool", UserPoolId=self.id, **rules)
        return self.ended()

    def conflicts(self):
        found = self.admin.call("ListUserPoolMigrationConflicts", UserPoolId=self.id)["Conflicts"]
        return [(one["Kind"], one["AttributeName"], {one["Username"], one.get("OtherUsername")}) for one in found]


@pytest.fixture
def make_pool(idp, admin):
    return lambda **settings: Pool(idp, admin, **settings)


def refused(code, call, *arguments, **members):
    with pytest.raises(ClientError) as raised:
        call(*arguments, **members)
    assert raised.value.response["Error"]["Code"] == code


FOLDING = {"UsernameConfiguration": {"CaseSensitive": False}}


@pytest.mark.parametrize("settings, user, attributes, rules, before, after", [
    ({}, "Jane", {}, {"CaseSensitive": False}, ["Jane"], ["Jane", "jane"]),
    (FOLDING, "Jane", {}, {"CaseSensitive": True}, ["Jane", "jane"], ["Jane"]),
    ({}, "jane", verified("j@example.com"), {"AliasAttributes": ["email"]}, ["jane"], ["jane", "j@example.com"]),
    ({"AliasAttributes": ["email"]}, "jane", verified("j@example.com"), {"AliasAttributes": []},
     ["jane", "j@example.com"], ["jane"]),
    ({}, "jane", verified("j@example.com"), {"UsernameAttributes": ["email"]}, ["jane"], ["jane", "j@example.com"]),
    ({"UsernameAttributes": ["email"]}, "j@example.com", verified("j@example.com"),
     {"UsernameAttributes": [], "AliasAttributes": ["email"], "CaseSensitive": False},
     ["j@example.com"], ["j@example.com", "J@EXAMPLE.COM"]),
    ({}, "jane", {"nickname": "J"}, {"RequiredAttributes": ["nickname"]}, ["jane"], ["jane"]),
])
def test_users_sign_in_before_and_after(make_pool, settings, user, attributes, rules, before, after):
    pool = make_pool(**settings)
    pool.add(user, **attributes)
    names = set(before) | set(after)
    assert {name for name in names if pool.can_sign_in(name)} == set(before)
    tokens = pool.sign_in(before[0])
    assert pool.migrate(**rules)["State"] == "COMPLETED"
    assert {name for name in names if pool.can_sign_in(name)} == set(after)
    # Who was signed in stays so, under the same name.
    username = pool.idp.get_user(AccessToken=tokens["AccessToken"])["Username"]
    again = pool.idp.initiate_auth(ClientId=pool.client, AuthFlow="REFRESH_TOKEN_AUTH",
                                   AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]})["AuthenticationResult"]
    payload = again["IdToken"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert claims["cognito:username"] == username
    assert pool.idp.admin_get_user(UserPoolId=pool.id, Username=username)["Username"] == username


def test_the_pool_shows_its_new_rules(make_pool):
    pool = make_pool()
    pool.migrate(CaseSensitive=False, UsernameAttributes=["email", "phone_number"], RequiredAttributes=["email"])
    described = pool.described()
    assert described["UsernameConfiguration"] == {"CaseSensitive": False}
    assert described["UsernameAttributes"] == ["email", "phone_number"]
    assert [one["Name"] for one in described["SchemaAttributes"] if one["Required"]] == ["sub", "email"]
    refused("InvalidParameterException", pool.sign_up, "jane", email="jane@example.com")
    assert pool.sign_up("Jane@example.com")["UserSub"]
    refused("UsernameExistsException", pool.sign_up, "JANE@example.com")


@pytest.mark.parametrize("users, rules, conflicts", [
    ({"jane": {}, "JANE": {}}, {"CaseSensitive": False}, [("NAME_TAKEN", "username", {"jane", "JANE"})]),
    ({"jane": verified("j@example.com"), "john": verified("j@example.com")}, {"AliasAttributes": ["email"]},
     [("NAME_TAKEN", "email", {"jane", "john"})]),
    ({"jane": verified("j@example.com"), "john": verified("j@example.com")}, {"UsernameAttributes": ["email"]},
     [("NAME_TAKEN", "email", {"jane", "john"})]),
    ({"jane": {}}, {"RequiredAttributes": ["email"]}, [("MISSING_ATTRIBUTE", "email", {"jane", None})]),
    ({"j@example.com": {}}, {"AliasAttributes": ["email"]}, [("INVALID_NAME", "username", {"j@example.com", None})]),
])
def test_conflicts_are_told_and_nothing_changes(make_pool, users, rules, conflicts):
    pool = make_pool()
    for name, attributes in users.items():
        pool.add(name, **attributes)
    before = pool.described()
    for dry, state in ((True, "CHECKED"), (False, "REFUSED")):
        ended = pool.migrate(**rules, DryRun=dry)
        assert (ended["State"], ended["NumberOfConflicts"]) == (state, len(conflicts))
        assert pool.conflicts() == conflicts
        assert pool.described() == before
        assert all(map(pool.can_sign_in, users))


def test_a_dry_run_without_conflicts(make_pool):
    pool = make_pool()
    pool.add("Jane")
    before = pool.described()
    ended = pool.migrate(CaseSensitive=False, DryRun=True)
    assert (ended["State"], ended["CheckedUsers"], ended["ChangedUsers"]) == ("CHECKED", 1, 1)
    assert pool.described() == before
    assert not pool.can_sign_in("jane")


def test_it_is_the_same_over_rest(make_pool, admin):
    pool = make_pool()
    assert admin.call("MigrateUserPool", UserPoolId=pool.id, CaseSensitive=False)["Migration"]["State"] == "RUNNING"
    pool.ended()
    assert admin.rest("DescribeUserPoolMigration", UserPoolId=pool.id) == {"Migration": pool.migration()}
    assert admin.rest("ListUserPoolMigrationConflicts", UserPoolId=pool.id) == {"Conflicts": []}
    # What has ended is not cancelled.
    assert admin.rest("CancelUserPoolMigration", UserPoolId=pool.id)["Migration"]["State"] == "COMPLETED"
    assert admin.call("CancelUserPoolMigration", UserPoolId=pool.id)["Migration"]["State"] == "COMPLETED"


def test_refusals(make_pool, admin):
    pool = make_pool()
    nowhere = "us-east-1_Nowhere00"
    for operation in ("DescribeUserPoolMigration", "CancelUserPoolMigration", "ListUserPoolMigrationConflicts"):
        refused("ResourceNotFoundException", admin.call, operation, UserPoolId=pool.id)
        refused("ResourceNotFoundException", admin.call, operation, UserPoolId=nowhere)
        refused("InvalidParameterException", admin.call, operation, UserPoolId="?")
    refused("ResourceNotFoundException", admin.call, "MigrateUserPool", UserPoolId=nowhere, CaseSensitive=False)
    refused("InvalidParameterException", admin.call, "MigrateUserPool", UserPoolId=pool.id)
    pool.migrate(CaseSensitive=False)
    refused("InvalidParameterException", admin.call, "ListUserPoolMigrationConflicts", UserPoolId=pool.id,
            NextToken="x")


def test_one_at_a_time(make_pool, admin):
    pool = make_pool()

    def begin(_):
        try:
            admin.call("MigrateUserPool", UserPoolId=pool.id, CaseSensitive=False, DryRun=True)
        except ClientError as error:
            return error.response["Error"]["Code"]
        return None

    def outcomes():
        with concurrent.futures.ThreadPoolExecutor(8) as threads:
            return set(threads.map(begin, range(16)))
    assert wait_for(lambda: (seen := outcomes()) == {None, "ConcurrentModificationException"} and seen, "a refusal")


# --- A server of its own, with a pool that takes a while ---

USERS = 20000


def insert_users(server, pool):
    """Rows as they would be; nobody of them signs in, so they need no passwords."""
    users = ", ".join(f"('{number * 200000:08x}-0000-4000-8000-000000000000', 'User{number}')"
                      for number in range(USERS))
    server.database.execute(
        f"WITH added (id, name) AS (VALUES {users}) INSERT INTO pool_user (id, pool_id, username, username_key, status,"
        f" enabled, tokens_valid_after, created_at, modified_at) SELECT id, '{pool.id}', name, '', 'CONFIRMED', 1, 0,"
        " 1, 1 FROM added")
    server.database.execute(
        "INSERT INTO sign_in_name (pool_id, name_key, kind, user_id)"
        f" SELECT '{pool.id}', username, 'username', id FROM pool_user WHERE pool_id = '{pool.id}'")
    server.database.execute(f"UPDATE user_pool SET user_count = user_count + {USERS} WHERE id = '{pool.id}'")


@pytest.fixture
def busy():
    """A server, and a pool on it that a migration is busy with for a while."""
    with Server() as server:
        idp = boto3.client("cognito-idp", endpoint_url=server.endpoint, region_name=REGION,
                           aws_access_key_id=server.key_id, aws_secret_access_key=server.secret,
                           config=Config(retries={"max_attempts": 0}))
        pool = Pool(idp, Caller(server))
        insert_users(server, pool)
        pool.add("Jane")
        yield server, pool


def under_way(pool):
    return wait_for(lambda: 0 < (seen := pool.migration())["CheckedUsers"] < USERS and seen, "a migration under way")


def test_a_killed_server_goes_on(busy):
    server, pool = busy
    pool.admin.call("MigrateUserPool", UserPoolId=pool.id, CaseSensitive=False)
    reached = under_way(pool)["CheckedUsers"]
    server.kill()
    server.restart()
    assert pool.migration()["CheckedUsers"] >= reached
    ended = pool.ended()
    assert (ended["State"], ended["CheckedUsers"], ended["ChangedUsers"]) == ("COMPLETED", USERS + 1, USERS + 1)
    assert pool.can_sign_in("JANE")
    assert pool.idp.admin_get_user(UserPoolId=pool.id, Username=f"user{USERS - 1}")["Username"] == f"User{USERS - 1}"


def test_sign_ups_race_with_it(busy):
    """Whoever could sign up can sign in by every spelling, and no name is had twice."""
    server, pool = busy
    taken = []

    def sign_up(number):
        for name in (f"New{number}", f"NEW{number}"):
            try:
                pool.sign_up(name)
                taken.append(name)
            except ClientError as error:
                assert error.response["Error"]["Code"] in ("UsernameExistsException", "TooManyRequestsException")
    pool.admin.call("MigrateUserPool", UserPoolId=pool.id, CaseSensitive=False)
    with concurrent.futures.ThreadPoolExecutor(4) as threads:
        numbers = iter(range(10000))
        while pool.migration()["State"] == "RUNNING":
            list(threads.map(sign_up, [next(numbers) for _ in range(8)]))
    assert pool.ended()["State"] == "COMPLETED"
    assert len(taken) == len({name.lower() for name in taken}) > 0
    for name in taken:
        assert pool.idp.admin_get_user(UserPoolId=pool.id, Username=name.swapcase())["Username"] == name


def test_cancelled_under_way(busy):
    server, pool = busy
    pool.admin.call("MigrateUserPool", UserPoolId=pool.id, CaseSensitive=False)
    under_way(pool)
    assert pool.admin.call("CancelUserPoolMigration", UserPoolId=pool.id)["Migration"]["State"] == "CANCELLED"
    assert not pool.can_sign_in("JANE")
    assert pool.can_sign_in("Jane")

    def left():
        return server.database.execute("SELECT count(*) FROM sign_in_name")[0][0]
    wait_for(lambda: left() == USERS + 1, "the names that were built to be gone")
