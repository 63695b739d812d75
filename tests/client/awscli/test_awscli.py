# SPDX-License-Identifier: Apache-2.0
"""Debian's AWS CLI as an operator uses it: output, pages, texts of errors and exit codes."""

import base64
import json
import os
import subprocess

import pytest

PASSWORD = "Passw0rd!"
AWS = "/usr/bin/aws"  # Debian's, whatever else the PATH has


def run(server, *arguments, **variables):
    environment = os.environ | server.client_environment() | {"AWS_PAGER": ""} | variables
    return subprocess.run([AWS, "--endpoint-url", server.endpoint, "--output", "json", "cognito-idp", *arguments],
                          env=environment, capture_output=True, text=True)


def aws(server, *arguments):
    """The decoded answer of a call that works; None where there is no output."""
    outcome = run(server, *arguments)
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout) if outcome.stdout.strip() else None


def assert_fails(server, error, operation, message, *arguments):
    outcome = run(server, *arguments)
    assert outcome.returncode == 254
    assert f"An error occurred ({error}) when calling the {operation} operation: {message}" in outcome.stderr
    assert outcome.stdout == ""


@pytest.fixture(scope="module")
def pool(server):
    answer = aws(server, "create-user-pool", "--pool-name", "cli", "--auto-verified-attributes", "email")
    return answer["UserPool"]["Id"]


