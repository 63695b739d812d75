# SPDX-License-Identifier: Apache-2.0
"""AssociateSoftwareToken, VerifySoftwareToken, SetUserMFAPreference, AdminSetUserMFAPreference, and sign-ins with the
challenges SOFTWARE_TOKEN_MFA, MFA_SETUP and SELECT_MFA_TYPE."""

import json
import re

import pytest

import raw
from authenticator import Authenticator
from cognito import PASSWORD, attributes, claims_of, new_name, refused

NEW = "Br4nd-new!"
TEMPORARY = "Temp0rary!"
ROLE = {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"}
TOTP = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
NO_SESSION = "Invalid session for the user."
USED_SESSION = "Invalid session for the user, session can only be used once."
WRONG_CODE = "Invalid code received for user"
USED_CODE = "Your software token has already been used once."
NOT_VERIFIED = "User has not verified software token mfa"
NOT_OFFERED = "Software Token MFA has not been enabled by the userPool"
PREFERRED = {"Enabled": True, "PreferredMfa": True}


def make(make_pool, mode, *factors, settings=None, client=None):
    pool = make_pool(settings, client)
    members = {key: value for factor in (factors or [TOTP]) for key, value in factor.items()}
    pool.idp.set_user_pool_mfa_config(UserPoolId=pool.id, MfaConfiguration=mode, **members)
    return pool


@pytest.fixture(scope="module")
def optional(make_pool):
    return make(make_pool, "OPTIONAL", TOTP, {"SmsMfaConfiguration": {"SmsConfiguration": ROLE}})


@pytest.fixture(scope="module")
def required(make_pool):
    return make(make_pool, "ON")


def enrol(pool, token, name="phone"):
    """A verified token of the signed-in user."""
    answer = pool.idp.associate_software_token(AccessToken=token)
    app = Authenticator(answer["SecretCode"])
    verified = pool.idp.verify_software_token(AccessToken=token, UserCode=app.code(), FriendlyDeviceName=name)
    assert verified["Status"] == "SUCCESS"
    return app


def prefer(pool, token, **settings):
    pool.idp.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings=settings or PREFERRED)


def protected(pool, **values):
    """A user who is asked for a code; name and app."""
    name = pool.add_user(**values)
    token = pool.tokens(name)["AccessToken"]
    app = enrol(pool, token)
    prefer(pool, token)
    return name, app


def give_code(pool, name, challenge, code):
    return pool.respond("SOFTWARE_TOKEN_MFA", {"USERNAME": name, "SOFTWARE_TOKEN_MFA_CODE": code},
                        challenge["Session"])


def set_up(pool, session):
    """The chain of MFA_SETUP up to the answer; its last session and the app."""
    associated = pool.idp.associate_software_token(Session=session)
    app = Authenticator(associated["SecretCode"])
    verified = pool.idp.verify_software_token(Session=associated["Session"], UserCode=app.code())
    assert verified["Status"] == "SUCCESS"
    return verified["Session"], app


# A token

def test_enrolment(optional):
    name = optional.add_user()
    token = optional.tokens(name)["AccessToken"]
    associated = optional.idp.associate_software_token(AccessToken=token)
    assert re.fullmatch(r"[A-Z2-7]{52}", associated["SecretCode"])
    assert "Session" not in associated
    app = Authenticator(associated["SecretCode"])
    with refused("EnableSoftwareTokenMFAException", "Code mismatch"):
        optional.idp.verify_software_token(AccessToken=token, UserCode=app.wrong())
    verified = optional.idp.verify_software_token(AccessToken=token, UserCode=app.code(),
                                                  FriendlyDeviceName="Jane's phone")
    assert verified["Status"] == "SUCCESS"
    assert "Session" not in verified
    # It is not asked for before it is turned on.
    assert optional.sign_in(name)["AuthenticationResult"]
    prefer(optional, token)
    challenge = optional.sign_in(name)
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert challenge["ChallengeParameters"] == {"FRIENDLY_DEVICE_NAME": "Jane's phone", "USER_ID_FOR_SRP": name}
    assert "AuthenticationResult" not in challenge
    tokens = give_code(optional, name, challenge, app.code())["AuthenticationResult"]
    assert claims_of(tokens["IdToken"])["cognito:username"] == name
    assert optional.verified(tokens["AccessToken"])["username"] == name


