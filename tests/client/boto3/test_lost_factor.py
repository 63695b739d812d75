# SPDX-License-Identifier: Apache-2.0
"""RemoveUserSecondFactor: an administrator helps who has lost the phone; over both protocols."""

import pytest

import raw
from authenticator import Authenticator
from cognito import refused

TOTP = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
SMS = {"SmsMfaConfiguration": {"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"}}}
USED_SESSION = "Invalid session for the user, session can only be used once."


@pytest.fixture(scope="module", params=["OPTIONAL", "ON"])
def mode(request):
    return request.param


@pytest.fixture(scope="module")
def mfa_pool(make_pool, mode):
    pool = make_pool()
    pool.idp.set_user_pool_mfa_config(UserPoolId=pool.id, MfaConfiguration=mode, **TOTP)
    return pool


@pytest.fixture(params=[raw.call, raw.rest], ids=["json", "rest"])
def remove(request):
    return lambda pool, name, **members: request.param(
        pool.server, "RemoveUserSecondFactor", UserPoolId=pool.id, Username=name, **members)


def set_up(pool, name):
    """By the chain of MFA_SETUP: a preferred token; tokens and app."""
    session = pool.sign_in(name)["Session"]
    associated = pool.idp.associate_software_token(Session=session)
    app = Authenticator(associated["SecretCode"])
    verified = pool.idp.verify_software_token(Session=associated["Session"], UserCode=app.code())
    answer = pool.respond("MFA_SETUP", {"USERNAME": name}, verified["Session"])
    return answer["AuthenticationResult"], app


def enrol(pool, name):
    """By the access token of a user who needs no factor yet."""
    tokens = pool.tokens(name)
    app = Authenticator(pool.idp.associate_software_token(AccessToken=tokens["AccessToken"])["SecretCode"])
    pool.idp.verify_software_token(AccessToken=tokens["AccessToken"], UserCode=app.code())
    pool.idp.set_user_mfa_preference(AccessToken=tokens["AccessToken"],
                                     SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True})
    return tokens, app


def protected(pool, mode):
    name = pool.add_user()
    tokens, app = (set_up if mode == "ON" else enrol)(pool, name)
    return name, tokens, app


def answer(pool, name, session, code):
    return pool.respond("SOFTWARE_TOKEN_MFA", {"USERNAME": name, "SOFTWARE_TOKEN_MFA_CODE": code}, session)


