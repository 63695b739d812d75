# SPDX-License-Identifier: Apache-2.0
"""The sign-ins of a user as an administrator sees them: from where, when, until when, and the end of one."""

import datetime

import pytest

import raw
from cognito import ALL_FLOWS, PASSWORD, claims_of, refused
from server import wait_for

DAY = 24 * 3600


def sessions(pool, user, **members):
    return raw.rest(pool.server, "ListUserSessions", UserPoolId=pool.id, Username=user, **members)


def end(pool, user, session):
    return raw.rest(pool.server, "EndUserSession", UserPoolId=pool.id, Username=user, SessionId=session)


def test_shows_sign_ins(pool):
    user = pool.add_user()
    assert sessions(pool, user) == {"Sessions": []}
    began = datetime.datetime.now().timestamp()
    tokens = pool.tokens(user)
    [session] = sessions(pool, user)["Sessions"]
    assert session["SessionId"] == claims_of(tokens["AccessToken"])["event_id"]
    assert session["ClientId"] == pool.client_id
    assert session["ClientAddress"] == "127.0.0.1"
    assert "Boto3" in session["UserAgent"]
    assert began - 1 < session["SignInDate"] < began + 60
    assert session["ExpirationDate"] == pytest.approx(session["SignInDate"] + 30 * DAY)
    assert "LastRefreshDate" not in session


def test_the_newest_comes_first_and_pages_follow(pool):
    user = pool.add_user()
    ids = [claims_of(pool.tokens(user)["AccessToken"])["event_id"] for _ in range(3)][::-1]
    first = sessions(pool, user, MaxResults=2)
    assert [session["SessionId"] for session in first["Sessions"]] == ids[:2]
    rest = sessions(pool, user, MaxResults=2, NextToken=first["NextToken"])
    assert [session["SessionId"] for session in rest["Sessions"]] == ids[2:]
    assert "NextToken" not in rest


@pytest.mark.parametrize("client", [
    {}, {"RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
         "ExplicitAuthFlows": [flow for flow in ALL_FLOWS if "REFRESH" not in flow]}])
def test_the_last_refresh_shows(make_pool, client):
    pool = make_pool(client=client)
    user = pool.add_user()
    token = pool.tokens(user)["RefreshToken"]
    raw.call(pool.server, "GetTokensFromRefreshToken", sign=False, ClientId=pool.client_id, RefreshToken=token)
    [session] = wait_for(lambda: [session for session in sessions(pool, user)["Sessions"]
                                  if "LastRefreshDate" in session], "a refresh to show")
    assert session["LastRefreshDate"] >= session["SignInDate"]


def test_a_refresh_is_not_forgotten_when_the_server_stops(make_pool, server):
    pool = make_pool()
    user = pool.add_user()
    pool.refresh(pool.tokens(user)["RefreshToken"])
    server.restart()
    assert "LastRefreshDate" in sessions(pool, user)["Sessions"][0]


def test_an_administrator_tells_where_the_user_is(pool):
    user = pool.add_user()
    headers = [{"headerName": "user-agent", "headerValue": "Phone/1"}, {"headerName": "Accept", "headerValue": "*/*"}]
    pool.idp.admin_initiate_auth(
        UserPoolId=pool.id, ClientId=pool.client_id, AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": user, "PASSWORD": PASSWORD},
        ContextData={"IpAddress": "198.51.100.9", "ServerName": "s", "ServerPath": "/", "HttpHeaders": headers})
    [session] = sessions(pool, user)["Sessions"]
    assert (session["ClientAddress"], session["UserAgent"]) == ("198.51.100.9", "Phone/1")


def test_one_ends_and_the_others_go_on(pool):
    user = pool.add_user()
    lost, kept = pool.tokens(user), pool.tokens(user)
    end(pool, user, claims_of(lost["AccessToken"])["event_id"])
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        pool.idp.get_user(AccessToken=lost["AccessToken"])
    with refused("NotAuthorizedException", "Refresh Token has been revoked"):
        pool.refresh(lost["RefreshToken"])
    pool.idp.get_user(AccessToken=kept["AccessToken"])
    assert [session["SessionId"] for session in sessions(pool, user)["Sessions"]] == [
        claims_of(kept["AccessToken"])["event_id"]]
    end(pool, user, claims_of(lost["AccessToken"])["event_id"])


def test_what_ends_all_ends_these(pool):
    user = pool.add_user()
    pool.tokens(user)
    pool.idp.admin_user_global_sign_out(UserPoolId=pool.id, Username=user)
    assert sessions(pool, user)["Sessions"] == []
    pool.idp.revoke_token(ClientId=pool.client_id, Token=pool.tokens(user)["RefreshToken"])
    assert sessions(pool, user)["Sessions"] == []


def test_refusals(pool, make_pool):
    user, other = pool.add_user(), pool.add_user()
    session = claims_of(pool.tokens(other)["AccessToken"])["event_id"]
    for name in (session, "00000000-0000-4000-8000-000000000000"):
        with refused("ResourceNotFoundException", "Session does not exist."):
            end(pool, user, name)
    for call in (lambda name: sessions(pool, name), lambda name: end(pool, name, session)):
        with refused("UserNotFoundException", "User does not exist."):
            call("nobody")
    nowhere = type(pool).__new__(type(pool))
    nowhere.server, nowhere.id = pool.server, "us-east-1_Nowhere00"
    for call in (lambda: sessions(nowhere, user), lambda: end(nowhere, user, session)):
        with refused("ResourceNotFoundException", "User pool us-east-1_Nowhere00 does not exist."):
            call()
    with refused("InvalidParameterException", "Invalid pagination token."):
        sessions(pool, user, NextToken="x")
    with refused("InvalidParameterException"):
        end(pool, user, "NO-SESSION")
    with refused("InvalidParameterException"):
        sessions(pool, user, MaxResults=61)
