# SPDX-License-Identifier: Apache-2.0
"""AdminDisableUser, AdminEnableUser, AdminUserGlobalSignOut, DeleteUser."""

import pytest

from cognito import refused


def one(pool, name):
    return {"UserPoolId": pool.id, "Username": name}


def test_disable_and_enable(pool):
    name = pool.add_user()
    tokens = pool.tokens(name)
    pool.idp.admin_disable_user(**one(pool, name))
    assert pool.get(name)["Enabled"] is False
    listed = pool.idp.list_users(UserPoolId=pool.id, Filter='status = "Disabled"')["Users"]
    assert name in [user["Username"] for user in listed]
    for sign_in in (pool.sign_in, pool.sign_in_by_srp):
        with refused("NotAuthorizedException", "User is disabled."):
            sign_in(name)
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        pool.idp.get_user(AccessToken=tokens["AccessToken"])
    with refused("NotAuthorizedException", "Refresh Token has been revoked"):
        pool.refresh(tokens["RefreshToken"])

    pool.idp.admin_enable_user(**one(pool, name))
    assert pool.get(name)["Enabled"] is True
    assert pool.sign_in(name)["AuthenticationResult"]
    with refused("NotAuthorizedException", "Refresh Token has been revoked"):
        pool.refresh(tokens["RefreshToken"])


def test_sign_out_by_an_administrator(pool):
    name = pool.add_user()
    first, second = pool.tokens(name), pool.tokens(name)
    pool.idp.admin_user_global_sign_out(**one(pool, name))
    for tokens in (first, second):
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            pool.idp.get_user(AccessToken=tokens["AccessToken"])
        with refused("NotAuthorizedException", "Refresh Token has been revoked"):
            pool.refresh(tokens["RefreshToken"])
    assert pool.idp.get_user(AccessToken=pool.tokens(name)["AccessToken"])["Username"] == name


def test_users_delete_themselves(pool):
    name = pool.add_user()
    tokens = pool.tokens(name)
    pool.idp.delete_user(AccessToken=tokens["AccessToken"])
    for call in (lambda: pool.get(name), lambda: pool.sign_in(name),
                 lambda: pool.idp.delete_user(AccessToken=tokens["AccessToken"])):
        with refused("UserNotFoundException", "User does not exist."):
            call()
    with refused("NotAuthorizedException", "Invalid Refresh Token"):
        pool.refresh(tokens["RefreshToken"])
    with refused("NotAuthorizedException", "Invalid Access Token"):
        pool.idp.delete_user(AccessToken="x")


@pytest.mark.parametrize("operation", ["admin_disable_user", "admin_enable_user", "admin_user_global_sign_out"])
def test_missing_users_and_pools(pool, operation):
    call = getattr(pool.idp, operation)
    with refused("UserNotFoundException", "User does not exist."):
        call(**one(pool, "nobody"))
    with refused("ResourceNotFoundException", "User pool us-east-1_AAAAAAAAA does not exist."):
        call(UserPoolId="us-east-1_AAAAAAAAA", Username="x")
