#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether real clients have called every operation of the specs, and whether every error that it lists was met.

    spec_coverage.py BY_CLIENTS BY_ANY JUNIT

The first two are what the servers of the suites wrote down (server.py): a line for each call, operation and error, "-"
for none; real clients must have had the successes, the errors count also where they were made by hand. An error that
cannot be met has its reason in UNREACHABLE. JUNIT gets a case for each operation."""

import pathlib
import sys
import xml.etree.ElementTree as xml

import spec

NO_TRIGGERS = "the server runs no triggers yet"
NO_ROLES = "no role of another service is assumed to send messages"
FAULT = "takes a fault of the machine; tests/crash provokes those"

# Error: why nobody can meet it. Behind a colon: of the operations of that kind of caller, or of that one alone.
UNREACHABLE = {
    "InternalErrorException": FAULT,
    "UnexpectedLambdaException": NO_TRIGGERS,
    "UserLambdaValidationException": NO_TRIGGERS,
    "InvalidLambdaResponseException": NO_TRIGGERS,
    "InvalidSmsRoleAccessPolicyException": NO_ROLES,
    "InvalidSmsRoleTrustRelationshipException": NO_ROLES,
    "InvalidEmailRoleAccessPolicyException": NO_ROLES,
    "CodeDeliveryFailureException": "messages go into the outbox, which takes them all",
    "ForbiddenException": "there is no web application firewall in front",
    "OperationNotEnabledException": "there are no replicas of pools that refuse to be written",
    "UserImportInProgressException": "there are no import jobs yet",
    "TooManyFailedAttemptsException": "LimitExceededException tells the same",
    "PreconditionNotMetException": "there are no import jobs yet",
    "InvalidUserPoolConfigurationException": "a pool's settings are checked when they are made",
    "UserPoolTaggingException": "tags that cannot be are an InvalidParameterException",
    "sigv4:NotAuthorizedException": "who may not sign is told AccessDeniedException, as the protocol has it",
    "access_token:UserNotConfirmedException": "nobody who has signed in becomes unconfirmed again",
    "UnsupportedOperationException": "no flow is left out",
    "MFAMethodNotFoundException": "users are asked only for what they have",
    "AdminRespondToAuthChallenge:SoftwareTokenMFANotFoundException": "who removes a token ends the challenges for it",
    "RespondToAuthChallenge:SoftwareTokenMFANotFoundException": "who removes a token ends the challenges for it",
    "AdminSetUserMFAPreference:PasswordResetRequiredException": "administrators set it for users in any state",
    "AdminSetUserMFAPreference:UserNotConfirmedException": "administrators set it for users in any state",
    "AssociateSoftwareToken:ConcurrentModificationException": "the token that came last is the one",
    "VerifySoftwareToken:CodeMismatchException": "EnableSoftwareTokenMFAException tells the same",
    "GetProvisionedLimit:ResourceNotFoundException": "there is a limit of every category",
    "UpdateProvisionedLimit:ResourceNotFoundException": "there is a limit of every category",
    "AdminConfirmSignUp:LimitExceededException": "administrators are not limited",
    "AdminResetUserPassword:LimitExceededException": "administrators are not limited",
    "CreateUserPool:TierChangeNotAllowedException": "a new pool has no feature plan to leave",
    "DeleteUserPoolClient:ConcurrentModificationException": "deleting takes what is there",
    "AdminRespondToAuthChallenge:UserNotConfirmedException": "said when the sign-in begins",
    "AdminRespondToAuthChallenge:UserNotFoundException": "a proof for another user is a wrong one",
    "RespondToAuthChallenge:UserNotConfirmedException": "said when the sign-in begins",
    "RespondToAuthChallenge:UserNotFoundException": "a proof for another user is a wrong one",
    "UpdateUserAttributes:CodeMismatchException": "the operation takes no code",
    "UpdateUserAttributes:ExpiredCodeException": "the operation takes no code",
    "GetTokensFromRefreshToken:UserNotFoundException": "a token whose user is gone is an invalid one",
}


def seen_calls(path):
    return {tuple(line.split()) for line in path.read_text().splitlines()}


def is_excused(operation, error):
    return any(key in UNREACHABLE for key in (error, f"{operation.caller}:{error}", f"{operation.name}:{error}"))


def needless(by_any):
    """Excuses of operations for what they were seen to answer, or do not list: they would hide more than they say."""
    return [key for key in UNREACHABLE for name, _, error in [key.partition(":")]
            if name in spec.BY_NAME and ((name, error) in by_any or error not in spec.BY_NAME[name].listed)]


def missing(operation, by_clients, by_any):
    """What nobody has seen of the operation."""
    errors = [error for error in sorted(operation.listed)
              if (operation.name, error) not in by_any and not is_excused(operation, error)]
    return errors if (operation.name, "-") in by_clients else ["-", *errors]


def report(cases, path):
    suite = xml.Element("testsuite", name="coverage")
    for name, left in cases.items():
        case = xml.SubElement(suite, "testcase", name=name)
        if left:
            what = "needless" if name == "UNREACHABLE" else "never seen"
            text = f"{what}: {', '.join(left)}".replace("-", "success by a client", 1)
            xml.SubElement(case, "failure", message=text)
            print(f"{name}: {text}")
    xml.ElementTree(suite).write(path)


def main():
    by_clients, by_any = (seen_calls(pathlib.Path(path)) for path in sys.argv[1:3])
    by_any |= by_clients
    cases = {operation.name: missing(operation, by_clients, by_any) for operation in spec.OPERATIONS}
    cases["UNREACHABLE"] = needless(by_any)
    report(cases, sys.argv[3])
    return any(cases.values())


if __name__ == "__main__":
    sys.exit(main())
