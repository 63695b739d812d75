# SPDX-License-Identifier: Apache-2.0
"""Through pgbouncer in transaction mode: a session is another client's from one transaction to the next."""

import concurrent.futures
import pathlib
import subprocess
import urllib.parse

import pytest

import postgres
from installation import Pool, client_of
from server import Server, wait_for

PROGRAM = "/usr/sbin/pgbouncer"
SESSIONS = 3  # fewer than there are clients
CONFIGURATION = """
[databases]
* = host={cluster} port=5432 user={user}
[pgbouncer]
pool_mode = transaction
default_pool_size = {sessions}
listen_addr =
unix_socket_dir = {folder}
auth_type = any
"""


@pytest.fixture(scope="module")
def bouncer():
    """The folder of its socket."""
    cluster = postgres.shared()
    folder = pathlib.Path(cluster.folder, "pgbouncer")
    subprocess.run(postgres.as_unprivileged(["mkdir", "-m", "0700", str(folder)]), check=True)
    path = folder / "pgbouncer.ini"
    path.write_text(CONFIGURATION.format(cluster=cluster.folder, user=postgres.USER, sessions=SESSIONS, folder=folder))
    process = subprocess.Popen(postgres.as_unprivileged([PROGRAM, str(path)]), stderr=subprocess.PIPE, text=True)
    try:
        wait_for((folder / ".s.PGSQL.6432").exists, "pgbouncer's socket")
        yield str(folder)
    finally:
        process.terminate()
        process.communicate()


def test_sessions_may_be_shared(bouncer):
    cluster = postgres.shared()
    database = urllib.parse.urlsplit(cluster.new_database()).path
    query = urllib.parse.urlencode({"host": bouncer, "port": 6432, "user": postgres.USER})
    with Server(database=f"postgresql://{database}?{query}") as server:
        idp = client_of(server)
        pool = Pool(server)

        def use(number):
            pool.add_user(idp, f"user{number}")
            pool.sign_in(idp, f"user{number}")

        with concurrent.futures.ThreadPoolExecutor(8) as threads:
            list(threads.map(use, range(40)))
        assert idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["EstimatedNumberOfUsers"] == 40
        # It was met, and made no difference.
        assert server.log().count("event=database_sessions_are_shared") == 1
        assert " status=5" not in server.log()
