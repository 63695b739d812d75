# SPDX-License-Identifier: Apache-2.0
"""CreateGroup, GetGroup, UpdateGroup, DeleteGroup, ListGroups; who is in groups: AdminAddUserToGroup,
AdminRemoveUserFromGroup, AdminListGroupsForUser, ListUsersInGroup; and what groups say in tokens."""

import datetime
import re

import pytest

import raw
from cognito import attributes, refused

ROLE = "arn:aws:iam::123456789012:role/"
NOT_FOUND = "Group not found."
NO_POOL = "us-east-1_AAAAAAAAA"


def group(pool, name):
    return {"UserPoolId": pool.id, "GroupName": name}


def add(pool, *names, **members):
    for name in names:
        pool.idp.create_group(**group(pool, name), **members)


def names_of(groups):
    return [one["GroupName"] for one in groups]


def join(pool, username, *names):
    for name in names:
        pool.idp.admin_add_user_to_group(**group(pool, name), Username=username)


def leave(pool, username, name):
    pool.idp.admin_remove_user_from_group(**group(pool, name), Username=username)


def groups_of(pool, username, **members):
    return pool.idp.admin_list_groups_for_user(UserPoolId=pool.id, Username=username, **members)["Groups"]


def members_of(pool, name, **members):
    return pool.idp.list_users_in_group(**group(pool, name), **members)["Users"]


def test_create_and_get(pool):
    before = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=1)
    members = {"Description": "those who read", "RoleArn": ROLE + "reader", "Precedence": 0}
    created = pool.idp.create_group(**group(pool, "readers"), **members)["Group"]
    assert {key: created[key] for key in members} == members
    assert (created["GroupName"], created["UserPoolId"]) == ("readers", pool.id)
    assert before <= created["CreationDate"] == created["LastModifiedDate"]
    assert pool.idp.get_group(**group(pool, "readers"))["Group"] == created


def test_what_is_not_said_is_not_shown(server, pool):
    add(pool, "silent")
    shown = raw.call(server, "GetGroup", **group(pool, "silent"))["Group"]
    assert shown.keys() == {"GroupName", "UserPoolId", "CreationDate", "LastModifiedDate"}
    assert abs(shown["CreationDate"] - datetime.datetime.now().timestamp()) < 60


@pytest.mark.parametrize("name", ["a/b", "a%2Fb", "..", "a:b", "Größe", "群", "x" * 128, "'\"\\"])
def test_names(pool, name):
    add(pool, name)
    assert pool.idp.get_group(**group(pool, name))["Group"]["GroupName"] == name
    pool.idp.delete_group(**group(pool, name))


def test_names_have_their_case(make_pool):
    pool = make_pool({"UsernameConfiguration": {"CaseSensitive": False}})
    add(pool, "crew", "Crew")
    with refused("ResourceNotFoundException", NOT_FOUND):
        pool.idp.get_group(**group(pool, "CREW"))


def test_a_name_is_taken_once(pool, make_pool):
    add(pool, "twin")
    with refused("GroupExistsException", "A group with the name already exists."):
        add(pool, "twin", Precedence=1)
    add(make_pool(), "twin")


def test_update_keeps_what_it_does_not_name(pool):
    members = {"Description": "d", "RoleArn": ROLE + "r", "Precedence": 7}
    created = pool.idp.create_group(**group(pool, "changing"), **members)["Group"]
    for change in ({"Precedence": 0}, {"Description": ""}, {"RoleArn": ROLE + "s"}, {}):
        members |= change
        updated = pool.idp.update_group(**group(pool, "changing"), **change)["Group"]
        assert {key: updated[key] for key in members} == members
        assert updated["CreationDate"] == created["CreationDate"] <= updated["LastModifiedDate"]
        assert pool.idp.get_group(**group(pool, "changing"))["Group"] == updated


def test_delete(pool):
    add(pool, "gone", Description="old")
    pool.idp.delete_group(**group(pool, "gone"))
    for call in (pool.idp.get_group, pool.idp.update_group, pool.idp.delete_group):
        with refused("ResourceNotFoundException", NOT_FOUND):
            call(**group(pool, "gone"))
    add(pool, "gone")
    assert "Description" not in pool.idp.get_group(**group(pool, "gone"))["Group"]


