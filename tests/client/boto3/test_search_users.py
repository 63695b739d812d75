# SPDX-License-Identifier: Apache-2.0
"""Searching users by several conditions, over both protocols; needles that would like to be more than text."""

import random

import pytest

import raw
from cognito import attributes, new_name, refused

TEAM = {"Schema": [{"Name": "team", "AttributeDataType": "String", "Mutable": True}]}
NASTY = ["100%", "a_b", "back\\slash", "it's", 'say "x"', "'; DROP TABLE pool_user; --", "%", "_", "*", "[a-z]", "\t",
         "\u00c9va", "\u4e2d\u6587", "\U0001f600", "e\u0301", "$1", ":pool_id"]


def search(pool, conditions=(), call=raw.rest, **members):
    """All pages: the names of users, and how many were examined."""
    members |= {"UserPoolId": pool.id, "Conditions": [
        {"Name": name, "Operator": operator, **({} if value is None else {"Value": value})}
        for name, operator, value in conditions]}
    names, examined = [], 0
    while True:
        page = call(pool.server, "SearchUsers", **members)
        assert page["Count"] == len(page["Users"])
        names += [user["Username"] for user in page["Users"]]
        examined += page["ExaminedCount"]
        if "NextToken" not in page:
            return names, examined
        members["NextToken"] = page["NextToken"]


def names_of(*arguments, **members):
    return sorted(search(*arguments, **members)[0])


@pytest.fixture(scope="module")
def people(make_pool):
    pool = make_pool(TEAM)
    for name, team, email in [("ann", "red", "ann@example.com"), ("Anna", "blue", "anna@example.org"),
                              ("bob", "red", "bob@example.com"), ("zoe", None, None)]:
        given = {**({"custom:team": team} if team else {}), **({"email": email} if email else {})}
        pool.invite(name, UserAttributes=[{"Name": key, "Value": value} for key, value in given.items()])
    pool.idp.create_group(UserPoolId=pool.id, GroupName="staff")
    for name in ("ann", "zoe"):
        pool.idp.admin_add_user_to_group(UserPoolId=pool.id, GroupName="staff", Username=name)
    pool.idp.admin_disable_user(UserPoolId=pool.id, Username="bob")
    pool.idp.admin_set_user_password(UserPoolId=pool.id, Username="Anna", Password="Passw0rd!", Permanent=True)
    return pool


@pytest.mark.parametrize("call", [raw.rest, raw.call])
@pytest.mark.parametrize("conditions, members, found", [
    ([], {}, ["Anna", "ann", "bob", "zoe"]),
    ([("username", "EQUALS", "ann")], {}, ["ann"]),
    ([("username", "STARTS_WITH", "an")], {}, ["ann"]),
    ([("username", "CONTAINS", "NN")], {}, ["Anna", "ann"]),
    ([("custom:team", "EQUALS", "red")], {}, ["ann", "bob"]),
    ([("custom:team", "EQUALS", "red"), ("email", "CONTAINS", "OB@")], {}, ["bob"]),
    ([("email", "CONTAINS", "example."), ("email", "STARTS_WITH", "ann"), ("custom:team", "EQUALS", "blue")], {},
     ["Anna"]),
    ([("email", "EXISTS", None)], {}, ["Anna", "ann", "bob"]),
    ([("email", "ABSENT", None)], {}, ["zoe"]),
    ([("email", "EXISTS", None), ("email", "ABSENT", None)], {}, []),
    ([], {"GroupName": "staff"}, ["ann", "zoe"]),
    ([("custom:team", "EXISTS", None)], {"GroupName": "staff"}, ["ann"]),
    ([], {"Enabled": False}, ["bob"]),
    ([], {"Status": "CONFIRMED"}, ["Anna"]),
    ([], {"Status": "FORCE_CHANGE_PASSWORD", "Enabled": True}, ["ann", "zoe"]),
    ([], {"CreatedFrom": 0, "CreatedBefore": 4000000000.5}, ["Anna", "ann", "bob", "zoe"]),
    ([], {"CreatedBefore": 1}, []), ([], {"ModifiedFrom": 4000000000}, []),
])
def test_conditions(people, call, conditions, members, found):
    assert names_of(people, conditions, call=call, **members) == found


def test_a_user_is_shown_as_it_is(people):
    [user] = raw.rest(people.server, "SearchUsers", UserPoolId=people.id, Conditions=[
        {"Name": "username", "Operator": "EQUALS", "Value": "ann"}])["Users"]
    shown = people.get("ann")
    assert user.pop("CreationDate") == pytest.approx(shown["UserCreateDate"].timestamp(), abs=0.001)
    assert user.pop("ModificationDate") == pytest.approx(shown["UserLastModifiedDate"].timestamp(), abs=0.001)
    assert user == {"Username": "ann", "UserSub": people.attributes_of("ann")["sub"],
                    "Attributes": shown["UserAttributes"], "Status": "FORCE_CHANGE_PASSWORD", "Enabled": True}


