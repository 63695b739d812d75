# SPDX-License-Identifier: Apache-2.0
"""Every claim of both tokens, how long tokens live, refreshing, rotation, revocation and sign-out."""

import json
import re
import time
import urllib.error
import urllib.request
import uuid

import pytest
from botocore.exceptions import ClientError

import raw
from cognito import ALL_FLOWS, claims_of, header_of, refused

NO_REFRESH_FLOW = [flow for flow in ALL_FLOWS if flow != "ALLOW_REFRESH_TOKEN_AUTH"]
ROTATING = {"ExplicitAuthFlows": NO_REFRESH_FLOW,
            "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}}


def is_uuid(text):
    return str(uuid.UUID(text)) == text


def fetch(server, path):
    with urllib.request.urlopen(server.endpoint + path) as answer:
        assert answer.headers["Content-Type"].startswith("application/json")
        return json.load(answer)


@pytest.fixture(scope="module")
def signed_in(pool):
    name = pool.add_user(email="a@example.com", nickname="nick", phone_number="+15550101234")
    return name, pool.tokens(name)


def test_id_token(server, pool, signed_in):
    name, tokens = signed_in
    claims = pool.verified(tokens["IdToken"])
    assert claims.keys() == {
        "sub", "iss", "aud", "exp", "iat", "auth_time", "token_use", "cognito:username", "origin_jti", "jti",
        "event_id", "email", "email_verified", "phone_number", "phone_number_verified", "nickname"}
    assert claims["sub"] == pool.attributes_of(name)["sub"]
    assert claims["iss"] == f"{server.endpoint}/{pool.id}"
    assert claims["aud"] == pool.client_id
    assert claims["token_use"] == "id"
    assert claims["cognito:username"] == name
    assert claims["email"] == "a@example.com"
    assert claims["email_verified"] is False and claims["phone_number_verified"] is False
    assert all(is_uuid(claims[claim]) for claim in ("sub", "jti", "origin_jti", "event_id"))


def test_access_token(server, pool, signed_in):
    name, tokens = signed_in
    claims = pool.verified(tokens["AccessToken"])
    assert claims.keys() == {"sub", "iss", "client_id", "origin_jti", "event_id", "token_use", "scope", "auth_time",
                             "exp", "iat", "jti", "username"}
    assert claims["iss"] == f"{server.endpoint}/{pool.id}"
    assert claims["client_id"] == pool.client_id
    assert claims["token_use"] == "access"
    assert claims["scope"] == "aws.cognito.signin.user.admin"
    assert claims["username"] == name


def test_times(signed_in):
    for token in (signed_in[1]["IdToken"], signed_in[1]["AccessToken"]):
        claims = claims_of(token)
        assert all(type(claims[claim]) is int for claim in ("exp", "iat", "auth_time"))
        assert claims["exp"] - claims["iat"] == 3600
        assert abs(claims["iat"] - time.time()) < 60
        assert claims["auth_time"] == claims["iat"]


def test_both_tokens_are_of_one_sign_in(signed_in):
    first, second = (claims_of(signed_in[1][kind]) for kind in ("IdToken", "AccessToken"))
    for claim in ("sub", "origin_jti", "event_id", "auth_time", "iss"):
        assert first[claim] == second[claim]
    assert first["jti"] != second["jti"]


def test_headers_and_keys(pool, signed_in):
    keys = pool.keys()
    assert len(keys) == 2
    for key in keys.values():
        assert key.keys() == {"alg", "e", "kid", "kty", "n", "use"}
        assert (key["alg"], key["kty"], key["use"], key["e"]) == ("RS256", "RSA", "sig", "AQAB")
    headers = [header_of(signed_in[1][kind]) for kind in ("IdToken", "AccessToken")]
    assert all(header.keys() == {"kid", "alg"} and header["alg"] == "RS256" for header in headers)
    assert {header["kid"] for header in headers} == set(keys)


def test_refresh_token_is_opaque(signed_in):
    token = signed_in[1]["RefreshToken"]
    assert re.fullmatch(r"[A-Za-z0-9\-_=.]+", token)
    assert len(token.split(".")) != 3


def test_discovery(server, pool):
    document = fetch(server, f"/{pool.id}/.well-known/openid-configuration")
    assert document["issuer"] == f"{server.endpoint}/{pool.id}"
    assert document["jwks_uri"] == f"{server.endpoint}/{pool.id}/.well-known/jwks.json"
    assert document["id_token_signing_alg_values_supported"] == ["RS256"]
    assert document["response_types_supported"] == ["code", "token"]
    assert document["subject_types_supported"] == ["public"]
    assert document["token_endpoint_auth_methods_supported"] == ["client_secret_basic", "client_secret_post"]
    for name in ("authorization_endpoint", "end_session_endpoint", "revocation_endpoint", "token_endpoint",
                 "userinfo_endpoint"):
        assert document[name].startswith("http")


def test_documents_of_a_missing_pool(server):
    for name in ("openid-configuration", "jwks.json"):
        with pytest.raises(urllib.error.HTTPError) as raised:
            fetch(server, f"/us-east-1_AAAAAAAAA/.well-known/{name}")
        assert 400 <= raised.value.code < 500


def test_claims_are_those_that_the_client_may_read(make_pool):
    pool = make_pool(client={"ReadAttributes": ["nickname"]})
    claims = claims_of(pool.tokens(pool.add_user(email="a@example.com", nickname="nick"))["IdToken"])
    assert claims["nickname"] == "nick"
    assert "email" not in claims and "email_verified" not in claims


def test_custom_attributes_in_the_id_token(make_pool):
    pool = make_pool({"Schema": [{"Name": "size", "AttributeDataType": "Number", "Mutable": True}]})
    claims = claims_of(pool.tokens(pool.add_user(custom__size="7"))["IdToken"])
    assert claims["custom:size"] == "7"


VALIDITY = [
    ({"AccessTokenValidity": 5, "IdTokenValidity": 600,
      "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "seconds"}}, 300, 600),
    ({"AccessTokenValidity": 1, "IdTokenValidity": 1, "TokenValidityUnits": {"AccessToken": "days"}}, 86400, 3600),
    ({"AccessTokenValidity": 2, "IdTokenValidity": 3}, 7200, 10800),
]


@pytest.mark.parametrize("settings,access,identity", VALIDITY)
def test_validity(make_pool, settings, access, identity):
    pool = make_pool(client=settings)
    tokens = pool.tokens(pool.add_user())
    assert tokens["ExpiresIn"] == access
    for kind, seconds in (("AccessToken", access), ("IdToken", identity)):
        claims = claims_of(tokens[kind])
        assert claims["exp"] - claims["iat"] == seconds


# Refreshing

@pytest.mark.parametrize("flow", ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"])
def test_refresh(pool, flow):
    name = pool.add_user(nickname="before")
    old = pool.tokens(name)
    new = pool.initiate(flow, REFRESH_TOKEN=old["RefreshToken"])["AuthenticationResult"]
    assert new.keys() == {"AccessToken", "IdToken", "ExpiresIn", "TokenType"}
    for kind in ("AccessToken", "IdToken"):
        before, after = claims_of(old[kind]), pool.verified(new[kind])
        assert before.keys() == after.keys()
        for claim in ("sub", "origin_jti", "auth_time", "iss", "token_use"):
            assert before[claim] == after[claim]
        assert before["jti"] != after["jti"]
    assert pool.idp.get_user(AccessToken=new["AccessToken"])["Username"] == name


def test_refresh_by_administrators(pool):
    tokens = pool.tokens(pool.add_user())
    for flow in ("REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"):
        answer = pool.idp.admin_initiate_auth(UserPoolId=pool.id, ClientId=pool.client_id, AuthFlow=flow,
                                              AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]})
        assert answer["AuthenticationResult"]["AccessToken"]


def test_refresh_by_what_is_no_refresh_token(pool):
    tokens = pool.tokens(pool.add_user())
    for token in ("x", tokens["AccessToken"], tokens["RefreshToken"][:-1]):
        with refused("NotAuthorizedException", "Invalid Refresh Token"):
            pool.refresh(token)


def test_refresh_by_another_client(make_pool):
    pool = make_pool()
    token = pool.tokens(pool.add_user())["RefreshToken"]
    pool.use_client()
    with refused("NotAuthorizedException", "Invalid Refresh Token"):
        pool.refresh(token)


def test_get_tokens_from_refresh_token(server, pool):
    old = pool.tokens(pool.add_user())
    new = raw.call(server, "GetTokensFromRefreshToken", sign=False, ClientId=pool.client_id,
                   RefreshToken=old["RefreshToken"])["AuthenticationResult"]
    assert new.keys() == {"AccessToken", "IdToken", "ExpiresIn", "TokenType"}
    assert claims_of(new["IdToken"])["origin_jti"] == claims_of(old["IdToken"])["origin_jti"]


def test_get_tokens_with_the_plain_secret(server, make_pool):
    pool = make_pool(client={"GenerateSecret": True})
    token = pool.tokens(pool.add_user())["RefreshToken"]
    members = {"sign": False, "ClientId": pool.client_id, "RefreshToken": token}
    assert raw.call(server, "GetTokensFromRefreshToken", ClientSecret=pool.secret, **members)["AuthenticationResult"]
    for secret in ({}, {"ClientSecret": "x" * 40}):
        with refused("NotAuthorizedException"):
            raw.call(server, "GetTokensFromRefreshToken", **secret, **members)


def test_rotation(server, make_pool):
    pool = make_pool(client=ROTATING)

    def rotate(token):
        return raw.call(server, "GetTokensFromRefreshToken", sign=False, ClientId=pool.client_id,
                        RefreshToken=token)["AuthenticationResult"]

    first = pool.tokens(pool.add_user())
    second = rotate(first["RefreshToken"])
    assert second["RefreshToken"] != first["RefreshToken"]
    assert claims_of(second["AccessToken"])["origin_jti"] == claims_of(first["AccessToken"])["origin_jti"]
    assert rotate(second["RefreshToken"])["RefreshToken"] != second["RefreshToken"]
    with refused("RefreshTokenReuseException"):
        rotate(first["RefreshToken"])


def test_rotation_with_grace(server, make_pool):
    pool = make_pool(client={**ROTATING, "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 60}})
    token = pool.tokens(pool.add_user())["RefreshToken"]
    for _ in range(2):
        answer = raw.call(server, "GetTokensFromRefreshToken", sign=False, ClientId=pool.client_id, RefreshToken=token)
        assert answer["AuthenticationResult"]["RefreshToken"] != token


def test_rotation_refuses_the_refresh_flow(make_pool):
    pool = make_pool(client=ROTATING)
    with pytest.raises(ClientError) as raised:
        pool.refresh(pool.tokens(pool.add_user())["RefreshToken"])
    assert raised.value.response["Error"]["Code"] in ("InvalidParameterException", "NotAuthorizedException")


# Revocation and sign-out

def test_revoke(pool):
    name = pool.add_user()
    kept, dropped = pool.tokens(name), pool.tokens(name)
    refreshed = pool.refresh(dropped["RefreshToken"])
    pool.idp.revoke_token(Token=dropped["RefreshToken"], ClientId=pool.client_id)
    with refused("NotAuthorizedException", "Refresh Token has been revoked"):
        pool.refresh(dropped["RefreshToken"])
    for token in (dropped["AccessToken"], refreshed["AccessToken"]):
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            pool.idp.get_user(AccessToken=token)
    assert pool.refresh(kept["RefreshToken"])
    assert pool.idp.get_user(AccessToken=kept["AccessToken"])
    pool.idp.revoke_token(Token=dropped["RefreshToken"], ClientId=pool.client_id)


def test_revoke_what_is_no_refresh_token(pool):
    tokens = pool.tokens(pool.add_user())
    for kind in ("AccessToken", "IdToken"):
        with refused("UnsupportedTokenTypeException"):
            pool.idp.revoke_token(Token=tokens[kind], ClientId=pool.client_id)


def test_revoke_by_another_client(make_pool):
    pool = make_pool()
    tokens = pool.tokens(pool.add_user())
    first = pool.client_id
    other = pool.use_client()["ClientId"]
    with pytest.raises(ClientError) as raised:
        pool.idp.revoke_token(Token=tokens["RefreshToken"], ClientId=other)
    assert raised.value.response["Error"]["Code"] in ("UnauthorizedException", "NotAuthorizedException")
    pool.client_id = first
    assert pool.refresh(tokens["RefreshToken"])


def test_revoke_where_it_is_off(make_pool):
    pool = make_pool(client={"EnableTokenRevocation": False})
    tokens = pool.tokens(pool.add_user())
    access, identity = (claims_of(tokens[kind]) for kind in ("AccessToken", "IdToken"))
    assert "origin_jti" not in access and not {"origin_jti", "jti"} & identity.keys()
    assert is_uuid(access["jti"])
    with refused("UnsupportedOperationException"):
        pool.idp.revoke_token(Token=tokens["RefreshToken"], ClientId=pool.client_id)


def test_revoke_with_the_secret(make_pool):
    pool = make_pool(client={"GenerateSecret": True})
    name = pool.add_user()
    token = pool.tokens(name)["RefreshToken"]
    for secret in ({}, {"ClientSecret": "x" * 40}):
        with pytest.raises(ClientError) as raised:
            pool.idp.revoke_token(Token=token, ClientId=pool.client_id, **secret)
        assert raised.value.response["Error"]["Code"] in ("UnauthorizedException", "NotAuthorizedException")
    pool.idp.revoke_token(Token=token, ClientId=pool.client_id, ClientSecret=pool.secret)
    with refused("NotAuthorizedException", "Refresh Token has been revoked"):
        pool.refresh(token, name)


def test_global_sign_out(pool):
    name = pool.add_user()
    first, second = pool.tokens(name), pool.tokens(name)
    other = pool.tokens(pool.add_user())
    pool.idp.global_sign_out(AccessToken=first["AccessToken"])
    for tokens in (first, second):
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            pool.idp.get_user(AccessToken=tokens["AccessToken"])
        with refused("NotAuthorizedException", "Refresh Token has been revoked"):
            pool.refresh(tokens["RefreshToken"])
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        pool.idp.global_sign_out(AccessToken=first["AccessToken"])
    assert pool.idp.get_user(AccessToken=other["AccessToken"])
    assert pool.idp.get_user(AccessToken=pool.tokens(name)["AccessToken"])


def test_tokens_still_verify_elsewhere_after_sign_out(pool):
    tokens = pool.tokens(pool.add_user())
    pool.idp.global_sign_out(AccessToken=tokens["AccessToken"])
    assert pool.verified(tokens["AccessToken"])["token_use"] == "access"