def test_a_lost_app_is_replaced(mfa_pool, mode, remove):
    name, tokens, old = protected(mfa_pool, mode)
    waiting = mfa_pool.sign_in(name)
    assert waiting["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert remove(mfa_pool, name, Factor="SOFTWARE_TOKEN_MFA") == {}

    shown = mfa_pool.get(name)
    assert "UserMFASettingList" not in shown and "PreferredMfaSetting" not in shown
    with refused("NotAuthorizedException", USED_SESSION):
        answer(mfa_pool, name, waiting["Session"], old.code())
    mfa_pool.idp.get_user(AccessToken=tokens["AccessToken"])
    if mode == "ON":
        assert mfa_pool.sign_in(name)["ChallengeName"] == "MFA_SETUP"
        _, new = set_up(mfa_pool, name)
    else:
        _, new = enrol(mfa_pool, name)
    with refused("CodeMismatchException"):
        answer(mfa_pool, name, mfa_pool.sign_in(name)["Session"], old.wrong())
    assert new.secret != old.secret
    assert answer(mfa_pool, name, mfa_pool.sign_in(name)["Session"], new.code())["AuthenticationResult"]


def test_sessions_end_with_it_where_that_is_wanted(mfa_pool, mode, remove):
    name, tokens, _ = protected(mfa_pool, mode)
    remove(mfa_pool, name, EndSessions=False)
    mfa_pool.idp.get_user(AccessToken=tokens["AccessToken"])
    remove(mfa_pool, name, EndSessions=True)
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        mfa_pool.idp.get_user(AccessToken=tokens["AccessToken"])
    with refused("NotAuthorizedException"):
        mfa_pool.refresh(tokens["RefreshToken"])


def test_an_offer_ends_with_it(mfa_pool, mode, remove):
    """Whoever had begun to set one up has to begin again."""
    name = mfa_pool.add_user()
    if mode == "ON":
        offer = mfa_pool.idp.associate_software_token(Session=mfa_pool.sign_in(name)["Session"])
        remove(mfa_pool, name)
        with refused("NotAuthorizedException"):
            mfa_pool.idp.verify_software_token(
                Session=offer["Session"], UserCode=Authenticator(offer["SecretCode"]).code())
    else:
        token = mfa_pool.tokens(name)["AccessToken"]
        offer = mfa_pool.idp.associate_software_token(AccessToken=token)
        remove(mfa_pool, name)
        with refused("SoftwareTokenMFANotFoundException"):
            mfa_pool.idp.verify_software_token(
                AccessToken=token, UserCode=Authenticator(offer["SecretCode"]).code())


def test_a_block_ends_with_it(mfa_pool, mode, remove):
    """Somebody who tried the codes of a lost phone five times does not wait for the new one to count."""
    name, _, app = protected(mfa_pool, mode)
    session = mfa_pool.sign_in(name)["Session"]
    for _ in range(5):
        with refused("CodeMismatchException"):
            answer(mfa_pool, name, session, app.wrong())
    remove(mfa_pool, name)
    _, new = (set_up if mode == "ON" else enrol)(mfa_pool, name)
    assert answer(mfa_pool, name, mfa_pool.sign_in(name)["Session"], new.code())["AuthenticationResult"]


def test_other_factors_stay(make_pool, remove):
    pool = make_pool()
    pool.idp.set_user_pool_mfa_config(UserPoolId=pool.id, MfaConfiguration="OPTIONAL", **TOTP, **SMS)
    name = pool.add_user(phone_number="+15550100100")
    tokens, _ = enrol(pool, name)
    pool.idp.set_user_mfa_preference(AccessToken=tokens["AccessToken"], SMSMfaSettings={"Enabled": True})
    assert sorted(pool.get(name)["UserMFASettingList"]) == ["SMS_MFA", "SOFTWARE_TOKEN_MFA"]
    remove(pool, name, Factor="EMAIL_OTP")
    assert len(pool.get(name)["UserMFASettingList"]) == 2
    remove(pool, name, Factor="SMS_MFA")
    assert pool.get(name)["UserMFASettingList"] == ["SOFTWARE_TOKEN_MFA"]
    assert pool.get(name)["PreferredMfaSetting"] == "SOFTWARE_TOKEN_MFA"
    pool.idp.set_user_mfa_preference(AccessToken=tokens["AccessToken"], SMSMfaSettings={"Enabled": True})
    remove(pool, name, Factor="SOFTWARE_TOKEN_MFA")
    assert pool.get(name)["UserMFASettingList"] == ["SMS_MFA"]
    assert "PreferredMfaSetting" not in pool.get(name)
    remove(pool, name)
    assert "UserMFASettingList" not in pool.get(name)
    assert pool.attributes_of(name)["phone_number"] == "+15550100100"
    assert pool.sign_in(name)["AuthenticationResult"]


def test_nothing_to_remove(pool, remove):
    name = pool.add_user()
    assert remove(pool, name) == {}
    assert pool.sign_in(name)["AuthenticationResult"]


def test_refusals(pool, remove):
    with refused("UserNotFoundException", "User does not exist."):
        remove(pool, "nobody")
    nowhere = type(pool).__new__(type(pool))
    nowhere.server, nowhere.id = pool.server, "us-east-1_Nowhere00"
    with refused("ResourceNotFoundException", "User pool us-east-1_Nowhere00 does not exist."):
        remove(nowhere, "nobody")
    with refused("InvalidParameterException"):
        remove(pool, pool.add_user(), Factor="WEB_AUTHN")
