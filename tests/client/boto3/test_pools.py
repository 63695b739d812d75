# SPDX-License-Identifier: Apache-2.0
"""CreateUserPool, DescribeUserPool, UpdateUserPool, DeleteUserPool, ListUserPools."""

import datetime
import json
import pathlib
import re

import pytest

import raw
from cognito import new_name, refused

SPECS = pathlib.Path(__file__).resolve().parents[3] / "src" / "spec" / "cognito-idp"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:"
KEY = "arn:aws:kms:us-east-1:123456789012:key/mrk-0123456789abcdef0123456789abcdef"

# Every member of CreateUserPool down to the last one, but for those that exclude another (EXCLUDED).
MAXIMAL = {
    "PoolName": "every + member, of = the @ model-1",
    "Policies": {
        "PasswordPolicy": {"MinimumLength": 10, "RequireUppercase": True, "RequireLowercase": False,
                           "RequireNumbers": True, "RequireSymbols": False, "PasswordHistorySize": 5,
                           "TemporaryPasswordValidityDays": 3},
        "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]},
    },
    "DeletionProtection": "ACTIVE",
    "LambdaConfig": {
        **{name: FUNCTION + name for name in (
            "PreSignUp", "CustomMessage", "PostConfirmation", "PreAuthentication", "PostAuthentication",
            "DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse", "UserMigration")},
        "PreTokenGeneration": FUNCTION + "tokens",
        "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": FUNCTION + "tokens"},
        "CustomSMSSender": {"LambdaVersion": "V1_0", "LambdaArn": FUNCTION + "sms"},
        "CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": FUNCTION + "email"},
        "KMSKeyID": KEY,
        "InboundFederation": {"LambdaVersion": "V1_0", "LambdaArn": FUNCTION + "federation"},
    },
    "AutoVerifiedAttributes": ["email", "phone_number"],
    "AliasAttributes": ["email", "preferred_username"],
    "SmsVerificationMessage": "sms {####}",
    "EmailVerificationMessage": "mail {####}",
    "EmailVerificationSubject": "subject",
    "VerificationMessageTemplate": {
        "SmsMessage": "sms {####}", "EmailMessage": "mail {####}", "EmailSubject": "subject",
        "EmailMessageByLink": "press {##here##}", "EmailSubjectByLink": "a link",
        "DefaultEmailOption": "CONFIRM_WITH_CODE",
    },
    "SmsAuthenticationMessage": "sign-in {####}",
    "MfaConfiguration": "OPTIONAL",
    "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
    "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True},
    "EmailConfiguration": {
        "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/no-reply@example.com",
        "ReplyToEmailAddress": "help@example.com", "EmailSendingAccount": "DEVELOPER",
        "From": "no-reply@example.com", "ConfigurationSet": "set-1",
    },
    "SmsConfiguration": {
        "SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "external", "SnsRegion": "us-east-1",
    },
    "UserPoolTags": {"team": "identity", "cost centre": ""},
    "AdminCreateUserConfig": {
        "AllowAdminCreateUserOnly": True, "UnusedAccountValidityDays": 3,
        "InviteMessageTemplate": {"SMSMessage": "{username} {####}", "EmailMessage": "{username} {####}",
                                  "EmailSubject": "welcome"},
    },
    "Schema": [
        {"Name": "nickname", "AttributeDataType": "String", "DeveloperOnlyAttribute": False, "Mutable": True,
         "Required": True, "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "99"}},
        {"Name": "size", "AttributeDataType": "Number", "DeveloperOnlyAttribute": False, "Mutable": False,
         "Required": False, "NumberAttributeConstraints": {"MinValue": "1", "MaxValue": "9"}},
    ],
    "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT", "AdvancedSecurityAdditionalFlows": {"CustomAuthMode": "AUDIT"}},
    "UsernameConfiguration": {"CaseSensitive": False},
    "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"},
                                                      {"Priority": 2, "Name": "verified_phone_number"}]},
    "UserPoolTier": "PLUS",
    "KeyConfiguration": {"KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": KEY},
    "IssuerConfiguration": {"Type": "ORIGINAL"},
}
EXCLUDED = {"UsernameAttributes", "SmsConfiguration.EumsSms"}

# What DescribeUserPool shows under another name or adds to.
RENAMED = {"PoolName": "Name", "Schema": "SchemaAttributes"}

