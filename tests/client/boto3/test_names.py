# SPDX-License-Identifier: Apache-2.0
"""What a user may be called by: user names, aliases, addresses as names, and the case of letters."""

import uuid

import pytest

from cognito import attributes, claims_of, new_name, refused


@pytest.fixture(scope="module")
def alias_pool(make_pool):
    return make_pool({"AliasAttributes": ["email", "phone_number", "preferred_username"],
                      "AutoVerifiedAttributes": ["email"]})


@pytest.fixture(scope="module")
def address_pool(make_pool):
    return make_pool({"UsernameAttributes": ["email", "phone_number"],
                      "AutoVerifiedAttributes": ["email", "phone_number"]})


def new_address():
    return f"{new_name()}@example.com"


def confirmed_by_mail(server, pool, name, address):
    pool.sign_up(name, email=address)
    pool.confirm(name, server.await_mail(address).code)


def test_verified_email_is_an_alias(server, alias_pool):
    name, address = new_name(), new_address()
    confirmed_by_mail(server, alias_pool, name, address)
    for called in (name, address):
        claims = claims_of(alias_pool.tokens(called)["IdToken"])
        assert claims["cognito:username"] == name
        assert claims_of(alias_pool.sign_in_by_srp(called)["AuthenticationResult"]["AccessToken"])["username"] == name


def test_unverified_email_is_no_alias(alias_pool):
    name, address = new_name(), new_address()
    alias_pool.add_user(name, email=address)
    with refused("UserNotFoundException", "User does not exist."):
        alias_pool.sign_in(address)
    assert alias_pool.sign_in(name)["AuthenticationResult"]


def test_preferred_username_is_an_alias(alias_pool):
    name = new_name()
    alias_pool.add_user(name, preferred_username=f"the-{name}")
    assert claims_of(alias_pool.tokens(f"the-{name}")["AccessToken"])["username"] == name


def test_alias_of_another_is_refused_at_confirmation(server, alias_pool):
    address, second = new_address(), new_name()
    confirmed_by_mail(server, alias_pool, new_name(), address)
    alias_pool.sign_up(second, email=address)
    code = server.await_mail(address, 2).code
    with refused("AliasExistsException", "An account with the given email already exists."):
        alias_pool.confirm(second, code)


def test_forced_alias_moves(server, alias_pool):
    address, first, second = new_address(), new_name(), new_name()
    confirmed_by_mail(server, alias_pool, first, address)
    alias_pool.sign_up(second, email=address)
    alias_pool.confirm(second, server.await_mail(address, 2).code, ForceAliasCreation=True)
    assert claims_of(alias_pool.tokens(address)["AccessToken"])["username"] == second
    assert alias_pool.attributes_of(first)["email_verified"] == "false"


def test_user_name_of_an_address_where_addresses_are_aliases(alias_pool):
    with refused("InvalidParameterException",
                 "Username cannot be of email format, since user pool is configured for email alias."):
        alias_pool.sign_up(new_address())


def test_alias_exists_for_admins(alias_pool):
    address = new_address()
    verified = attributes(email=address, email_verified="true")
    alias_pool.invite(UserAttributes=verified)
    with refused("AliasExistsException", "An account with the given email already exists."):
        alias_pool.invite(UserAttributes=verified)


def test_address_as_name(server, address_pool):
    address = new_address()
    sub = address_pool.sign_up(address)["UserSub"]
    address_pool.confirm(address, server.await_mail(address).code)
    user = address_pool.get(address)
    assert user["Username"] == sub == str(uuid.UUID(sub))
    assert address_pool.attributes_of(sub) == {"sub": sub, "email": address, "email_verified": "true"}
    for tokens in (address_pool.tokens(address), address_pool.sign_in_by_srp(address)["AuthenticationResult"]):
        assert claims_of(tokens["IdToken"])["cognito:username"] == sub
        assert claims_of(tokens["AccessToken"])["username"] == sub


def test_phone_number_as_name(server, address_pool):
    number = "+15550109999"
    address_pool.sign_up(number)
    address_pool.confirm(number, server.await_mail("15550109999").code)
    assert address_pool.attributes_of(number)["phone_number"] == number


def test_address_is_taken(server, address_pool):
    address = new_address()
    address_pool.sign_up(address)
    with refused("UsernameExistsException", "An account with the given email already exists."):
        address_pool.sign_up(address)


def test_names_that_are_no_address(address_pool, make_pool):
    with refused("InvalidParameterException", "Username should be either an email or a phone number."):
        address_pool.sign_up("plain")
    email_only = make_pool({"UsernameAttributes": ["email"]})
    with refused("InvalidParameterException", "Username should be an email."):
        email_only.sign_up("plain")


def test_case_counts_by_default(make_pool):
    pool = make_pool()
    pool.add_user("Ann")
    with refused("UserNotFoundException"):
        pool.sign_in("ann")
    pool.add_user("ann")


def test_case_does_not_count_where_said_so(server, make_pool):
    pool = make_pool({"UsernameConfiguration": {"CaseSensitive": False}})
    pool.add_user("Ünder.Score")
    assert pool.sign_in("üNDER.sCORE")["AuthenticationResult"]
    assert pool.sign_in_by_srp("ÜNDER.SCORE")["AuthenticationResult"]
    with refused("UsernameExistsException", "User already exists"):
        pool.sign_up("ünder.score")


def test_case_of_addresses_does_not_count_where_said_so(server, make_pool):
    pool = make_pool({"UsernameAttributes": ["email"], "UsernameConfiguration": {"CaseSensitive": False}})
    address = new_address()
    pool.add_user(address.capitalize())
    assert pool.sign_in(address.upper())["AuthenticationResult"]
    with refused("UsernameExistsException"):
        pool.sign_up(address)


@pytest.mark.parametrize("name", ["a", "x" * 128, "Größe-1", "名前", "a+b.c_d@x", "50%", "quote'\"s"])
def test_names_of_all_letters(pool, name):
    pool.add_user(name)
    assert claims_of(pool.tokens(name)["AccessToken"])["username"] == name
    assert pool.sign_in_by_srp(name)["AuthenticationResult"]


@pytest.mark.parametrize("name", ["x" * 129, "two words", "tab\tbed", "line\nend"])
def test_names_that_the_model_refuses(pool, name):
    with refused("InvalidParameterException"):
        pool.sign_up(name)
