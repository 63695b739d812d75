# SPDX-License-Identifier: Apache-2.0
"""Who may call: signatures as botocore makes them, in headers and in URLs, and the keys of `poolwarden access-key`."""

import configparser
import subprocess
import urllib.error
import urllib.request

import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import spec
from cognito import connect, refused
from server import BINARY, REGION, wait_for

WRONG = ("The request signature we calculated does not match the signature you provided. Check your AWS Secret "
         "Access Key and signing method. Consult the service documentation for details.")
UNKNOWN = "The security token included in the request is invalid."


@pytest.mark.parametrize("credentials, error, message", [
    ({"aws_secret_access_key": "x" * 40}, "InvalidSignatureException", WRONG),
    ({"aws_access_key_id": "AKIAAAAAAAAAAAAAAAAA"}, "UnrecognizedClientException", UNKNOWN),
    ({"aws_session_token": "token"}, "UnrecognizedClientException", UNKNOWN),
    ({"region_name": "eu-west-1"}, "InvalidSignatureException", "Credential should be scoped to a valid region. "),
])
def test_strangers_are_refused(server, credentials, error, message):
    with refused(error, message) as raised:
        connect(server, **credentials).list_user_pools(MaxResults=1)
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def signed_url(server, path, method="GET", seconds=60):
    request = AWSRequest(method, server.endpoint + path)
    credentials = Credentials(server.key_id, server.secret)
    SigV4QueryAuth(credentials, "cognito-idp", REGION, expires=seconds).add_auth(request)
    return request.prepare().url


def status_of(url, method="GET", body=None, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method)) as answer:
            return answer.status
    except urllib.error.HTTPError as failure:
        return failure.code


def test_a_signed_url_is_good_for_what_it_says(server, pool):
    url = signed_url(server, f"/admin/v1/user-pools/{pool.id}")
    listing = signed_url(server, "/admin/v1/user-pools?MaxResults=1")
    assert status_of(url) == status_of(listing) == 200
    assert status_of(url, "DELETE") == 401
    assert status_of(url, body=b"{}") == 401
    assert status_of(url + "&x=y") == 401
    assert status_of(url, **{"X-Amz-Target": "x"}) == 401
    assert status_of(url, Authorization="Bearer x") == 401
    assert status_of(listing.replace("MaxResults=1", "MaxResults=60")) == 401
    assert status_of(url.replace("?", "/clients/..?")) == 401
    assert status_of(server.endpoint + f"/admin/v1/user-pools/{pool.id}") == 401


def access_key(server, *words):
    command = [BINARY, "access-key", *words, *server.store_options]
    return subprocess.run(command, capture_output=True, text=True)


def created(server, *words):
    parser = configparser.ConfigParser()
    parser.read_string(access_key(server, "create", *words).stdout)
    return dict(parser["default"])


def test_keys_work_at_once_and_until_they_are_deleted(server):
    key = created(server, "--root")
    assert f"{key['aws_access_key_id']}  root  20" in access_key(server, "list").stdout
    connect(server, **key).list_user_pools(MaxResults=1)
    assert access_key(server, "delete", key["aws_access_key_id"]).returncode == 0
    with refused("UnrecognizedClientException", UNKNOWN):
        connect(server, **key).list_user_pools(MaxResults=1)
    assert access_key(server, "delete", key["aws_access_key_id"]).returncode == 1


def test_other_keys_may_do_nothing(server, pool):
    key = created(server)
    user = f"arn:aws:iam::123456789012:user/{key['aws_access_key_id']}"
    with refused("AccessDeniedException", f"User: {user} is not authorized to perform: cognito-idp:DescribeUserPool "
                 f"on resource: arn:aws:cognito-idp:{REGION}:123456789012:userpool/{pool.id}"):
        connect(server, **key).describe_user_pool(UserPoolId=pool.id)


def test_the_log_knows_no_secret(server):
    key = created(server, "--root")
    with refused("InvalidSignatureException"):
        connect(server, **key | {"aws_secret_access_key": "WRONG/SECRET/THAT/SOMEBODY/MISTYPED/1234"}).list_user_pools(
            MaxResults=1)
    wait_for(lambda: key["aws_access_key_id"] in server.log(), "the line of the call")
    log = server.log()
    assert not [secret for secret in (key["aws_secret_access_key"], server.secret, "MISTYPED") if secret in log]


def test_probes(server):
    assert status_of(server.endpoint + "/healthz") == status_of(server.endpoint + "/readyz") == 200
    assert status_of(server.endpoint + "/healthz", "POST", b"") == 405


def test_a_folder_has_one_server(server):
    second = subprocess.run([BINARY, "serve", *server.store_options, "--listen", "127.0.0.1:0"],
                            capture_output=True, text=True)
    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr == f"poolwarden: another server uses {server.data}\n"


def test_answers_are_held_against_their_specs(idp, pool, monkeypatch):
    """A spec that allows less fails the test that got more."""
    monkeypatch.setattr(spec.SERVICES["cognito-idp"].operations["DescribeUserPool"], "output",
                        {"kind": "structure", "members": {}})
    with pytest.raises(AssertionError, match="DescribeUserPool answers against its spec"):
        idp.describe_user_pool(UserPoolId=pool.id)
