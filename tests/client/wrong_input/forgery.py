# SPDX-License-Identifier: Apache-2.0
"""Ways to sign badly. Each takes a message that would be carried out if it were signed well, and makes of it what
arrives; FORGERIES names them with the error that must come of it."""

import datetime
import urllib.parse

import wire

MISSING, INCOMPLETE = "MissingAuthenticationTokenException", "IncompleteSignatureException"
INVALID, UNRECOGNIZED = "InvalidSignatureException", "UnrecognizedClientException"


class Forger:
    """Who has a good key, and uses it badly."""

    def __init__(self, key, host):
        self.key = key
        self.host = host

    def sign(self, message, **parts):
        return wire.Signature(parts.pop("key", self.key), self.host, **parts).sign(message)


def changed(message, old, new):
    """The header Authorization with a part of it replaced."""
    message.headers["Authorization"] = message.headers["Authorization"].replace(old, new)
    return message


def with_authorization(text):
    def forge(_, message):
        message.headers["Authorization"] = text
        return message
    return forge


def with_parts(**parts):
    return lambda forger, message: forger.sign(message, **parts)


def without(part):
    """A signature whose header lacks one of its parts."""
    def forge(forger, message):
        words = forger.sign(message).headers["Authorization"].partition(" ")[2].split(", ")
        rest = ", ".join(word for word in words if not word.startswith(part))
        message.headers["Authorization"] = f"AWS4-HMAC-SHA256 {rest}"
        return message
    return forge


def after_signing(change):
    def forge(forger, message):
        change(forger.sign(message))
        return message
    return forge


def before_signing(change, **parts):
    def forge(forger, message):
        change(message)
        return forger.sign(message, **parts)
    return forge


def at(**difference):
    def forge(forger, message):
        now = datetime.datetime.now(datetime.timezone.utc)
        return forger.sign(message, time=now + datetime.timedelta(**difference))
    return forge


def set_header(name, value):
    return lambda message: message.headers.update({name: value})


def drop_header(name):
    return lambda message: message.headers.pop(name)


def add_to_query(text):
    def add(message):
        message.target += ("&" if "?" in message.target else "?") + text
    return add


def set_body(message):
    message.body = message.body + b" "
    message.headers.setdefault("Content-Type", wire.JSON)


def unsigned_header(name):
    """All are signed but one."""
    def forge(forger, message):
        forger.sign(message)
        return forger.sign(message, names=[other for other in wire.signed_names(message) if other != name])
    return forge


def upper_case_signature(message):
    begin, _, signature = message.headers["Authorization"].rpartition("=")
    message.headers["Authorization"] = f"{begin}={signature.upper()}"


def another_signature(message):
    begin, _, signature = message.headers["Authorization"].rpartition("=")
    message.headers["Authorization"] = f"{begin}={signature[::-1]}"


def short_signature(message):
    message.headers["Authorization"] = message.headers["Authorization"][:-1]


def unsorted_names(message):
    begin, _, rest = message.headers["Authorization"].partition("SignedHeaders=")
    names, _, rest = rest.partition(",")
    message.headers["Authorization"] = f"{begin}SignedHeaders={';'.join(reversed(names.split(';')))},{rest}"


def in_query(**changes):
    """A signed URL with parameters changed (None: left out) before it is signed."""
    def forge(forger, message):
        signature = wire.Signature(forger.key, forger.host)
        signature.names = ["host"]
        message.headers["Host"] = forger.host
        parameters = {"X-Amz-Algorithm": signature.algorithm, "X-Amz-Credential": f"{forger.key.id}/{signature.scope}",
                      "X-Amz-Date": signature.timestamp, "X-Amz-Expires": "60", "X-Amz-SignedHeaders": "host"}
        parameters |= {f"X-Amz-{name}": value for name, value in changes.items()}
        add_to_query(urllib.parse.urlencode({name: value for name, value in parameters.items() if value}))(message)
        if "Signature" not in changes:
            add_to_query(f"X-Amz-Signature={signature.of(message)}")(message)
        return message
    return forge


STRANGER = wire.Key("AKIAAAAAAAAAAAAAAAAA", "s" * 40)
TOKEN = "X-Amz-Security-Token"