def test_counting(people):
    answer = raw.rest(people.server, "SearchUsers", UserPoolId=people.id, Select="COUNT", MaxResults=1)
    assert answer == {"Users": [], "Count": 4, "ExaminedCount": 4}


@pytest.fixture(scope="module")
def nasty(make_pool):
    pool = make_pool(TEAM)
    for number, value in enumerate(NASTY):
        pool.invite(f"nasty{number}", UserAttributes=attributes(nickname=f"<{value}>"))
    return pool


@pytest.mark.parametrize("operator", ["EQUALS", "STARTS_WITH", "CONTAINS"])
@pytest.mark.parametrize("number", range(len(NASTY)))
def test_needles_are_text(nasty, number, operator):
    needle = {"EQUALS": f"<{NASTY[number]}>", "STARTS_WITH": f"<{NASTY[number]}", "CONTAINS": NASTY[number]}[operator]
    fits = {"EQUALS": str.__eq__, "STARTS_WITH": str.startswith,
            "CONTAINS": lambda text, part: part.casefold() in text.casefold()}[operator]
    wanted = sorted(f"nasty{other}" for other, value in enumerate(NASTY) if fits(f"<{value}>", needle))
    assert f"nasty{number}" in wanted
    assert names_of(nasty, [("nickname", operator, needle)]) == wanted


def test_long_needles(make_pool):
    pool = make_pool()
    value = "x" * 999 + "y"
    pool.invite("long", UserAttributes=attributes(nickname=value * 2))
    for needle, found in ((value, ["long"]), (value * 2, ["long"]), ("x" * 1000, []), ("y" + "x" * 999, ["long"])):
        assert names_of(pool, [("nickname", "CONTAINS", needle)]) == found
    with refused("InvalidParameterException"):
        search(pool, [("nickname", "CONTAINS", "x" * 2049)])


def test_pages_while_users_come_and_go(make_pool):
    """Who stays comes once."""
    pool = make_pool()
    chance = random.Random(7)
    stay, leave = ([f"{kind}{number}" for number in range(9)] for kind in ("stay", "leave"))
    for name in stay + leave:
        pool.invite(name, UserAttributes=attributes(nickname=chance.choice("abc")))
    members = {"UserPoolId": pool.id, "MaxResults": 4,
               "Conditions": [{"Name": "nickname", "Operator": "EXISTS"}, {"Name": "username", "Operator": "CONTAINS",
                                                                         "Value": "A"}]}
    found = []
    while True:
        page = raw.call(pool.server, "SearchUsers", **members)
        found += [user["Username"] for user in page["Users"]]
        if "NextToken" not in page:
            break
        members["NextToken"] = page["NextToken"]
        pool.idp.admin_delete_user(UserPoolId=pool.id, Username=leave.pop())
        pool.invite(f"came-{new_name()}", UserAttributes=attributes(nickname="b"))
    assert len(set(found)) == len(found)
    assert set(stay) <= set(found)


def test_refusals(people, make_pool):
    condition = {"Name": "email", "Operator": "EXISTS"}
    for members in ({"Conditions": [condition] * 11}, {"Conditions": [{"Name": "email"}]},
                    {"Conditions": [{"Name": "custom:none", "Operator": "EXISTS"}]},
                    {"Conditions": [{**condition, "Operator": "LIKE"}]}, {"Conditions": [{**condition, "Value": "x"}]},
                    {"Conditions": [{"Name": "email", "Operator": "EQUALS"}]}, {"MaxResults": 61}, {"MaxResults": 0},
                    {"Status": "confirmed"}, {"Select": "ALL"}, {"NextToken": "x"}):
        with refused("InvalidParameterException"):
            raw.rest(people.server, "SearchUsers", UserPoolId=people.id, **members)
    with refused("ResourceNotFoundException", "Group not found."):
        search(people, GroupName="nobodies")
    with refused("SerializationException"):
        search(people, [("email", "EQUALS", "a\0b")])
    page = raw.call(people.server, "SearchUsers", UserPoolId=people.id, MaxResults=1)
    with refused("InvalidParameterException", "Invalid pagination token."):
        raw.call(people.server, "SearchUsers", UserPoolId=people.id, Enabled=True, NextToken=page["NextToken"])


def test_case_is_what_the_pool_takes_it_for(make_pool):
    pool = make_pool({"UsernameConfiguration": {"CaseSensitive": False}})
    pool.invite("Ann")
    for operator, value in (("EQUALS", "aNN"), ("STARTS_WITH", "AN"), ("CONTAINS", "nN")):
        assert names_of(pool, [("username", operator, value)]) == ["Ann"]