def test_the_code_that_verified_is_used_up(optional):
    name, app = protected(optional)
    challenge = optional.sign_in(name)
    with refused("ExpiredCodeException", USED_CODE):
        give_code(optional, name, challenge, app.used())
    assert give_code(optional, name, challenge, app.code())["AuthenticationResult"]


def test_another_token_takes_the_place_of_the_first(optional):
    name, first = protected(optional)
    challenge = optional.sign_in(name)
    token = give_code(optional, name, challenge, first.code())["AuthenticationResult"]["AccessToken"]
    waiting = Authenticator(optional.idp.associate_software_token(AccessToken=token)["SecretCode"])
    challenge = optional.sign_in(name)
    with refused("CodeMismatchException", WRONG_CODE):
        give_code(optional, name, challenge, waiting.code())
    second = enrol(optional, token, "another")
    challenge = optional.sign_in(name)
    assert challenge["ChallengeParameters"]["FRIENDLY_DEVICE_NAME"] == "another"
    with refused("CodeMismatchException", WRONG_CODE):
        give_code(optional, name, challenge, first.code())
    assert give_code(optional, name, challenge, second.code())["AuthenticationResult"]


def test_token_or_session(server, optional, required):
    token = optional.tokens(optional.add_user())["AccessToken"]
    session = required.sign_in(required.add_user())["Session"]
    for members in ({}, {"AccessToken": token, "Session": session}):
        with refused("InvalidParameterException", "Either AccessToken or Session must be provided."):
            raw.call(server, "AssociateSoftwareToken", sign=False, **members)
        with refused("InvalidParameterException", "Either AccessToken or Session must be provided."):
            raw.call(server, "VerifySoftwareToken", sign=False, UserCode="123456", **members)


@pytest.mark.parametrize("code", ["12345", "1234567", "12345a", ""])
def test_codes_of_another_form(server, optional, code):
    token = optional.tokens(optional.add_user())["AccessToken"]
    with refused("InvalidParameterException") as raised:
        raw.call(server, "VerifySoftwareToken", sign=False, AccessToken=token, UserCode=code)
    assert "'userCode' failed to satisfy constraint" in raised.value.response["Error"]["Message"]


def test_nothing_to_verify(optional):
    token = optional.tokens(optional.add_user())["AccessToken"]
    with refused("SoftwareTokenMFANotFoundException"):
        optional.idp.verify_software_token(AccessToken=token, UserCode="123456")


def test_pool_that_offers_none(pool):
    token = pool.tokens(pool.add_user())["AccessToken"]
    with refused("SoftwareTokenMFANotFoundException", NOT_OFFERED):
        pool.idp.associate_software_token(AccessToken=token)
    with refused("SoftwareTokenMFANotFoundException", NOT_OFFERED):
        pool.idp.verify_software_token(AccessToken=token, UserCode="123456")


def test_tokens_that_are_refused(make_pool):
    pool = make(make_pool, "OPTIONAL")
    calls = [lambda token: pool.idp.associate_software_token(AccessToken=token),
             lambda token: pool.idp.verify_software_token(AccessToken=token, UserCode="123456"),
             lambda token: prefer(pool, token)]
    for call in calls:
        with refused("NotAuthorizedException", "Invalid Access Token"):
            call("not.a.token")
    name = pool.add_user()
    token = pool.tokens(name)["AccessToken"]
    pool.idp.admin_delete_user(UserPoolId=pool.id, Username=name)
    for call, error in zip(calls, ("NotAuthorizedException", "UserNotFoundException", "UserNotFoundException")):
        with refused(error):
            call(token)
    token = pool.tokens(pool.add_user())["AccessToken"]
    pool.idp.delete_user_pool_client(UserPoolId=pool.id, ClientId=pool.client_id)
    for call in calls:
        with refused("ResourceNotFoundException", f"User pool client {pool.client_id} does not exist."):
            call(token)


def test_too_many_wrong_codes_of_a_new_token(optional):
    token = optional.tokens(optional.add_user())["AccessToken"]
    app = Authenticator(optional.idp.associate_software_token(AccessToken=token)["SecretCode"])
    for _ in range(5):
        with refused("EnableSoftwareTokenMFAException", "Code mismatch"):
            optional.idp.verify_software_token(AccessToken=token, UserCode=app.wrong())
    with refused("TooManyRequestsException"):
        optional.idp.verify_software_token(AccessToken=token, UserCode=app.code())


