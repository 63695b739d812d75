# SPDX-License-Identifier: Apache-2.0
"""What Prometheus gets: whole, in its format, of bounded size whatever clients send, and only if it is meant to."""

import concurrent.futures
import http.client
import json
import time
import urllib.error
import urllib.request

import pytest

import exposition
import spec
from server import REGION, Server, wait_for

TARGET = "AWSCognitoIdentityProviderService."
TOKEN = "a-token-for-prometheus"


def fetch(server, method="GET", path="/metrics", **headers):
    """Status, headers, text."""
    request = urllib.request.Request(server.endpoint + path, method=method,
                                     headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as failure:
        return failure.code, failure.headers, failure.read().decode()


def scrape(server, **headers):
    status, answered, text = fetch(server, **headers)
    assert status == 200
    assert answered["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return exposition.parse(text)


def call(server, operation, target=None, **members):
    """Without a signature; the status."""
    request = urllib.request.Request(server.endpoint + "/", json.dumps(members).encode(), {
        "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target or TARGET + operation})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status
    except urllib.error.HTTPError as failure:
        return failure.code


# --- Format ---

def test_every_family_is_there(server):
    families = scrape(server)
    assert {name for name, family in families.items() if not family.samples} <= {"poolwarden_requests_total"}
    assert set(families) >= {
        "poolwarden_build_info", "poolwarden_requests_total", "poolwarden_request_duration_seconds",
        "poolwarden_responses_total", "poolwarden_http_connections", "poolwarden_worker_queue_length",
        "poolwarden_workers_busy", "poolwarden_queue_refusals_total", "poolwarden_store_transactions_total",
        "poolwarden_store_commits_total", "poolwarden_store_write_duration_seconds",
        "poolwarden_password_hash_duration_seconds", "poolwarden_password_hashes_waiting",
        "poolwarden_token_signature_duration_seconds", "poolwarden_outbox_messages", "poolwarden_outbox_attempts_total",
        "poolwarden_spare_signing_keys", "process_start_time_seconds", "process_resident_memory_bytes",
        "process_open_fds"}


def test_names_that_clients_make_up_are_no_labels(server):
    def labels():
        return {sample.labels for sample in scrape(server)["poolwarden_requests_total"].samples}

    call(server, "NoSuchOperation")
    before = labels()
    for number in range(50):
        call(server, f"NoSuchOperation{number}")
        call(server, "", target=f'x{number}"}} 1')
        fetch(server, path=f"/admin/v1/no-such-path-{number}")
    assert len(labels() - before) <= 1
    for sample in scrape(server)["poolwarden_requests_total"].samples:
        labels_of = dict(sample.labels)
        assert labels_of["operation"] in {*spec.BY_NAME, "none"}
        assert labels_of["error"].isalpha()


# --- Numbers ---

@pytest.fixture(scope="module")
def pool(idp):
    return idp.create_user_pool(PoolName="counted", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]


@pytest.fixture(scope="module")
def client(idp, pool):
    made = idp.create_user_pool_client(UserPoolId=pool, ClientName="counted",
                                       ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"])
    return made["UserPoolClient"]["ClientId"]


class Growth:
    """How much numbers grew since this was made."""

    def __init__(self, server):
        self.server = server
        self.before = scrape(server)

    def of(self, name, end="", **labels):
        after = scrape(self.server)[name].value(end, **labels) or 0
        return after - (self.before[name].value(end, **labels) or 0)


def test_requests_are_counted_when_they_are_over(server, client):
    growth = Growth(server)
    sign_up = {"ClientId": client, "Username": "one", "Password": "Passw0rd!",
               "UserAttributes": [{"Name": "email", "Value": "one@example.com"}]}
    assert call(server, "SignUp", **sign_up) == 200
    assert call(server, "SignUp", **sign_up) == 400
    requests = "poolwarden_requests_total"
    wait_for(lambda: growth.of(requests, operation="SignUp", error="UsernameExistsException") == 1, "the second")
    assert growth.of(requests, operation="SignUp", error="none") == 1
    assert growth.of("poolwarden_request_duration_seconds", "_count", operation="SignUp") == 2
    assert growth.of("poolwarden_request_duration_seconds", "_sum", operation="SignUp") > 0.001
    assert growth.of("poolwarden_responses_total", status="400") == 1
    assert growth.of("poolwarden_password_hash_duration_seconds", "_count") == 1
    assert growth.of("poolwarden_store_transactions_total") >= 1
    assert growth.of("poolwarden_store_commits_total") >= 1
    assert growth.of("poolwarden_store_write_duration_seconds", "_count") >= 1
    wait_for(lambda: growth.of("poolwarden_outbox_attempts_total", medium="EMAIL", outcome="sent") == 1, "the mail")


def test_signatures_of_tokens(server, idp, pool, client):
    idp.admin_create_user(UserPoolId=pool, Username="signer", MessageAction="SUPPRESS")
    idp.admin_set_user_password(UserPoolId=pool, Username="signer", Password="Passw0rd!", Permanent=True)
    growth = Growth(server)
    idp.initiate_auth(ClientId=client, AuthFlow="USER_PASSWORD_AUTH",
                      AuthParameters={"USERNAME": "signer", "PASSWORD": "Passw0rd!"})
    assert growth.of("poolwarden_token_signature_duration_seconds", "_count") == 2


def test_connections(server):
    before = scrape(server)
    lines = [http.client.HTTPConnection("127.0.0.1", server.port) for _ in range(10)]
    for line in lines:
        line.connect()
    wait_for(lambda: scrape(server)["poolwarden_http_connections"].value() >= 11, "the connections")
    assert scrape(server)["poolwarden_http_connections_total"].value() >= \
        before["poolwarden_http_connections_total"].value() + 10
    for line in lines:
        line.close()
    wait_for(lambda: scrape(server)["poolwarden_http_connections"].value() < 11, "the end of the connections")


def test_state_of_the_server(server):
    families = scrape(server)
    assert families["poolwarden_workers"].value() == 32
    assert families["poolwarden_store_size_bytes"].value() >= (server.data / "poolwarden.db").stat().st_size > 0
    wait_for(lambda: scrape(server)["poolwarden_spare_signing_keys"].value() == 8, "a full stock")
    pid = server.process.pid
    with open(f"/proc/{pid}/status") as status:
        fields = dict(line.split(":\t", 1) for line in status.read().splitlines() if ":\t" in line)
    resident = int(fields["VmRSS"].split()[0]) * 1024
    assert 0.5 < families["process_resident_memory_bytes"].value() / resident < 2
    assert families["process_threads"].value() == int(fields["Threads"])
    assert abs(families["process_start_time_seconds"].value() - time.time()) < 3600
    assert 3 < families["process_open_fds"].value() < families["process_max_fds"].value()


def test_lengths_of_the_outbox(server, idp, admin):
    pool = idp.create_user_pool(PoolName="dead", AutoVerifiedAttributes=["email"],
                                EmailConfiguration={"From": "nobody"})["UserPool"]["Id"]
    client = idp.create_user_pool_client(UserPoolId=pool, ClientName="dead")["UserPoolClient"]["ClientId"]
    before = len(admin.call("ListDeadMessages")["DeadMessages"])
    idp.sign_up(ClientId=client, Username="one", Password="Passw0rd!",
                UserAttributes=[{"Name": "email", "Value": "one@example.com"}])
    wait_for(lambda: scrape(server)["poolwarden_outbox_messages"].value(medium="EMAIL", state="dead") == before + 1,
             "the count of dead messages")
    assert scrape(server)["poolwarden_outbox_messages"].value(medium="SMS", state="waiting") == 0


def test_it_answers_while_all_workers_are_busy():
    with Server("--worker-threads", "1", "--queue-limit", "4", "--argon2-memory-kib", "262144",
                "--argon2-passes", "4") as server:
        import boto3
        idp = boto3.client("cognito-idp", endpoint_url=server.endpoint, region_name=REGION,
                           aws_access_key_id=server.key_id, aws_secret_access_key=server.secret)
        pool = idp.create_user_pool(PoolName="busy")["UserPool"]["Id"]
        client = idp.create_user_pool_client(UserPoolId=pool, ClientName="busy")["UserPoolClient"]["ClientId"]
        with concurrent.futures.ThreadPoolExecutor(12) as threads:
            statuses = [threads.submit(call, server, "SignUp", ClientId=client, Username=f"u{number}",
                                       Password="Passw0rd!") for number in range(12)]
            wait_for(lambda: scrape(server)["poolwarden_queue_refusals_total"].value() > 0, "a refusal")
            busy = scrape(server)
            assert busy["poolwarden_workers_busy"].value() == 1
            assert busy["poolwarden_worker_queue_length"].value() > 0
            assert busy["poolwarden_password_hashes_running"].value() == 1
            assert busy["poolwarden_http_requests_under_way"].value() > 1
            refused = sum(status.result() == 503 for status in statuses)
        assert scrape(server)["poolwarden_queue_refusals_total"].value() == refused
        wait_for(lambda: scrape(server)["poolwarden_workers_busy"].value() == 0, "a rest")


# --- Who may ---

def test_no_page_of_elsewhere_reads_it(server):
    _, headers, _ = fetch(server, Origin="https://example.com")
    assert "Access-Control-Allow-Origin" not in headers
    status, headers, _ = fetch(server, "OPTIONS", Origin="https://example.com", Access_Control_Request_Method="GET")
    assert status == 405 and "Access-Control-Allow-Origin" not in headers
    assert fetch(server, Host="rebound.example.com")[0] == 404


def test_methods(server):
    status, headers, text = fetch(server, "HEAD")
    assert status == 200 and text == "" and int(headers["Content-Length"]) > 1000
    status, headers, _ = fetch(server, "POST")
    assert status == 405 and headers["Allow"] == "GET, HEAD"


def test_a_server_for_the_world_shows_nothing_by_itself():
    with Server("--public-url", "https://id.example.com") as server:
        assert fetch(server)[0] == 404


def test_turned_off():
    with Server("--metrics=false", environment={"POOLWARDEN_METRICS_TOKEN": TOKEN}) as server:
        assert fetch(server)[0] == 404
        assert fetch(server, Authorization=f"Bearer {TOKEN}")[0] == 404


def test_a_token_opens_it():
    with Server("--public-url", "https://id.example.com", environment={"POOLWARDEN_METRICS_TOKEN": TOKEN}) as server:
        status, headers, text = fetch(server)
        assert status == 401 and headers["WWW-Authenticate"].startswith("Bearer")
        assert json.loads(text)["__type"] == "UnauthorizedException"
        assert fetch(server, Authorization="Bearer another-token-here")[0] == 401
        assert scrape(server, Authorization=f"Bearer {TOKEN}", Host="id.example.com")["poolwarden_workers"].samples
        assert TOKEN not in server.log()
