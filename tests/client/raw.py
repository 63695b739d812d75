# SPDX-License-Identifier: Apache-2.0
"""Calls by hand, for operations and members that Debian's boto3 does not know, over awsJson and the administration;
signed by botocore, and each answer held against its operation's spec."""

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


def answer_to(operation, request):
    """The decoded answer; an error answer is raised as boto3 raises it."""
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


def signed(server, request, key=None, service="cognito-idp"):
    aws = AWSRequest(request.get_method(), request.full_url, dict(request.header_items()), request.data)
    SigV4Auth(Credentials(*(key or (server.key_id, server.secret))), service, REGION).add_auth(aws)
    return urllib.request.Request(request.full_url, request.data, dict(aws.headers.items()), method=aws.method)


class Caller:
    """Who calls: by the root key, and under the name of the operation's own service, unless told otherwise."""

    def __init__(self, server, key=None, signing_name=None, sign=True):
        self.server = server
        self.key = key
        self.signing_name = signing_name
        self.sign = sign

    def _ask(self, operation, method, path, headers, body):
        request = urllib.request.Request(self.server.endpoint + path, body, headers, method=method)
        if self.sign:
            request = signed(self.server, request, self.key, self.signing_name or operation.service.name)
        return answer_to(operation, request)

    def call(self, name, **members):
        """Over awsJson 1.1."""
        operation = spec.BY_NAME[name]
        headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": operation.target}
        return self._ask(operation, "POST", "/", headers, json.dumps(members).encode())

    def rest(self, name, **members):
        """Over the administration: what the path does not have is in the query, or in the body of POST and PUT."""
        operation = spec.BY_NAME[name]
        path = "/admin/v1" + re.sub(
            r"\{(\w+)\}", lambda match: urllib.parse.quote(str(members.pop(match[1])), safe=""), operation.path)
        body, headers = None, {}
        if operation.method in ("POST", "PUT"):
            body, headers = json.dumps(members).encode(), {"Content-Type": "application/json"}
        elif members:
            path += "?" + urllib.parse.urlencode(members, doseq=True)
        return self._ask(operation, operation.method, path, headers, body)


def call(server, name, sign=True, **members):
    return Caller(server, sign=sign).call(name, **members)


def rest(server, name, **members):
    return Caller(server).rest(name, **members)
