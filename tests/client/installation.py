# SPDX-License-Identifier: Apache-2.0
"""Nodes over one database, and what clients do at them."""

import shutil

import boto3
from botocore.config import Config

import raw
from server import REGION, Server

# All nodes of an installation have one address for their clients.
PUBLIC_URL = "http://pools.example"


def second_node(first, *options):
    """A node over the database of `first`, with copies of its key and credentials; not started."""
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
    """A pool and a client."""

    def __init__(self, node, **settings):
        idp = client_of(node)
        self.id = idp.create_user_pool(PoolName="nodes", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]
        flows = ["ALLOW_USER_PASSWORD_AUTH"] + (["ALLOW_REFRESH_TOKEN_AUTH"] if not settings else [])
        made = raw.call(node, "CreateUserPoolClient", UserPoolId=self.id, ClientName="nodes", ExplicitAuthFlows=flows,
                        **settings)
        self.client = made["UserPoolClient"]["ClientId"]

    def add_user(self, idp, name, password="Passw0rd!"):
        idp.sign_up(ClientId=self.client, Username=name, Password=password,
                    UserAttributes=[{"Name": "email", "Value": f"{name}@example.com"}])
        idp.admin_confirm_sign_up(UserPoolId=self.id, Username=name)

    def sign_in(self, idp, name, password="Passw0rd!"):
        return idp.initiate_auth(ClientId=self.client, AuthFlow="USER_PASSWORD_AUTH",
                                 AuthParameters={"USERNAME": name, "PASSWORD": password})["AuthenticationResult"]
