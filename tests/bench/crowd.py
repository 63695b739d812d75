# SPDX-License-Identifier: Apache-2.0
"""Pools with many users, made once by `fill` and kept in the build folder, and signed calls that go all over them.

What was made is kept under a name that follows from the schema and from how it is made; a server gets a copy, so that
every run begins with the same data."""

import datetime
import hashlib
import hmac
import http.client
import itertools
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import urllib.parse
from dataclasses import dataclass

import boto3

from server import REGION, Server

HERE = pathlib.Path(__file__).resolve().parent
FILL = os.environ["POOLWARDEN_FILL"]
KEPT = pathlib.Path(FILL).parent / "crowds"
MADE_OF = [pathlib.Path(__file__), HERE / "fill.c", *sorted(HERE.parents[1].glob("sql/schema/*.sql"))]
PASSWORD = "Passw0rd!"
SAMPLES = 5000
PAGE = 60
CONTENT_TYPE = "application/x-amz-json-1.1"
TARGET = "AWSCognitoIdentityProviderService."


# --- Signed calls: boto3 would take longer for one than the server for ten ---


class Signer:
    """Signature Version 4 of calls to one server."""

    def __init__(self, server):
        self.server = server
        self.host = urllib.parse.urlsplit(server.endpoint).netloc

    def headers(self, operation, body):
        time = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        scope = f"{time[:8]}/{REGION}/cognito-idp/aws4_request"
        signed = {"content-type": CONTENT_TYPE, "host": self.host, "x-amz-date": time,
                  "x-amz-target": TARGET + operation}
        names = ";".join(signed)
        lines = "".join(f"{name}:{value}\n" for name, value in signed.items())
        canonical = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body.encode()).hexdigest()}"
        text = f"AWS4-HMAC-SHA256\n{time}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        key = ("AWS4" + self.server.secret).encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        return {"X-Amz-Date": time, "Authorization": f"AWS4-HMAC-SHA256 Credential={self.server.key_id}/{scope}, "
                f"SignedHeaders={names}, Signature={signature}"}

    def call(self, connection, operation, members):
        body = json.dumps(members)
        connection.request("POST", "/", body, self.headers(operation, body) | {
            "Content-Type": CONTENT_TYPE, "X-Amz-Target": TARGET + operation})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{operation}: {answer.status} {text!r}")
        return json.loads(text)

    def page_tokens(self, operation, members, list_name, token_name, count):
        """Of every page of a list of so many."""
        connection = http.client.HTTPConnection(self.host)
        tokens, seen, token = [], 0, {}
        while True:
            answer = self.call(connection, operation, members | token)
            seen += len(answer[list_name])
            if len(tokens) % 100 == 0:
                show_progress(f"{seen} of {count} users listed")
            if token_name not in answer:
                break
            token = {token_name: answer[token_name]}
            tokens.append(answer[token_name])
        show_progress(f"{seen} of {count} users listed\n")
        connection.close()
        if seen != count:
            raise RuntimeError(f"{operation} shows {seen} of {count} users")
        return tokens


def show_progress(text):
    print(f"\r{text}", end="", file=sys.stderr, flush=True)


# --- Making ---


def create_pool(server):
    idp = boto3.client("cognito-idp", endpoint_url=server.endpoint, region_name=REGION,
                       aws_access_key_id=server.key_id, aws_secret_access_key=server.secret)
    pool = idp.create_user_pool(PoolName="crowd", UsernameAttributes=["email"], Schema=[
        {"Name": "plan", "AttributeDataType": "String", "Mutable": True}])["UserPool"]["Id"]
    client = idp.create_user_pool_client(
        UserPoolId=pool, ClientName="crowd", RefreshTokenValidity=3650,
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])["UserPoolClient"]["ClientId"]
    return pool, client


