# SPDX-License-Identifier: Apache-2.0
"""Settings of pools and clients that do not fit: feature plans, OAuth grants and scopes, changes at the same time, and
how many there may be."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

import raw
from cognito import Pool, connect, refused
from server import Server, wait_for

LITE = {"UserPoolTier": "LITE"}
PASSWORDLESS = {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}}


def test_features_above_the_plan(server, make_pool):
    with refused("FeatureUnavailableInTierException"):
        make_pool({**LITE, **PASSWORDLESS})
    pool = make_pool(LITE)
    with refused("FeatureUnavailableInTierException"):
        raw.call(server, "UpdateUserPool", UserPoolId=pool.id, **LITE, **PASSWORDLESS)
    for call in (lambda: pool.use_client(ExplicitAuthFlows=["ALLOW_USER_AUTH"]),
                 lambda: raw.call(server, "UpdateUserPoolClient", UserPoolId=pool.id, ClientId=pool.client_id,
                                  ExplicitAuthFlows=["ALLOW_USER_AUTH"])):
        with refused("FeatureUnavailableInTierException"):
            call()


def test_a_lower_plan_than_the_features_need(server, make_pool):
    pool = make_pool(PASSWORDLESS)
    with refused("TierChangeNotAllowedException"):
        raw.call(server, "UpdateUserPool", UserPoolId=pool.id, **LITE, **PASSWORDLESS)
    raw.call(server, "UpdateUserPool", UserPoolId=pool.id, **LITE)


OAUTH = [
    ("no grants", {"AllowedOAuthFlowsUserPoolClient": True}, "InvalidOAuthFlowException"),
    ("machine and people", {"AllowedOAuthFlows": ["client_credentials", "code"], "AllowedOAuthScopes": ["openid"]},
     "InvalidOAuthFlowException"),
    ("unknown scope", {"AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["api/none"]},
     "ScopeDoesNotExistException"),
]


@pytest.mark.parametrize("settings,error", [row[1:] for row in OAUTH], ids=[row[0] for row in OAUTH])
def test_oauth(pool, idp, settings, error):
    with refused(error):
        idp.create_user_pool_client(UserPoolId=pool.id, ClientName="refused", **settings)
    with refused(error):
        idp.update_user_pool_client(UserPoolId=pool.id, ClientId=pool.client_id, **settings)


def test_updates_at_the_same_time(server, make_pool):
    """Whoever wrote on what has changed since is told so."""
    pool = make_pool()
    client = {"UserPoolId": pool.id, "ClientId": pool.client_id}
    updates = {"UpdateUserPool": {"UserPoolId": pool.id}, "UpdateUserPoolClient": client,
               "SetUserPoolMfaConfig": {"UserPoolId": pool.id, "MfaConfiguration": "OFF"}}
    done = threading.Event()

    def update(operation):
        while not done.is_set():
            try:
                raw.call(server, operation, **updates[operation])
            except ClientError as failure:
                return failure.response["Error"]["Code"]

    for operation in updates:
        done.clear()
        with ThreadPoolExecutor(8) as executor:
            running = [executor.submit(update, operation) for _ in range(8)]
            wait_for(lambda: any(each.done() for each in running), "two updates to meet")
            done.set()
            assert {each.result() for each in running} - {None} == {"ConcurrentModificationException"}


def test_as_many_as_there_may_be():
    with Server() as own, ThreadPoolExecutor(8) as executor:
        pool = Pool(own, connect(own))
        makes = {"CreateUserPool": {"PoolName": "many"},
                 "CreateUserPoolClient": {"UserPoolId": pool.id, "ClientName": "many"}}
        for operation, members in makes.items():
            list(executor.map(lambda _: raw.call(own, operation, **members), range(999)))
            with refused("LimitExceededException"):
                raw.call(own, operation, **members)
