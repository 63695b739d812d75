# SPDX-License-Identifier: Apache-2.0
"""Sign-in by password and by SRP, for users and for administrators; which flows a client allows; secrets."""

import datetime

import pytest

from cognito import ALL_FLOWS, PASSWORD, claims_of, new_name, refused, secret_hash
from srp import PRIME, Proof, timestamp

WRONG = "Incorrect username or password."


def admin_initiate(pool, flow, **parameters):
    return pool.idp.admin_initiate_auth(UserPoolId=pool.id, ClientId=pool.client_id, AuthFlow=flow,
                                        AuthParameters=parameters)


def test_password(pool):
    name = pool.add_user()
    answer = pool.sign_in(name)
    assert "ChallengeName" not in answer
    assert answer["ChallengeParameters"] == {}
    result = answer["AuthenticationResult"]
    assert result.keys() == {"AccessToken", "IdToken", "RefreshToken", "ExpiresIn", "TokenType"}
    assert result["ExpiresIn"] == 3600
    assert result["TokenType"] == "Bearer"


@pytest.mark.parametrize("flow", ["ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"])
def test_admin_password(pool, flow):
    name = pool.add_user()
    assert admin_initiate(pool, flow, USERNAME=name, PASSWORD=PASSWORD)["AuthenticationResult"]["AccessToken"]
    with refused("NotAuthorizedException", WRONG):
        admin_initiate(pool, flow, USERNAME=name, PASSWORD="wrong")


def test_wrong_password(pool):
    name = pool.add_user()
    for password in ("wrong", PASSWORD + " ", PASSWORD.lower(), "x"):
        with refused("NotAuthorizedException", WRONG):
            pool.sign_in(name, password)
    assert pool.sign_in(name)["AuthenticationResult"]


def test_lockout_after_five_failures(pool):
    name = pool.add_user()
    for _ in range(5):
        with refused("NotAuthorizedException", WRONG):
            pool.sign_in(name, "wrong")
    with refused("NotAuthorizedException", "Password attempts exceeded"):
        pool.sign_in(name)


MISSING = [
    ("USER_PASSWORD_AUTH", {"PASSWORD": "x"}, "USERNAME"), ("USER_PASSWORD_AUTH", {"USERNAME": "x"}, "PASSWORD"),
    ("USER_SRP_AUTH", {"SRP_A": "1"}, "USERNAME"), ("USER_SRP_AUTH", {"USERNAME": "x"}, "SRP_A"),
    ("USER_PASSWORD_AUTH", {}, "USERNAME"), ("USER_SRP_AUTH", {}, "USERNAME"),
    ("REFRESH_TOKEN_AUTH", {}, "REFRESH_TOKEN"),
]


@pytest.mark.parametrize("flow,parameters,name", MISSING)
def test_missing_parameter(pool, flow, parameters, name):
    with refused("InvalidParameterException", f"Missing required parameter {name}"):
        pool.initiate(flow, **parameters)


def test_flows_that_the_client_does_not_allow(make_pool):
    pool = make_pool(client={"ExplicitAuthFlows": ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]})
    name = new_name()
    pool.sign_up(name)
    with refused("InvalidParameterException", "USER_PASSWORD_AUTH flow not enabled for this client"):
        pool.sign_in(name)
    with refused("InvalidParameterException", "USER_SRP_AUTH is not enabled for the client."):
        pool.initiate("USER_SRP_AUTH", USERNAME=name, SRP_A=Proof(pool.id).srp_a)
    with refused("InvalidParameterException", "Auth flow not enabled for this client"):
        admin_initiate(pool, "ADMIN_USER_PASSWORD_AUTH", USERNAME=name, PASSWORD=PASSWORD)


def test_flows_of_a_client_that_names_none(make_pool, idp):
    pool = make_pool()
    name = pool.add_user()
    pool.client_id = idp.create_user_pool_client(UserPoolId=pool.id, ClientName="plain")["UserPoolClient"]["ClientId"]
    tokens = pool.sign_in_by_srp(name)["AuthenticationResult"]
    assert pool.refresh(tokens["RefreshToken"])["AccessToken"]
    with refused("InvalidParameterException", "USER_PASSWORD_AUTH flow not enabled for this client"):
        pool.sign_in(name)


