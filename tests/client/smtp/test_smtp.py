# SPDX-License-Identifier: Apache-2.0
"""Codes leave through a real mail server, with STARTTLS and a log-in, and wait while there is none."""

import contextlib
import email
import email.policy
import re
import socket
import ssl
import subprocess

import boto3
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from server import REGION, Server, wait_for

NAME, SECRET = "relay", "relay-Passw0rd"


class Inbox:
    """What a mail server took: who logged in, over what, and the messages."""

    def __init__(self):
        self.envelopes = []
        self.log_ins = []

    async def handle_DATA(self, server, session, envelope):
        assert session.ssl, "mail came unencrypted"
        assert session.authenticated, "mail came without a log-in"
        self.envelopes.append(envelope)
        return "250 OK"

    def authenticate(self, server, session, envelope, mechanism, data):
        self.log_ins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=self.log_ins[-1] == (NAME, SECRET))


class MailServer:
    def __init__(self, folder, port):
        self.inbox = Inbox()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        self.controller = Controller(
            self.inbox, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True,
            authenticator=self.inbox.authenticate, auth_required=True)

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *_):
        self.controller.stop()

    def await_mail_to(self, address):
        def found():
            return [envelope for envelope in self.inbox.envelopes if envelope.rcpt_tos == [address]]
        return wait_for(found, f"mail to {address}")[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """With the certificate of the mail server."""
    path = tmp_path_factory.mktemp("smtp")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                    "-keyout", path / "key.pem", "-out", path / "cert.pem"], check=True, capture_output=True)
    return path


@pytest.fixture(scope="module")
def free_port():
    """A port where nobody listens until a test starts a mail server there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def start(free_port):
    """start(settings of the mail server): a server that sends through it, and its client."""
    with contextlib.ExitStack() as stack:
        def started(**settings):
            server = stack.enter_context(Server(environment={
                "POOLWARDEN_SMTP_URL": f"smtp://127.0.0.1:{free_port}", "POOLWARDEN_SMTP_USERNAME": NAME,
                "POOLWARDEN_SMTP_PASSWORD": SECRET, "POOLWARDEN_SMTP_FROM": "House <no-reply@example.com>",
                **settings}))
            return server, boto3.client(
                "cognito-idp", endpoint_url=server.endpoint, region_name=REGION,
                aws_access_key_id=server.key_id, aws_secret_access_key=server.secret)
        yield started


def sign_up(idp, address):
    """The client through which the user signed up."""
    pool = idp.create_user_pool(PoolName="mail", UsernameAttributes=["email"], AutoVerifiedAttributes=["email"])
    client = idp.create_user_pool_client(UserPoolId=pool["UserPool"]["Id"], ClientName="mail")
    client_id = client["UserPoolClient"]["ClientId"]
    idp.sign_up(ClientId=client_id, Username=address, Password="Passw0rd!")
    return client_id


def message_of(envelope):
    return email.message_from_bytes(envelope.content, policy=email.policy.default)


def confirm(idp, client_id, address, envelope):
    code = re.search(r"(?<!\d)\d{6}(?!\d)", message_of(envelope).get_content()).group()
    idp.confirm_sign_up(ClientId=client_id, Username=address, ConfirmationCode=code)


def test_a_code_arrives(start, folder, free_port):
    with MailServer(folder, free_port) as relay:
        server, idp = start()
        client_id = sign_up(idp, "a@example.com")
        envelope = relay.await_mail_to("a@example.com")
        assert relay.inbox.log_ins == [(NAME, SECRET)]
        assert envelope.mail_from == "no-reply@example.com"
        message = message_of(envelope)
        assert message["From"] == "House <no-reply@example.com>"
        assert message["To"] == "a@example.com"
        assert message["Subject"] and message["Date"] and message["Message-ID"]
        confirm(idp, client_id, "a@example.com", envelope)
        assert not list(server.outbox.glob("new/*"))


def test_a_code_waits_for_the_mail_server(start, folder, free_port):
    _, idp = start()
    client_id = sign_up(idp, "late@example.com")
    with MailServer(folder, free_port) as relay:
        confirm(idp, client_id, "late@example.com", relay.await_mail_to("late@example.com"))


def test_a_code_that_waits_is_kept_over_a_restart(start, folder, free_port):
    server, idp = start()
    client_id = sign_up(idp, "kept@example.com")
    server.kill()
    server.restart()
    with MailServer(folder, free_port) as relay:
        confirm(idp, client_id, "kept@example.com", relay.await_mail_to("kept@example.com"))


def test_each_message_arrives_once(start, folder, free_port):
    with MailServer(folder, free_port) as relay:
        _, idp = start()
        addresses = [f"user{number}@example.com" for number in range(5)]
        for address in addresses:
            sign_up(idp, address)
        for address in addresses:
            relay.await_mail_to(address)
        assert sorted(recipient for envelope in relay.inbox.envelopes for recipient in envelope.rcpt_tos) == addresses


def test_a_certificate_that_nobody_vouches_for_gets_nothing(start, folder, free_port):
    with MailServer(folder, free_port) as relay:
        server, idp = start(POOLWARDEN_SMTP_REQUIRE_TLS="true")
        sign_up(idp, "secret@example.com")
        wait_for(lambda: "certificate" in server.log().lower(), "a word about the certificate in the log")
        assert relay.inbox.log_ins == [] and relay.inbox.envelopes == []