STANDARD_ATTRIBUTES = {
    "sub", "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture",
    "website", "email", "email_verified", "gender", "birthdate", "zoneinfo", "locale", "phone_number",
    "phone_number_verified", "address", "updated_at",
}


def describe(server, pool_id):
    return raw.call(server, "DescribeUserPool", UserPoolId=pool_id)["UserPool"]


def missing_members(types, members, value, path=""):
    """Paths of members that the model has and the value has not."""
    for name, member in members.items():
        here = path + name
        if here in EXCLUDED:
            continue
        if name not in value:
            yield here
            continue
        below, inner = types[member["type"]], value[name]
        if below["kind"] == "list":
            below, inner = types[below["element"]], inner[0]
        if below["kind"] == "structure" and here != "Schema":
            yield from missing_members(types, below["members"], inner, here + ".")


def test_the_maximal_request_is_maximal():
    types = json.loads((SPECS / "types.json").read_text())
    operation = json.loads((SPECS / "CreateUserPool.json").read_text())
    assert list(missing_members(types, operation["input"], MAXIMAL)) == []


def assert_kept(pool, settings):
    for member, value in settings.items():
        shown = pool[RENAMED.get(member, member)]
        if member == "Schema":
            shown = [attribute for attribute in shown if attribute["Name"] in ("nickname", "custom:size")]
            value = [{**attribute, "Name": {"size": "custom:size"}.get(attribute["Name"], attribute["Name"])}
                     for attribute in value]
            shown, value = (sorted(each, key=lambda attribute: attribute["Name"]) for each in (shown, value))
        assert shown == value, member


def test_create_keeps_every_member(server):
    created = raw.call(server, "CreateUserPool", **MAXIMAL)["UserPool"]
    assert_kept(created, MAXIMAL)
    assert_kept(describe(server, created["Id"]), MAXIMAL)


def test_update_keeps_every_member(server, make_pool):
    pool = make_pool({"AliasAttributes": ["email", "preferred_username"]})
    fixed = {"AliasAttributes", "Schema", "UsernameConfiguration", "KeyConfiguration", "IssuerConfiguration"}
    operation = json.loads((SPECS / "UpdateUserPool.json").read_text())
    settings = {name: value for name, value in MAXIMAL.items() if name in operation["input"] and name not in fixed}
    assert raw.call(server, "UpdateUserPool", UserPoolId=pool.id, **settings) == {}
    assert_kept(describe(server, pool.id), settings)


def test_update_puts_back_defaults(idp, make_pool):
    pool = make_pool({"Policies": {"PasswordPolicy": {"MinimumLength": 20}}, "DeletionProtection": "ACTIVE"})
    idp.update_user_pool(UserPoolId=pool.id)
    shown = idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]
    assert shown["Policies"]["PasswordPolicy"]["MinimumLength"] == 8
    assert shown["DeletionProtection"] == "INACTIVE"


def test_update_of_a_missing_pool(idp):
    with refused("ResourceNotFoundException", "User pool us-east-1_AAAAAAAAA does not exist."):
        idp.update_user_pool(UserPoolId="us-east-1_AAAAAAAAA")


def test_defaults_and_shape(server, idp):
    before = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=1)
    pool = idp.create_user_pool(PoolName="plain")["UserPool"]
    assert re.fullmatch(r"us-east-1_[0-9a-zA-Z]{9}", pool["Id"])
    assert pool["Arn"] == f"arn:aws:cognito-idp:us-east-1:123456789012:userpool/{pool['Id']}"
    assert pool["Name"] == "plain"
    assert pool["EstimatedNumberOfUsers"] == 0
    assert pool["MfaConfiguration"] == "OFF"
    assert pool["DeletionProtection"] == "INACTIVE"
    assert before <= pool["CreationDate"] <= pool["LastModifiedDate"]
    assert describe(server, pool["Id"])["UserPoolTier"] == "ESSENTIALS"
    assert {attribute["Name"] for attribute in pool["SchemaAttributes"]} >= STANDARD_ATTRIBUTES


def test_default_password_policy(idp, pool):
    policy = idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["Policies"]["PasswordPolicy"]
    assert policy == {"MinimumLength": 8, "RequireUppercase": True, "RequireLowercase": True, "RequireNumbers": True,
                      "RequireSymbols": True, "TemporaryPasswordValidityDays": 7}