def test_pages(make_pool):
    pool = make_pool()
    add(pool, "e", "B", "c", "a/", "d")
    pages = list(pool.idp.get_paginator("list_groups").paginate(UserPoolId=pool.id, PaginationConfig={"PageSize": 2}))
    assert [names_of(page["Groups"]) for page in pages] == [["B", "a/"], ["c", "d"], ["e"]]
    assert "NextToken" not in pages[-1]
    whole = pool.idp.list_groups(UserPoolId=pool.id)["Groups"]
    assert [one for page in pages for one in page["Groups"]] == whole
    assert pool.idp.list_groups(UserPoolId=pool.id, Limit=0)["Groups"] == whole
    assert whole[0] == pool.idp.get_group(**group(pool, "B"))["Group"]


def test_a_page_is_not_moved_by_what_is_added_or_taken(make_pool):
    pool = make_pool()
    add(pool, "b", "d", "f")
    first = pool.idp.list_groups(UserPoolId=pool.id, Limit=2)
    pool.idp.delete_group(**group(pool, "d"))
    add(pool, "a", "e")
    rest = pool.idp.list_groups(UserPoolId=pool.id, NextToken=first["NextToken"])
    assert names_of(rest["Groups"]) == ["e", "f"]


def test_tokens_are_good_for_their_pool(make_pool):
    pool, other = make_pool(), make_pool()
    for each in (pool, other):
        add(each, "a", "b")
    token = pool.idp.list_groups(UserPoolId=pool.id, Limit=1)["NextToken"]
    for bad in (token + "A", "not-a-token"):
        with refused("InvalidParameterException", "Invalid pagination token."):
            pool.idp.list_groups(UserPoolId=pool.id, NextToken=bad)
    with refused("InvalidParameterException", "Invalid pagination token."):
        other.idp.list_groups(UserPoolId=other.id, NextToken=token)


def test_missing_pool(idp):
    one = {"UserPoolId": NO_POOL, "GroupName": "g"}
    for call in (idp.create_group, idp.get_group, idp.update_group, idp.delete_group):
        with refused("ResourceNotFoundException", f"User pool {NO_POOL} does not exist."):
            call(**one)
    with refused("ResourceNotFoundException", f"User pool {NO_POOL} does not exist."):
        idp.list_groups(UserPoolId=NO_POOL)


def test_groups_go_with_their_pool(make_pool):
    pool = make_pool()
    add(pool, "a")
    pool.idp.delete_user_pool(UserPoolId=pool.id)
    with refused("ResourceNotFoundException", f"User pool {pool.id} does not exist."):
        pool.idp.get_group(**group(pool, "a"))


def test_a_pool_has_10000_groups_at_most(server, make_pool):
    """One that is told to have all but one; how groups are counted is for tests/unit."""
    pool = make_pool()
    server.database.execute(f"UPDATE user_pool SET group_count = 9999 WHERE id = '{pool.id}'")
    add(pool, "last")
    with refused("LimitExceededException", "A user pool can have at most 10000 groups."):
        add(pool, "more")
    pool.idp.delete_group(**group(pool, "last"))
    add(pool, "more")


BAD_MEMBERS = [
    ("no name", {"GroupName": None}), ("empty name", {"GroupName": ""}), ("name too long", {"GroupName": "x" * 129}),
    ("space in the name", {"GroupName": "a b"}), ("control character in the name", {"GroupName": "a\n"}),
    ("negative precedence", {"Precedence": -1}), ("description too long", {"Description": "x" * 2049}),
    ("role that is no ARN", {"RoleArn": "role/reader-of-all-things"}), ("short role", {"RoleArn": "arn:a:b::1:c"}),
]


@pytest.mark.parametrize("operation", ["CreateGroup", "UpdateGroup"])
@pytest.mark.parametrize("members", [row[1] for row in BAD_MEMBERS], ids=[row[0] for row in BAD_MEMBERS])
def test_model_constraints(server, pool, operation, members):
    with refused("InvalidParameterException") as raised:
        raw.call(server, operation, **{**group(pool, "bad"), **members})
    assert re.match(r"\d validation errors? detected: Value ", raised.value.response["Error"]["Message"])


def test_precedence_is_an_integer_of_32_bits(server, pool):
    add(pool, "low", Precedence=2**31 - 1)
    assert pool.idp.get_group(**group(pool, "low"))["Group"]["Precedence"] == 2**31 - 1
    with refused("SerializationException"):
        raw.call(server, "CreateGroup", **group(pool, "lower"), Precedence=2**31)


def test_limit_of_lists(server, pool):
    for limit in (-1, 61):
        with refused("InvalidParameterException"):
            raw.call(server, "ListGroups", UserPoolId=pool.id, Limit=limit)


# Members

