# SPDX-License-Identifier: Apache-2.0
"""What an attacker does at the sign-in: proofs and sessions that are used by several at once or in another place, a
software token that is planted before the user has one, and looking who exists by the work that an answer costs."""

import concurrent.futures
import re
import urllib.request

import pytest
from botocore.exceptions import ClientError

import raw
from authenticator import Authenticator
from cognito import PASSWORD, new_name, refused
from srp import Proof

TOTP = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
TEMPORARY = "Temp0rary!"
NO_SESSION = "Invalid session for the user."
MANY = 24


def outcome_of(call):
    """None, or what was refused and why."""
    try:
        call()
        return None
    except ClientError as failure:
        error = failure.response["Error"]
        return error["Code"], error["Message"]


def side_by_side(calls):
    with concurrent.futures.ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(outcome_of, calls))


def with_mfa(make_pool, mode, settings=None, client=None):
    pool = make_pool(settings, client)
    pool.idp.set_user_pool_mfa_config(UserPoolId=pool.id, MfaConfiguration=mode, **TOTP)
    return pool


@pytest.fixture(scope="module")
def optional(make_pool):
    return with_mfa(make_pool, "OPTIONAL")


@pytest.fixture(scope="module")
def required(make_pool):
    return with_mfa(make_pool, "ON")


def protected(pool):
    """A user who is asked for a code, and the app."""
    name = pool.add_user()
    token = pool.tokens(name)["AccessToken"]
    app = Authenticator(pool.idp.associate_software_token(AccessToken=token)["SecretCode"])
    pool.idp.verify_software_token(AccessToken=token, UserCode=app.code())
    pool.idp.set_user_mfa_preference(AccessToken=token,
                                     SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True})
    return name, app


def give_code(pool, name, session, code):
    return pool.respond("SOFTWARE_TOKEN_MFA", {"USERNAME": name, "SOFTWARE_TOKEN_MFA_CODE": code}, session)


# A proof counts once, however many give it

def test_one_code_in_many_sessions_at_once(optional):
    name, app = protected(optional)
    sessions = [optional.sign_in(name)["Session"] for _ in range(MANY)]
    code = app.code()
    outcomes = side_by_side([lambda s=s: give_code(optional, name, s, code) for s in sessions])
    assert outcomes.count(None) == 1, outcomes
    assert {outcome[0] for outcome in outcomes if outcome} <= {"ExpiredCodeException", "NotAuthorizedException"}


def test_one_code_in_one_session_at_once(optional):
    name, app = protected(optional)
    session, code = optional.sign_in(name)["Session"], app.code()
    assert side_by_side([lambda: give_code(optional, name, session, code)] * MANY).count(None) == 1


def test_one_new_password_session_at_once(pool):
    name = pool.invite(password=TEMPORARY)
    session = pool.sign_in(name, TEMPORARY)["Session"]
    outcomes = side_by_side([lambda i=i: pool.respond(
        "NEW_PASSWORD_REQUIRED", {"USERNAME": name, "NEW_PASSWORD": f"{PASSWORD}{i}"}, session) for i in range(8)])
    assert outcomes.count(None) == 1, outcomes


def test_one_srp_proof_at_once(pool):
    name, proof = pool.add_user(), Proof(pool.id)
    asked = pool.initiate("USER_SRP_AUTH", USERNAME=name, SRP_A=proof.srp_a)["ChallengeParameters"]
    answers = proof.answers(asked, PASSWORD)
    assert side_by_side([lambda: pool.respond("PASSWORD_VERIFIER", answers)] * 8).count(None) == 1