def test_timestamps_are_numbers_of_seconds(server):
    pool = raw.call(server, "CreateUserPool", PoolName="times")["UserPool"]
    assert abs(pool["CreationDate"] - datetime.datetime.now().timestamp()) < 60
    raw.call(server, "UpdateUserPool", UserPoolId=pool["Id"])
    shown = describe(server, pool["Id"])
    assert shown["CreationDate"] == pool["CreationDate"]
    assert shown["LastModifiedDate"] >= pool["LastModifiedDate"]


def test_number_of_users(idp, make_pool):
    pool = make_pool()
    for _ in range(3):
        pool.add_user()
    assert idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["EstimatedNumberOfUsers"] == 3


REFUSED = [
    ("aliases and addresses as names", {"AliasAttributes": ["email"], "UsernameAttributes": ["email"]}, None),
    ("required custom attribute",
     {"Schema": [{"Name": "size", "AttributeDataType": "String", "Required": True}]},
     "Required custom attributes are not supported currently."),
]


@pytest.mark.parametrize("settings,message", [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_create_refuses(idp, settings, message):
    with refused("InvalidParameterException", message):
        idp.create_user_pool(PoolName="refused", **settings)


MODEL_REFUSED = [
    ("name too long", {"PoolName": "x" * 129}),
    ("name of other characters", {"PoolName": "a/b"}),
    ("unknown enum value", {"MfaConfiguration": "MAYBE"}),
    ("password too short to ask for", {"Policies": {"PasswordPolicy": {"MinimumLength": 5}}}),
    ("message without a code", {"EmailVerificationMessage": "no code"}),
    ("too many attributes", {"Schema": [{"Name": f"a{i}", "AttributeDataType": "String"} for i in range(51)]}),
]


@pytest.mark.parametrize("settings", [row[1] for row in MODEL_REFUSED], ids=[row[0] for row in MODEL_REFUSED])
def test_model_constraints(server, settings):
    with refused("InvalidParameterException") as raised:
        raw.call(server, "CreateUserPool", **{"PoolName": "refused", **settings})
    assert re.match(r"\d+ validation errors? detected: Value ", raised.value.response["Error"]["Message"])


def test_delete(idp, make_pool):
    pool = make_pool()
    user = pool.add_user()
    idp.delete_user_pool(UserPoolId=pool.id)
    gone = f"User pool {pool.id} does not exist."
    with refused("ResourceNotFoundException", gone):
        idp.describe_user_pool(UserPoolId=pool.id)
    with refused("ResourceNotFoundException", gone):
        idp.delete_user_pool(UserPoolId=pool.id)
    with refused("ResourceNotFoundException", gone):
        idp.list_users(UserPoolId=pool.id)
    with refused("ResourceNotFoundException"):
        pool.sign_in(user)


def test_deletion_protection(idp, make_pool):
    pool = make_pool({"DeletionProtection": "ACTIVE"})
    with refused("InvalidParameterException") as raised:
        idp.delete_user_pool(UserPoolId=pool.id)
    assert raised.value.response["Error"]["Message"].startswith(
        "The user pool cannot be deleted because deletion protection is activated.")
    idp.update_user_pool(UserPoolId=pool.id, DeletionProtection="INACTIVE")
    idp.delete_user_pool(UserPoolId=pool.id)


def test_list_pages(idp):
    made = {idp.create_user_pool(PoolName=new_name())["UserPool"]["Id"] for _ in range(5)}
    pages = list(idp.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": 2}))
    listed = [pool for page in pages for pool in page["UserPools"]]
    ids = [pool["Id"] for pool in listed]
    assert made <= set(ids)
    assert len(set(ids)) == len(ids)
    assert all(len(page["UserPools"]) == 2 for page in pages[:-1])
    assert {"Id", "Name", "CreationDate", "LastModifiedDate"} <= set(listed[0])


def test_list_refuses_a_token_of_its_own_making(idp):
    with refused("InvalidParameterException"):
        idp.list_user_pools(MaxResults=1, NextToken="not-a-token")


def test_list_limits(server):
    for limit in (0, 61):
        with refused("InvalidParameterException"):
            raw.call(server, "ListUserPools", MaxResults=limit)
