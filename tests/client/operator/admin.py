# SPDX-License-Identifier: Apache-2.0
"""The operations that Cognito has not, over both protocols, with signatures by botocore."""

import json
import urllib.error
import urllib.request

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

import spec
from server import REGION

SERVICE = "poolwarden"


class Admin:
    def __init__(self, server, key=None, signing_name=SERVICE):
        self.server = server
        self.credentials = Credentials(*(key or (server.key_id, server.secret)))
        self.signing_name = signing_name

    def _ask(self, operation, method, path, headers, body):
        aws = AWSRequest(method, self.server.endpoint + path, headers, body)
        SigV4Auth(self.credentials, self.signing_name, REGION).add_auth(aws)
        request = urllib.request.Request(aws.url, body or None, dict(aws.headers.items()), method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as failure:
            status, text = failure.code, failure.read()
        spec.check_answer(SERVICE, operation, status, text)
        if status != 200:
            error = json.loads(text)
            raise ClientError({"Error": {"Code": error["__type"], "Message": error["message"]},
                               "ResponseMetadata": {"HTTPStatusCode": status}}, operation)
        return json.loads(text)

    def call(self, operation, **members):
        """awsJson 1.1."""
        headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": spec.BY_NAME[operation].target}
        return self._ask(operation, "POST", "/", headers, json.dumps(members).encode())

    def rest(self, operation, query="", **in_path):
        path = "/admin/v1" + spec.BY_NAME[operation].path.format(**in_path) + query
        return self._ask(operation, spec.BY_NAME[operation].method, path, {}, b"")
