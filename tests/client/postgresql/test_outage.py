# SPDX-License-Identifier: Apache-2.0
"""A database that goes away and comes back, and connections that are cut."""

import signal
import threading
import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError

import postgres
from installation import Pool, client_of
from server import Server, wait_for


@pytest.fixture
def cluster():
    cluster = postgres.Cluster()
    yield cluster
    cluster.remove()


@pytest.fixture
def server(cluster):
    with Server(database=cluster.new_database()) as running:
        yield running


def readiness(server):
    try:
        with urllib.request.urlopen(server.endpoint + "/readyz", timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def cut_all(cluster):
    """Every connection to it, whatever it is at."""
    return cluster.sql("postgres", "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                                   "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")


def test_a_server_comes_back_with_its_database(cluster, server):
    idp = client_of(server)
    pool = Pool(server)
    pool.add_user(idp, "joe")
    assert readiness(server) == 200
    cluster.stop()
    wait_for(lambda: readiness(server) == 503, "an answer that it is not ready")
    with pytest.raises(ClientError) as raised:
        pool.sign_in(idp, "joe")
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    cluster.start()
    wait_for(lambda: readiness(server) == 200, "an answer that it is ready")
    pool.sign_in(idp, "joe")
    assert "event=database_out" in server.log()
    assert "event=database_back" in server.log()


def test_cut_connections_are_made_anew(cluster, server):
    """Idle ones: nobody notices."""
    idp = client_of(server)
    pool = Pool(server)
    for i in range(5):
        pool.add_user(idp, f"user{i}")
        assert int(cut_all(cluster)) > 0
        pool.sign_in(idp, f"user{i}")


def test_what_was_acknowledged_survives_cuts_and_crashes(cluster, server):
    """Sign-ups while connections are cut and PostgreSQL is killed: those that were acknowledged are there, once."""
    idp = client_of(server)
    pool = Pool(server)
    acknowledged, refused, is_over = [], [], threading.Event()

    def sign_up_until_over(first):
        number = first
        while not is_over.is_set():
            name = f"user{number}"
            number += 4
            try:
                client = clients[first]
                client.sign_up(ClientId=pool.client, Username=name, Password="Passw0rd!")
                acknowledged.append(name)
            except ClientError as error:
                refused.append((name, error.response["ResponseMetadata"]["HTTPStatusCode"]))

    clients = [client_of(server) for _ in range(4)]
    threads = [threading.Thread(target=sign_up_until_over, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for i in range(6):
        before = len(acknowledged)
        wait_for(lambda: len(acknowledged) > before + 10, "ten more sign-ups")
        if i % 2:
            cut_all(cluster)
        else:
            cluster.stop(signal.SIGQUIT)
            cluster.start()
    is_over.set()
    for thread in threads:
        thread.join()
    rows = server.database.execute("SELECT username FROM pool_user ORDER BY username")
    there = [name for name, in rows]
    assert len(there) == len(set(there))
    assert set(acknowledged) <= set(there)
    assert {status for _, status in refused} <= {503}
    # What was refused may be there only where the connection was lost during the commit.
    unknown = set(there) - set(acknowledged)
    assert unknown <= {name for name, _ in refused}
    assert len(unknown) <= server.log().count("the outcome is unknown")
    described = idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]
    assert described["EstimatedNumberOfUsers"] == len(there)