def test_flows_of_administrators_only(pool):
    with refused("InvalidParameterException"):
        pool.initiate("ADMIN_USER_PASSWORD_AUTH", USERNAME="x", PASSWORD="x")
    with refused("InvalidParameterException"):
        admin_initiate(pool, "USER_PASSWORD_AUTH", USERNAME="x", PASSWORD="x")


def test_missing_client(idp, pool):
    gone = f"User pool client {'a' * 26} does not exist."
    with refused("ResourceNotFoundException", gone):
        idp.initiate_auth(ClientId="a" * 26, AuthFlow="USER_PASSWORD_AUTH",
                          AuthParameters={"USERNAME": "x", "PASSWORD": "x"})
    with refused("ResourceNotFoundException", gone):
        idp.admin_initiate_auth(UserPoolId=pool.id, ClientId="a" * 26, AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                                AuthParameters={"USERNAME": "x", "PASSWORD": "x"})


# SRP

def srp_challenge(pool, name, proof):
    return pool.initiate("USER_SRP_AUTH", USERNAME=name, SRP_A=proof.srp_a)


def test_srp(pool):
    name = pool.add_user()
    proof = Proof(pool.id)
    challenge = srp_challenge(pool, name, proof)
    assert challenge["ChallengeName"] == "PASSWORD_VERIFIER"
    assert "Session" not in challenge
    parameters = challenge["ChallengeParameters"]
    assert parameters.keys() == {"USERNAME", "USER_ID_FOR_SRP", "SALT", "SRP_B", "SECRET_BLOCK"}
    assert parameters["USER_ID_FOR_SRP"] == name
    assert len(parameters["SALT"]) == 32 and parameters["SALT"][0] != "0"
    assert parameters["SRP_B"][0] != "0"
    answer = pool.respond("PASSWORD_VERIFIER", proof.answers(parameters, PASSWORD))
    assert answer["ChallengeParameters"] == {}
    assert claims_of(answer["AuthenticationResult"]["AccessToken"])["username"] == name


def test_srp_by_administrators(pool):
    name = pool.add_user()
    proof = Proof(pool.id)
    challenge = admin_initiate(pool, "USER_SRP_AUTH", USERNAME=name, SRP_A=proof.srp_a)
    answer = pool.idp.admin_respond_to_auth_challenge(
        UserPoolId=pool.id, ClientId=pool.client_id, ChallengeName="PASSWORD_VERIFIER",
        ChallengeResponses=proof.answers(challenge["ChallengeParameters"], PASSWORD))
    assert answer["AuthenticationResult"]["IdToken"]


def test_srp_with_the_wrong_password(pool):
    with refused("NotAuthorizedException", WRONG):
        pool.sign_in_by_srp(pool.add_user(), "wrong")


def test_srp_counts_towards_the_lockout(pool):
    name = pool.add_user()
    for _ in range(5):
        with refused("NotAuthorizedException", WRONG):
            pool.sign_in_by_srp(name, "wrong")
    with refused("NotAuthorizedException", "Password attempts exceeded"):
        pool.sign_in_by_srp(name)


def test_srp_of_an_unconfirmed_user(pool):
    name = new_name()
    pool.sign_up(name)
    with refused("UserNotConfirmedException", "User is not confirmed."):
        pool.sign_in_by_srp(name)


def test_srp_answer_is_taken_once(pool):
    proof = Proof(pool.id)
    answers = proof.answers(srp_challenge(pool, pool.add_user(), proof)["ChallengeParameters"], PASSWORD)
    pool.respond("PASSWORD_VERIFIER", answers)
    with refused("NotAuthorizedException"):
        pool.respond("PASSWORD_VERIFIER", answers)


def test_srp_block_of_another_user(pool):
    proof = Proof(pool.id)
    first = srp_challenge(pool, pool.add_user(), proof)["ChallengeParameters"]
    second = srp_challenge(pool, pool.add_user(), proof)["ChallengeParameters"]
    mixed = {**first, "SECRET_BLOCK": second["SECRET_BLOCK"]}
    with refused("NotAuthorizedException", WRONG):
        pool.respond("PASSWORD_VERIFIER", proof.answers(mixed, PASSWORD))


