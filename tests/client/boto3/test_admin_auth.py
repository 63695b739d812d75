# SPDX-License-Identifier: Apache-2.0
"""AdminInitiateAuth, AdminRespondToAuthChallenge and their public twins: what can go wrong on the way to tokens."""

import pytest

from cognito import PASSWORD, attributes, new_name, refused
from srp import Proof

NEW = "Br4nd-new!"
TEMPORARY = "Temp0rary!"
WAYS = ["public", "admin"]


class Way:
    """The same call through the operations for users or for administrators."""

    def __init__(self, pool, kind):
        self.pool = pool
        self.is_admin = kind == "admin"
        self.members = {"ClientId": pool.client_id, **({"UserPoolId": pool.id} if self.is_admin else {})}

    def initiate(self, name, password=PASSWORD):
        flow = "ADMIN_USER_PASSWORD_AUTH" if self.is_admin else "USER_PASSWORD_AUTH"
        call = self.pool.idp.admin_initiate_auth if self.is_admin else self.pool.idp.initiate_auth
        return call(AuthFlow=flow, AuthParameters={"USERNAME": name, "PASSWORD": password}, **self.members)

    def initiate_srp(self, name, proof):
        call = self.pool.idp.admin_initiate_auth if self.is_admin else self.pool.idp.initiate_auth
        return call(AuthFlow="USER_SRP_AUTH", AuthParameters={"USERNAME": name, "SRP_A": proof.srp_a}, **self.members)

    def respond(self, challenge, answers, session=None):
        idp, more = self.pool.idp, {"Session": session} if session else {}
        call = idp.admin_respond_to_auth_challenge if self.is_admin else idp.respond_to_auth_challenge
        return call(ChallengeName=challenge, ChallengeResponses=answers, **more, **self.members)

    def choose(self, challenge, name, password=NEW, **values):
        answers = {f"userAttributes.{key}": value for key, value in values.items()}
        return self.respond("NEW_PASSWORD_REQUIRED", {"USERNAME": name, "NEW_PASSWORD": password, **answers},
                            challenge["Session"])


@pytest.fixture(params=WAYS)
def way(request, pool):
    return Way(pool, request.param)


def prove_address(pool, name):
    pool.idp.admin_update_user_attributes(UserPoolId=pool.id, Username=name, UserAttributes=attributes(
        email=f"{name}@example.com", email_verified="true"))


def test_states_at_the_start(way, pool):
    unconfirmed, reset = new_name(), pool.add_user()
    pool.sign_up(unconfirmed)
    prove_address(pool, reset)
    pool.idp.admin_reset_user_password(UserPoolId=pool.id, Username=reset)
    for name, error in ((unconfirmed, "UserNotConfirmedException"), (reset, "PasswordResetRequiredException"),
                        ("nobody", "UserNotFoundException")):
        with refused(error):
            way.initiate(name)
        with refused(error):
            way.initiate_srp(name, Proof(pool.id))


def test_states_that_change_before_the_proof(way, pool):
    """The user becomes one who may not sign in, or is gone, while the client computes."""
    def deleted(name):
        pool.idp.admin_delete_user(UserPoolId=pool.id, Username=name)

    def reset(name):
        prove_address(pool, name)
        pool.idp.admin_reset_user_password(UserPoolId=pool.id, Username=name)

    for happening, error in ((reset, "PasswordResetRequiredException"), (deleted, "NotAuthorizedException")):
        name, proof = pool.add_user(), Proof(pool.id)
        parameters = way.initiate_srp(name, proof)["ChallengeParameters"]
        happening(name)
        with refused(error):
            way.respond("PASSWORD_VERIFIER", proof.answers(parameters, PASSWORD))


def test_a_bad_choice_leaves_the_session(way, pool):
    name = pool.invite()
    challenge = way.initiate(name, TEMPORARY)
    with refused("InvalidPasswordException"):
        way.choose(challenge, name, "short")
    with refused("NotAuthorizedException", "Invalid session for the user."):
        way.choose(challenge, "nobody")
    assert way.choose(challenge, name)["AuthenticationResult"]


def test_alias_is_taken_meanwhile(make_pool):
    pool = make_pool({"AliasAttributes": ["preferred_username"]})
    for kind in WAYS:
        way = Way(pool, kind)
        name, wanted = pool.invite(), f"wanted-{kind}"
        challenge = way.initiate(name, TEMPORARY)
        pool.add_user(preferred_username=wanted)
        with refused("AliasExistsException", "An account with the given preferred_username already exists."):
            way.choose(challenge, name, preferred_username=wanted)


def test_history_counts(make_pool):
    pool = make_pool({"Policies": {"PasswordPolicy": {"MinimumLength": 8, "PasswordHistorySize": 1}}})
    for kind in WAYS:
        way, name = Way(pool, kind), pool.add_user()
        pool.idp.admin_set_user_password(UserPoolId=pool.id, Username=name, Password=TEMPORARY, Permanent=False)
        challenge = way.initiate(name, TEMPORARY)
        with refused("PasswordHistoryPolicyViolationException"):
            way.choose(challenge, name, PASSWORD)


def test_missing_clients(pool):
    for kind in WAYS:
        way = Way(pool, kind)
        way.members["ClientId"] = "a" * 26
        with refused("ResourceNotFoundException", f"User pool client {'a' * 26} does not exist."):
            way.respond("NEW_PASSWORD_REQUIRED", {"USERNAME": "x", "NEW_PASSWORD": NEW}, "s" * 40)


def test_flows_that_are_not_there(way, pool):
    idp = pool.idp
    call = idp.admin_initiate_auth if way.is_admin else idp.initiate_auth
    with refused("InvalidParameterException"):
        call(AuthFlow="CUSTOM_AUTH", AuthParameters={"USERNAME": pool.add_user()}, **way.members)
    with refused("InvalidParameterException"):
        way.respond("CUSTOM_CHALLENGE", {"USERNAME": "x", "ANSWER": "y"}, "s" * 40)

