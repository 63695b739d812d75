#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Starts the spec of an operation from a public API model (the JSON files that the AWS SDKs ship).

    import.py MODEL OPERATION CALLER METHOD PATH [SUMMARY]
    import.py categories

Takes over the facts (names, types, limits, patterns, enums, errors) and adds missing types to types.json.
Sentences are ours: the summary is written by hand. The second form adds the quota's category to specs that lack it.
"""
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
CALLERS = ("public", "access_token", "sigv4")

# No model says which operations of user pools share a quota; the developer guide does.
# https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
CATEGORIES = {
    "UserAuthentication": "AdminInitiateAuth GetTokensFromRefreshToken InitiateAuth",
    "UserAuthenticationResponse": "AdminRespondToAuthChallenge RespondToAuthChallenge",
    "UserCreation": "AdminConfirmSignUp AdminCreateUser ConfirmSignUp SignUp",
    "UserAccountRecovery": "AdminResetUserPassword AdminSetUserPassword ChangePassword ConfirmForgotPassword "
                           "ForgotPassword",
    "UserRead": "AdminGetUser AdminGetUserAuthFactors GetUser GetUserAuthFactors",
    "UserUpdate": "AdminAddUserToGroup AdminDeleteUser AdminDeleteUserAttributes AdminDisableProviderForUser "
                  "AdminDisableUser AdminEnableUser AdminLinkProviderForUser AdminRemoveUserFromGroup "
                  "AdminUpdateUserAttributes AdminUserGlobalSignOut DeleteUser DeleteUserAttributes GlobalSignOut "
                  "UpdateUserAttributes",
    "UserToken": "RevokeToken",
    "UserResourceRead": "AdminGetDevice AdminListDevices AdminListGroupsForUser AdminListUserAuthEvents GetDevice "
                        "ListDevices ListWebAuthnCredentials",
    "UserResourceUpdate": "AdminForgetDevice AdminSetUserMFAPreference AdminSetUserSettings "
                          "AdminUpdateAuthEventFeedback AdminUpdateDeviceStatus AssociateSoftwareToken "
                          "CompleteWebAuthnRegistration ConfirmDevice DeleteWebAuthnCredential ForgetDevice "
                          "GetUserAttributeVerificationCode ResendConfirmationCode SetUserMFAPreference "
                          "SetUserSettings StartWebAuthnRegistration UpdateAuthEventFeedback UpdateDeviceStatus "
                          "VerifySoftwareToken VerifyUserAttribute",
    "UserList": "ListUsers ListUsersInGroup",
    "UserPoolRead": "DescribeUserPool ListUserPools",
    "UserPoolUpdate": "CreateUserPool DeleteUserPool UpdateUserPool",
    "UserPoolClientRead": "DescribeUserPoolClient ListUserPoolClients ListUserPoolClientSecrets",
    "UserPoolClientUpdate": "AddUserPoolClientSecret CreateUserPoolClient DeleteUserPoolClient "
                            "DeleteUserPoolClientSecret UpdateUserPoolClient",
    "LimitManagement": "GetProvisionedLimit UpdateProvisionedLimit",
}
READS = ("Describe", "Get", "List")


def convert_type(shape):
    """One type of types.json from a shape of the model."""
    kind = shape["type"]
    out = {"kind": "enum" if "enum" in shape else kind}
    if "enum" in shape:
        out["values"] = shape["enum"]
        return out
    for key in ("min", "max", "pattern"):
        if key in shape:
            out[key] = shape[key]
    if shape.get("sensitive"):
        out["sensitive"] = True
    if kind == "structure":
        out["members"] = members_of(shape)
    if kind == "list":
        out["element"] = shape["member"]["shape"]
    if kind == "map":
        out["key"] = shape["key"]["shape"]
        out["value"] = shape["value"]["shape"]
    return out


def members_of(shape):
    required = set(shape.get("required", ()))
    members = {}
    for name, member in shape.get("members", {}).items():
        members[name] = {"type": member["shape"]}
        if name in required:
            members[name]["required"] = True
    return members


def add_types(model, types, name):
    if name in types:
        return
    shape = model["shapes"][name]
    types[name] = convert_type(shape)
    for member in shape.get("members", {}).values():
        add_types(model, types, member["shape"])
    for part in ("member", "key", "value"):
        if part in shape:
            add_types(model, types, shape[part]["shape"])


def category_of(name):
    """Everything else is about what hangs on a pool."""
    for category, names in CATEGORIES.items():
        if name in names.split():
            return category
    return "UserPoolResourceRead" if name.startswith(READS) else "UserPoolResourceUpdate"


def with_category(spec):
    """The spec with its category behind its caller."""
    members = {"category": category_of(spec["name"]), **spec}
    return {key: members[key] for key in sorted(members, key=lambda key: key not in ("name", "summary", "caller"))}


def add_categories():
    for path in sorted((HERE / "cognito-idp").glob("*.json")):
        spec = json.loads(path.read_text())
        if "name" in spec and "category" not in spec:
            path.write_text(json.dumps(with_category(spec), indent=4) + "\n")


def resource_of(members):
    if "UserPoolId" in members:
        return "arn:aws:cognito-idp:{region}:{account}:userpool/{UserPoolId}"
    if "ResourceArn" in members:
        return "{ResourceArn}"
    return "*"


def import_operation(model, name, caller, method, path, summary):
    operation = model["operations"][name]
    service = model["metadata"]["endpointPrefix"]
    folder = HERE / service
    folder.mkdir(exist_ok=True)
    service_file = folder / "service.json"
    if not service_file.exists():
        wire = {"target_prefix": model["metadata"]["targetPrefix"], "signing_names": [service]}
        service_file.write_text(json.dumps(wire, indent=4) + "\n")
    types_file = folder / "types.json"
    types = json.loads(types_file.read_text()) if types_file.exists() else {}
    spec = {"name": name, "summary": summary, "caller": caller}
    for side in ("input", "output"):
        shape = model["shapes"][operation[side]["shape"]] if side in operation else {}
        spec[side] = members_of(shape)
        for member in shape.get("members", {}).values():
            add_types(model, types, member["shape"])
    if caller == "sigv4":
        spec["action"] = f"{service}:{name}"
        spec["resource"] = resource_of(spec["input"])
    spec["rest"] = {"method": method, "path": path}
    spec["errors"] = sorted({error["shape"] for error in operation["errors"]})
    if service == "cognito-idp":
        spec = with_category(spec)
    (folder / f"{name}.json").write_text(json.dumps(spec, indent=4) + "\n")
    types_file.write_text(json.dumps(dict(sorted(types.items())), indent=4) + "\n")


def main():
    if sys.argv[1:] == ["categories"]:
        return add_categories()
    if len(sys.argv) < 6 or sys.argv[3] not in CALLERS:
        sys.exit(__doc__)
    model = json.loads(pathlib.Path(sys.argv[1]).read_text())
    return import_operation(model, *sys.argv[2:6], sys.argv[6] if len(sys.argv) > 6 else "")


if __name__ == "__main__":
    main()
