# SPDX-License-Identifier: Apache-2.0
"""Two nodes over one database: whichever a request meets, it is one service."""

import concurrent.futures
import contextlib
import subprocess
import urllib.request

import pytest
from botocore.exceptions import ClientError

import postgres
import raw
from installation import PUBLIC_URL, Pool, second_node
from server import BINARY, Server, wait_for


def side_by_side(*calls):
    """What each gives or raises; all begin together."""
    with concurrent.futures.ThreadPoolExecutor(len(calls)) as pool:
        futures = [pool.submit(call) for call in calls]
        return [future.exception() or future.result() for future in futures]


def successes(outcomes):
    return [outcome for outcome in outcomes if not isinstance(outcome, Exception)]


def errors(outcomes):
    for outcome in outcomes:
        assert not isinstance(outcome, Exception) or isinstance(outcome, ClientError), outcome
    return [outcome.response["Error"]["Code"] for outcome in outcomes if isinstance(outcome, Exception)]


def test_what_one_writes_the_other_reads_at_once(nodes, idps):
    here, there = idps
    pool = Pool(nodes[0])
    pool.add_user(here, "joe")
    tokens = pool.sign_in(there, "joe")
    assert here.get_user(AccessToken=tokens["AccessToken"])["Username"] == "joe"
    there.admin_set_user_password(UserPoolId=pool.id, Username="joe", Password="An0ther!!", Permanent=True)
    with pytest.raises(here.exceptions.NotAuthorizedException):
        pool.sign_in(here, "joe")
    pool.sign_in(here, "joe", "An0ther!!")


def test_a_changed_pool_and_client_count_at_once(nodes, idps):
    """Both nodes have them decoded in memory."""
    here, there = idps
    pool = Pool(nodes[0])
    pool.add_user(here, "joe")
    for idp in idps:
        pool.sign_in(idp, "joe")
    here.update_user_pool(UserPoolId=pool.id, Policies={"PasswordPolicy": {"MinimumLength": 20}})
    with pytest.raises(there.exceptions.InvalidPasswordException):
        pool.add_user(there, "jim")
    there.update_user_pool_client(UserPoolId=pool.id, ClientId=pool.client, ClientName="srp alone",
                                  ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])
    with pytest.raises(here.exceptions.InvalidParameterException):
        pool.sign_in(here, "joe")
    here.delete_user_pool(UserPoolId=pool.id)
    with pytest.raises(there.exceptions.ResourceNotFoundException):
        there.describe_user_pool(UserPoolId=pool.id)


def test_tokens_have_the_same_keys(nodes, idps):
    pool = Pool(nodes[0])
    documents = []
    for node in nodes:
        with urllib.request.urlopen(f"{node.endpoint}/{pool.id}/.well-known/jwks.json") as answer:
            documents.append(answer.read())
    assert documents[0] == documents[1]


@pytest.mark.parametrize("number", range(5))
def test_a_raced_name_has_one_owner(nodes, idps, number):
    pool = Pool(nodes[0])

    def sign_up(idp):
        return lambda: idp.sign_up(ClientId=pool.client, Username="joe", Password="Passw0rd!")

    outcomes = side_by_side(*(sign_up(idp) for idp in idps * 2))
    assert len(successes(outcomes)) == 1
    assert errors(outcomes) == ["UsernameExistsException"] * 3
    described = idps[1].describe_user_pool(UserPoolId=pool.id)["UserPool"]
    assert described["EstimatedNumberOfUsers"] == 1


@pytest.mark.parametrize("number", range(5))
def test_a_raced_rotation_has_one_winner(nodes, idps, number):
    pool = Pool(nodes[0], RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 0})
    pool.add_user(idps[0], "joe")
    token = pool.sign_in(idps[0], "joe")["RefreshToken"]

    def refresh(node):
        return lambda: raw.call(node, "GetTokensFromRefreshToken", RefreshToken=token, ClientId=pool.client)

    outcomes = side_by_side(*(refresh(node) for node in nodes * 2))
    assert len(successes(outcomes)) == 1
    assert set(errors(outcomes)) <= {"RefreshTokenReuseException", "NotAuthorizedException"}