FORGERIES = {
    "unsigned": (MISSING, lambda _, message: message),
    "empty": (MISSING, with_authorization("")),
    "basic": (MISSING, with_authorization("Basic dXNlcjpwYXNzd29yZA==")),
    "bearer": (MISSING, with_authorization("Bearer eyJhbGciOiJub25lIn0.e30.")),
    "another scheme": (MISSING, with_authorization("aws4-hmac-sha256 Credential=a")),
    "scheme alone": (INCOMPLETE, with_authorization("AWS4-HMAC-SHA256")),
    "nonsense": (INCOMPLETE, with_authorization("AWS4-HMAC-SHA256 nonsense")),
    "empty parts": (INCOMPLETE, with_authorization("AWS4-HMAC-SHA256 Credential=, SignedHeaders=, Signature=")),
    "commas": (INCOMPLETE, with_authorization("AWS4-HMAC-SHA256 ,,,,")),
    "long": (INCOMPLETE, with_authorization("AWS4-HMAC-SHA256 Credential=" + "x" * 5000)),
    "no credential": (INCOMPLETE, without("Credential")),
    "no signed headers": (INCOMPLETE, without("SignedHeaders")),
    "no signature": (INCOMPLETE, without("Signature=")),
    "unknown part": (INCOMPLETE, after_signing(lambda message: changed(message, "Signature=", "X=y, Signature="))),
    "part twice": (INCOMPLETE, after_signing(lambda message: changed(message, ", Sig", ", Signature=0, Sig"))),
    "another algorithm": (INCOMPLETE, with_parts(algorithm="AWS4-HMAC-SHA1")),
    "asymmetric algorithm": (INCOMPLETE, with_parts(algorithm="AWS4-ECDSA-P256-SHA256")),
    "four elements": (INCOMPLETE, after_signing(lambda message: changed(message, "/aws4_request", ""))),
    "six elements": (INCOMPLETE, after_signing(lambda message: changed(message, "/aws4_request", "/aws4_request/x"))),
    "no date": (INCOMPLETE, after_signing(drop_header("X-Amz-Date"))),
    "nonsense date": (INCOMPLETE, after_signing(set_header("X-Amz-Date", "yesterday"))),
    "impossible date": (INCOMPLETE, after_signing(set_header("X-Amz-Date", "20261341T256199Z"))),
    "another region": (INVALID, with_parts(region="eu-west-1")),
    "another service": (INVALID, with_parts(service="s3")),
    "another terminator": (INVALID, with_parts(terminator="aws5_request")),
    "another date in the scope": (INVALID, after_signing(lambda message: changed(message, "/20", "/19"))),
    "expired": (INVALID, at(minutes=-6)),
    "of yesterday": (INVALID, at(days=-1)),
    "not yet": (INVALID, at(minutes=6)),
    "another time": (INVALID, after_signing(set_header("X-Amz-Date", "20150830T123600Z"))),
    "unknown key": (UNRECOGNIZED, with_parts(key=STRANGER)),
    "session token": (UNRECOGNIZED, before_signing(set_header(TOKEN, "token"))),
    "unsigned session token": (INVALID, after_signing(set_header(TOKEN, "token"))),
    "upper case": (INVALID, after_signing(upper_case_signature)),
    "another signature": (INVALID, after_signing(another_signature)),
    "a digit less": (INVALID, after_signing(short_signature)),
    "headers out of order": (INVALID, after_signing(unsorted_names)),
    "another body": (INVALID, after_signing(set_body)),
    "another host": (INVALID, after_signing(set_header("Host", "cognito-idp.us-east-1.amazonaws.com"))),
    "another query": (INVALID, after_signing(add_to_query("x=y"))),
    "header added": (INVALID, after_signing(set_header("X-Amz-Meta", "y"))),
    "host unsigned": (INVALID, unsigned_header("host")),
    "date unsigned": (INVALID, unsigned_header("x-amz-date")),
    "unsigned payload": (INVALID, before_signing(set_header("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"))),
    "another hash": (INVALID, before_signing(set_header("X-Amz-Content-Sha256", "0" * 64))),
    "in header and query": (INVALID, lambda forger, message: forger.sign(in_query()(forger, message))),
    "URL without a signature": (INCOMPLETE, in_query(Signature=None)),
    "URL without a date": (INCOMPLETE, in_query(Date=None)),
    "URL without a credential": (INCOMPLETE, in_query(Credential=None)),
    "URL good for no time": (INCOMPLETE, in_query(Expires="0")),
    "URL good for months": (INCOMPLETE, in_query(Expires="9999999")),
    "URL good for ever": (INCOMPLETE, in_query(Expires="x")),
    "URL of another algorithm": (INCOMPLETE, in_query(Algorithm="AWS4-HMAC-SHA1")),
    "URL of nobody": (INCOMPLETE, in_query(Credential="nobody")),
    "URL of another time": (INVALID, in_query(Date="20150830T123600Z")),
}


def forged_with_secret(key):
    """The right key with the secret of another."""
    return with_parts(key=wire.Key(key.id, "x" * len(key.secret)))