@pytest.mark.parametrize("change", [
    {"PASSWORD_CLAIM_SIGNATURE": "AAAA"}, {"PASSWORD_CLAIM_SIGNATURE": "not base64!"},
    {"PASSWORD_CLAIM_SECRET_BLOCK": "AAAA"}, {"USERNAME": "somebody-else"},
])
def test_srp_answers_that_were_changed(pool, change):
    proof = Proof(pool.id)
    answers = proof.answers(srp_challenge(pool, pool.add_user(), proof)["ChallengeParameters"], PASSWORD)
    with refused("NotAuthorizedException", WRONG):
        pool.respond("PASSWORD_VERIFIER", {**answers, **change})


@pytest.mark.parametrize("number", [0, PRIME, 2 * PRIME])
def test_srp_refuses_multiples_of_the_prime(pool, number):
    with refused("InvalidParameterException"):
        pool.initiate("USER_SRP_AUTH", USERNAME=pool.add_user(), SRP_A=f"{number:x}")


@pytest.mark.parametrize("text", ["no hex", "f" * 4000])
def test_srp_refuses_what_is_no_number_of_the_group(pool, text):
    with refused("InvalidParameterException"):
        pool.initiate("USER_SRP_AUTH", USERNAME=pool.add_user(), SRP_A=text)


def test_srp_timestamp_of_another_shape(pool):
    proof = Proof(pool.id)
    parameters = srp_challenge(pool, pool.add_user(), proof)["ChallengeParameters"]
    for when in ("2025-02-04T09:05:03Z", "Tue Feb 4 09:05:03 2025", "yesterday"):
        with refused("InvalidParameterException",
                     "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english."):
            pool.respond("PASSWORD_VERIFIER", proof.answers(parameters, PASSWORD, when))


def test_srp_timestamp_that_is_not_of_now(pool):
    proof = Proof(pool.id)
    now = datetime.datetime.now(datetime.timezone.utc)
    for moment in (now - datetime.timedelta(hours=1), now + datetime.timedelta(hours=1)):
        parameters = srp_challenge(pool, pool.add_user(), proof)["ChallengeParameters"]
        with refused("NotAuthorizedException"):
            pool.respond("PASSWORD_VERIFIER", proof.answers(parameters, PASSWORD, timestamp(moment)))


def test_missing_answers(pool):
    proof = Proof(pool.id)
    answers = proof.answers(srp_challenge(pool, pool.add_user(), proof)["ChallengeParameters"], PASSWORD)
    for name in ("PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP"):
        with refused("InvalidParameterException", f"Missing required parameter {name}"):
            pool.respond("PASSWORD_VERIFIER", {key: value for key, value in answers.items() if key != name})


# Users that do not exist

@pytest.fixture(scope="module")
def hiding(make_pool):
    return make_pool(client={"PreventUserExistenceErrors": "ENABLED"})


def test_unknown_user_is_shown_where_told_so(make_pool):
    pool = make_pool(client={"PreventUserExistenceErrors": "LEGACY"})
    gone = "User does not exist."
    with refused("UserNotFoundException", gone):
        pool.sign_in("nobody")
    with refused("UserNotFoundException", gone):
        pool.sign_in_by_srp("nobody")
    with refused("UserNotFoundException", gone):
        pool.idp.resend_confirmation_code(ClientId=pool.client_id, Username="nobody")


def test_unknown_user_is_hidden(hiding):
    with refused("NotAuthorizedException", WRONG):
        hiding.sign_in("nobody")


def test_unknown_user_is_hidden_in_srp(hiding):
    proof = Proof(hiding.id)
    first, second = (srp_challenge(hiding, "nobody", proof)["ChallengeParameters"] for _ in range(2))
    assert first["SALT"] == second["SALT"]
    assert len(first["SALT"]) == 32 and first["SALT"][0] != "0"
    assert first["USER_ID_FOR_SRP"] == "nobody"
    assert srp_challenge(hiding, "nobody-2", proof)["ChallengeParameters"]["SALT"] != first["SALT"]
    real = srp_challenge(hiding, hiding.add_user(), proof)["ChallengeParameters"]
    assert real.keys() == first.keys()
    assert abs(len(real["SECRET_BLOCK"]) - len(first["SECRET_BLOCK"])) < 64
    with refused("NotAuthorizedException", WRONG):
        hiding.respond("PASSWORD_VERIFIER", proof.answers(first, PASSWORD))


