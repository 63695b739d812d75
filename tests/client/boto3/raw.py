# SPDX-License-Identifier: Apache-2.0
"""Calls by hand, for operations and members that Debian's boto3 does not know yet, and over the administration; signed
by botocore."""

import json
import re
import urllib.error
import urllib.parse
import urllib.request

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

import spec
from server import REGION


def signed(server, request, service="cognito-idp"):
    aws = AWSRequest(request.get_method(), request.full_url, dict(request.header_items()), request.data)
    SigV4Auth(Credentials(server.key_id, server.secret), service, REGION).add_auth(aws)
    return urllib.request.Request(request.full_url, request.data, dict(aws.headers.items()), method=aws.method)


def answer_to(operation, request):
    """The decoded answer, held against the operation's spec; an error answer is raised as boto3 raises it."""
    try:
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
            spec.check_answer(operation.service.name, operation.name, answer.status, text)
            return json.loads(text)
    except urllib.error.HTTPError as failure:
        text = failure.read()
        spec.check_answer(operation.service.name, operation.name, failure.code, text)
        body = json.loads(text)
        assert failure.headers["x-amzn-errortype"] == body["__type"]
        parsed = {"Error": {"Code": body["__type"], "Message": body.get("message", "")},
                  "ResponseMetadata": {"HTTPStatusCode": failure.code, "HTTPHeaders": dict(failure.headers)}}
        raise ClientError(parsed, operation.name) from None


def call(server, name, sign=True, **members):
    """Over awsJson."""
    operation = spec.BY_NAME[name]
    request = urllib.request.Request(server.endpoint + "/", json.dumps(members).encode(), {
        "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": operation.target})
    return answer_to(operation, signed(server, request, operation.service.name) if sign else request)


def rest(server, name, **members):
    """Over the administration: what the path does not have is in the query, or in the body of POST and PUT."""
    operation = spec.BY_NAME[name]
    path = re.sub(r"\{(\w+)\}", lambda match: urllib.parse.quote(str(members.pop(match[1])), safe=""), operation.path)
    url, body, headers = f"{server.endpoint}/admin/v1{path}", None, {}
    if operation.method in ("POST", "PUT"):
        body, headers = json.dumps(members).encode(), {"Content-Type": "application/json"}
    elif members:
        url += "?" + urllib.parse.urlencode(members, doseq=True)
    request = urllib.request.Request(url, body, headers, method=operation.method)
    return answer_to(operation, signed(server, request, operation.service.name))
