# SPDX-License-Identifier: Apache-2.0
"""ListUsers: filters, attributes, pages."""

import pytest

from cognito import as_dict, attributes, refused


@pytest.fixture(scope="module")
def people(make_pool):
    pool = make_pool()
    for number in range(7):
        pool.invite(f"user-{number}", UserAttributes=attributes(
            email=f"mail{number}@example.com", given_name="even" if number % 2 == 0 else "odd",
            family_name=f"O'Neil \"{number}\"", phone_number=f"+1555010000{number}", name=f"N {number}",
            preferred_username=f"p{number}"))
    pool.add_user("confirmed")
    return pool


def names(people, **members):
    listed = people.idp.list_users(UserPoolId=people.id, **members)["Users"]
    return {user["Username"] for user in listed}


def test_all(people):
    users = people.idp.list_users(UserPoolId=people.id)["Users"]
    assert {user["Username"] for user in users} == {f"user-{i}" for i in range(7)} | {"confirmed"}
    user = next(user for user in users if user["Username"] == "user-3")
    assert user["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    assert user["Enabled"] is True
    assert user["UserCreateDate"] <= user["UserLastModifiedDate"]
    assert as_dict(user["Attributes"])["email"] == "mail3@example.com"


FILTERS = [
    ('username = "user-2"', {2}), ('username ^= "user-"', set(range(7))), ('username = "user"', set()),
    ('email = "mail4@example.com"', {4}), ('email ^= "mail4"', {4}), ('email ^= "mail"', set(range(7))),
    ('phone_number = "+15550100005"', {5}), ('phone_number ^= "+1555"', set(range(7))),
    ('given_name = "even"', {0, 2, 4, 6}), ('given_name ^= "o"', {1, 3, 5}),
    ('name = "N 1"', {1}), ('name ^= "N "', set(range(7))),
    ('family_name = "O\'Neil \\"6\\""', {6}),
    ('preferred_username = "p0"', {0}),
    ('cognito:user_status = "FORCE_CHANGE_PASSWORD"', set(range(7))),
    ('status = "Disabled"', set()),
    ('email="mail4@example.com"', {4}),
    ('given_name = "%"', set()), ('given_name ^= "%"', set()), ('given_name ^= "_"', set()),
]


@pytest.mark.parametrize("text,expected", FILTERS)
def test_filter(people, text, expected):
    assert names(people, Filter=text) == {f"user-{number}" for number in expected}


def test_filter_by_status(people):
    for status in ("CONFIRMED", "confirmed", "Confirmed"):
        assert names(people, Filter=f'cognito:user_status = "{status}"') == {"confirmed"}
    assert names(people, Filter='cognito:user_status = "CONFIRM"') == set()
    assert len(names(people, Filter='status = "Enabled"')) == 8


def test_filter_by_sub(people):
    sub = people.attributes_of("user-1")["sub"]
    assert names(people, Filter=f'sub = "{sub}"') == {"user-1"}


BAD_FILTERS = ["email", "email = ", 'email = x', 'email = "x', 'email > "x"', 'custom:size = "1"', 'nickname = "x"',
               'email = "a" and name = "b"', '= "x"']


@pytest.mark.parametrize("text", BAD_FILTERS)
def test_bad_filter(people, text):
    with refused("InvalidParameterException"):
        names(people, Filter=text)


def test_attributes_to_get(people):
    for user in people.idp.list_users(UserPoolId=people.id, AttributesToGet=["email"],
                                      Filter='username ^= "user-"')["Users"]:
        assert as_dict(user["Attributes"]).keys() == {"email"}


def test_pages(people):
    pages = list(people.idp.get_paginator("list_users").paginate(
        UserPoolId=people.id, PaginationConfig={"PageSize": 3}))
    assert [len(page["Users"]) for page in pages] == [3, 3, 2]
    assert "PaginationToken" not in pages[-1]
    assert len({user["Username"] for page in pages for user in page["Users"]}) == 8


def test_pages_of_a_filter(people):
    pages = list(people.idp.get_paginator("list_users").paginate(
        UserPoolId=people.id, Filter='given_name = "even"', PaginationConfig={"PageSize": 2}))
    assert [len(page["Users"]) for page in pages if page["Users"]] == [2, 2]


def test_a_page_is_not_moved_by_what_is_added_or_taken(make_pool):
    pool = make_pool()
    for name in ("a", "b", "c", "d"):
        pool.invite(name)
    first = pool.idp.list_users(UserPoolId=pool.id, Limit=2)
    seen = [user["Username"] for user in first["Users"]]
    pool.idp.admin_delete_user(UserPoolId=pool.id, Username=seen[0])
    rest = pool.idp.list_users(UserPoolId=pool.id, PaginationToken=first["PaginationToken"])["Users"]
    assert sorted(seen + [user["Username"] for user in rest]) == ["a", "b", "c", "d"]


def test_bad_token(people):
    with refused("InvalidParameterException"):
        people.idp.list_users(UserPoolId=people.id, PaginationToken="not-a-token")


def test_limit(people):
    assert len(names(people, Limit=1)) == 1
    with refused("InvalidParameterException"):
        names(people, Limit=61)


def test_missing_pool(idp):
    with refused("ResourceNotFoundException", "User pool us-east-1_AAAAAAAAA does not exist."):
        idp.list_users(UserPoolId="us-east-1_AAAAAAAAA")