def make(folder, count):
    with Server() as server:
        pool, client = create_pool(server)
        lines = subprocess.run([FILL, server.data, pool, client, str(count), str(min(count, SAMPLES))],
                               stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
        tokens = Signer(server).page_tokens(
            "ListUsers", {"UserPoolId": pool, "Limit": PAGE}, "Users", "PaginationToken", count)
        server.stop()
        made = {"pool": pool, "client": client, "count": count, "users": [line.split() for line in lines],
                "tokens": random.sample(tokens, min(len(tokens), SAMPLES))}
        (server.data / "crowd.json").write_text(json.dumps(made))
        partial = folder.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(server.data, partial)
        partial.rename(folder)


def data_of(count):
    """The folder of a pool with so many users, made when it is not there; what an older schema has left goes."""
    version = hashlib.sha256(b"".join(path.read_bytes() for path in MADE_OF)).hexdigest()[:12]
    KEPT.mkdir(exist_ok=True)
    for old in KEPT.iterdir():
        if not old.name.startswith(version):
            shutil.rmtree(old)
    folder = KEPT / f"{version}-{count}"
    if not folder.exists():
        show_progress(f"making a pool of {count} users in {KEPT}\n")
        make(folder, count)
    return folder


# --- Using ---


class Crowd:
    """A server over a copy of such a pool, and files of calls for load.lua. Which users they are about is drawn
    anew for each file, from the whole pool."""

    def __init__(self, server, count, folder):
        data = data_of(count)
        subprocess.run(["cp", "-a", "--reflink=auto", data, server.data], check=True)
        os.sync()
        server.start()
        self.server = server
        self.calls = pathlib.Path(folder, f"calls-{count}")
        self.signer = Signer(server)
        self.random = random.Random(count)
        made = json.loads((data / "crowd.json").read_text())
        self.pool, self.client, self.count = made["pool"], made["client"], made["count"]
        self.users, self.tokens = made["users"], made["tokens"]

    def number(self):
        return self.random.randrange(self.count)

    def address(self):
        return f"user.{self.number():06}@example.com"

    def user(self):
        return {"UserPoolId": self.pool, "Username": self.address()}

    def first_page(self):
        return {"UserPoolId": self.pool, "Limit": PAGE}

    def deep_page(self):
        return self.first_page() | {"PaginationToken": self.random.choice(self.tokens)}

    def group_page(self):
        return self.first_page() | {"GroupName": f"team-{self.number() // 100:04}"}

    def everyone(self):
        return self.first_page() | {"GroupName": "everyone"}

    def ten_by_address(self):
        return self.first_page() | {"Filter": f'email ^= "user.{self.number() // 10:05}"'}

    def password(self):
        return {"ClientId": self.client, "AuthFlow": "USER_PASSWORD_AUTH",
                "AuthParameters": {"USERNAME": self.address(), "PASSWORD": PASSWORD}}

    def refresh(self):
        return {"ClientId": self.client, "AuthFlow": "REFRESH_TOKEN_AUTH",
                "AuthParameters": {"REFRESH_TOKEN": self.random.choice(self.users)[2]}}

    def sign_up(self):
        return {"ClientId": self.client, "Username": "new.{n}@example.com", "Password": PASSWORD}

    def write_calls(self, kinds, count):
        """So many calls, their kinds in turn. Signatures are good for minutes alone: to be sent at once."""
        with open(self.calls, "w") as file:
            for _, kind in zip(range(count), itertools.cycle(kinds)):
                body = json.dumps(kind.members(self))
                signature = self.signer.headers(kind.operation, body).values() if kind.is_signed else ()
                print(TARGET + kind.operation, body, *signature, sep="\t", file=file)


@dataclass
class Kind:
    """Of calls: what a row of the benchmark measures."""
    name: str
    operation: str
    members: callable
    is_signed: bool = True


KINDS = [
    Kind("AdminGetUser", "AdminGetUser", Crowd.user),
    Kind("USER_PASSWORD_AUTH, cheap", "InitiateAuth", Crowd.password, is_signed=False),
    Kind("REFRESH_TOKEN_AUTH", "InitiateAuth", Crowd.refresh, is_signed=False),
    Kind("ListUsers, first page", "ListUsers", Crowd.first_page),
    Kind("ListUsers, deep page", "ListUsers", Crowd.deep_page),
    Kind("ListUsers, ten by e-mail", "ListUsers", Crowd.ten_by_address),
    Kind("ListUsersInGroup, all", "ListUsersInGroup", Crowd.everyone),
    Kind("ListUsersInGroup, of 100", "ListUsersInGroup", Crowd.group_page),
]
SIGN_UP = Kind("SignUp", "SignUp", Crowd.sign_up, is_signed=False)