def test_join_and_leave(pool):
    add(pool, "red", "blue/green", Precedence=3)
    one, other = pool.invite(), pool.invite()
    assert groups_of(pool, one) == members_of(pool, "red") == []
    join(pool, one, "red", "blue/green")
    join(pool, other, "red")
    assert groups_of(pool, one) == [pool.idp.get_group(**group(pool, name))["Group"] for name in ("blue/green", "red")]
    assert {user["Username"] for user in members_of(pool, "red")} == {one, other}
    assert [user["Username"] for user in members_of(pool, "blue/green")] == [one]
    leave(pool, one, "red")
    assert names_of(groups_of(pool, one)) == ["blue/green"]
    assert [user["Username"] for user in members_of(pool, "red")] == [other]


def test_joining_and_leaving_twice(pool):
    add(pool, "again")
    name = pool.invite()
    for _ in range(2):
        join(pool, name, "again")
        assert len(members_of(pool, "again")) == 1
    for _ in range(2):
        leave(pool, name, "again")
        assert members_of(pool, "again") == []


def test_members_by_any_of_their_names(make_pool):
    pool = make_pool({"UsernameAttributes": ["email"]})
    add(pool, "all")
    sub = {one["Name"]: one["Value"] for one in pool.idp.admin_create_user(
        UserPoolId=pool.id, Username="a@example.com", MessageAction="SUPPRESS")["User"]["Attributes"]}["sub"]
    join(pool, "a@example.com", "all")
    assert names_of(groups_of(pool, sub)) == ["all"]
    leave(pool, sub, "all")
    assert groups_of(pool, "a@example.com") == []


def test_members_are_shown_as_users(pool):
    add(pool, "shown")
    name = pool.invite(UserAttributes=attributes(email="shown@example.com"))
    join(pool, name, "shown")
    listed = pool.idp.list_users(UserPoolId=pool.id, Filter=f'username = "{name}"')["Users"]
    assert members_of(pool, "shown") == listed


def test_what_is_deleted_is_in_no_group(pool):
    add(pool, "short")
    one, other = pool.invite(), pool.invite()
    for name in (one, other):
        join(pool, name, "short")
    pool.idp.admin_delete_user(UserPoolId=pool.id, Username=other)
    assert [user["Username"] for user in members_of(pool, "short")] == [one]
    pool.idp.delete_group(**group(pool, "short"))
    assert groups_of(pool, one) == []
    add(pool, "short")
    assert groups_of(pool, one) == members_of(pool, "short") == []


@pytest.fixture(scope="module")
def crew(make_pool):
    """Five members, all in the group "crew" and some in others."""
    pool = make_pool()
    add(pool, "crew", "e", "B", "c", "a/", "d", "empty")
    for number in range(5):
        join(pool, pool.invite(f"user-{number}"), "crew")
    join(pool, "user-0", "e", "B", "c", "a/", "d")
    return pool


MISSING = [
    (call, members, error, message)
    for members, error, message, calls in [
        ({"UserPoolId": NO_POOL}, "ResourceNotFoundException", f"User pool {NO_POOL} does not exist.",
         ("add_user_to", "remove_user_from", "list_groups_for", "list_users_in")),
        ({"Username": "nobody"}, "UserNotFoundException", "User does not exist.",
         ("add_user_to", "remove_user_from", "list_groups_for")),
        ({"GroupName": "nothing"}, "ResourceNotFoundException", NOT_FOUND,
         ("add_user_to", "remove_user_from", "list_users_in"))]
    for call in calls]


@pytest.mark.parametrize("call,members,error,message", MISSING)
def test_missing(crew, call, members, error, message):
    calls = {
        "add_user_to": (crew.idp.admin_add_user_to_group, {"GroupName": "crew", "Username": "user-0"}),
        "remove_user_from": (crew.idp.admin_remove_user_from_group, {"GroupName": "crew", "Username": "user-0"}),
        "list_groups_for": (crew.idp.admin_list_groups_for_user, {"Username": "user-0"}),
        "list_users_in": (crew.idp.list_users_in_group, {"GroupName": "crew"}),
    }
    run, whole = calls[call]
    with refused(error, message):
        run(**{"UserPoolId": crew.id, **whole, **members})


def test_pages_of_members(crew):
    pages = list(crew.idp.get_paginator("list_users_in_group").paginate(
        **group(crew, "crew"), PaginationConfig={"PageSize": 2}))
    assert [len(page["Users"]) for page in pages] == [2, 2, 1]
    assert "NextToken" not in pages[-1]
    assert {user["Username"] for page in pages for user in page["Users"]} == {f"user-{i}" for i in range(5)}
    assert members_of(crew, "crew", Limit=0) == members_of(crew, "crew", Limit=60) == [
        user for page in pages for user in page["Users"]]


