# SPDX-License-Identifier: Apache-2.0
"""SetUserPoolMfaConfig, GetUserPoolMfaConfig, and how they go with CreateUserPool and UpdateUserPool."""

import json
import pathlib

import pytest

import raw
from cognito import refused

SPECS = pathlib.Path(__file__).resolve().parents[3] / "src" / "spec" / "cognito-idp"
ROLE = {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "external", "SnsRegion": "us-east-1"}
TOTP = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
EMAIL = {"EmailMfaConfiguration": {"Message": "Your code\nis {####}.", "Subject": "A code"}}
SMS = {"SmsMfaConfiguration": {"SmsAuthenticationMessage": "Your code is {####}", "SmsConfiguration": ROLE}}
PASSKEYS = {"WebAuthnConfiguration": {"RelyingPartyId": "auth.example.com", "UserVerification": "required",
                                      "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION"}}
EUMS = {"CallerArn": "arn:aws:iam::123456789012:role/eums", "ExternalId": "external",
        "OriginationIdentity": "identity", "ConfigurationSetName": "set", "InEntityId": "entity",
        "InTemplateId": "template", "Region": "us-east-1"}
NO_SMS = "SMS configuration and Auto verification for phone_number are required when MFA is required/optional"


def set_mfa(pool, **members):
    return raw.call(pool.server, "SetUserPoolMfaConfig", UserPoolId=pool.id, **members)


def get_mfa(pool):
    return raw.call(pool.server, "GetUserPoolMfaConfig", UserPoolId=pool.id)


def describe(pool):
    return raw.call(pool.server, "DescribeUserPool", UserPoolId=pool.id)["UserPool"]


def update(pool, **members):
    return raw.call(pool.server, "UpdateUserPool", UserPoolId=pool.id, **members)


def leaves(types, members):
    """Paths of all members down to the last ones."""
    for name, member in members.items():
        below = types[member["type"]]
        if below["kind"] == "structure":
            yield from (f"{name}.{path}" for path in leaves(types, below["members"]))
        else:
            yield name


def paths(value):
    for name, inner in value.items():
        if isinstance(inner, dict):
            yield from (f"{name}.{path}" for path in paths(inner))
        else:
            yield name


EVERYTHING = [{"MfaConfiguration": "ON", **TOTP, **EMAIL, **SMS, **PASSKEYS},
              {"MfaConfiguration": "OPTIONAL", "SmsMfaConfiguration": {"SmsConfiguration": {"EumsSms": EUMS}}}]


def test_the_requests_have_every_member():
    types = json.loads((SPECS / "types.json").read_text())
    operation = json.loads((SPECS / "SetUserPoolMfaConfig.json").read_text())
    given = {path for request in EVERYTHING for path in paths(request)}
    assert given | {"UserPoolId"} == set(leaves(types, operation["input"]))


@pytest.mark.parametrize("request_", EVERYTHING, ids=["SNS", "EUMS"])
def test_every_member_is_kept(make_pool, request_):
    pool = make_pool()
    assert set_mfa(pool, **request_) == request_
    assert get_mfa(pool) == request_
    shown = describe(pool)
    assert shown["MfaConfiguration"] == request_["MfaConfiguration"]
    assert shown["SmsConfiguration"] == request_["SmsMfaConfiguration"]["SmsConfiguration"]
    assert shown.get("SmsAuthenticationMessage") == request_["SmsMfaConfiguration"].get("SmsAuthenticationMessage")


def test_a_new_pool(pool):
    assert get_mfa(pool) == {"MfaConfiguration": "OFF"}


def test_a_pool_that_was_made_with_sms(make_pool):
    pool = make_pool({"MfaConfiguration": "OPTIONAL", "SmsConfiguration": ROLE,
                      "SmsAuthenticationMessage": "{####} it is"})
    assert get_mfa(pool) == {"MfaConfiguration": "OPTIONAL", "SmsMfaConfiguration": {
        "SmsAuthenticationMessage": "{####} it is", "SmsConfiguration": ROLE}}


def test_what_is_said_takes_the_place_of_what_was_said(make_pool):
    pool = make_pool()
    set_mfa(pool, **EVERYTHING[0])
    assert set_mfa(pool, MfaConfiguration="OPTIONAL", **TOTP) == {"MfaConfiguration": "OPTIONAL", **TOTP, **PASSKEYS}
    assert set_mfa(pool, MfaConfiguration="OFF") == {"MfaConfiguration": "OFF", **PASSKEYS}
    assert describe(pool)["SmsConfiguration"] == ROLE


