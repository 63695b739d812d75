# SPDX-License-Identifier: Apache-2.0
"""CreateUserPoolClient, DescribeUserPoolClient, UpdateUserPoolClient, DeleteUserPoolClient, ListUserPoolClients."""

import re

import pytest

import raw
from cognito import new_name, refused

MISSING = "AAAAAAAAAAAAAAAAAAAAAAAAAA".lower()

FULL = {
    "ClientName": "every member",
    "RefreshTokenValidity": 2, "AccessTokenValidity": 30, "IdTokenValidity": 7200,
    "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "seconds", "RefreshToken": "days"},
    "ReadAttributes": ["email", "name"], "WriteAttributes": ["name"],
    "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH"],
    "SupportedIdentityProviders": ["COGNITO"],
    "CallbackURLs": ["https://app.example.com/callback", "http://localhost:3000/", "app://callback"],
    "LogoutURLs": ["https://app.example.com/bye"],
    "DefaultRedirectURI": "https://app.example.com/callback",
    "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid", "email"], "AllowedOAuthFlowsUserPoolClient": True,
    "AnalyticsConfiguration": {"ApplicationArn": "arn:aws:mobiletargeting:us-east-1:123456789012:apps/abc"},
    "PreventUserExistenceErrors": "ENABLED",
    "EnableTokenRevocation": True, "EnablePropagateAdditionalUserContextData": False,
    "AuthSessionValidity": 5,
    "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10},
}


def assert_kept(client, settings):
    for member, value in settings.items():
        if isinstance(value, list):
            assert sorted(client[member]) == sorted(value), member
        else:
            assert client[member] == value, member


def describe(server, pool, client_id):
    return raw.call(server, "DescribeUserPoolClient", UserPoolId=pool.id, ClientId=client_id)["UserPoolClient"]


def test_create_keeps_every_member(server, pool):
    created = raw.call(server, "CreateUserPoolClient", UserPoolId=pool.id, **FULL)["UserPoolClient"]
    assert_kept(created, FULL)
    assert describe(server, pool, created["ClientId"]) == created


def test_update_keeps_every_member(server, pool, idp):
    client = idp.create_user_pool_client(UserPoolId=pool.id, ClientName="before")["UserPoolClient"]
    updated = raw.call(server, "UpdateUserPoolClient", UserPoolId=pool.id, ClientId=client["ClientId"], **FULL)
    assert_kept(updated["UserPoolClient"], FULL)
    assert_kept(describe(server, pool, client["ClientId"]), FULL)


def test_defaults_and_shape(idp, pool):
    client = idp.create_user_pool_client(UserPoolId=pool.id, ClientName="plain")["UserPoolClient"]
    assert re.fullmatch(r"[0-9a-z]{26}", client["ClientId"])
    assert client["UserPoolId"] == pool.id
    assert client["ClientName"] == "plain"
    assert client["RefreshTokenValidity"] == 30
    assert client["EnableTokenRevocation"] is True
    assert client["AuthSessionValidity"] == 3
    assert client["AllowedOAuthFlowsUserPoolClient"] is False
    assert "ClientSecret" not in client
    assert client["CreationDate"] <= client["LastModifiedDate"]


def test_generated_secret(idp, pool):
    client = idp.create_user_pool_client(UserPoolId=pool.id, ClientName="secret", GenerateSecret=True)["UserPoolClient"]
    assert re.fullmatch(r"[\w+]{40,64}", client["ClientSecret"])
    shown = idp.describe_user_pool_client(UserPoolId=pool.id, ClientId=client["ClientId"])["UserPoolClient"]
    assert shown["ClientSecret"] == client["ClientSecret"]


def test_own_secret(server, pool):
    secret = "A" * 24
    client = raw.call(server, "CreateUserPoolClient", UserPoolId=pool.id, ClientName="own", ClientSecret=secret)
    assert client["UserPoolClient"]["ClientSecret"] == secret
    with refused("InvalidParameterException"):
        raw.call(server, "CreateUserPoolClient", UserPoolId=pool.id, ClientName="both", ClientSecret=secret,
                 GenerateSecret=True)


