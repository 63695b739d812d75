# SPDX-License-Identifier: Apache-2.0
"""What holds for every operation of a kind: tokens of users and clients that are gone, users who must reset their
password, pools that do not exist."""

import pytest

import raw
import sample
import spec
from cognito import attributes, new_name, refused

BY_TOKEN = [operation for operation in spec.OPERATIONS if operation.caller == "access_token"]
ON_POOLS = [operation for operation in spec.OPERATIONS
            if operation.caller == "sigv4" and "UserPoolId" in operation.input["members"]
            # A filter finds nothing, which is no error.
            and "ResourceNotFoundException" in operation.listed]


def call(server, operation, **members):
    required = sample.structure(operation.service, operation.input)
    return raw.call(server, operation.name, sign=operation.caller == "sigv4", **{**required, **members})


def expected(operation, error):
    """Operations that do not list it say that the token is nobody's."""
    return error if error in operation.listed else "NotAuthorizedException"


@pytest.fixture(scope="module")
def tokens(make_pool):
    """Access tokens of a user who was deleted, of a deleted client, and of a user who must reset the password."""
    pool = make_pool()
    gone, reset = pool.add_user(), pool.add_user()
    found = {"gone": pool.tokens(gone)["AccessToken"], "reset": pool.tokens(reset)["AccessToken"]}
    pool.idp.admin_delete_user(UserPoolId=pool.id, Username=gone)
    pool.idp.admin_update_user_attributes(UserPoolId=pool.id, Username=reset, UserAttributes=attributes(
        email=f"{new_name()}@example.com", email_verified="true"))
    pool.idp.admin_reset_user_password(UserPoolId=pool.id, Username=reset)
    first = pool.client_id
    pool.use_client()
    found["client"] = pool.tokens(pool.add_user())["AccessToken"]
    pool.idp.delete_user_pool_client(UserPoolId=pool.id, ClientId=pool.client_id)
    pool.client_id = first
    return found


@pytest.mark.parametrize("operation", BY_TOKEN, ids=repr)
def test_token_of_what_is_gone(server, tokens, operation):
    for whose, error in (("gone", "UserNotFoundException"), ("client", "ResourceNotFoundException"),
                         ("reset", "PasswordResetRequiredException")):
        with refused(expected(operation, error)):
            call(server, operation, AccessToken=tokens[whose])


@pytest.mark.parametrize("operation", ON_POOLS, ids=repr)
def test_missing_pool(server, operation):
    with refused("ResourceNotFoundException", "User pool us-east-1_AAAAAAAAA does not exist."):
        call(server, operation, UserPoolId="us-east-1_AAAAAAAAA")