def test_pages_of_groups(crew):
    pages = list(crew.idp.get_paginator("admin_list_groups_for_user").paginate(
        UserPoolId=crew.id, Username="user-0", PaginationConfig={"PageSize": 4}))
    assert [names_of(page["Groups"]) for page in pages] == [["B", "a/", "c", "crew"], ["d", "e"]]
    assert "NextToken" not in pages[-1]
    assert groups_of(crew, "user-0", Limit=0) == [one for page in pages for one in page["Groups"]]


def test_members_come_and_go_between_pages(make_pool):
    pool = make_pool()
    add(pool, "crew")
    subs = {}
    for name in "abcd":
        join(pool, pool.invite(name), "crew")
        subs[pool.attributes_of(name)["sub"]] = name
    in_order = [subs[sub] for sub in sorted(subs)]
    first = pool.idp.list_users_in_group(**group(pool, "crew"), Limit=2)
    for gone in in_order[1:3]:
        leave(pool, gone, "crew")
    rest = members_of(pool, "crew", NextToken=first["NextToken"])
    assert [user["Username"] for user in first["Users"] + rest] == in_order[:2] + in_order[3:]


def test_tokens_of_members_are_good_for_their_list(crew):
    of_group = crew.idp.list_users_in_group(**group(crew, "crew"), Limit=1)["NextToken"]
    of_user = crew.idp.admin_list_groups_for_user(UserPoolId=crew.id, Username="user-0", Limit=1)["NextToken"]
    for token in (of_user, "not-a-token"):
        with refused("InvalidParameterException", "Invalid pagination token."):
            members_of(crew, "crew", NextToken=token)
    with refused("InvalidParameterException", "Invalid pagination token."):
        members_of(crew, "e", NextToken=of_group)
    for name, token in (("user-0", of_group), ("user-1", of_user), ("user-0", "not-a-token")):
        with refused("InvalidParameterException", "Invalid pagination token."):
            groups_of(crew, name, NextToken=token)


def test_limits_of_lists_of_members(server, crew):
    for limit in (-1, 61):
        with refused("InvalidParameterException"):
            raw.call(server, "ListUsersInGroup", **group(crew, "crew"), Limit=limit)
        with refused("InvalidParameterException"):
            raw.call(server, "AdminListGroupsForUser", UserPoolId=crew.id, Username="user-0", Limit=limit)


def test_a_user_is_in_100_groups_at_most(make_pool):
    pool = make_pool()
    names = [f"group-{number:03}" for number in range(101)]
    add(pool, *names)
    name = pool.invite()
    join(pool, name, *names[:100])
    with refused("LimitExceededException", "A user can be in at most 100 groups."):
        join(pool, name, names[100])
    join(pool, name, names[99])
    leave(pool, name, names[0])
    join(pool, name, names[100])
    pages = list(pool.idp.get_paginator("admin_list_groups_for_user").paginate(UserPoolId=pool.id, Username=name))
    assert [names_of(page["Groups"]) for page in pages] == [names[1:61], names[61:]]


def test_groups_over_rest(server, pool):
    """A name may have a '/'; in a path it is %2F."""
    group = {"UserPoolId": pool.id, "GroupName": "over/rest"}
    member = {"UserPoolId": pool.id, "Username": pool.invite()}
    created = raw.rest(server, "CreateGroup", **group, Precedence=1)["Group"]
    assert raw.rest(server, "GetGroup", **group)["Group"] == created
    assert raw.rest(server, "UpdateGroup", **group, Precedence=2)["Group"]["Precedence"] == 2
    assert raw.rest(server, "AdminAddUserToGroup", **group | member) == {}
    assert names_of(raw.rest(server, "AdminListGroupsForUser", **member, Limit=1)["Groups"]) == ["over/rest"]
    members = raw.rest(server, "ListUsersInGroup", **group)["Users"]
    assert [user["Username"] for user in members] == [member["Username"]]
    assert raw.rest(server, "AdminRemoveUserFromGroup", **group | member) == {}
    assert raw.rest(server, "DeleteGroup", **group) == {}
    assert "over/rest" not in names_of(raw.rest(server, "ListGroups", UserPoolId=pool.id)["Groups"])


# Tokens

def claims_of_both(pool, tokens):
    return pool.verified(tokens["IdToken"]), pool.verified(tokens["AccessToken"])


@pytest.fixture(scope="module")
def ranked(make_pool):
    """Groups whose names say their precedence and role."""
    pool = make_pool()
    for name in ("0-", "1-r", "1-s", "2-r", "3-t", "none-r", "none-s", "none-"):
        precedence, role = name.split("-")
        members = {"Precedence": int(precedence)} if precedence != "none" else {}
        add(pool, name, **members, **({"RoleArn": ROLE + role} if role else {}))
    return pool