def test_unknown_user_is_hidden_when_codes_are_sent_again(make_pool):
    pool = make_pool({"AutoVerifiedAttributes": ["email"]}, {"PreventUserExistenceErrors": "ENABLED"})
    delivery = pool.idp.resend_confirmation_code(ClientId=pool.client_id, Username="nobody")["CodeDeliveryDetails"]
    assert delivery["DeliveryMedium"] == "EMAIL"
    assert "***" in delivery["Destination"]


def test_unknown_user_is_hidden_when_a_code_is_confirmed(hiding):
    with refused("CodeMismatchException", "Invalid verification code provided, please try again."):
        hiding.confirm("nobody", "123456")


def test_existing_names_show_at_sign_up(hiding):
    name = hiding.add_user()
    with refused("UsernameExistsException", "User already exists"):
        hiding.sign_up(name)


# Clients with a secret

@pytest.fixture(scope="module")
def secretive(make_pool):
    return make_pool({"AutoVerifiedAttributes": ["email"]}, {"GenerateSecret": True})


def test_secret_hash(server, secretive):
    name = new_name()
    secretive.sign_up(name, email=f"{name}@example.com")
    secretive.confirm(name, server.await_mail(f"{name}@example.com").code)
    assert secretive.sign_in(name)["AuthenticationResult"]
    tokens = secretive.sign_in_by_srp(name)["AuthenticationResult"]
    assert secretive.refresh(tokens["RefreshToken"], name)["AccessToken"]


def test_secret_hash_is_missing(secretive):
    name = secretive.add_user()
    tokens = secretive.tokens(name)
    message = f"Client {secretive.client_id} is configured with secret but SECRET_HASH was not received"
    idp, client = secretive.idp, {"ClientId": secretive.client_id}
    for call in (
        lambda: idp.sign_up(Username="x", Password=PASSWORD, **client),
        lambda: idp.confirm_sign_up(Username="x", ConfirmationCode="123456", **client),
        lambda: idp.resend_confirmation_code(Username="x", **client),
        lambda: idp.initiate_auth(AuthFlow="USER_PASSWORD_AUTH",
                                  AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD}, **client),
        lambda: idp.initiate_auth(AuthFlow="REFRESH_TOKEN_AUTH",
                                  AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]}, **client),
    ):
        with refused("NotAuthorizedException", message):
            call()


def test_secret_hash_is_wrong(secretive):
    name = secretive.add_user()
    message = f"Unable to verify secret hash for client {secretive.client_id}"
    other = secret_hash("another secret", name, secretive.client_id)
    with refused("NotAuthorizedException", message):
        secretive.idp.initiate_auth(ClientId=secretive.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters={
            "USERNAME": name, "PASSWORD": PASSWORD, "SECRET_HASH": other})
    with refused("NotAuthorizedException", message):
        secretive.idp.sign_up(ClientId=secretive.client_id, Username=name, Password=PASSWORD, SecretHash=other)


def test_secret_hash_where_there_is_no_secret(pool):
    with refused("NotAuthorizedException"):
        pool.initiate("USER_PASSWORD_AUTH", USERNAME=pool.add_user(), PASSWORD=PASSWORD, SECRET_HASH="AAAA")


def test_secret_hash_of_an_alias(make_pool, server):
    pool = make_pool({"UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"]},
                     {"GenerateSecret": True, "ExplicitAuthFlows": ALL_FLOWS})
    address = f"{new_name()}@example.com"
    sub = pool.sign_up(address)["UserSub"]
    pool.confirm(address, server.await_mail(address).code)
    assert pool.sign_in(address)["AuthenticationResult"]
    tokens = pool.sign_in_by_srp(address)["AuthenticationResult"]
    assert pool.refresh(tokens["RefreshToken"], sub)["AccessToken"]
