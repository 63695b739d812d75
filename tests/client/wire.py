# SPDX-License-Identifier: Apache-2.0
"""Calls of one client on one connection, which tell apart an answer, a refusal, and no answer at all."""

import http.client
import json

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from server import DEADLINE, REGION

TARGET = "AWSCognitoIdentityProviderService."


class Lost(Exception):
    """The connection broke: nobody knows what became of the call."""


class Refused(Exception):
    def __init__(self, status, body):
        self.status = status
        self.code = body.get("__type", "")
        self.operation = None
        super().__init__(f"{status} {self.code}: {body.get('message', '')}")

    def of(self, operation, user):
        self.operation = operation
        self.args = (f"{operation.name} of {user}: {self}",)
        return self


class Wire:
    def __init__(self, server):
        self.url = server.endpoint + "/"
        self.credentials = Credentials(server.key_id, server.secret)
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=DEADLINE)

    def close(self):
        self.connection.close()

    def _exchange(self, method, path, body=None, headers=()):
        try:
            self.connection.request(method, path, body, dict(headers))
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Lost(repr(error)) from error

    def call(self, operation, members, is_signed=False):
        """The decoded answer."""
        headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": TARGET + operation}
        request = AWSRequest("POST", self.url, headers, json.dumps(members).encode())
        if is_signed:
            SigV4Auth(self.credentials, "cognito-idp", REGION).add_auth(request)
        status, text = self._exchange("POST", "/", request.data, request.headers.items())
        if status != 200:
            raise Refused(status, json.loads(text))
        return json.loads(text or "{}")

    def get(self, path):
        """Status and text."""
        return self._exchange("GET", path)