def test_update_keeps_the_secret_and_the_rest_goes_back(idp, pool):
    made = idp.create_user_pool_client(UserPoolId=pool.id, ClientName="secret", GenerateSecret=True,
                                       RefreshTokenValidity=5)["UserPoolClient"]
    updated = idp.update_user_pool_client(UserPoolId=pool.id, ClientId=made["ClientId"])["UserPoolClient"]
    assert updated["ClientSecret"] == made["ClientSecret"]
    assert updated["ClientName"] == "secret"
    assert updated["RefreshTokenValidity"] == 30
    assert updated["CreationDate"] == made["CreationDate"]


REFUSED = [
    ("rotation and refresh flow", {"RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
                                   "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"]}),
    ("old and new flow names", {"ExplicitAuthFlows": ["ADMIN_NO_SRP_AUTH", "ALLOW_USER_SRP_AUTH"]}),
    ("unknown flow", {"ExplicitAuthFlows": ["ALLOW_ANYTHING"]}),
    ("unknown unit", {"TokenValidityUnits": {"AccessToken": "weeks"}}),
    ("access token past a day", {"AccessTokenValidity": 25}),
    ("access token under five minutes", {"AccessTokenValidity": 4, "TokenValidityUnits": {"AccessToken": "minutes"}}),
    ("id token past a day", {"IdTokenValidity": 86401, "TokenValidityUnits": {"IdToken": "seconds"}}),
    ("refresh token under an hour", {"RefreshTokenValidity": 59, "TokenValidityUnits": {"RefreshToken": "minutes"}}),
    ("refresh token past ten years", {"RefreshTokenValidity": 3651}),
    ("session too short", {"AuthSessionValidity": 2}),
    ("session too long", {"AuthSessionValidity": 16}),
    ("grace period too long", {"RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 61}}),
    ("name of other characters", {"ClientName": "a/b"}),
    ("callback with a fragment", {"CallbackURLs": ["https://app.example.com/#here"]}),
    ("callback without TLS", {"CallbackURLs": ["http://app.example.com/"]}),
    ("unknown attribute to read", {"ReadAttributes": ["no_such"]}),
    ("unknown attribute to write", {"WriteAttributes": ["custom:no_such"]}),
]


@pytest.mark.parametrize("settings", [row[1] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_create_refuses(server, pool, settings):
    with refused("InvalidParameterException"):
        raw.call(server, "CreateUserPoolClient", UserPoolId=pool.id, **{"ClientName": "refused", **settings})


def test_missing_pool_and_client(idp, pool):
    with refused("ResourceNotFoundException", "User pool us-east-1_AAAAAAAAA does not exist."):
        idp.create_user_pool_client(UserPoolId="us-east-1_AAAAAAAAA", ClientName="x")
    gone = f"User pool client {MISSING} does not exist."
    for call in (idp.describe_user_pool_client, idp.update_user_pool_client, idp.delete_user_pool_client):
        with refused("ResourceNotFoundException", gone):
            call(UserPoolId=pool.id, ClientId=MISSING)


def test_client_of_another_pool(idp, pool, make_pool):
    other = make_pool()
    with refused("ResourceNotFoundException", f"User pool client {other.client_id} does not exist."):
        idp.describe_user_pool_client(UserPoolId=pool.id, ClientId=other.client_id)


def test_delete(idp, make_pool):
    pool = make_pool()
    user = pool.add_user()
    idp.delete_user_pool_client(UserPoolId=pool.id, ClientId=pool.client_id)
    gone = f"User pool client {pool.client_id} does not exist."
    with refused("ResourceNotFoundException", gone):
        idp.describe_user_pool_client(UserPoolId=pool.id, ClientId=pool.client_id)
    with refused("ResourceNotFoundException", gone):
        pool.sign_in(user)


def test_list_pages(idp, make_pool):
    pool = make_pool()
    made = {pool.client_id: "test"}
    for _ in range(4):
        name = new_name()
        made[pool.use_client(ClientName=name)["ClientId"]] = name
    pages = list(idp.get_paginator("list_user_pool_clients").paginate(
        UserPoolId=pool.id, PaginationConfig={"PageSize": 2}))
    assert [len(page["UserPoolClients"]) for page in pages] == [2, 2, 1]
    listed = [client for page in pages for client in page["UserPoolClients"]]
    assert {client["ClientId"]: client["ClientName"] for client in listed} == made
    assert all(client["UserPoolId"] == pool.id for client in listed)
    assert all("ClientSecret" not in client for client in listed)
