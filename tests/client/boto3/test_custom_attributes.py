# SPDX-License-Identifier: Apache-2.0
"""AddCustomAttributes."""

import threading

import pytest

import raw
from cognito import attributes, claims_of, connect, new_name, refused

NO_POOL = "us-east-1_AAAAAAAAA"


def text(name, **members):
    return {"Name": name, "AttributeDataType": "String", **members}


def add(pool, *added):
    pool.idp.add_custom_attributes(UserPoolId=pool.id, CustomAttributes=list(added))


def schema_of(pool):
    listed = pool.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["SchemaAttributes"]
    return {attribute["Name"]: attribute for attribute in listed}


ADDED = [
    (text("colour"), {"Name": "custom:colour", "AttributeDataType": "String", "DeveloperOnlyAttribute": False,
                      "Mutable": False, "Required": False, "StringAttributeConstraints": {}}),
    (text("shade", Mutable=True, Required=False, StringAttributeConstraints={"MinLength": "1", "MaxLength": "5"}),
     {"Name": "custom:shade", "AttributeDataType": "String", "DeveloperOnlyAttribute": False, "Mutable": True,
      "Required": False, "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "5"}}),
    ({"Name": "size", "AttributeDataType": "Number", "NumberAttributeConstraints": {"MinValue": "-1", "MaxValue": "9"}},
     {"Name": "custom:size", "AttributeDataType": "Number", "DeveloperOnlyAttribute": False, "Mutable": False,
      "Required": False, "NumberAttributeConstraints": {"MinValue": "-1", "MaxValue": "9"}}),
    ({"Name": "day", "AttributeDataType": "DateTime"},
     {"Name": "custom:day", "AttributeDataType": "DateTime", "DeveloperOnlyAttribute": False, "Mutable": False,
      "Required": False}),
    ({"Name": "note", "AttributeDataType": "Boolean", "DeveloperOnlyAttribute": True, "Mutable": True},
     {"Name": "dev:custom:note", "AttributeDataType": "Boolean", "DeveloperOnlyAttribute": True, "Mutable": True,
      "Required": False}),
    (text("email"), {"Name": "custom:email", "AttributeDataType": "String", "DeveloperOnlyAttribute": False,
                     "Mutable": False, "Required": False, "StringAttributeConstraints": {}}),
    (text("custom:x"), {"Name": "custom:custom:x", "AttributeDataType": "String", "DeveloperOnlyAttribute": False,
                        "Mutable": False, "Required": False, "StringAttributeConstraints": {}}),
]


def test_added(make_pool):
    pool = make_pool({"Schema": [text("old", Mutable=True)]})
    before = schema_of(pool)
    add(pool, *(given for given, _ in ADDED[:4]))
    add(pool, *(given for given, _ in ADDED[4:]))
    after = schema_of(pool)
    assert after == before | {shown["Name"]: shown for _, shown in ADDED}
    assert list(after)[:len(before)] == list(before)


def test_users_may_have_them_from_then_on(make_pool):
    pool = make_pool()
    old = pool.add_user(nickname="old")
    before = pool.attributes_of(old)
    with refused("InvalidParameterException"):
        pool.sign_up(new_name(), custom__colour="red")
    add(pool, text("colour", Mutable=True, StringAttributeConstraints={"MaxLength": "4"}))
    assert pool.attributes_of(old) == before
    assert pool.tokens(old)
    pool.idp.admin_update_user_attributes(UserPoolId=pool.id, Username=old,
                                          UserAttributes=attributes(custom__colour="red"))
    new = pool.add_user(custom__colour="blue")
    for name, colour in ((old, "red"), (new, "blue")):
        assert pool.attributes_of(name)["custom:colour"] == colour
        assert claims_of(pool.tokens(name)["IdToken"])["custom:colour"] == colour
    with refused("InvalidParameterException"):
        pool.sign_up(new_name(), custom__colour="yellow")


def test_an_update_keeps_them(make_pool):
    pool = make_pool()
    add(pool, text("colour"))
    pool.idp.update_user_pool(UserPoolId=pool.id, AutoVerifiedAttributes=["email"])
    assert "custom:colour" in schema_of(pool)


REFUSED = [
    ("there already", [text("old")], "custom:old: Existing attribute already has name custom:old."),
    ("of another type", [{"Name": "old", "AttributeDataType": "Number"}],
     "custom:old: Existing attribute already has name custom:old."),
    ("for developers", [text("old", DeveloperOnlyAttribute=True)],
     "custom:old: Existing attribute already has name custom:old."),
    ("one of two", [text("new"), text("old")], "custom:old: Existing attribute already has name custom:old."),
    ("twice", [text("new"), text("new")], "Schema attribute new is given more than once."),
    ("required", [text("new", Required=True)], "Required custom attributes are not supported currently."),
    ("no type", [{"Name": "new"}],
     "Invalid AttributeDataType input, consider using the provided AttributeDataType enum."),
    ("no name", [{"AttributeDataType": "String"}], "A schema attribute has no name."),
    ("no numbers", [text("new", StringAttributeConstraints={"MaxLength": "many"})],
     "Constraints of attribute custom:new must be numbers."),
    ("minimum past the maximum", [text("new", StringAttributeConstraints={"MinLength": "9", "MaxLength": "8"})],
     "The minimum of attribute custom:new cannot be greater than its maximum."),
]


@pytest.fixture(scope="module")
def full_of_old(make_pool):
    return make_pool({"Schema": [text("old")]})


@pytest.mark.parametrize("added,message", [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused(full_of_old, added, message):
    """Nothing is added when one of them is wrong."""
    with refused("InvalidParameterException", message):
        add(full_of_old, *added)
    assert {name for name in schema_of(full_of_old) if ":" in name} == {"custom:old"}


def test_50_at_most(make_pool):
    pool = make_pool({"Schema": [text(f"old{number}") for number in range(24)]})
    add(pool, *(text(f"new{number}") for number in range(25)))
    with refused("InvalidParameterException", "A user pool can have at most 50 custom attributes."):
        add(pool, text("a"), text("b"))
    add(pool, text("last"))
    with refused("InvalidParameterException", "A user pool can have at most 50 custom attributes."):
        add(pool, text("more"))
    assert len([name for name in schema_of(pool) if name.startswith("custom:")]) == 50


MODEL_REFUSED = [
    ("none", []), ("26", [text(f"a{number}") for number in range(26)]), ("empty name", [text("")]),
    ("long name", [text("x" * 21)]), ("space in the name", [text("a b")]),
    ("unknown type", [{"Name": "a", "AttributeDataType": "Colour"}]), ("no list", None),
]


@pytest.mark.parametrize("added", [row[1] for row in MODEL_REFUSED], ids=[row[0] for row in MODEL_REFUSED])
def test_model_constraints(server, full_of_old, added):
    with refused("InvalidParameterException") as raised:
        raw.call(server, "AddCustomAttributes", UserPoolId=full_of_old.id, CustomAttributes=added)
    assert " detected: Value " in raised.value.response["Error"]["Message"]


def test_missing_pool(idp):
    with refused("ResourceNotFoundException", f"User pool {NO_POOL} does not exist."):
        idp.add_custom_attributes(UserPoolId=NO_POOL, CustomAttributes=[text("a")])


def test_many_at_the_same_time(server, make_pool):
    """Nobody's attribute gets lost, and nobody is asked to try again."""
    pool = make_pool()
    failures = []

    def run(writer):
        idp = connect(server)
        try:
            for number in range(5):
                idp.add_custom_attributes(UserPoolId=pool.id, CustomAttributes=[text(f"a{writer}-{number}")])
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert {name for name in schema_of(pool) if ":" in name} == {
        f"custom:a{writer}-{number}" for writer in range(8) for number in range(5)}


def test_over_rest(server, make_pool):
    pool = make_pool()
    assert raw.rest(server, "AddCustomAttributes", UserPoolId=pool.id, CustomAttributes=[text("colour")]) == {}
    assert "custom:colour" in schema_of(pool)
