# SPDX-License-Identifier: Apache-2.0
"""The audit trail: who did what, from where, with what outcome; and what attackers would like it to say, or not to."""

import http.client
import json
import time

import pytest
from botocore.exceptions import ClientError

import raw
import spec
from cognito import PASSWORD, attributes, claims_of, connect, new_name, refused
from server import Server, wait_for

NOBODY = "00000000-0000-4000-8000-000000000000"


def events(pool, **members):
    """All pages, the newest first."""
    found, members = [], {"UserPoolId": pool.id, **members}
    while True:
        page = raw.rest(pool.server, "ListAuditEvents", **members)
        found += page["Events"]
        if "NextToken" not in page:
            return found
        members["NextToken"] = page["NextToken"]


def sub_of(pool, user):
    return pool.attributes_of(user)["sub"]


def signed_call(pool, operation, body, headers, sign=True):
    """A call with headers that no SDK would send; its status, None where the server hung up while it was being sent."""
    connection = http.client.HTTPConnection("127.0.0.1", pool.server.port)
    request = raw.urllib.request.Request(pool.server.endpoint + "/", json.dumps(body).encode(), {
        "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": spec.BY_NAME[operation].target})
    if sign:
        request = raw.signed(pool.server, request)
    connection.putrequest("POST", "/", skip_accept_encoding=True)
    for name, value in [*request.header_items(), ("Content-Length", str(len(request.data))), *headers]:
        if name != "Content-length":
            connection.putheader(name, value)
    try:
        connection.endheaders(request.data)
        answer = connection.getresponse()
        answer.read()
    except ConnectionError:
        return None
    finally:
        connection.close()
    return answer.status


def wrong_sign_in(pool, user, headers):
    status = signed_call(pool, "InitiateAuth", {
        "ClientId": pool.client_id, "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": user, "PASSWORD": "wrong"}}, headers, sign=False)
    assert status == 400


def test_administrators(make_pool):
    pool = make_pool()
    began = time.time()
    user = pool.add_user()
    sub = sub_of(pool, user)
    pool.idp.admin_disable_user(UserPoolId=pool.id, Username=user)
    [event] = events(pool, Operation="AdminDisableUser")
    assert began - 1 < event.pop("EventDate") < time.time() + 1
    assert len(event.pop("EventId")) == 36 and len(event.pop("RequestId")) == 36
    assert event.pop("UserAgent").startswith("Boto3/")
    assert event == {"Operation": "AdminDisableUser", "Actor": "ADMINISTRATOR", "AccessKeyId": pool.server.key_id,
                     "UserPoolId": pool.id, "UserSub": sub, "Outcome": "Pass", "ClientAddress": "127.0.0.1", "Count": 1}
    with refused("UserNotFoundException"):
        pool.idp.admin_disable_user(UserPoolId=pool.id, Username="nobody")
    failed = events(pool, Operation="AdminDisableUser", Outcome="Fail")
    assert [event["Error"] for event in failed] == ["UserNotFoundException"]


def test_the_trail_outlives_users_and_pools(make_pool):
    pool = make_pool()
    user = pool.add_user()
    sub = sub_of(pool, user)
    pool.idp.admin_delete_user(UserPoolId=pool.id, Username=user)
    pool.idp.delete_user_pool(UserPoolId=pool.id)
    assert [event["Operation"] for event in events(pool, UserSub=sub)] == [
        "AdminDeleteUser", "AdminConfirmSignUp", "SignUp"]
    assert [event["Operation"] for event in events(pool)][-2:] == ["CreateUserPoolClient", "CreateUserPool"]
    assert events(pool)[-2]["ClientId"] == pool.client_id


def test_reading_leaves_no_row_but_where_it_discloses(make_pool):
    pool = make_pool(client={"GenerateSecret": True})
    user = pool.invite()
    before = len(events(pool))
    pool.get(user)
    pool.idp.list_users(UserPoolId=pool.id)
    pool.idp.describe_user_pool(UserPoolId=pool.id)
    with refused("UserNotFoundException"):
        pool.get("nobody")
    assert len(events(pool)) == before
    pool.idp.describe_user_pool_client(UserPoolId=pool.id, ClientId=pool.client_id)
    raw.rest(pool.server, "ListUserSessions", UserPoolId=pool.id, Username=user)
    assert [event["Operation"] for event in events(pool)][:2] == ["ListUserSessions", "DescribeUserPoolClient"]
    # Who has looked into the trail, too.
    assert raw.rest(pool.server, "ListAuditEvents", Operation="ListAuditEvents")["Events"]