def test_one_refresh_token_at_once(server, make_pool):
    """Rotated for one of them; to the others it was stolen, which ends the sign-in for all."""
    pool = make_pool(client={
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
        "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}})
    token, got = pool.tokens(pool.add_user())["RefreshToken"], []

    def exchange(old):
        answer = raw.call(server, "GetTokensFromRefreshToken", sign=False, ClientId=pool.client_id, RefreshToken=old)
        got.append(answer["AuthenticationResult"])
    outcomes = side_by_side([lambda: exchange(token)] * 8)
    assert outcomes.count(None) == 1, outcomes
    with refused("NotAuthorizedException", "Refresh Token has been revoked"):
        exchange(got[0]["RefreshToken"])
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        pool.idp.get_user(AccessToken=got[0]["AccessToken"])


# Guesses side by side

def test_passwords_side_by_side(pool):
    name = pool.add_user()
    outcomes = side_by_side([lambda i=i: pool.sign_in(name, f"wrong{i}") for i in range(MANY)])
    assert outcomes.count(("NotAuthorizedException", "Incorrect username or password.")) == 5, outcomes
    assert outcomes.count(("NotAuthorizedException", "Password attempts exceeded")) == MANY - 5


def test_codes_side_by_side_in_sessions_of_their_own(optional):
    name, app = protected(optional)
    sessions = [optional.sign_in(name)["Session"] for _ in range(MANY)]
    outcomes = side_by_side([lambda s=s: give_code(optional, name, s, app.wrong()) for s in sessions])
    assert [outcome[0] for outcome in outcomes].count("CodeMismatchException") == 5, outcomes
    # Nor does another sign-in by password wash that off.
    with refused("NotAuthorizedException", "Password attempts exceeded"):
        give_code(optional, name, optional.sign_in(name)["Session"], app.wrong())


# Sessions in another place

def test_sessions_are_good_for_what_was_asked(make_pool, required, optional):
    """Of one user, each session for all that it was not made for."""
    name, _ = protected(optional)
    of_code = optional.sign_in(name)["Session"]
    new = required.invite(password=TEMPORARY)
    of_password = required.sign_in(new, TEMPORARY)["Session"]
    bare = required.invite(password=TEMPORARY)
    answer = required.respond("NEW_PASSWORD_REQUIRED", {"USERNAME": bare, "NEW_PASSWORD": PASSWORD},
                              required.sign_in(bare, TEMPORARY)["Session"])
    assert answer["ChallengeName"] == "MFA_SETUP"
    of_set_up = answer["Session"]
    answers = {
        "NEW_PASSWORD_REQUIRED": {"NEW_PASSWORD": PASSWORD + "1"},
        "SOFTWARE_TOKEN_MFA": {"SOFTWARE_TOKEN_MFA_CODE": "123456"},
        "SELECT_MFA_TYPE": {"ANSWER": "SOFTWARE_TOKEN_MFA"},
        "MFA_SETUP": {},
    }
    for pool, user, session, own in ((optional, name, of_code, "SOFTWARE_TOKEN_MFA"),
                                     (required, new, of_password, "NEW_PASSWORD_REQUIRED"),
                                     (required, bare, of_set_up, "MFA_SETUP")):
        for challenge, given in answers.items():
            if challenge == own:
                continue
            with refused("NotAuthorizedException", NO_SESSION):
                pool.respond(challenge, {"USERNAME": user, **given}, session)
        if own == "MFA_SETUP":
            continue
        with refused("NotAuthorizedException", NO_SESSION):
            pool.idp.associate_software_token(Session=session)
        with refused("NotAuthorizedException", NO_SESSION):
            pool.idp.verify_software_token(Session=session, UserCode="123456")


def test_set_up_is_not_over_before_a_code_was_given(required):
    name = required.add_user()
    asked = required.sign_in(name)
    assert asked["ChallengeName"] == "MFA_SETUP"
    with refused("InvalidParameterException"):
        required.respond("MFA_SETUP", {"USERNAME": name}, asked["Session"])
    associated = required.idp.associate_software_token(Session=asked["Session"])
    with refused("InvalidParameterException"):
        required.respond("MFA_SETUP", {"USERNAME": name}, associated["Session"])


def test_a_user_of_the_same_name_elsewhere(make_pool, optional):
    """Session, client and user must all be of one pool."""
    other = with_mfa(make_pool, "OPTIONAL")
    name, app = protected(optional)
    other.add_user(name)
    session = optional.sign_in(name)["Session"]
    with refused("NotAuthorizedException", NO_SESSION):
        give_code(other, name, session, app.code())
    assert give_code(optional, name, session, app.code())["AuthenticationResult"]


# A planted software token

def test_a_secret_that_an_intruder_asked_for_ends_with_that_of_the_user(optional):
    name = optional.add_user()
    intruder, user = (optional.tokens(name)["AccessToken"] for _ in range(2))
    planted = Authenticator(optional.idp.associate_software_token(AccessToken=intruder)["SecretCode"])
    own = Authenticator(optional.idp.associate_software_token(AccessToken=user)["SecretCode"])
    with refused("EnableSoftwareTokenMFAException"):
        optional.idp.verify_software_token(AccessToken=intruder, UserCode=planted.code())
    optional.idp.verify_software_token(AccessToken=user, UserCode=own.code())
    with refused("SoftwareTokenMFANotFoundException"):
        optional.idp.verify_software_token(AccessToken=intruder, UserCode=planted.code())


def test_two_who_know_the_password_set_up_at_once(required):
    name = required.add_user()
    first, second = (required.sign_in(name)["Session"] for _ in range(2))
    planted = required.idp.associate_software_token(Session=first)
    own = required.idp.associate_software_token(Session=second)
    with refused("EnableSoftwareTokenMFAException"):
        required.idp.verify_software_token(Session=planted["Session"],
                                           UserCode=Authenticator(planted["SecretCode"]).code())
    app = Authenticator(own["SecretCode"])
    verified = required.idp.verify_software_token(Session=own["Session"], UserCode=app.code())
    # From then on the other's session is of no use, though the set-up is not finished.
    for call in (lambda: required.idp.associate_software_token(Session=planted["Session"]),
                 lambda: required.idp.verify_software_token(Session=planted["Session"], UserCode=app.code())):
        with refused("NotAuthorizedException", NO_SESSION):
            call()
    assert required.respond("MFA_SETUP", {"USERNAME": name}, verified["Session"])["AuthenticationResult"]


def test_turning_it_off_is_no_way_around_it(required):
    """An access token turns the factor off, and the pool demands one all the same: the one that the user has."""
    name = required.add_user()
    asked = required.sign_in(name)
    associated = required.idp.associate_software_token(Session=asked["Session"])
    app = Authenticator(associated["SecretCode"])
    verified = required.idp.verify_software_token(Session=associated["Session"], UserCode=app.code())
    tokens = required.respond("MFA_SETUP", {"USERNAME": name}, verified["Session"])["AuthenticationResult"]
    required.idp.set_user_mfa_preference(AccessToken=tokens["AccessToken"],
                                         SoftwareTokenMfaSettings={"Enabled": False})
    assert required.sign_in(name)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


# Who exists, by the work that is done

HASHES = "poolwarden_password_hash_duration_seconds_count"
WRITES = "poolwarden_store_transactions_total"


def counted(server, family):
    with urllib.request.urlopen(server.endpoint + "/metrics") as answer:
        text = answer.read().decode()
    return sum(float(value) for value in re.findall(rf"^{family}(?:{{[^}}]*}})? (\S+)$", text, re.M))


def cost(server, call):
    """How it ended, how many passwords were hashed, and whether something was written; who else writes meanwhile is
    none of its."""
    before = counted(server, HASHES), counted(server, WRITES)
    outcome = outcome_of(call)
    return outcome, counted(server, HASHES) - before[0], counted(server, WRITES) > before[1]


@pytest.fixture(scope="module")
def secretive(make_pool):
    return make_pool({"AutoVerifiedAttributes": ["email"]}, {"PreventUserExistenceErrors": "ENABLED"})


def answer_srp(pool, name):
    proof = Proof(pool.id)
    asked = pool.initiate("USER_SRP_AUTH", USERNAME=name, SRP_A=proof.srp_a)["ChallengeParameters"]
    pool.respond("PASSWORD_VERIFIER", proof.answers(asked, "wrong"))


CALLS = {
    "password": lambda pool, name: pool.sign_in(name, "wrong"),
    "srp": answer_srp,
    "forgotten": lambda pool, name: pool.idp.forgot_password(ClientId=pool.client_id, Username=name),
    "recovery": lambda pool, name: pool.idp.confirm_forgot_password(
        ClientId=pool.client_id, Username=name, ConfirmationCode="123456", Password="Br4nd-new!"),
    "code": lambda pool, name: pool.respond("SOFTWARE_TOKEN_MFA", {
        "USERNAME": name, "SOFTWARE_TOKEN_MFA_CODE": "123456"}, "a" * 64),
}


def confirmed(pool):
    return pool.add_user()


def recoverable(pool):
    name = pool.add_user()
    pool.idp.admin_update_user_attributes(UserPoolId=pool.id, Username=name, UserAttributes=[
        {"Name": "email", "Value": f"{name}@example.com"}, {"Name": "email_verified", "Value": "true"}])
    return name


def invited(pool):
    return pool.invite()


@pytest.mark.parametrize("call", CALLS)
def test_nobody_costs_what_somebody_costs(server, secretive, call):
    """Hashes are what takes long, and commits: a name that nobody has must not spare them."""
    of_nobody = cost(server, lambda: CALLS[call](secretive, "nobody-" + call))
    for make in (confirmed, recoverable, invited):
        name = make(secretive)
        assert cost(server, lambda: CALLS[call](secretive, name)) == of_nobody, make.__name__
    if call == "password":
        assert of_nobody == (("NotAuthorizedException", "Incorrect username or password."), 1, True)


def test_a_code_that_was_never_sent_does_not_tell_who_exists(server, secretive):
    """Neither at a sign-up nor at a forgotten password, and however late."""
    signed_up = new_name()
    secretive.sign_up(signed_up)
    wrong = ("CodeMismatchException", "Invalid verification code provided, please try again.")
    for name in (signed_up, "nobody-at-all"):
        assert outcome_of(lambda: secretive.confirm(name, "123456")) == wrong
    for name in (confirmed(secretive), invited(secretive), "nobody-at-all"):
        assert outcome_of(lambda: CALLS["recovery"](secretive, name)) == wrong