def test_guesses_on_both_count_together(nodes, idps):
    pool = Pool(nodes[0])
    pool.add_user(idps[0], "joe")
    for i in range(5):
        with pytest.raises(ClientError) as raised:
            pool.sign_in(idps[i % 2], "joe", "Wr0ng!!!")
        assert raised.value.response["Error"]["Message"] == "Incorrect username or password."
    for idp in idps:
        with pytest.raises(ClientError) as raised:
            pool.sign_in(idp, "joe", "Wr0ng!!!")
        assert raised.value.response["Error"]["Message"] == "Password attempts exceeded"


def test_messages_are_sent_once(nodes, idps):
    """Both look for them; each has a folder of its own where they go."""
    pool = Pool(nodes[0])
    names = [f"user{i}" for i in range(40)]

    def sign_up(name, idp):
        return lambda: idp.sign_up(ClientId=pool.client, Username=name, Password="Passw0rd!",
                                   UserAttributes=[{"Name": "email", "Value": f"{name}.{pool.id[-9:]}@example.com"}])

    assert not errors(side_by_side(*(sign_up(name, idps[i % 2]) for i, name in enumerate(names))))

    def sent(name):
        return [mail for node in nodes for mail in node.mails(f"{name}.{pool.id[-9:]}@example.com")]

    wait_for(lambda: all(sent(name) for name in names), "a message to each")
    wait_for(lambda: not nodes[0].database.execute("SELECT 1 FROM outbox_message WHERE state = 'waiting'"),
             "an empty outbox")
    assert [len(sent(name)) for name in names] == [1] * len(names)


def test_nodes_that_start_together_migrate_once():
    with contextlib.ExitStack() as stack:
        key = {"POOLWARDEN_MASTER_KEY": "A" * 43 + "=", "POOLWARDEN_ROOT_ACCESS_KEY_ID": "ROOT0123456789AB",
               "POOLWARDEN_ROOT_SECRET_ACCESS_KEY": "0123456789abcdef0123456789abcdef"}
        url = postgres.shared().new_database()
        nodes = [stack.enter_context(Server("--public-url", PUBLIC_URL, environment=key, database=url,
                                            is_started=False)) for _ in range(4)]
        for node in nodes:
            node.spawn()
        for node in nodes:
            node.endpoint = node._await_listening()
            with urllib.request.urlopen(node.endpoint + "/readyz") as answer:
                assert answer.status == 200
        versions = nodes[0].database.execute("SELECT version FROM schema_migration ORDER BY version")
        assert versions == [(number,) for number in range(len(versions))]
        assert len(versions) > 1


def refusal(*options):
    ended = subprocess.run([BINARY, "serve", "--listen", "127.0.0.1:0", *options], capture_output=True, text=True,
                           timeout=30)
    assert (ended.returncode, ended.stdout) == (1, "")
    return ended.stderr.removeprefix("poolwarden: ").rstrip("\n")


def test_another_master_key_is_refused(nodes, tmp_path):
    problem = refusal("--data-dir", str(tmp_path / "data"), "--database", nodes[0].database_url)
    assert problem == ("the master key is not the one that the database was begun with: servers that share a database "
                       "share master.key (or POOLWARDEN_MASTER_KEY)")


def test_a_node_makes_no_root_key_of_its_own(nodes):
    with second_node(nodes[0]) as third:
        (third.data / "credentials").unlink()
        problem = refusal(*third.store_options)
        assert problem == (f"there is no {third.data}/credentials: servers that share a database share this file, or "
                           "are given one root_access_key_id and root_secret_access_key")


def test_a_newer_database_is_refused(nodes):
    with Server(database=postgres.shared().new_database()) as server:
        server.stop()
        server.database.execute("INSERT INTO schema_migration VALUES (10000, 0)")
        problem = refusal(*server.store_options)
        assert problem.startswith("the database has schema version 10000, this program knows versions up to ")


def test_a_database_that_is_not_utf8_is_refused(tmp_path):
    cluster = postgres.shared()
    cluster.sql("postgres", "CREATE DATABASE latin1 TEMPLATE template0 ENCODING LATIN1 LOCALE 'C' "
                            "LOCALE_PROVIDER libc")
    problem = refusal("--data-dir", str(tmp_path), "--database", cluster.url("latin1"))
    assert problem == "the encoding of the database must be UTF8, it is LATIN1"