def test_sign_ins(make_pool):
    pool = make_pool()
    user = pool.add_user()
    sub = sub_of(pool, user)
    tokens = pool.tokens(user)
    pool.sign_in_by_srp(user)
    pool.refresh(tokens["RefreshToken"])
    with refused("NotAuthorizedException"):
        pool.tokens(user, "Wr0ng!password")
    pool.idp.global_sign_out(AccessToken=tokens["AccessToken"])
    told = [(event["Operation"], event["Actor"], event["Outcome"], event.get("Error"), event["ClientId"])
            for event in events(pool, UserSub=sub)[:4]]
    assert told == [
        ("GlobalSignOut", "USER", "Pass", None, pool.client_id),
        ("InitiateAuth", "ANONYMOUS", "Fail", "NotAuthorizedException", pool.client_id),
        ("RespondToAuthChallenge", "USER", "Pass", None, pool.client_id),
        ("InitiateAuth", "USER", "Pass", None, pool.client_id)]


def test_a_challenge_is_progress(make_pool):
    pool = make_pool()
    user = pool.invite()
    challenge = pool.sign_in(user, "Temp0rary!")
    pool.respond("NEW_PASSWORD_REQUIRED", {"USERNAME": user, "NEW_PASSWORD": PASSWORD}, challenge["Session"])
    told = [(event["Operation"], event["Outcome"]) for event in events(pool, UserSub=sub_of(pool, user), Actor="USER")]
    assert told == [("RespondToAuthChallenge", "Pass"), ("InitiateAuth", "InProgress")]


@pytest.mark.parametrize("hiding", ["ENABLED", "LEGACY"])
def test_unknown_users_are_told_without_their_names(make_pool, hiding):
    """Passwords are often typed where the name belongs."""
    pool, secret = make_pool(client={"PreventUserExistenceErrors": hiding}), f"hunter2-{new_name()}"
    with pytest.raises(ClientError):
        pool.tokens(secret, "x")
    [event] = events(pool, Outcome="Fail")
    assert "UserSub" not in event
    for row in all_rows(pool.server):
        assert secret not in row


def all_rows(server):
    return [str(row) for row in server.database.execute("SELECT * FROM audit_event")]


def test_no_secret_is_in_a_row(make_pool):
    pool = make_pool(client={"GenerateSecret": True})
    user = pool.add_user(password="Very$ecret1")
    tokens = pool.tokens(user, "Very$ecret1")
    pool.idp.change_password(AccessToken=tokens["AccessToken"], PreviousPassword="Very$ecret1",
                             ProposedPassword="Also$ecret2")
    pool.idp.admin_update_user_attributes(UserPoolId=pool.id, Username=user,
                                          UserAttributes=attributes(nickname="Nick$1"))
    with refused("NotAuthorizedException"):
        pool.tokens(user, "Wrong$ecret3")
    text = "\n".join(all_rows(pool.server))
    for secret in ("ecret1", "ecret2", "ecret3", "Nick$1", pool.secret, tokens["AccessToken"], tokens["RefreshToken"],
                   pool.server.secret, user):
        assert secret not in text, secret
    assert "ChangePassword" in text


@pytest.mark.parametrize("agent, shown", [
    (b"a\tb", "a?b"), ("\u009b2J".encode(), "?2J"),
    ("caf\u00e9 \u202egpj".encode(), "caf\u00e9 ?gpj"), ("\u2028event=sign_in".encode(), "?event=sign_in"),
    (b"'; DROP TABLE audit_event; --", "'; DROP TABLE audit_event; --"), (b'","Outcome":"Pass', '","Outcome":"Pass'),
    (b"\xff\xfe", None), (b"a" * 4000, "a" * 256)])
def test_user_agents_inject_nothing(make_pool, agent, shown):
    pool = make_pool()
    wrong_sign_in(pool, "nobody", [("User-Agent", agent)])
    [event] = events(pool, Outcome="Fail")
    assert event.get("UserAgent") == shown


@pytest.mark.parametrize("name", ["a'b", 'a"b', "a\u202eb", "a;event=audit", "%s%n%n", "x" * 128])
def test_user_names_inject_nothing(make_pool, name):
    pool = make_pool()
    wrong_sign_in(pool, name, [])
    [event] = events(pool, Outcome="Fail")
    assert name not in json.dumps(event, ensure_ascii=False)


@pytest.mark.parametrize("agent", [b"\x1b[2J", b"x\x7f"])
def test_no_header_has_control_characters(make_pool, agent):
    pool = make_pool()
    wrong_sign_in(pool, "nobody", [("User-Agent", agent)])
    assert events(pool, Outcome="Fail") == []


def test_an_oversized_header_is_refused_and_leaves_nothing(make_pool):
    pool = make_pool()
    before = len(events(pool))
    body = {"UserPoolId": pool.id, "Username": "x"}
    status = signed_call(pool, "AdminDisableUser", body, [("User-Agent", b"a" * 100000)])
    assert status in (431, None)
    assert len(events(pool)) == before


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Client-IP", "True-Client-IP"])
def test_forged_addresses_are_not_believed(make_pool, header):
    pool = make_pool()
    wrong_sign_in(pool, "nobody", [(header, "203.0.113.66")])
    assert [event["ClientAddress"] for event in events(pool, Outcome="Fail")] == ["127.0.0.1"]


