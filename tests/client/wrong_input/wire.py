# SPDX-License-Identifier: Apache-2.0
"""A connection that is kept, requests signed by hand so that they can be signed badly, and what every refusal has."""

import datetime
import functools
import hashlib
import hmac
import http.client
import json
import re
import time
import urllib.parse
from typing import NamedTuple

import sample
from server import REGION

PATIENCE = 15  # seconds for an answer, under sanitizers on a busy machine too
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
AWS_JSON, JSON = "application/x-amz-json-1.1", "application/json"


# --- Requests ---

class Message:
    """A request that is not sent yet."""

    def __init__(self, method, target, headers=(), body=b""):
        self.method = method
        self.target = target
        self.headers = dict(headers)
        self.body = body

    def __repr__(self):
        shown = self.body if len(self.body) < 300 else self.body[:300] + b".."
        return f"{self.method} {self.target} {self.headers} {shown}"


def aws_json(operation, body, target=None, content_type=AWS_JSON):
    return Message("POST", "/", {"Content-Type": content_type, "X-Amz-Target": target or operation.target}, body)


class Key(NamedTuple):
    id: str
    secret: str


@functools.lru_cache(64)
def signing_key(secret, scope):
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


class Signature:
    """Signature Version 4 in a header, of parts that each can be wrong."""
    algorithm = "AWS4-HMAC-SHA256"
    region = REGION
    service = "cognito-idp"
    terminator = "aws4_request"
    names = None  # of the signed headers

    def __init__(self, key, host, **parts):
        self.key = key
        self.host = host
        self.time = datetime.datetime.now(datetime.timezone.utc)
        vars(self).update(parts)

    @functools.cached_property
    def timestamp(self):
        return self.time.strftime("%Y%m%dT%H%M%SZ")

    @functools.cached_property
    def scope(self):
        return "/".join((self.timestamp[:8], self.region, self.service, self.terminator))

    def of(self, message):
        """The text in hexadecimal."""
        hashed = hashlib.sha256(canonical(message, self.names).encode()).hexdigest()
        text = "\n".join((self.algorithm, self.timestamp, self.scope, hashed))
        return hmac.digest(signing_key(self.key.secret, self.scope), text.encode(), "sha256").hex()

    def sign(self, message):
        message.headers |= {"Host": self.host, "X-Amz-Date": self.timestamp}
        self.names = self.names or signed_names(message)
        message.headers["Authorization"] = (
            f"{self.algorithm} Credential={self.key.id}/{self.scope}, SignedHeaders={';'.join(self.names)}, "
            f"Signature={self.of(message)}")
        return message


def signed_names(message):
    return sorted(name.lower() for name in message.headers if name.lower() in ("host", "content-type")
                  or name.lower().startswith("x-amz-"))


def quoted(text, safe=""):
    """Bytes that are no text come through as surrogates, as python reads them."""
    return urllib.parse.quote(text.encode("utf-8", "surrogateescape"), safe=safe)


def _normal(path):
    """Without empty and dotted segments."""
    segments = []
    for segment in path.split("/"):
        if segment == "..":
            segments[-1:] = []
        elif segment not in ("", "."):
            segments.append(segment)
    return "/" + "/".join(segments) + ("/" if segments and path.endswith("/") else "")


def canonical(message, names):
    path, _, query = message.target.partition("?")
    pairs = sorted((quoted(name), quoted(value))
                   for name, value in urllib.parse.parse_qsl(query, keep_blank_values=True, errors="surrogateescape"))
    headers = {name.lower(): str(value).strip() for name, value in message.headers.items()}
    return "\n".join((
        message.method, quoted(_normal(path), "/"), "&".join(f"{name}={value}" for name, value in pairs),
        *(f"{name}:{headers[name]}" for name in names), "", ";".join(names), hashlib.sha256(message.body).hexdigest()))


# --- Answers ---

class Reply(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes
    seconds: float

    @property
    def document(self):
        return json.loads(self.body)

    @property
    def error(self):
        return None if self.status == 200 else self.document["__type"]


class Line:
    """One connection for many requests. It never dials again by itself: a connection that the server drops is seen."""
    sent = 0  # by all lines

    def __init__(self, server):
        self.host = f"127.0.0.1:{server.port}"
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        self.connection.auto_open = 0
        self.connection.connect()

    def send(self, message):
        Line.sent += 1
        began = time.monotonic()
        self.connection.request(message.method, message.target, message.body, message.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        return Reply(answer.status, answer.headers, body, time.monotonic() - began)

    def is_alive(self):
        return self.connection.sock is not None and self.send(Message("GET", "/healthz")).status == 200

    def close(self):
        self.connection.close()


# --- What a refusal is ---

def _of_document(reply, error):
    try:
        document = json.loads(reply.body.decode())
    except ValueError:
        return [f"the body is no JSON: {reply.body[:200]}"]
    found = []
    if document.keys() - {"reasonCode"} != {"__type", "message"}:
        found.append(f"members {sorted(document)}")
    if document.get("__type") != error:
        found.append(f"__type {document.get('__type')}: {document.get('message')}")
    if not document.get("message"):
        found.append("no message")
    return found


def complaints(reply, error, status, content_type):
    """All that is wrong with the form of an error answer."""
    found = _of_document(reply, error)
    for name, wanted in (("Content-Type", content_type), ("x-amzn-errortype", error), ("Cache-Control", "no-store"),
                         ("X-Content-Type-Options", "nosniff"), ("Content-Length", str(len(reply.body)))):
        if reply.headers.get_all(name) != [wanted]:
            found.append(f"{name}: {reply.headers.get_all(name)}")
    if not UUID.fullmatch(reply.headers.get("x-amzn-RequestId", "")):
        found.append(f"request id {reply.headers.get('x-amzn-RequestId')}")
    if reply.status != status:
        found.append(f"status {reply.status}")
    if reply.seconds > PATIENCE / 2:
        found.append(f"took {reply.seconds:.1f} s")
    if sample.MARK in f"{reply.headers.items()}{reply.body}":
        found.append("shows a value that is secret")
    return found


# A list of breaches past that is cut, and paths that end in a long key of a map lack it.
MESSAGE_MAX, PATH_MAX = 1500, 200


def _sentence(breach):
    value = "" if breach.is_secret else "(?:null |'.*' )?"
    path = breach.path if len(breach.path) <= PATH_MAX else breach.path.rpartition(".")[0]
    return f"Value {value}at '{re.escape(path)}' failed to satisfy constraint: {re.escape(breach.rule)}"


def complaints_of_message(message, breaches):
    """Says how many there are and names all, in their order; the first of them where there is no room for more."""
    count = len(breaches)
    begin = f"{count} validation error{'s' if count > 1 else ''} detected: "
    sentences = list(map(_sentence, breaches))
    if len(message) > MESSAGE_MAX:
        sentences = sentences[:3] + [".*"]
    if re.fullmatch(begin + "; ".join(sentences), message, re.DOTALL):
        return []
    wanted = [(breach.path[-PATH_MAX:], breach.rule) for breach in breaches[:8]]
    return [f"message {message[:300]!r}", f"wanted {begin}{wanted}"]