# Preferences

def shown(answer):
    return [answer.get(key) for key in ("UserMFASettingList", "PreferredMfaSetting", "MFAOptions")]


SMS_OPTION = [{"DeliveryMedium": "SMS", "AttributeName": "phone_number"}]


def test_preferences_are_shown(optional):
    name = optional.add_user(phone_number="+15550100")
    token = optional.tokens(name)["AccessToken"]
    enrol(optional, token)
    steps = [
        ({}, [None, None, None]),
        ({"SoftwareTokenMfaSettings": PREFERRED}, [["SOFTWARE_TOKEN_MFA"], "SOFTWARE_TOKEN_MFA", None]),
        ({"SMSMfaSettings": {"Enabled": True}},
         [["SMS_MFA", "SOFTWARE_TOKEN_MFA"], "SOFTWARE_TOKEN_MFA", SMS_OPTION]),
        ({"SMSMfaSettings": PREFERRED}, [["SMS_MFA", "SOFTWARE_TOKEN_MFA"], "SMS_MFA", SMS_OPTION]),
        ({"SMSMfaSettings": {"Enabled": True, "PreferredMfa": False}},
         [["SMS_MFA", "SOFTWARE_TOKEN_MFA"], None, SMS_OPTION]),
        ({"SMSMfaSettings": {"Enabled": False}}, [["SOFTWARE_TOKEN_MFA"], None, None]),
        ({"SoftwareTokenMfaSettings": {"Enabled": False, "PreferredMfa": False}}, [None, None, None]),
    ]
    for by_admin in (False, True):
        for settings, wanted in steps:
            if by_admin:
                optional.idp.admin_set_user_mfa_preference(UserPoolId=optional.id, Username=name, **settings)
            else:
                optional.idp.set_user_mfa_preference(AccessToken=token, **settings)
            assert shown(optional.get(name)) == wanted
            assert shown(optional.idp.get_user(AccessToken=token)) == wanted


def test_what_the_user_does_not_have(server, optional):
    name = optional.add_user()
    token = optional.tokens(name)["AccessToken"]
    refusals = [("SoftwareTokenMfaSettings", NOT_VERIFIED),
                ("SMSMfaSettings", "User does not have delivery config set to turn on SMS_MFA"),
                ("EmailMfaSettings", "User does not have delivery config set to turn on EMAIL_OTP"),
                ("WebAuthnMfaSettings", "Passkeys cannot be used for MFA in this user pool.")]
    for member, message in refusals:
        with refused("InvalidParameterException", message):
            raw.call(server, "SetUserMFAPreference", sign=False, AccessToken=token, **{member: {"Enabled": True}})
        with refused("InvalidParameterException", message):
            raw.call(server, "AdminSetUserMFAPreference", UserPoolId=optional.id, Username=name,
                     **{member: {"Enabled": True}})
    # One that was given and not verified is none either.
    optional.idp.associate_software_token(AccessToken=token)
    with refused("InvalidParameterException", NOT_VERIFIED):
        prefer(optional, token)
    # To turn off what is not there is no mistake.
    raw.call(server, "SetUserMFAPreference", sign=False, AccessToken=token,
             **{member: {"Enabled": False} for member, _ in refusals})


def test_preferences_that_contradict_themselves(optional):
    name, app = protected(optional, phone_number="+15550100")
    with refused("InvalidParameterException"):
        optional.idp.admin_set_user_mfa_preference(UserPoolId=optional.id, Username=name, SMSMfaSettings=PREFERRED,
                                                   SoftwareTokenMfaSettings=PREFERRED)
    with refused("InvalidParameterException"):
        optional.idp.admin_set_user_mfa_preference(UserPoolId=optional.id, Username=name,
                                                   SoftwareTokenMfaSettings={"Enabled": False, "PreferredMfa": True})
    assert shown(optional.get(name))[1] == "SOFTWARE_TOKEN_MFA"


