# SPDX-License-Identifier: Apache-2.0
"""A pool with its clients as the tests use them, and how a test says which error it expects."""

import base64
import contextlib
import hmac
import itertools
import json
import urllib.request

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

import raw
import spec
from server import REGION
from srp import Proof

PASSWORD = "Passw0rd!"
ALL_FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH",
             "ALLOW_REFRESH_TOKEN_AUTH"]

numbers = itertools.count(1)


def check_answer(http_response, model, **_):
    spec.check_answer("cognito-idp", model.name, http_response.status_code, http_response.content)


def connect(server, **settings):
    """Retries are off: a test sees the first answer. Each answer is checked against its operation's spec."""
    settings = {"region_name": REGION, "aws_access_key_id": server.key_id,
                "aws_secret_access_key": server.secret} | settings
    client = boto3.client("cognito-idp", endpoint_url=server.endpoint, config=Config(retries={"max_attempts": 0}),
                          **settings)
    client.meta.events.register("after-call.cognito-idp", check_answer)
    return client


@contextlib.contextmanager
def refused(code, message=None):
    """The block ends with this error, and with this text where one is given."""
    with pytest.raises(ClientError) as raised:
        yield raised
    error = raised.value.response["Error"]
    assert error["Code"] == code, error
    if message is not None:
        assert error["Message"].rstrip("\n") == message


def new_name():
    return f"user{next(numbers)}"


def attributes(**values):
    """name="x", custom__size="1" as the list that the API takes."""
    return [{"Name": name.replace("__", ":"), "Value": value} for name, value in values.items()]


def as_dict(listed):
    return {attribute["Name"]: attribute["Value"] for attribute in listed}


def secret_hash(secret, username, client_id):
    return base64.b64encode(hmac.digest(secret.encode(), (username + client_id).encode(), "sha256")).decode()


def decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def claims_of(token):
    return json.loads(decoded(token.split(".")[1]))


def header_of(token):
    return json.loads(decoded(token.split(".")[0]))


class Pool:
    """A pool, and one client of it unless told otherwise."""

    def __init__(self, server, idp, settings=None, client=None):
        self.server = server
        self.idp = idp
        self.id = raw.call(server, "CreateUserPool", **{"PoolName": "test", **(settings or {})})["UserPool"]["Id"]
        self.use_client(**(client or {}))

    def use_client(self, **settings):
        """A new client that the calls below go through from now on."""
        wanted = {"UserPoolId": self.id, "ClientName": "test", "ExplicitAuthFlows": ALL_FLOWS, **settings}
        self.client = raw.call(self.server, "CreateUserPoolClient", **wanted)["UserPoolClient"]
        self.client_id = self.client["ClientId"]
        self.secret = self.client.get("ClientSecret")
        return self.client

    def with_hash(self, parameters, username):
        """For AuthParameters and ChallengeResponses: adds SECRET_HASH where the client has a secret."""
        if self.secret:
            parameters = {**parameters, "SECRET_HASH": secret_hash(self.secret, username, self.client_id)}
        return parameters

    def _hash_member(self, username):
        return {"SecretHash": secret_hash(self.secret, username, self.client_id)} if self.secret else {}

    def sign_up(self, username, password=PASSWORD, **values):
        return self.idp.sign_up(ClientId=self.client_id, Username=username, Password=password,
                                UserAttributes=attributes(**values), **self._hash_member(username))

    def confirm(self, username, code, **members):
        return self.idp.confirm_sign_up(ClientId=self.client_id, Username=username, ConfirmationCode=code,
                                        **self._hash_member(username), **members)

    def add_user(self, username=None, password=PASSWORD, **values):
        """A confirmed user; its name."""
        username = username or new_name()
        self.sign_up(username, password, **values)
        self.idp.admin_confirm_sign_up(UserPoolId=self.id, Username=username)
        return username

    def invite(self, username=None, password="Temp0rary!", **members):
        """A user who has to choose a password; its name."""
        username = username or new_name()
        self.idp.admin_create_user(UserPoolId=self.id, Username=username, TemporaryPassword=password,
                                   MessageAction="SUPPRESS", **members)
        return username

    def get(self, username):
        return self.idp.admin_get_user(UserPoolId=self.id, Username=username)

    def attributes_of(self, username):
        return as_dict(self.get(username)["UserAttributes"])

    def initiate(self, flow, **parameters):
        if "USERNAME" in parameters:
            parameters = self.with_hash(parameters, parameters["USERNAME"])
        return self.idp.initiate_auth(ClientId=self.client_id, AuthFlow=flow, AuthParameters=parameters)

    def respond(self, challenge, responses, session=None, **members):
        if session:
            members["Session"] = session
        responses = self.with_hash(responses, responses["USERNAME"])
        return self.idp.respond_to_auth_challenge(ClientId=self.client_id, ChallengeName=challenge,
                                                  ChallengeResponses=responses, **members)

    def sign_in(self, username, password=PASSWORD):
        return self.initiate("USER_PASSWORD_AUTH", USERNAME=username, PASSWORD=password)

    def tokens(self, username, password=PASSWORD):
        return self.sign_in(username, password)["AuthenticationResult"]

    def sign_in_by_srp(self, username, password=PASSWORD):
        proof = Proof(self.id)
        challenge = self.initiate("USER_SRP_AUTH", USERNAME=username, SRP_A=proof.srp_a)
        return self.respond("PASSWORD_VERIFIER", proof.answers(challenge["ChallengeParameters"], password))

    def refresh(self, token, username=None):
        parameters = {"REFRESH_TOKEN": token}
        if username:
            parameters = self.with_hash(parameters, username)
        return self.initiate("REFRESH_TOKEN_AUTH", **parameters)["AuthenticationResult"]

    def keys(self):
        with urllib.request.urlopen(f"{self.server.endpoint}/{self.id}/.well-known/jwks.json") as answer:
            return {key["kid"]: key for key in json.load(answer)["keys"]}

    def verified(self, token):
        """Claims of a token after its signature was checked against the pool's published keys."""
        key = self.keys()[header_of(token)["kid"]]
        modulus, exponent = (int.from_bytes(decoded(key[part]), "big") for part in "ne")
        signed, _, signature = token.rpartition(".")
        rsa.RSAPublicNumbers(exponent, modulus).public_key().verify(
            decoded(signature), signed.encode(), padding.PKCS1v15(), SHA256())
        return claims_of(token)
