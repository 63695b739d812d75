# SPDX-License-Identifier: Apache-2.0
"""What was acknowledged is there after a restart and after the process was killed."""

import threading

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from cognito import PASSWORD, Pool, connect
from server import Server


@pytest.fixture
def own():
    """A server that a test may stop: its own."""
    with Server() as server:
        yield server


def test_restart_keeps_everything(own):
    pool = Pool(own, connect(own), {"AutoVerifiedAttributes": ["email"]}, {"GenerateSecret": True})
    keys = pool.keys()
    pool.sign_up("waiting", email="waiting@example.com")
    code = own.await_mail("waiting@example.com").code
    name = pool.add_user(nickname="nick")
    tokens = pool.tokens(name)
    settings = pool.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]
    credentials = own.key_id, own.secret

    own.restart()
    assert (own.key_id, own.secret) == credentials
    assert pool.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"] == settings
    assert pool.keys() == keys
    assert pool.attributes_of(name)["nickname"] == "nick"
    assert pool.idp.get_user(AccessToken=tokens["AccessToken"])["Username"] == name
    assert pool.refresh(tokens["RefreshToken"], name)["AccessToken"]
    assert pool.sign_in(name)["AuthenticationResult"]
    assert pool.sign_in_by_srp(name)["AuthenticationResult"]
    pool.confirm("waiting", code)


def test_kill_keeps_acknowledged_sign_ups(own):
    pool = Pool(own, connect(own))
    acknowledged = []

    def sign_up(worker):
        client = connect(own)
        for number in range(1000):
            name = f"user-{worker}-{number}"
            try:
                client.sign_up(ClientId=pool.client_id, Username=name, Password=PASSWORD)
            except (BotoCoreError, ClientError):
                return
            acknowledged.append(name)

    workers = [threading.Thread(target=sign_up, args=(worker,)) for worker in range(4)]
    for worker in workers:
        worker.start()
    while len(acknowledged) < 20 and any(worker.is_alive() for worker in workers):
        workers[0].join(0.02)
    own.kill()
    for worker in workers:
        worker.join()

    assert len(acknowledged) >= 20
    own.restart()
    for name in acknowledged:
        assert pool.get(name)["UserStatus"] == "UNCONFIRMED"
