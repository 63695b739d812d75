# SPDX-License-Identifier: Apache-2.0
"""UpdateUserAttributes, DeleteUserAttributes, GetUserAttributeVerificationCode, VerifyUserAttribute,
AdminUpdateUserAttributes, AdminDeleteUserAttributes."""

import pytest

from cognito import as_dict, attributes, claims_of, new_name, refused


def new_address():
    return f"{new_name()}@example.com"


def access(pool, name):
    return {"AccessToken": pool.tokens(name)["AccessToken"]}


def wrong(code):
    return f"{(int(code) + 1) % 1000000:06}"


@pytest.fixture(scope="module")
def proving(make_pool):
    """An address stays until the next one is proven."""
    return make_pool({"AutoVerifiedAttributes": ["email"], "UserAttributeUpdateSettings": {
        "AttributesRequireVerificationBeforeUpdate": ["email"]}})


@pytest.fixture(scope="module")
def alias_pool(make_pool):
    return make_pool({"AliasAttributes": ["email", "preferred_username"], "AutoVerifiedAttributes": ["email"]})


@pytest.fixture(scope="module")
def demanding(make_pool):
    return make_pool({"Schema": [
        {"Name": "nickname", "AttributeDataType": "String", "Required": True, "Mutable": True},
        {"Name": "team", "AttributeDataType": "String", "Mutable": False},
        {"Name": "note", "AttributeDataType": "String", "DeveloperOnlyAttribute": True, "Mutable": True}]})


# By the user

def test_update_and_remove(pool):
    name = pool.add_user(nickname="old", website="w")
    token = access(pool, name)
    answer = pool.idp.update_user_attributes(
        UserAttributes=attributes(nickname="new", profile="p", website=""), **token)
    assert answer["CodeDeliveryDetailsList"] == []
    kept = pool.attributes_of(name)
    assert (kept["nickname"], kept["profile"]) == ("new", "p") and "website" not in kept
    pool.idp.delete_user_attributes(UserAttributeNames=["nickname", "picture"], **token)
    assert "nickname" not in pool.attributes_of(name)
    assert claims_of(pool.tokens(name)["IdToken"])["profile"] == "p"