def test_preferences_of_nobody(optional):
    with refused("UserNotFoundException", "User does not exist."):
        optional.idp.admin_set_user_mfa_preference(UserPoolId=optional.id, Username="nobody")
    with refused("ResourceNotFoundException", "User pool us-east-1_AAAAAAAAA does not exist."):
        optional.idp.admin_set_user_mfa_preference(UserPoolId="us-east-1_AAAAAAAAA", Username="nobody")


def test_turned_off_again(optional):
    name, app = protected(optional)
    tokens = give_code(optional, name, optional.sign_in(name), app.code())["AuthenticationResult"]
    prefer(optional, tokens["AccessToken"], Enabled=False)
    assert optional.sign_in(name)["AuthenticationResult"]


# Codes at a sign-in

def test_sign_in_by_srp(optional):
    name, app = protected(optional)
    challenge = optional.sign_in_by_srp(name)
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert give_code(optional, name, challenge, app.code())["AuthenticationResult"]


def sign_in_as_admin(pool, name):
    challenge = pool.idp.admin_initiate_auth(
        UserPoolId=pool.id, ClientId=pool.client_id, AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD})
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    return challenge


def give_code_as_admin(pool, name, challenge, code):
    return pool.idp.admin_respond_to_auth_challenge(
        UserPoolId=pool.id, ClientId=pool.client_id, ChallengeName="SOFTWARE_TOKEN_MFA", Session=challenge["Session"],
        ChallengeResponses={"USERNAME": name, "SOFTWARE_TOKEN_MFA_CODE": code})


def test_sign_in_by_administrators(optional):
    name, app = protected(optional)
    challenge, another = sign_in_as_admin(optional, name), sign_in_as_admin(optional, name)
    with refused("CodeMismatchException", WRONG_CODE):
        give_code_as_admin(optional, name, challenge, app.wrong())
    answer = give_code_as_admin(optional, name, challenge, app.code())
    assert answer["AuthenticationResult"]["TokenType"] == "Bearer"
    with refused("ExpiredCodeException", USED_CODE):
        give_code_as_admin(optional, name, another, app.used())


def test_client_with_a_secret(make_pool):
    pool = make(make_pool, "OPTIONAL", client={"GenerateSecret": True})
    name, app = protected(pool)
    challenge = pool.sign_in(name)
    with refused("NotAuthorizedException"):
        pool.idp.respond_to_auth_challenge(
            ClientId=pool.client_id, ChallengeName="SOFTWARE_TOKEN_MFA", Session=challenge["Session"],
            ChallengeResponses={"USERNAME": name, "SOFTWARE_TOKEN_MFA_CODE": app.wrong()})
    assert give_code(pool, name, challenge, app.code())["AuthenticationResult"]


def test_user_called_by_an_address(make_pool):
    pool = make(make_pool, "OPTIONAL", settings={"UsernameAttributes": ["email"]})
    address, app = protected(pool, username=f"{new_name()}@example.com")
    challenge = pool.sign_in(address)
    subject = challenge["ChallengeParameters"]["USER_ID_FOR_SRP"]
    assert subject == pool.get(address)["Username"]
    assert give_code(pool, subject, challenge, app.code())["AuthenticationResult"]
    challenge = pool.sign_in(address)
    assert give_code(pool, address, challenge, app.code())["AuthenticationResult"]


def test_wrong_codes_leave_the_session(optional):
    name, app = protected(optional)
    challenge = optional.sign_in(name)
    for code in (app.wrong(), "x", "1234567"):
        with refused("CodeMismatchException", WRONG_CODE):
            give_code(optional, name, challenge, code)
    with refused("InvalidParameterException", "Missing required parameter SOFTWARE_TOKEN_MFA_CODE"):
        optional.respond("SOFTWARE_TOKEN_MFA", {"USERNAME": name}, challenge["Session"])
    with refused("InvalidParameterException", "Missing required parameter Session"):
        optional.respond("SOFTWARE_TOKEN_MFA", {"USERNAME": name, "SOFTWARE_TOKEN_MFA_CODE": app.wrong()})
    assert give_code(optional, name, challenge, app.code())["AuthenticationResult"]
    with refused("NotAuthorizedException", USED_SESSION):
        give_code(optional, name, challenge, app.wrong())


