# SPDX-License-Identifier: Apache-2.0
import boto3
import pytest

from raw import Caller
from server import REGION


@pytest.fixture(scope="session")
def idp(server):
    return boto3.client("cognito-idp", endpoint_url=server.endpoint, region_name=REGION,
                        aws_access_key_id=server.key_id, aws_secret_access_key=server.secret)


@pytest.fixture(scope="session")
def admin(server):
    return Caller(server)
