# SPDX-License-Identifier: Apache-2.0
"""Attributes and passwords against what the pool asks of them."""

import pytest

from cognito import new_name, refused


@pytest.fixture(scope="module")
def strict(make_pool):
    return make_pool({"Schema": [
        {"Name": "email", "AttributeDataType": "String", "Required": True, "Mutable": True},
        {"Name": "colour", "AttributeDataType": "String",
         "StringAttributeConstraints": {"MinLength": "3", "MaxLength": "5"}},
        {"Name": "size", "AttributeDataType": "Number",
         "NumberAttributeConstraints": {"MinValue": "1", "MaxValue": "9"}},
        {"Name": "day", "AttributeDataType": "DateTime"},
        {"Name": "yes", "AttributeDataType": "Boolean"},
        {"Name": "note", "AttributeDataType": "String", "DeveloperOnlyAttribute": True},
    ]})


def test_good_values(strict):
    values = {"email": "a@example.com", "custom__colour": "blue", "custom__size": "7",
              "custom__day": "2025-02-04T09:05:03Z", "custom__yes": "true"}
    kept = strict.attributes_of(strict.add_user(**values))
    for name, value in values.items():
        assert kept[name.replace("__", ":")] == value


def test_required(strict):
    with refused("InvalidParameterException",
                 "Attributes did not conform to the schema: email: The attribute is required"):
        strict.sign_up(new_name())


BAD_VALUES = [
    ("too short", {"custom__colour": "ab"}), ("too long", {"custom__colour": "purple"}),
    ("too small", {"custom__size": "0"}), ("too big", {"custom__size": "10"}), ("no number", {"custom__size": "seven"}),
    ("no boolean", {"custom__yes": "perhaps"}),
    ("no such custom attribute", {"custom__none": "x"}), ("no such attribute", {"height": "x"}),
    ("longer than 2048", {"nickname": "x" * 2049}), ("no date", {"birthdate": "4 Feb 2025"}),
    ("no address", {"email": "nowhere"}), ("no number of a phone", {"phone_number": "0155 55"}),
]


@pytest.mark.parametrize("values", [row[1] for row in BAD_VALUES], ids=[row[0] for row in BAD_VALUES])
def test_bad_values(strict, values):
    with refused("InvalidParameterException"):
        strict.sign_up(new_name(), **{"email": "a@example.com", **values})


def test_admin_sets_developer_attributes(strict):
    name = strict.invite(UserAttributes=[{"Name": "email", "Value": "a@example.com"},
                                         {"Name": "dev:custom:note", "Value": "hidden"}])
    assert strict.attributes_of(name)["dev:custom:note"] == "hidden"


def test_users_do_not_set_developer_attributes(strict):
    with refused("NotAuthorizedException"):
        strict.idp.sign_up(ClientId=strict.client_id, Username=new_name(), Password="Passw0rd!", UserAttributes=[
            {"Name": "email", "Value": "a@example.com"}, {"Name": "dev:custom:note", "Value": "x"}])


def test_schema_is_shown(strict):
    schema = strict.idp.describe_user_pool(UserPoolId=strict.id)["UserPool"]["SchemaAttributes"]
    shown = {attribute["Name"]: attribute for attribute in schema}
    assert shown["email"]["Required"] is True
    assert shown["custom:colour"]["StringAttributeConstraints"] == {"MinLength": "3", "MaxLength": "5"}
    assert shown["custom:size"]["NumberAttributeConstraints"] == {"MinValue": "1", "MaxValue": "9"}
    assert shown["dev:custom:note"]["DeveloperOnlyAttribute"] is True
    assert shown["sub"]["Mutable"] is False


BAD_PASSWORDS = [
    ("Aa1!aaa", "Password not long enough"),
    ("passw0rd!", "Password must have uppercase characters"),
    ("PASSW0RD!", "Password must have lowercase characters"),
    ("Password!", "Password must have numeric characters"),
    ("Passw0rds", "Password must have symbol characters"),
]


@pytest.mark.parametrize("password,reason", BAD_PASSWORDS)
def test_password_policy(pool, password, reason):
    message = f"Password did not conform with policy: {reason}"
    with refused("InvalidPasswordException", message):
        pool.sign_up(new_name(), password)
    name = pool.add_user()
    with refused("InvalidPasswordException", message):
        pool.idp.admin_set_user_password(UserPoolId=pool.id, Username=name, Password=password, Permanent=True)
    with refused("InvalidPasswordException", message):
        pool.invite(password=password)


def test_lenient_policy(make_pool):
    pool = make_pool({"Policies": {"PasswordPolicy": {
        "MinimumLength": 6, "RequireUppercase": False, "RequireLowercase": False, "RequireNumbers": False,
        "RequireSymbols": False}}})
    assert pool.sign_in(pool.add_user(password="simple"), "simple")["AuthenticationResult"]
    with refused("InvalidPasswordException", "Password did not conform with policy: Password not long enough"):
        pool.sign_up(new_name(), "short")


@pytest.mark.parametrize("password", ["Grün3s Häuschen", "пароль-Пароль-1", "🐟🐟🐟🐟Aa1!", "A" * 128 + "a1!" + "b" * 125])
def test_passwords_of_all_letters(pool, password):
    name = pool.add_user(password=password)
    assert pool.sign_in(name, password)["AuthenticationResult"]
    assert pool.sign_in_by_srp(name, password)["AuthenticationResult"]
