# SPDX-License-Identifier: Apache-2.0
"""`poolwarden status` and the operation that it asks, DescribeServer."""

import http.server
import json
import os
import pathlib
import re
import subprocess
import threading
import time

import pytest
from botocore.exceptions import ClientError

from raw import Caller
from server import BINARY, DEADLINE, Server, wait_for

NOT_RUNNING = 3


def status(*arguments, **environment):
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("POOLWARDEN_")}
    return subprocess.run([BINARY, "status", *map(str, arguments)], capture_output=True, text=True, timeout=DEADLINE,
                          env=inherited | environment)


def status_of(server, *arguments, **environment):
    return status("--listen", f"127.0.0.1:{server.port}", "--data-dir", server.data, *arguments, **environment)


def described(server):
    asked = status_of(server, "--json")
    assert (asked.returncode, asked.stderr) == (0, "")
    return json.loads(asked.stdout)


# --- What it tells ---

def test_people_are_told(server):
    asked = status_of(server)
    assert (asked.returncode, asked.stderr) == (0, "")
    lines = asked.stdout.splitlines()
    assert re.fullmatch(rf"poolwarden \S+ serves at {server.endpoint} for \d+d \d\d:\d\d:\d\d", lines[0])
    assert f"public URL   {server.endpoint}" in lines
    assert [line for line in lines if re.fullmatch(r"database     [1-9]\d* KiB, schema [1-9]\d*", line)]
    assert [line for line in lines if re.fullmatch(r"messages     \d+ waiting, \d+ dead", line)]


def test_machines_are_told_what_the_operation_answers(server, admin):
    told, answered = described(server), admin.call("DescribeServer")
    assert told.keys() == answered.keys()
    assert told["StartDate"] == pytest.approx(answered["StartDate"], abs=1)
    assert told["Version"] == answered["Version"] == subprocess.run(
        [BINARY, "version"], capture_output=True, text=True).stdout.split()[1]
    assert admin.rest("DescribeServer").keys() == answered.keys()
    assert 0 <= time.time() - told["StartDate"] < 3600
    newest = max(pathlib.Path(__file__).resolve().parents[3].glob("sql/schema/*.sql"))
    assert told["SchemaVersion"] == int(newest.name.split("_")[0])
    files = sum(path.stat().st_size for path in server.data.glob("poolwarden.db*") if not path.name.endswith("-shm"))
    assert told["DatabaseKilobytes"] == pytest.approx(files / 1024, rel=0.5)


def test_what_is_made_is_counted(server, idp):
    before = described(server)
    pool = idp.create_user_pool(PoolName="counted")["UserPool"]["Id"]
    for number in range(3):
        idp.admin_create_user(UserPoolId=pool, Username=f"u{number}", MessageAction="SUPPRESS")
    idp.admin_delete_user(UserPoolId=pool, Username="u0")
    after = described(server)
    assert (after["UserPools"] - before["UserPools"], after["Users"] - before["Users"]) == (1, 2)
    idp.delete_user_pool(UserPoolId=pool)
    assert described(server)["Users"] == before["Users"]
    wait_for(lambda: described(server)["SpareSigningKeys"] > 0, "a spare key")


def test_messages_that_could_not_be_sent_are_counted(server, idp, admin):
    before = len(admin.call("ListDeadMessages")["DeadMessages"])
    pool = idp.create_user_pool(PoolName="dead", AutoVerifiedAttributes=["email"],
                                EmailConfiguration={"From": "nobody"})["UserPool"]["Id"]
    client = idp.create_user_pool_client(UserPoolId=pool, ClientName="dead")["UserPoolClient"]["ClientId"]
    idp.sign_up(ClientId=client, Username="one", Password="Passw0rd!",
                UserAttributes=[{"Name": "email", "Value": "one@example.com"}])
    wait_for(lambda: described(server)["DeadMessages"] == before + 1, "the count of dead messages")


def test_a_key_of_the_environment_will_do():
    key = {"POOLWARDEN_ROOT_ACCESS_KEY_ID": "AKIAEXAMPLEEXAMPLE00",
           "POOLWARDEN_ROOT_SECRET_ACCESS_KEY": "examplesecretexamplesecretexamplesecret0"}
    with Server(environment=key, is_started=False) as server:
        server._credentials = lambda: tuple(key.values())
        server.start()
        assert status_of(server, **key).returncode == 0
        refused = status_of(server)
        assert refused.returncode == 1 and "credentials" in refused.stderr
        assert not (server.data / "credentials").exists()


def test_a_server_with_tls(tmp_path):
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-subj",
                    "/CN=id.example.com", "-days", "2"], check=True, capture_output=True)
    options = ["--tls-cert", str(cert), "--tls-key", str(key)]
    with Server(*options, "--public-url", "https://id.example.com") as server:
        asked = status_of(server, *options)
        assert (asked.returncode, asked.stderr) == (0, "")
        assert "public URL   https://id.example.com" in asked.stdout


# --- What it does not ---

def test_no_server(tmp_path):
    with Server() as server:
        server.stop()
        asked = status_of(server)
        assert (asked.returncode, asked.stdout) == (NOT_RUNNING, "")
        assert f"no server runs at {server.endpoint}" in asked.stderr
        nowhere = status("--listen", f"127.0.0.1:{server.port}", "--data-dir", tmp_path / "none")
        assert nowhere.returncode == NOT_RUNNING and not (tmp_path / "none").exists()
        server.start()


@pytest.mark.parametrize("arguments", [["--jsno"], ["now"], ["--json", "--json"], ["--listen", "127.0.0.1:0"]])
def test_what_makes_no_sense(arguments):
    assert status(*arguments).returncode == 2


def test_the_key_of_another_server(server, tmp_path):
    with Server() as other:
        refused = status("--listen", f"127.0.0.1:{server.port}", "--data-dir", other.data)
        assert refused.returncode == 1 and "status 4" in refused.stderr


class Impostor(http.server.BaseHTTPRequestHandler):
    body = b""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_):
        pass


@pytest.mark.parametrize("body, returncode", [
    (b"<html>", 1), (b"[]", 1), (b"{" * 100, 1), (b"", 1),
    (b'{"Version":"\\u001b]0;title\\u0007","StartDate":"x","Users":"many","PublicUrl":7}', 0)])
def test_another_program_at_that_port(server, body, returncode):
    handler = type("Handler", (Impostor,), {"body": body})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as impostor:
        thread = threading.Thread(target=impostor.serve_forever)
        thread.start()
        try:
            asked = status("--listen", f"127.0.0.1:{impostor.server_port}", "--data-dir", server.data)
        finally:
            impostor.shutdown()
            thread.join()
    assert asked.returncode == returncode
    assert "\x1b" not in asked.stdout + asked.stderr and "\x07" not in asked.stdout


def test_whoever_has_no_root_key_is_told_nothing(server):
    with pytest.raises(ClientError) as raised:
        Caller(server, key=("AKIAEXAMPLEEXAMPLE00", "wrong")).call("DescribeServer")
    assert raised.value.response["Error"]["Code"] == "UnrecognizedClientException"
