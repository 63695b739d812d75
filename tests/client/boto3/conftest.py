# SPDX-License-Identifier: Apache-2.0
import pytest

from cognito import Pool, connect


@pytest.fixture(scope="session")
def idp(server):
    return connect(server)


@pytest.fixture(scope="session")
def make_pool(server, idp):
    """make_pool(members of CreateUserPool, members of CreateUserPoolClient)"""
    return lambda settings=None, client=None: Pool(server, idp, settings, client)


@pytest.fixture(scope="module")
def pool(make_pool):
    """Of default settings, shared by the tests of a file, which keep to users of their own."""
    return make_pool()


@pytest.fixture(scope="module")
def email_pool(make_pool):
    """Names are free, e-mail is verified at sign-up."""
    return make_pool({"AutoVerifiedAttributes": ["email"]})
