# SPDX-License-Identifier: Apache-2.0
"""CreateGroup, GetGroup, UpdateGroup, DeleteGroup, ListGroups."""

import contextlib
import datetime
import re
import sqlite3

import pytest

import raw
from cognito import refused

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
    database = sqlite3.connect(server.data / "poolwarden.db", timeout=30)
    with contextlib.closing(database), database:
        database.execute("UPDATE user_pool SET group_count = 9999 WHERE id = ?", (pool.id,))
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
