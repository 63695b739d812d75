# SPDX-License-Identifier: Apache-2.0
"""Debian's AWS CLI as an operator uses it: output, pages, texts of errors and exit codes."""

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