def test_guessing(optional):
    name, app = protected(optional)
    challenge, another = optional.sign_in(name), optional.sign_in(name)
    for _ in range(5):
        with refused("CodeMismatchException", WRONG_CODE):
            give_code(optional, name, challenge, app.wrong())
    # Neither that session goes on, nor any other before the block is over.
    with refused("NotAuthorizedException", USED_SESSION):
        give_code(optional, name, challenge, app.code())
    with refused("NotAuthorizedException", "Password attempts exceeded"):
        give_code(optional, name, another, app.used())


def test_sessions_of_others(optional, required):
    name, app = protected(optional)
    other, _ = protected(optional)
    with refused("NotAuthorizedException", NO_SESSION):
        give_code(optional, other, optional.sign_in(name), app.code())
    with refused("NotAuthorizedException", NO_SESSION):
        optional.respond("MFA_SETUP", {"USERNAME": name}, optional.sign_in(name)["Session"])
    with refused("NotAuthorizedException", NO_SESSION):
        optional.idp.associate_software_token(Session=optional.sign_in(name)["Session"])
    session = required.sign_in(required.add_user())["Session"]
    with refused("NotAuthorizedException", NO_SESSION):
        optional.idp.verify_software_token(Session=session, UserCode="123456")
    with refused("NotAuthorizedException", NO_SESSION):
        optional.idp.associate_software_token(Session="A" * 64)


def test_user_that_was_disabled(optional):
    name, app = protected(optional)
    challenge = optional.sign_in(name)
    optional.idp.admin_disable_user(UserPoolId=optional.id, Username=name)
    with refused("NotAuthorizedException", "User is disabled."):
        give_code(optional, name, challenge, app.code())


def test_password_that_changed(optional):
    name, app = protected(optional)
    challenge = optional.sign_in(name)
    optional.idp.admin_set_user_password(UserPoolId=optional.id, Username=name, Password=NEW, Permanent=True)
    with refused("NotAuthorizedException", USED_SESSION):
        give_code(optional, name, challenge, app.code())


def test_pool_that_turned_it_off(make_pool):
    pool = make(make_pool, "OPTIONAL")
    name, app = protected(pool)
    pool.idp.set_user_pool_mfa_config(UserPoolId=pool.id, MfaConfiguration="OFF")
    assert pool.sign_in(name)["AuthenticationResult"]


def test_pool_that_offers_it_no_more(make_pool):
    pool = make(make_pool, "OPTIONAL")
    name, app = protected(pool)
    pool.idp.set_user_pool_mfa_config(UserPoolId=pool.id, MfaConfiguration="ON",
                                      SmsMfaConfiguration={"SmsConfiguration": ROLE})
    assert give_code(pool, name, pool.sign_in(name), app.code())["AuthenticationResult"]


def test_refreshing_asks_for_no_code(optional):
    name, app = protected(optional)
    tokens = give_code(optional, name, optional.sign_in(name), app.code())["AuthenticationResult"]
    assert optional.refresh(tokens["RefreshToken"])["AccessToken"]


# Setting up in a sign-in

def test_set_up(required):
    name = required.add_user()
    challenge = required.sign_in(name)
    assert challenge["ChallengeName"] == "MFA_SETUP"
    assert json.loads(challenge["ChallengeParameters"]["MFAS_CAN_SETUP"]) == ["SOFTWARE_TOKEN_MFA"]
    assert challenge["ChallengeParameters"]["USER_ID_FOR_SRP"] == name
    session, app = set_up(required, challenge["Session"])
    tokens = required.respond("MFA_SETUP", {"USERNAME": name}, session)["AuthenticationResult"]
    assert claims_of(tokens["AccessToken"])["username"] == name
    assert shown(required.get(name))[:2] == [["SOFTWARE_TOKEN_MFA"], "SOFTWARE_TOKEN_MFA"]
    challenge = required.sign_in(name)
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert give_code(required, name, challenge, app.code())["AuthenticationResult"]
    # Turning it off leads nowhere where it is required.
    required.idp.set_user_mfa_preference(AccessToken=tokens["AccessToken"],
                                         SoftwareTokenMfaSettings={"Enabled": False})
    assert required.sign_in(name)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


