# SPDX-License-Identifier: Apache-2.0
"""Codes leave as text messages through a webhook or an SNS endpoint, and wait while there is none."""

import contextlib
import itertools
import json
import re
import socket
import urllib.parse

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from provider import Provider, make_certificate
from server import REGION, Server, wait_for

SECRET = "a-secret-of-the-webhook"
SNS_KEY, SNS_SECRET = "AKIDEXAMPLEOFSNS1", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
PASSWORD = "Passw0rd!"

numbers = itertools.count(15550100000)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("sms")
    make_certificate(path)
    return path


@pytest.fixture
def start():
    """start(NAME=value..): a server with these POOLWARDEN_ variables, and its client."""
    with contextlib.ExitStack() as stack:
        def started(**settings):
            environment = {f"POOLWARDEN_{name}": value for name, value in settings.items()}
            server = stack.enter_context(Server(environment=environment))
            return server, boto3.client(
                "cognito-idp", endpoint_url=server.endpoint, region_name=REGION,
                aws_access_key_id=server.key_id, aws_secret_access_key=server.secret)
        yield started


def sign_up(idp):
    """The pool, the client, and the phone number that signed up there."""
    pool = idp.create_user_pool(PoolName="sms", UsernameAttributes=["phone_number"],
                                AutoVerifiedAttributes=["phone_number"])["UserPool"]["Id"]
    client = idp.create_user_pool_client(UserPoolId=pool, ClientName="sms")["UserPoolClient"]["ClientId"]
    number = f"+{next(numbers)}"
    idp.sign_up(ClientId=client, Username=number, Password=PASSWORD)
    return pool, client, number


def confirm(idp, client, number, text):
    code = re.search(r"(?<!\d)\d{6}(?!\d)", text).group()
    idp.confirm_sign_up(ClientId=client, Username=number, ConfirmationCode=code)


def test_webhook_over_tls(start, folder):
    with Provider(certificate_in=folder) as provider:
        server, idp = start(SMS_WEBHOOK_URL=f"{provider.url}/send?channel=sms", SMS_WEBHOOK_SECRET=SECRET,
                            CA_FILE=str(folder / "cert.pem"))
        pool, client, number = sign_up(idp)
        request = provider.await_request()
        document = json.loads(request.body)
        assert request.path == "/send?channel=sms"
        assert request.headers["Authorization"] == f"Bearer {SECRET}"
        assert request.headers["Content-Type"] == "application/json"
        assert request.headers["Idempotency-Key"] == document["id"]
        assert (document["to"], document["pool"]) == (number, pool)
        confirm(idp, client, number, document["body"])
        assert not list(server.outbox.glob("new/*"))
        assert SECRET not in server.log()


def test_a_certificate_that_nobody_vouches_for_gets_nothing(start, folder):
    with Provider(certificate_in=folder) as provider:
        server, idp = start(SMS_WEBHOOK_URL=provider.url)
        sign_up(idp)
        wait_for(lambda: "certificate" in server.log().lower(), "a word about the certificate in the log")
        assert provider.requests == []


def test_a_message_is_sent_again_with_the_same_key(start):
    with Provider() as provider:
        provider.answers = [503]
        server, idp = start(SMS_WEBHOOK_URL=provider.url)
        _, client, number = sign_up(idp)
        first, second = provider.await_request(1), provider.await_request(2)
        assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
        assert first.body == second.body
        confirm(idp, client, number, json.loads(second.body)["body"])
        assert "status 503" in server.log()


def test_a_message_waits_for_the_service(start):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    _, idp = start(SMS_WEBHOOK_URL=f"http://127.0.0.1:{port}")
    _, client, number = sign_up(idp)
    with Provider(port) as provider:
        confirm(idp, client, number, json.loads(provider.await_request().body)["body"])


def test_a_refused_message_is_told_without_its_number(start):
    with Provider() as provider:
        provider.answers = [400]
        server, idp = start(SMS_WEBHOOK_URL=provider.url)
        _, _, number = sign_up(idp)
        wait_for(lambda: "event=message_dead" in server.log(), "a dead message")
        assert number not in server.log()


def signature_of(request, url):
    """What botocore makes of the same request."""
    names = request.headers["Authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    headers = {name: value for name, value in request.headers.items() if name.lower() in names}
    aws = AWSRequest("POST", url, headers, request.body)
    aws.context["timestamp"] = request.headers["X-Amz-Date"]
    signer = SigV4Auth(Credentials(SNS_KEY, SNS_SECRET), "sns", "eu-west-1")
    return signer.signature(signer.string_to_sign(aws, signer.canonical_request(aws)), aws)


@pytest.mark.parametrize("path", ["", "/", "/sns/v1"])
def test_sns(start, folder, path):
    with Provider(certificate_in=folder) as provider:
        server, idp = start(SNS_URL=provider.url + path, SNS_REGION="eu-west-1", SNS_ACCESS_KEY_ID=SNS_KEY,
                            SNS_SECRET_ACCESS_KEY=SNS_SECRET, CA_FILE=str(folder / "cert.pem"))
        _, client, number = sign_up(idp)
        request = provider.await_request()
        form = dict(urllib.parse.parse_qsl(request.body.decode(), strict_parsing=True))
        assert (form["Action"], form["Version"]) == ("Publish", "2010-03-31")
        assert form["PhoneNumber"] == number
        assert request.path == (path or "/")
        assert request.headers["Authorization"].endswith(signature_of(request, provider.url + path))
        confirm(idp, client, number, form["Message"])
        assert SNS_SECRET not in server.log()