@pytest.fixture(scope="module")
def client(server, pool):
    answer = aws(server, "create-user-pool-client", "--user-pool-id", pool, "--client-name", "cli",
                 "--explicit-auth-flows", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH")
    return answer["UserPoolClient"]["ClientId"]


def sign_up(server, client, name):
    return aws(server, "sign-up", "--client-id", client, "--username", name, "--password", PASSWORD,
               "--user-attributes", f"Name=email,Value={name}@example.com")


def sign_in(server, client, name):
    return aws(server, "initiate-auth", "--client-id", client, "--auth-flow", "USER_PASSWORD_AUTH",
               "--auth-parameters", f"USERNAME={name},PASSWORD={PASSWORD}")


def claims_of(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_pool_and_client_are_shown(server, pool, client):
    shown = aws(server, "describe-user-pool", "--user-pool-id", pool)["UserPool"]
    assert shown["Name"] == "cli"
    assert shown["AutoVerifiedAttributes"] == ["email"]
    shown = aws(server, "describe-user-pool-client", "--user-pool-id", pool, "--client-id", client)["UserPoolClient"]
    assert sorted(shown["ExplicitAuthFlows"]) == ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_PASSWORD_AUTH"]


def test_sign_up_confirmed_by_an_administrator(server, pool, client):
    assert sign_up(server, client, "first")["UserConfirmed"] is False
    assert aws(server, "admin-confirm-sign-up", "--user-pool-id", pool, "--username", "first") in (None, {})
    user = aws(server, "admin-get-user", "--user-pool-id", pool, "--username", "first")
    assert user["UserStatus"] == "CONFIRMED"
    assert user["UserCreateDate"].startswith("20")
    assert {"Name": "email", "Value": "first@example.com"} in user["UserAttributes"]


def test_sign_up_confirmed_by_mail_and_sign_in(server, client):
    sign_up(server, client, "second")
    code = server.await_mail("second@example.com").code
    aws(server, "confirm-sign-up", "--client-id", client, "--username", "second", "--confirmation-code", code)
    tokens = sign_in(server, client, "second")["AuthenticationResult"]
    assert tokens["TokenType"] == "Bearer"
    assert aws(server, "get-user", "--access-token", tokens["AccessToken"])["Username"] == "second"
    refreshed = aws(server, "initiate-auth", "--client-id", client, "--auth-flow", "REFRESH_TOKEN_AUTH",
                    "--auth-parameters", f"REFRESH_TOKEN={tokens['RefreshToken']}")
    assert refreshed["AuthenticationResult"]["IdToken"]


def test_new_password(server, pool, client):
    aws(server, "admin-create-user", "--user-pool-id", pool, "--username", "invited",
        "--temporary-password", "Temp0rary!", "--message-action", "SUPPRESS")
    challenge = aws(server, "initiate-auth", "--client-id", client, "--auth-flow", "USER_PASSWORD_AUTH",
                    "--auth-parameters", "USERNAME=invited,PASSWORD=Temp0rary!")
    answer = aws(server, "respond-to-auth-challenge", "--client-id", client,
                 "--challenge-name", challenge["ChallengeName"], "--session", challenge["Session"],
                 "--challenge-responses", f"USERNAME=invited,NEW_PASSWORD={PASSWORD}")
    assert answer["AuthenticationResult"]["AccessToken"]


@pytest.fixture(scope="module")
def crowd(server):
    pool = aws(server, "create-user-pool", "--pool-name", "crowd")["UserPool"]["Id"]
    for number in range(5):
        aws(server, "admin-create-user", "--user-pool-id", pool, "--username", f"user-{number}",
            "--message-action", "SUPPRESS")
    return pool


def names(answer):
    return [user["Username"] for user in answer["Users"]]


def test_list_users_follows_pages(server, crowd):
    everyone = names(aws(server, "list-users", "--user-pool-id", crowd, "--page-size", "2"))
    assert sorted(everyone) == [f"user-{number}" for number in range(5)]


def test_list_users_in_parts(server, crowd):
    first = aws(server, "list-users", "--user-pool-id", crowd, "--max-items", "3", "--page-size", "2")
    rest = aws(server, "list-users", "--user-pool-id", crowd, "--starting-token", first["NextToken"])
    assert len(first["Users"]) == 3
    assert sorted(names(first) + names(rest)) == [f"user-{number}" for number in range(5)]


def test_list_users_by_filter(server, crowd):
    assert names(aws(server, "list-users", "--user-pool-id", crowd, "--filter", 'username = "user-3"')) == ["user-3"]


def test_list_pools_in_pages(server, pool, crowd):
    """The limit of this operation is a required parameter, which turns following off."""
    listed, more = set(), []
    while more is not None:
        page = aws(server, "list-user-pools", "--max-results", "1", *more)
        listed |= {entry["Id"] for entry in page["UserPools"]}
        more = ["--next-token", page["NextToken"]] if "NextToken" in page else None
    assert {pool, crowd} <= listed


def group_names(answer):
    return [group["GroupName"] for group in answer["Groups"]]


def test_groups(server, crowd):
    pool = ["--user-pool-id", crowd]
    for name in ("a", "b", "c"):
        aws(server, "create-group", *pool, "--group-name", name, "--precedence", "7")
        aws(server, "admin-add-user-to-group", *pool, "--group-name", name, "--username", "user-0")
    for name in ("user-1", "user-2"):
        aws(server, "admin-add-user-to-group", *pool, "--group-name", "a", "--username", name)
    assert group_names(aws(server, "list-groups", *pool, "--page-size", "1")) == ["a", "b", "c"]
    listed = aws(server, "admin-list-groups-for-user", *pool, "--username", "user-0", "--page-size", "2")
    assert group_names(listed) == ["a", "b", "c"]
    members = aws(server, "list-users-in-group", *pool, "--group-name", "a", "--page-size", "2")
    assert sorted(names(members)) == ["user-0", "user-1", "user-2"]
    first = aws(server, "list-users-in-group", *pool, "--group-name", "a", "--max-items", "2")
    rest = aws(server, "list-users-in-group", *pool, "--group-name", "a", "--starting-token", first["NextToken"])
    assert names(first) + names(rest) == names(members)

    changed = aws(server, "update-group", *pool, "--group-name", "a", "--description", "all of them")["Group"]
    assert (changed["Description"], changed["Precedence"]) == ("all of them", 7)
    aws(server, "admin-remove-user-from-group", *pool, "--group-name", "a", "--username", "user-0")
    aws(server, "delete-group", *pool, "--group-name", "b")
    assert group_names(aws(server, "admin-list-groups-for-user", *pool, "--username", "user-0")) == ["c"]
    assert_fails(server, "ResourceNotFoundException", "GetGroup", "Group not found.",
                 "get-group", *pool, "--group-name", "b")
    assert_fails(server, "GroupExistsException", "CreateGroup", "A group with the name already exists.",
                 "create-group", *pool, "--group-name", "c")


def test_groups_in_tokens(server, pool, client):
    sign_up(server, client, "member")
    aws(server, "admin-confirm-sign-up", "--user-pool-id", pool, "--username", "member")
    for name, precedence in (("low", "9"), ("high", "1")):
        aws(server, "create-group", "--user-pool-id", pool, "--group-name", name, "--precedence", precedence,
            "--role-arn", f"arn:aws:iam::123456789012:role/{name}")
        aws(server, "admin-add-user-to-group", "--user-pool-id", pool, "--group-name", name, "--username", "member")
    tokens = sign_in(server, client, "member")["AuthenticationResult"]
    identity, access = (claims_of(tokens[kind]) for kind in ("IdToken", "AccessToken"))
    assert identity["cognito:groups"] == access["cognito:groups"] == ["high", "low"]
    assert identity["cognito:roles"] == [f"arn:aws:iam::123456789012:role/{name}" for name in ("high", "low")]
    assert identity["cognito:preferred_role"] == "arn:aws:iam::123456789012:role/high"


def test_tags_and_custom_attributes(server, pool):
    arn = aws(server, "describe-user-pool", "--user-pool-id", pool)["UserPool"]["Arn"]
    aws(server, "tag-resource", "--resource-arn", arn, "--tags", "stage=test,team=identity")
    aws(server, "untag-resource", "--resource-arn", arn, "--tag-keys", "stage")
    assert aws(server, "list-tags-for-resource", "--resource-arn", arn)["Tags"] == {"team": "identity"}
    aws(server, "add-custom-attributes", "--user-pool-id", pool,
        "--custom-attributes", "Name=size,AttributeDataType=Number,Mutable=true")
    schema = aws(server, "describe-user-pool", "--user-pool-id", pool)["UserPool"]["SchemaAttributes"]
    assert schema[-1]["Name"] == "custom:size"


def test_errors(server, pool, client):
    assert_fails(server, "UserNotFoundException", "AdminGetUser", "User does not exist.",
                 "admin-get-user", "--user-pool-id", pool, "--username", "nobody")
    assert_fails(server, "ResourceNotFoundException", "DescribeUserPool",
                 "User pool us-east-1_AAAAAAAAA does not exist.",
                 "describe-user-pool", "--user-pool-id", "us-east-1_AAAAAAAAA")
    assert_fails(server, "InvalidPasswordException", "SignUp",
                 "Password did not conform with policy: Password not long enough",
                 "sign-up", "--client-id", client, "--username", "short", "--password", "Aa1!")


KEYS = [("wrong secret", {"AWS_SECRET_ACCESS_KEY": "x" * 40}, "InvalidSignatureException"),
        ("unknown key", {"AWS_ACCESS_KEY_ID": "AKIAAAAAAAAAAAAAAAAA"}, "UnrecognizedClientException")]


@pytest.mark.parametrize("variables,error", [row[1:] for row in KEYS], ids=[row[0] for row in KEYS])
def test_bad_keys(server, variables, error):
    outcome = run(server, "list-user-pools", "--max-results", "1", **variables)
    assert outcome.returncode == 254
    assert error in outcome.stderr
