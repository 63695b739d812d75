# SPDX-License-Identifier: Apache-2.0
"""Servers over PostgreSQL, whatever the other suites run on."""

import pathlib
import shutil

import boto3
import pytest
from botocore.config import Config

import postgres
from server import REGION, Server

# All nodes of an installation have one address for their clients.
PUBLIC_URL = "http://pools.example"


def second_node(first, *options):
    """A node over the database of `first`, with copies of its key and credentials."""
    node = Server("--public-url", PUBLIC_URL, *options, database=first.database_url, is_started=False)
    node.data.mkdir(mode=0o700)
    for name in ("master.key", "credentials"):
        shutil.copy(first.data / name, node.data / name)
    return node


def client_of(node):
    """As the AWS SDK is, but without tries of its own: what is answered is what is seen."""
    return boto3.client("cognito-idp", endpoint_url=node.endpoint, region_name=REGION, aws_access_key_id=node.key_id,
                        aws_secret_access_key=node.secret, config=Config(retries={"max_attempts": 0}))


class Pool:
    def __init__(self, idp, **settings):
        self.id = idp.create_user_pool(PoolName="nodes", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]
        client = idp.create_user_pool_client(
            UserPoolId=self.id, ClientName="nodes",
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"], **settings)
        self.client = client["UserPoolClient"]["ClientId"]

    def add_user(self, idp, name, password="Passw0rd!"):
        idp.sign_up(ClientId=self.client, Username=name, Password=password,
                    UserAttributes=[{"Name": "email", "Value": f"{name}@example.com"}])
        idp.admin_confirm_sign_up(UserPoolId=self.id, Username=name)

    def sign_in(self, idp, name, password="Passw0rd!"):
        return idp.initiate_auth(ClientId=self.client, AuthFlow="USER_PASSWORD_AUTH",
                                 AuthParameters={"USERNAME": name, "PASSWORD": password})["AuthenticationResult"]


@pytest.fixture(scope="module")
def nodes():
    """Two over one database."""
    with Server("--public-url", PUBLIC_URL, database=postgres.shared().new_database()) as first:
        with second_node(first) as second:
            second.start()
            yield first, second


@pytest.fixture(scope="module")
def idps(nodes):
    return [client_of(node) for node in nodes]


TOP = pathlib.Path(__file__).resolve().parents[3]