def test_passkeys_leave_factors_alone(make_pool):
    pool = make_pool()
    set_mfa(pool, MfaConfiguration="ON", **TOTP)
    set_mfa(pool, **PASSKEYS)
    assert get_mfa(pool) == {"MfaConfiguration": "ON", **TOTP, **PASSKEYS}


REFUSED = [
    ("off with a factor", {"MfaConfiguration": "OFF", **TOTP},
     "Invalid MFA configuration given, can't turn off MFA and configure an MFA together."),
    ("a factor where it is off", EMAIL,
     "Invalid MFA configuration given, can't turn off MFA and configure an MFA together."),
    ("on without a factor", {"MfaConfiguration": "ON"},
     "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled."),
    ("on with a factor that is not enabled",
     {"MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": {"Enabled": False}},
     "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled."),
    ("SMS without a configuration", {"MfaConfiguration": "ON", "SmsMfaConfiguration": {}}, NO_SMS),
]


@pytest.mark.parametrize("members,message", [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused(pool, members, message):
    with refused("InvalidParameterException", message):
        set_mfa(pool, **members)
    assert get_mfa(pool) == {"MfaConfiguration": "OFF"}


@pytest.mark.parametrize("members", [{"MfaConfiguration": "ON", **EMAIL}, PASSKEYS], ids=["email", "passkeys"])
def test_plan_that_has_it_not(make_pool, members):
    pool = make_pool({"UserPoolTier": "LITE"})
    with refused("FeatureUnavailableInTierException"):
        set_mfa(pool, **members)
    set_mfa(pool, MfaConfiguration="ON", **TOTP)


def test_plan_that_would_not_have_it(make_pool):
    pool = make_pool()
    set_mfa(pool, **PASSKEYS)
    with refused("TierChangeNotAllowedException"):
        update(pool, UserPoolTier="LITE")


def test_recovery_by_email_alone(make_pool):
    pool = make_pool({"AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]}})
    with refused("InvalidParameterException"):
        set_mfa(pool, MfaConfiguration="OPTIONAL", **EMAIL)


def test_model_constraints(pool):
    for members in ({"MfaConfiguration": "MAYBE"}, {"EmailMfaConfiguration": {"Message": "no code in it"}},
                    {"SmsMfaConfiguration": {"SmsAuthenticationMessage": "x" * 134 + "{####}" + "x"}},
                    {"WebAuthnConfiguration": {"RelyingPartyId": "x" * 128}}):
        with refused("InvalidParameterException") as raised:
            set_mfa(pool, **members)
        assert "failed to satisfy constraint" in raised.value.response["Error"]["Message"]


def test_missing_pool(server):
    for operation in ("SetUserPoolMfaConfig", "GetUserPoolMfaConfig"):
        with refused("ResourceNotFoundException", "User pool us-east-1_AAAAAAAAA does not exist."):
            raw.call(server, operation, UserPoolId="us-east-1_AAAAAAAAA")
        with refused("InvalidParameterException"):
            raw.call(server, operation, UserPoolId="AAAAAAAAA")


# UpdateUserPool

def test_update_of_the_mode(make_pool):
    pool = make_pool()
    set_mfa(pool, MfaConfiguration="ON", **TOTP)
    for mode in ("OPTIONAL", "ON"):
        update(pool, MfaConfiguration=mode)
        assert get_mfa(pool) == {"MfaConfiguration": mode, **TOTP}
    update(pool)
    assert describe(pool)["MfaConfiguration"] == "OFF"
    update(pool, MfaConfiguration="OPTIONAL")
    assert get_mfa(pool) == {"MfaConfiguration": "OPTIONAL", **TOTP}


def test_update_that_brings_a_configuration_of_sms_for_other_messages(make_pool):
    pool = make_pool()
    set_mfa(pool, MfaConfiguration="ON", **TOTP)
    update(pool, MfaConfiguration="ON", SmsConfiguration=ROLE)
    assert get_mfa(pool) == {"MfaConfiguration": "ON", **TOTP}


def test_update_without_any_factor(make_pool):
    pool = make_pool()
    with refused("InvalidParameterException", NO_SMS):
        update(pool, MfaConfiguration="OPTIONAL")
    set_mfa(pool, MfaConfiguration="ON", **SMS)
    with refused("InvalidParameterException", NO_SMS):
        update(pool, MfaConfiguration="ON")
    update(pool, MfaConfiguration="ON", SmsConfiguration=ROLE)
    assert get_mfa(pool) == {"MfaConfiguration": "ON", "SmsMfaConfiguration": {"SmsConfiguration": ROLE}}