def test_set_up_after_a_new_password(required):
    name = required.invite(password=TEMPORARY)
    challenge = required.sign_in(name, TEMPORARY)
    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    challenge = required.respond("NEW_PASSWORD_REQUIRED", {"USERNAME": name, "NEW_PASSWORD": NEW},
                                 challenge["Session"])
    assert challenge["ChallengeName"] == "MFA_SETUP"
    session, app = set_up(required, challenge["Session"])
    assert required.respond("MFA_SETUP", {"USERNAME": name}, session)["AuthenticationResult"]
    challenge = required.sign_in(name, NEW)
    assert give_code(required, name, challenge, app.code())["AuthenticationResult"]


def test_set_up_by_administrators(required):
    name = required.add_user()
    challenge = required.idp.admin_initiate_auth(
        UserPoolId=required.id, ClientId=required.client_id, AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD})
    session, _ = set_up(required, challenge["Session"])
    answer = required.idp.admin_respond_to_auth_challenge(
        UserPoolId=required.id, ClientId=required.client_id, ChallengeName="MFA_SETUP", Session=session,
        ChallengeResponses={"USERNAME": name})
    assert answer["AuthenticationResult"]["IdToken"]


def test_each_session_of_the_chain_is_good_once(required):
    name = required.add_user()
    first = required.sign_in(name)["Session"]
    associated = required.idp.associate_software_token(Session=first)
    app = Authenticator(associated["SecretCode"])
    with refused("NotAuthorizedException", USED_SESSION):
        required.idp.associate_software_token(Session=first)
    with refused("InvalidParameterException", NOT_VERIFIED):
        required.respond("MFA_SETUP", {"USERNAME": name}, associated["Session"])
    with refused("EnableSoftwareTokenMFAException", "Code mismatch"):
        required.idp.verify_software_token(Session=associated["Session"], UserCode=app.wrong())
    verified = required.idp.verify_software_token(Session=associated["Session"], UserCode=app.code())
    with refused("NotAuthorizedException", USED_SESSION):
        required.respond("MFA_SETUP", {"USERNAME": name}, associated["Session"])
    with refused("NotAuthorizedException", NO_SESSION):
        required.idp.associate_software_token(Session=verified["Session"])
    assert required.respond("MFA_SETUP", {"USERNAME": name}, verified["Session"])["AuthenticationResult"]
    with refused("NotAuthorizedException", USED_SESSION):
        required.respond("MFA_SETUP", {"USERNAME": name}, verified["Session"])


def test_a_session_from_before_replaces_no_token(required):
    name = required.add_user()
    old, challenge = required.sign_in(name), required.sign_in(name)
    session, app = set_up(required, challenge["Session"])
    assert required.respond("MFA_SETUP", {"USERNAME": name}, session)["AuthenticationResult"]
    with refused("NotAuthorizedException", NO_SESSION):
        required.idp.associate_software_token(Session=old["Session"])
    assert give_code(required, name, required.sign_in(name), app.code())["AuthenticationResult"]


def test_set_up_without_a_session(required):
    name = required.add_user()
    with refused("InvalidParameterException", "Missing required parameter Session"):
        required.respond("MFA_SETUP", {"USERNAME": name})


def test_set_up_through_a_client_that_is_gone(make_pool):
    pool = make(make_pool, "ON")
    session = pool.sign_in(pool.add_user())["Session"]
    pool.idp.delete_user_pool_client(UserPoolId=pool.id, ClientId=pool.client_id)
    with refused("ResourceNotFoundException", f"User pool client {pool.client_id} does not exist."):
        pool.idp.associate_software_token(Session=session)


def test_nothing_to_set_up(make_pool):
    pool = make(make_pool, "ON", {"SmsMfaConfiguration": {"SmsConfiguration": ROLE}})
    with refused("InvalidUserPoolConfigurationException"):
        pool.sign_in(pool.add_user())


# Codes that are sent

@pytest.fixture(scope="module")
def sending(server, make_pool):
    pool = make_pool()
    raw.call(server, "SetUserPoolMfaConfig", UserPoolId=pool.id, MfaConfiguration="OPTIONAL",
             SmsMfaConfiguration={"SmsAuthenticationMessage": "{####} it is", "SmsConfiguration": ROLE},
             EmailMfaConfiguration={"Message": "{####} it is", "Subject": "In"})
    return pool