PREFERENCES = [
    # groups joined, cognito:groups, cognito:roles, cognito:preferred_role
    (["2-r"], ["2-r"], "r", "r"),
    (["none-r"], ["none-r"], "r", "r"),
    (["none-", "0-"], ["0-", "none-"], "", None),
    (["none-s", "3-t", "2-r"], ["2-r", "3-t", "none-s"], "rts", "r"),
    (["1-s", "1-r"], ["1-r", "1-s"], "rs", None),
    (["none-r", "none-s"], ["none-r", "none-s"], "rs", None),
    (["2-r", "none-r"], ["2-r", "none-r"], "r", "r"),
    (["1-r", "2-r", "none-s"], ["1-r", "2-r", "none-s"], "rs", "r"),
    (["0-", "3-t", "none-s"], ["0-", "3-t", "none-s"], "ts", "t"),
]


@pytest.mark.parametrize("joined,groups,roles,preferred", PREFERENCES)
def test_claims(ranked, joined, groups, roles, preferred):
    name = ranked.add_user()
    join(ranked, name, *joined)
    identity, access = claims_of_both(ranked, ranked.tokens(name))
    assert identity["cognito:groups"] == access["cognito:groups"] == groups
    assert identity.get("cognito:roles", []) == [ROLE + role for role in roles]
    assert identity.get("cognito:preferred_role") == (preferred and ROLE + preferred)
    assert not {"cognito:roles", "cognito:preferred_role"} & access.keys()


def test_no_claims_without_groups(ranked):
    for claims in claims_of_both(ranked, ranked.tokens(ranked.add_user())):
        assert not {"cognito:groups", "cognito:roles", "cognito:preferred_role"} & claims.keys()


def test_every_way_to_sign_in_has_the_claims(ranked):
    name, invited = ranked.add_user(), ranked.invite()
    for user in (name, invited):
        join(ranked, user, "2-r")
    challenge = ranked.sign_in(invited, "Temp0rary!")
    for tokens in (ranked.sign_in_by_srp(name), ranked.respond(
            challenge["ChallengeName"], {"USERNAME": invited, "NEW_PASSWORD": "Passw0rd!"}, challenge["Session"])):
        for claims in claims_of_both(ranked, tokens["AuthenticationResult"]):
            assert claims["cognito:groups"] == ["2-r"]


def test_a_refresh_has_the_groups_of_its_time(server, make_pool):
    pool = make_pool()
    add(pool, "first", "second", RoleArn=ROLE + "r")
    name = pool.add_user()
    token = pool.tokens(name)["RefreshToken"]

    def refreshed():
        by_flow = pool.refresh(token)
        by_name = raw.call(server, "GetTokensFromRefreshToken", sign=False, ClientId=pool.client_id,
                           RefreshToken=token)["AuthenticationResult"]
        claims = [*claims_of_both(pool, by_flow), *claims_of_both(pool, by_name)]
        found = [one.get("cognito:groups") for one in claims]
        assert found == found[:1] * 4
        return claims[0]

    assert "cognito:groups" not in refreshed()
    join(pool, name, "second")
    assert refreshed()["cognito:groups"] == ["second"]
    join(pool, name, "first")
    assert refreshed()["cognito:groups"] == ["first", "second"]
    pool.idp.update_group(**group(pool, "second"), Precedence=0, RoleArn=ROLE + "s")
    claims = refreshed()
    assert claims["cognito:groups"] == ["second", "first"]
    assert claims["cognito:preferred_role"] == ROLE + "s"
    leave(pool, name, "first")
    assert refreshed()["cognito:groups"] == ["second"]
    pool.idp.delete_group(**group(pool, "second"))
    assert not {"cognito:groups", "cognito:roles", "cognito:preferred_role"} & refreshed().keys()


def test_tokens_of_a_user_in_100_groups(make_pool):
    pool = make_pool()
    names = [f"{number:03}-" + "群" * 124 for number in range(100)]
    name = pool.add_user()
    for one in names:
        add(pool, one, RoleArn=ROLE + one[:3])
        join(pool, name, one)
    tokens = pool.tokens(name)
    identity, access = claims_of_both(pool, tokens)
    assert identity["cognito:groups"] == access["cognito:groups"] == names
    assert identity["cognito:roles"] == [ROLE + one[:3] for one in names]
    assert pool.idp.get_user(AccessToken=tokens["AccessToken"])["Username"] == name
