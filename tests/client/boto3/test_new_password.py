# SPDX-License-Identifier: Apache-2.0
"""NEW_PASSWORD_REQUIRED: what it asks, what it takes, and that its session is good for one answer."""

import json

import pytest

from cognito import attributes, claims_of, refused

TEMPORARY = "Temp0rary!"
NEW = "Br4nd-new!"


def answer(pool, challenge, password=NEW, **responses):
    user = challenge["ChallengeParameters"]["USER_ID_FOR_SRP"]
    return pool.respond("NEW_PASSWORD_REQUIRED", {"USERNAME": user, "NEW_PASSWORD": password, **responses},
                        challenge["Session"])


def test_challenge(pool):
    name = pool.invite(UserAttributes=attributes(email="a@example.com", email_verified="true"))
    challenge = pool.sign_in(name, TEMPORARY)
    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert 20 <= len(challenge["Session"]) <= 2048
    parameters = challenge["ChallengeParameters"]
    assert parameters["USER_ID_FOR_SRP"] == name
    assert json.loads(parameters["requiredAttributes"]) == []
    assert json.loads(parameters["userAttributes"]) == {"email": "a@example.com", "email_verified": "true"}


@pytest.mark.parametrize("way", ["sign_in", "sign_in_by_srp"])
def test_new_password(pool, way):
    name = pool.invite()
    result = answer(pool, getattr(pool, way)(name, TEMPORARY))
    assert claims_of(result["AuthenticationResult"]["AccessToken"])["username"] == name
    assert pool.get(name)["UserStatus"] == "CONFIRMED"
    assert pool.sign_in(name, NEW)["AuthenticationResult"]
    assert pool.sign_in_by_srp(name, NEW)["AuthenticationResult"]
    with refused("NotAuthorizedException", "Incorrect username or password."):
        pool.sign_in(name, TEMPORARY)


def test_by_administrators(pool):
    name = pool.invite()
    challenge = pool.idp.admin_initiate_auth(
        UserPoolId=pool.id, ClientId=pool.client_id, AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": TEMPORARY})
    result = pool.idp.admin_respond_to_auth_challenge(
        UserPoolId=pool.id, ClientId=pool.client_id, ChallengeName=challenge["ChallengeName"],
        Session=challenge["Session"], ChallengeResponses={"USERNAME": name, "NEW_PASSWORD": NEW})
    assert result["AuthenticationResult"]["AccessToken"]


def test_policy(pool):
    challenge = pool.sign_in(pool.invite(), TEMPORARY)
    with refused("InvalidPasswordException", "Password did not conform with policy: Password not long enough"):
        answer(pool, challenge, "Aa1!")


def test_session_is_taken_once(pool):
    challenge = pool.sign_in(pool.invite(), TEMPORARY)
    answer(pool, challenge)
    with refused("NotAuthorizedException", "Invalid session for the user, session can only be used once."):
        answer(pool, challenge)


def test_session_that_is_none(pool):
    challenge = pool.sign_in(pool.invite(), TEMPORARY)
    with refused("NotAuthorizedException", "Invalid session for the user."):
        answer(pool, {**challenge, "Session": "x" * 40})


def test_session_of_another_user(pool):
    mine, other = (pool.sign_in(pool.invite(), TEMPORARY) for _ in range(2))
    with refused("NotAuthorizedException", "Invalid session for the user."):
        answer(pool, {**mine, "Session": other["Session"]})


def test_session_of_another_client(make_pool):
    pool = make_pool()
    challenge = pool.sign_in(pool.invite(), TEMPORARY)
    pool.use_client()
    with refused("NotAuthorizedException", "Invalid session for the user."):
        answer(pool, challenge)


def test_session_is_missing(pool):
    challenge = pool.sign_in(pool.invite(), TEMPORARY)
    with refused("InvalidParameterException"):
        answer(pool, {**challenge, "Session": None})


def test_password_is_missing(pool):
    name = pool.invite()
    challenge = pool.sign_in(name, TEMPORARY)
    with refused("InvalidParameterException", "Missing required parameter NEW_PASSWORD"):
        pool.respond("NEW_PASSWORD_REQUIRED", {"USERNAME": name}, challenge["Session"])


@pytest.fixture(scope="module")
def demanding(make_pool):
    return make_pool({"Schema": [
        {"Name": "nickname", "AttributeDataType": "String", "Required": True, "Mutable": True},
        {"Name": "given_name", "AttributeDataType": "String", "Required": True, "Mutable": True}]})


def test_required_attributes(demanding):
    name = demanding.invite(UserAttributes=attributes(given_name="Given"))
    challenge = demanding.sign_in(name, TEMPORARY)
    assert json.loads(challenge["ChallengeParameters"]["requiredAttributes"]) == ["userAttributes.nickname"]
    answer(demanding, challenge, **{"userAttributes.nickname": "nick"})
    assert demanding.attributes_of(name)["nickname"] == "nick"
    assert claims_of(demanding.tokens(name, NEW)["IdToken"])["nickname"] == "nick"


def test_required_attributes_are_missing(demanding):
    challenge = demanding.sign_in(demanding.invite(UserAttributes=attributes(given_name="Given")), TEMPORARY)
    with refused("InvalidParameterException"):
        answer(demanding, challenge)


def test_required_attributes_that_have_a_value_stay(demanding):
    name = demanding.invite(UserAttributes=attributes(given_name="Given"))
    challenge = demanding.sign_in(name, TEMPORARY)
    with refused("NotAuthorizedException"):
        answer(demanding, challenge, **{"userAttributes.nickname": "nick", "userAttributes.given_name": "Other"})
    assert demanding.attributes_of(name)["given_name"] == "Given"


def test_other_attributes_come_along(pool):
    name = pool.invite()
    answer(pool, pool.sign_in(name, TEMPORARY), **{"userAttributes.nickname": "nick"})
    assert pool.attributes_of(name)["nickname"] == "nick"