@pytest.mark.parametrize("factor,setting,attribute,value,masked", [
    ("SMS_MFA", "SMSMfaSettings", "phone_number", "+15550199071", "+*******9071"),
    ("EMAIL_OTP", "EmailMfaSettings", "email", "otto@example.com", "o***@e***"),
])
def test_code_by_message(server, sending, factor, setting, attribute, value, masked):
    name = sending.add_user(**{attribute: value})
    token = sending.tokens(name)["AccessToken"]
    raw.call(server, "SetUserMFAPreference", sign=False, AccessToken=token, **{setting: PREFERRED})
    assert raw.call(server, "GetUser", sign=False, AccessToken=token)["PreferredMfaSetting"] == factor
    challenge = sending.sign_in(name)
    assert challenge["ChallengeName"] == factor
    assert challenge["ChallengeParameters"] == {
        "CODE_DELIVERY_DELIVERY_MEDIUM": factor.split("_")[0], "CODE_DELIVERY_DESTINATION": masked,
        "USER_ID_FOR_SRP": name}
    mail = server.await_mail(value)
    assert mail.body.strip() == f"{mail.code} it is"

    def answer(session, code):
        return sending.respond(factor, {"USERNAME": name, f"{factor}_CODE": code}, session)
    with refused("CodeMismatchException", "Invalid code or auth state for the user."):
        answer(challenge["Session"], f"{(int(mail.code) + 1) % 1000000:06}")
    another = sending.sign_in(name)
    if server.await_mail(value, 2).code != mail.code:
        with refused("CodeMismatchException"):
            answer(another["Session"], mail.code)
    assert answer(challenge["Session"], mail.code)["AuthenticationResult"]
    with refused("NotAuthorizedException", USED_SESSION):
        answer(challenge["Session"], mail.code)


# Several factors

def test_selection(optional):
    name, app = protected(optional, phone_number="+15550100")
    optional.idp.admin_set_user_mfa_preference(
        UserPoolId=optional.id, Username=name, SMSMfaSettings={"Enabled": True},
        SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": False})
    challenge = optional.sign_in(name)
    assert challenge["ChallengeName"] == "SELECT_MFA_TYPE"
    assert json.loads(challenge["ChallengeParameters"]["MFAS_CAN_CHOOSE"]) == ["SMS_MFA", "SOFTWARE_TOKEN_MFA"]
    for answer in ("EMAIL_OTP", "x"):
        with refused("InvalidParameterException"):
            optional.respond("SELECT_MFA_TYPE", {"USERNAME": name, "ANSWER": answer}, challenge["Session"])
    with refused("InvalidParameterException", "Missing required parameter ANSWER"):
        optional.respond("SELECT_MFA_TYPE", {"USERNAME": name}, challenge["Session"])
    chosen = optional.respond("SELECT_MFA_TYPE", {"USERNAME": name, "ANSWER": "SOFTWARE_TOKEN_MFA"},
                              challenge["Session"])
    assert chosen["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    with refused("NotAuthorizedException", USED_SESSION):
        optional.respond("SELECT_MFA_TYPE", {"USERNAME": name, "ANSWER": "SOFTWARE_TOKEN_MFA"}, challenge["Session"])
    assert give_code(optional, name, chosen, app.code())["AuthenticationResult"]


# What is kept, and what is not

def test_over_a_restart(server, optional):
    name, app = protected(optional)
    challenge = optional.sign_in(name)
    server.restart()
    assert give_code(optional, name, challenge, app.code())["AuthenticationResult"]


def test_a_user_of_the_same_name_starts_anew(optional):
    name, _ = protected(optional)
    optional.idp.admin_delete_user(UserPoolId=optional.id, Username=name)
    optional.add_user(name)
    assert optional.sign_in(name)["AuthenticationResult"]
    assert shown(optional.get(name)) == [None, None, None]


def test_phone_number_that_is_removed(optional):
    name = optional.add_user(phone_number="+15550100")
    optional.idp.admin_set_user_mfa_preference(UserPoolId=optional.id, Username=name, SMSMfaSettings=PREFERRED)
    assert shown(optional.get(name))[0] == ["SMS_MFA"]
    assert optional.sign_in(name)["ChallengeName"] == "SMS_MFA"
    optional.idp.admin_update_user_attributes(UserPoolId=optional.id, Username=name,
                                              UserAttributes=attributes(phone_number=""))
    assert optional.sign_in(name)["AuthenticationResult"]
