# SPDX-License-Identifier: Apache-2.0
"""Calls by hand, signed by botocore: for operations and members that Debian's boto3 does not know yet, and for the REST
administration."""

import json
import urllib.error
import urllib.request

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

import spec
from server import REGION

TARGET = "AWSCognitoIdentityProviderService."


def signed(server, request):
    aws = AWSRequest(request.get_method(), request.full_url, dict(request.header_items()), request.data)
    SigV4Auth(Credentials(server.key_id, server.secret), "cognito-idp", REGION).add_auth(aws)
    return urllib.request.Request(request.full_url, request.data, dict(aws.headers.items()),
                                  method=request.get_method())


def call(server, operation, sign=True, **members):
    """The decoded answer; an error answer is raised as boto3 raises it."""
    request = urllib.request.Request(server.endpoint + "/", json.dumps(members).encode(), {
        "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": TARGET + operation})
    try:
        with urllib.request.urlopen(signed(server, request) if sign else request) as answer:
            text = answer.read()
            spec.check_answer("cognito-idp", operation, answer.status, text)
            return json.loads(text)
    except urllib.error.HTTPError as failure:
        text = failure.read()
        spec.check_answer("cognito-idp", operation, failure.code, text)
        body = json.loads(text)
        assert failure.headers["x-amzn-errortype"] == body["__type"]
        parsed = {"Error": {"Code": body["__type"], "Message": body.get("message", "")},
                  "ResponseMetadata": {"HTTPStatusCode": failure.code}}
        raise ClientError(parsed, operation) from None


def rest(server, operation, method, path, **members):
    """The decoded answer of the administration to a call that works; members go into the body."""
    body = json.dumps(members).encode() if members else None
    headers = {"Content-Type": "application/json"} if members else {}
    request = urllib.request.Request(f"{server.endpoint}/admin/v1/{path}", body, headers, method=method)
    with urllib.request.urlopen(signed(server, request)) as answer:
        text = answer.read()
    spec.check_answer("cognito-idp", operation, answer.status, text)
    return json.loads(text)