def test_only_administrators_may_look(make_pool):
    pool = make_pool()
    token = pool.tokens(pool.add_user())["AccessToken"]
    operation = spec.BY_NAME["ListAuditEvents"]
    for headers in ({}, {"Authorization": f"Bearer {token}"}, {"Authorization": token}):
        for url, body in ((f"/admin/v1{operation.path}", None), ("/", json.dumps({"AccessToken": token}).encode())):
            request = raw.urllib.request.Request(pool.server.endpoint + url, body, {
                "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": operation.target, **headers})
            with pytest.raises(ClientError) as raised:
                raw.answer_to(operation, request)
            assert raised.value.response["Error"]["Code"] in (
                "MissingAuthenticationTokenException", "IncompleteSignatureException")


def test_wrong_keys_are_told(make_pool, server):
    pool = make_pool()
    mark = time.time() - 1
    with refused("InvalidSignatureException"):
        connect(server, aws_secret_access_key="x" * 40).admin_disable_user(UserPoolId=pool.id, Username="x")
    with refused("UnrecognizedClientException"):
        connect(server, aws_access_key_id="AKIAPASTEDSECRET").admin_disable_user(UserPoolId=pool.id, Username="x")
    page = raw.rest(server, "ListAuditEvents", Outcome="Fail", Actor="ANONYMOUS", Operation="AdminDisableUser",
                    From=f"{mark:.3f}")
    told = [(event["Error"], event.get("AccessKeyId")) for event in page["Events"]]
    # Who knows what somebody has pasted where a key belongs.
    assert told == [("UnrecognizedClientException", None), ("InvalidSignatureException", server.key_id)]


def test_pages(make_pool):
    pool = make_pool()
    for _ in range(5):
        pool.invite()
    everything = events(pool)
    members, found = {"UserPoolId": pool.id, "MaxResults": 3}, []
    for call in (raw.rest, raw.call, raw.rest):
        page = call(pool.server, "ListAuditEvents", **members)
        found += page["Events"]
        if "NextToken" not in page:
            break
        members["NextToken"] = page["NextToken"]
        pool.invite()
    assert found == everything and len(found) == 7
    first = everything[0]["EventDate"]
    assert events(pool, Before=everything[3]["EventDate"], From=everything[-1]["EventDate"]) == everything[4:]
    assert first in [event["EventDate"] for event in events(pool, From=first)]
    with refused("InvalidParameterException", "Invalid pagination token."):
        raw.call(pool.server, "ListAuditEvents", UserPoolId=pool.id, NextToken=members.get("NextToken", "x"),
                 Operation="SignUp")
    for members in ({"MaxResults": 0}, {"MaxResults": 61}, {"Outcome": "pass"}, {"Actor": "ROOT"}, {"UserSub": "X"}):
        with refused("InvalidParameterException"):
            raw.call(pool.server, "ListAuditEvents", **members)


def test_a_flood_is_counted(make_pool):
    """Neither the disk nor the list fills; nothing goes without being counted."""
    pool, flood = make_pool(), 60
    for number in range(flood):
        with refused("UserNotFoundException"):
            pool.tokens(f"nobody{number}", "x")
    assert len(events(pool, Outcome="Fail")) < flood / 2
    pool.server.restart()
    failed = events(pool, Outcome="Fail")
    assert sum(event["Count"] for event in failed) == flood
    assert len(failed) < flood / 2
    assert all(event["Count"] == 1 or "RequestId" not in event for event in failed)


def test_a_crash_loses_no_event_of_a_change(make_pool):
    pool = make_pool()
    user = pool.add_user()
    event_id = claims_of(pool.tokens(user)["AccessToken"])["event_id"]
    pool.server.kill()
    pool.server.restart()
    assert [event["Operation"] for event in events(pool)][:2] == ["InitiateAuth", "AdminConfirmSignUp"]
    assert [session["SessionId"] for session in raw.rest(
        pool.server, "ListUserSessions", UserPoolId=pool.id, Username=user)["Sessions"]] == [event_id]


def test_without_a_trail_there_is_none():
    with Server("--audit-days", "0") as server:
        raw.call(server, "CreateUserPool", PoolName="p")
        assert raw.call(server, "ListAuditEvents")["Events"] == []


def test_old_events_go():
    with Server() as server:
        raw.call(server, "CreateUserPool", PoolName="p")
        [event] = raw.call(server, "ListAuditEvents")["Events"]
        server.stop()
        old = (int(event["EventDate"] * 1000) - 91 * 24 * 3600 * 1000).to_bytes(6, "big") + bytes(10)
        server.database.execute("INSERT INTO audit_event (id, operation, actor, outcome, count) "
                                f"VALUES ({server.database.blob(old)}, 'Old', 'USER', 'Pass', 1)")
        server.start()
        wait_for(lambda: not any("'Old'" in row for row in all_rows(server)), "the old event to go")
        assert any("CreateUserPool" in row for row in all_rows(server))