def test_new_address_is_not_verified(server, email_pool):
    name, old, new = new_name(), new_address(), new_address()
    email_pool.sign_up(name, email=old)
    email_pool.confirm(name, server.await_mail(old).code)
    token = access(email_pool, name)
    answer = email_pool.idp.update_user_attributes(UserAttributes=attributes(email=new), **token)
    assert answer["CodeDeliveryDetailsList"] == [
        {"Destination": "u***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}]
    assert email_pool.attributes_of(name)["email_verified"] == "false"
    code = server.await_mail(new).code
    with refused("CodeMismatchException", "Invalid verification code provided, please try again."):
        email_pool.idp.verify_user_attribute(AttributeName="email", Code=wrong(code), **token)
    email_pool.idp.verify_user_attribute(AttributeName="email", Code=code, **token)
    assert email_pool.attributes_of(name)["email_verified"] == "true"
    with refused("ExpiredCodeException", "Invalid code provided, please request a code again."):
        email_pool.idp.verify_user_attribute(AttributeName="email", Code=code, **token)


def test_address_that_is_proven_already_gets_no_code(server, email_pool):
    name, address = new_name(), new_address()
    email_pool.sign_up(name, email=address)
    email_pool.confirm(name, server.await_mail(address).code)
    answer = email_pool.idp.update_user_attributes(
        UserAttributes=attributes(email=address, nickname="n"), **access(email_pool, name))
    assert answer["CodeDeliveryDetailsList"] == []
    assert email_pool.attributes_of(name)["email_verified"] == "true"


def test_old_address_stays_until_the_new_one_is_proven(server, proving):
    name, old, new = new_name(), new_address(), new_address()
    proving.sign_up(name, email=old)
    proving.confirm(name, server.await_mail(old).code)
    token = access(proving, name)
    answer = proving.idp.update_user_attributes(UserAttributes=attributes(email=new, nickname="n"), **token)
    assert len(answer["CodeDeliveryDetailsList"]) == 1
    kept = proving.attributes_of(name)
    assert (kept["email"], kept["email_verified"], kept["nickname"]) == (old, "true", "n")
    assert claims_of(proving.tokens(name)["IdToken"])["email"] == old
    again = proving.idp.get_user_attribute_verification_code(AttributeName="email", **token)["CodeDeliveryDetails"]
    assert again["AttributeName"] == "email"
    proving.idp.verify_user_attribute(AttributeName="email", Code=server.await_mail(new, 2).code, **token)
    kept = proving.attributes_of(name)
    assert (kept["email"], kept["email_verified"]) == (new, "true")


def test_a_waiting_address_is_dropped_by_another_change(server, proving):
    name, old, waiting = new_name(), new_address(), new_address()
    proving.sign_up(name, email=old)
    proving.confirm(name, server.await_mail(old).code)
    token = access(proving, name)
    proving.idp.update_user_attributes(UserAttributes=attributes(email=waiting), **token)
    code = server.await_mail(waiting).code
    proving.idp.update_user_attributes(UserAttributes=attributes(email=old), **token)
    with refused("ExpiredCodeException"):
        proving.idp.verify_user_attribute(AttributeName="email", Code=code, **token)
    assert proving.attributes_of(name)["email"] == old


def test_an_alias_goes_to_whoever_proves_it_last(server, alias_pool):
    address, first, second = new_address(), new_name(), new_name()
    alias_pool.sign_up(first, email=address)
    alias_pool.confirm(first, server.await_mail(address).code)
    alias_pool.add_user(second)
    token = access(alias_pool, second)
    alias_pool.idp.update_user_attributes(UserAttributes=attributes(email=address), **token)
    assert claims_of(alias_pool.tokens(address)["AccessToken"])["username"] == first
    alias_pool.idp.verify_user_attribute(AttributeName="email", Code=server.await_mail(address, 2).code, **token)
    assert claims_of(alias_pool.tokens(address)["AccessToken"])["username"] == second
    assert alias_pool.attributes_of(first)["email_verified"] == "false"


def test_a_name_of_one_s_own_is_not_taken(alias_pool):
    first, second = alias_pool.add_user(), alias_pool.add_user()
    alias_pool.idp.update_user_attributes(
        UserAttributes=attributes(preferred_username=f"the-{first}"), **access(alias_pool, first))
    with refused("AliasExistsException", "An account with the given preferred_username already exists."):
        alias_pool.idp.update_user_attributes(
            UserAttributes=attributes(preferred_username=f"the-{first}"), **access(alias_pool, second))
    with refused("AliasExistsException"):
        alias_pool.idp.update_user_attributes(
            UserAttributes=attributes(preferred_username=first), **access(alias_pool, second))


def test_an_address_that_is_a_user_name_moves_with_the_user(server, make_pool):
    pool = make_pool({"UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"]})
    first, second, next_address = new_address(), new_address(), new_address()
    for address in (first, second):
        pool.sign_up(address)
        pool.confirm(address, server.await_mail(address).code)
    token = access(pool, first)
    with refused("AliasExistsException", "An account with the given email already exists."):
        pool.idp.update_user_attributes(UserAttributes=attributes(email=second), **token)
    pool.idp.update_user_attributes(UserAttributes=attributes(email=next_address), **token)
    assert pool.tokens(next_address)
    with refused("UserNotFoundException"):
        pool.sign_in(first)


def test_proven_first_but_taken_meanwhile(server, make_pool):
    pool = make_pool({"UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"],
                      "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]}})
    mine, wanted = new_address(), new_address()
    pool.sign_up(mine)
    pool.confirm(mine, server.await_mail(mine).code)
    token = access(pool, mine)
    pool.idp.update_user_attributes(UserAttributes=attributes(email=wanted), **token)
    code = server.await_mail(wanted).code
    pool.sign_up(wanted)
    with refused("AliasExistsException", "An account with the given email already exists."):
        pool.idp.verify_user_attribute(AttributeName="email", Code=code, **token)
    assert pool.tokens(mine)


REFUSED = [
    ("not in the schema", {"height": "x"}, "InvalidParameterException"),
    ("no address", {"email": "nowhere"}, "InvalidParameterException"),
    ("required", {"nickname": ""}, "InvalidParameterException"),
    ("mark of an address", {"email_verified": "true"}, "NotAuthorizedException"),
    ("sub", {"sub": "x"}, "NotAuthorizedException"),
    ("developer's", {"dev__custom__note": "x"}, "NotAuthorizedException"),
]


def test_what_is_not_mutable(demanding):
    name = demanding.add_user(nickname="n")
    change, token = attributes(custom__team="a"), access(demanding, name)
    for update in (lambda: demanding.idp.update_user_attributes(UserAttributes=change, **token),
                   lambda: demanding.idp.admin_update_user_attributes(UserPoolId=demanding.id, Username=name,
                                                                      UserAttributes=change)):
        with refused("InvalidParameterException", "user.custom:team: Attribute cannot be updated."):
            update()
    with refused("InvalidParameterException", "Cannot modify the non-mutable attribute sub"):
        demanding.idp.admin_update_user_attributes(UserPoolId=demanding.id, Username=name,
                                                   UserAttributes=attributes(sub="x"))
    assert "custom:team" not in demanding.attributes_of(name)


@pytest.mark.parametrize("word", ["True", "TRUE"])
def test_marks_in_any_case(email_pool, word):
    """As str(True) has it; users and tokens show "true" all the same."""
    pool = email_pool
    invited = pool.invite(UserAttributes=attributes(email=f"{new_name()}@example.com", email_verified=word))
    updated = pool.add_user()
    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.id, Username=updated,
        UserAttributes=attributes(email=f"{updated}@example.com", email_verified=word))
    for name in (invited, updated):
        assert pool.attributes_of(name)["email_verified"] == "true"
    assert claims_of(pool.tokens(updated)["IdToken"])["email_verified"] is True


@pytest.mark.parametrize("values,error", [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused_changes(demanding, values, error):
    name = demanding.add_user(nickname="n", custom__team="a")
    before = demanding.attributes_of(name)
    with refused(error):
        demanding.idp.update_user_attributes(UserAttributes=attributes(**values), **access(demanding, name))
    assert demanding.attributes_of(name) == before


def test_what_the_client_may_not_write(make_pool):
    pool = make_pool(client={"WriteAttributes": ["email"]})
    token = access(pool, pool.add_user(email="a@example.com"))
    for call in (lambda: pool.idp.update_user_attributes(UserAttributes=attributes(nickname="n"), **token),
                 lambda: pool.idp.delete_user_attributes(UserAttributeNames=["nickname"], **token)):
        with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
            call()


def test_codes_for_what_is_no_address(pool):
    token = access(pool, pool.add_user(nickname="n"))
    for name in ("nickname", "email"):
        with refused("InvalidParameterException"):
            pool.idp.get_user_attribute_verification_code(AttributeName=name, **token)
    with refused("InvalidParameterException"):
        pool.idp.verify_user_attribute(AttributeName="nickname", Code="123456", **token)
    with refused("ExpiredCodeException"):
        pool.idp.verify_user_attribute(AttributeName="email", Code="123456", **token)


def test_codes_are_limited(server, pool):
    address = new_address()
    token = access(pool, pool.add_user(email=address))
    for _ in range(5):
        pool.idp.get_user_attribute_verification_code(AttributeName="email", **token)
    with refused("LimitExceededException", "Attempt limit exceeded, please try after some time."):
        pool.idp.get_user_attribute_verification_code(AttributeName="email", **token)
    code = server.await_mail(address, 5).code
    for _ in range(15):
        with refused("CodeMismatchException"):
            pool.idp.verify_user_attribute(AttributeName="email", Code=wrong(code), **token)
    with refused("LimitExceededException", "Attempt limit exceeded, please try after some time."):
        pool.idp.verify_user_attribute(AttributeName="email", Code=code, **token)


def test_without_a_token_that_counts(pool):
    idp, bad = pool.idp, {"AccessToken": "x"}
    for call in (lambda: idp.update_user_attributes(UserAttributes=attributes(nickname="n"), **bad),
                 lambda: idp.delete_user_attributes(UserAttributeNames=["nickname"], **bad),
                 lambda: idp.get_user_attribute_verification_code(AttributeName="email", **bad),
                 lambda: idp.verify_user_attribute(AttributeName="email", Code="1", **bad)):
        with refused("NotAuthorizedException", "Invalid Access Token"):
            call()


# By administrators

def test_admin_update(pool):
    name = pool.add_user(email="a@example.com", website="w")
    pool.idp.admin_update_user_attributes(UserPoolId=pool.id, Username=name, UserAttributes=attributes(
        email="b@example.com", email_verified="true", website="", nickname="n"))
    kept = pool.attributes_of(name)
    assert (kept["email"], kept["email_verified"], kept["nickname"]) == ("b@example.com", "true", "n")
    assert "website" not in kept
    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.id, Username=name, UserAttributes=attributes(email="c@example.com"))
    assert pool.attributes_of(name)["email_verified"] == "false"
    pool.idp.admin_delete_user_attributes(UserPoolId=pool.id, Username=name, UserAttributeNames=["email", "nickname"])
    assert pool.attributes_of(name).keys() == {"sub"}


def test_admin_update_sends_a_code_unless_it_says_verified(server, email_pool):
    name, first, second = email_pool.invite(), new_address(), new_address()
    email_pool.idp.admin_update_user_attributes(UserPoolId=email_pool.id, Username=name,
                                                UserAttributes=attributes(email=first, email_verified="true"))
    email_pool.idp.admin_update_user_attributes(UserPoolId=email_pool.id, Username=name,
                                                UserAttributes=attributes(email=second))
    server.await_mail(second)
    assert not server.mails(first)


def test_admin_sets_what_developers_see(demanding):
    name = demanding.add_user(nickname="n")
    demanding.idp.admin_update_user_attributes(UserPoolId=demanding.id, Username=name, UserAttributes=[
        {"Name": "dev:custom:note", "Value": "hidden"}])
    assert demanding.attributes_of(name)["dev:custom:note"] == "hidden"
    shown = as_dict(demanding.idp.get_user(**access(demanding, name))["UserAttributes"])
    assert "dev:custom:note" not in shown


def test_admin_errors(demanding):
    name = demanding.add_user(nickname="n", custom__team="a")
    idp, one = demanding.idp, {"UserPoolId": demanding.id, "Username": name}
    for values in ({"custom__team": "b"}, {"height": "1"}, {"sub": "x"}, {"nickname": ""}):
        with refused("InvalidParameterException"):
            idp.admin_update_user_attributes(UserAttributes=attributes(**values), **one)
    with refused("InvalidParameterException"):
        idp.admin_delete_user_attributes(UserAttributeNames=["nickname"], **one)
    for call, members in ((idp.admin_update_user_attributes, {"UserAttributes": attributes(nickname="x")}),
                          (idp.admin_delete_user_attributes, {"UserAttributeNames": ["website"]})):
        with refused("UserNotFoundException", "User does not exist."):
            call(UserPoolId=demanding.id, Username="nobody", **members)
        with refused("ResourceNotFoundException"):
            call(UserPoolId="us-east-1_AAAAAAAAA", Username=name, **members)


def test_admin_alias_exists(alias_pool):
    first, second, address = alias_pool.add_user(), alias_pool.add_user(), new_address()
    verified = attributes(email=address, email_verified="true")
    alias_pool.idp.admin_update_user_attributes(UserPoolId=alias_pool.id, Username=first, UserAttributes=verified)
    with refused("AliasExistsException", "An account with the given email already exists."):
        alias_pool.idp.admin_update_user_attributes(UserPoolId=alias_pool.id, Username=second, UserAttributes=verified)
    assert claims_of(alias_pool.tokens(address)["AccessToken"])["username"] == first
