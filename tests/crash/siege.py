# SPDX-License-Identifier: Apache-2.0
"""A server with pools, the clients that load it, and the comparison of what it has with what it acknowledged."""

import json
import random
import re
import time
from dataclasses import replace

import contents
from load import Client, Load
from seal import Sealer
from server import DEADLINE, FAST_HASHES, Mail, wait_for
from users import Place, Wrong, look
from wire import Refused, Wire

CLIENTS = 6
PASSWORD_FLOW = ["ALLOW_USER_PASSWORD_AUTH"]
CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")

# Members of CreateUserPool and CreateUserPoolClient, and what clients have to know of it.
PLACES = [
    ({"AutoVerifiedAttributes": ["email"]},
     {"ExplicitAuthFlows": PASSWORD_FLOW, "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}},
     {"rotates": True}),
    ({"AutoVerifiedAttributes": ["email"], "UsernameAttributes": ["email"],
      "UsernameConfiguration": {"CaseSensitive": False}},
     {"ExplicitAuthFlows": [*PASSWORD_FLOW, "ALLOW_REFRESH_TOKEN_AUTH"]},
     {"is_named_by_email": True}),
]


class Siege:
    def __init__(self, server, seed):
        self.server = server
        self.draw = random.Random(seed)
        self.keys = {}  # ids that were published, by pool
        self.mails = {}  # codes by address
        self.read_mails = set()
        self.slowest_start = 0.0
        self.log_read = 0
        self.clients = []

    # --- The server

    def make_pools(self):
        wire = Wire(self.server)
        places = [self._make_pool(wire, *members) for members in PLACES]
        self.clients = [Client(number, places[number % len(places)], self.draw.random()) for number in range(CLIENTS)]
        self._check_keys(wire)
        wire.close()

    @staticmethod
    def _make_pool(wire, pool, client, features):
        pool_id = wire.call("CreateUserPool", {"PoolName": "siege", **pool}, True)["UserPool"]["Id"]
        validity = {"AccessTokenValidity": 24, "TokenValidityUnits": {"AccessToken": "hours"}}
        made = wire.call("CreateUserPoolClient",
                         {"UserPoolId": pool_id, "ClientName": "siege", **validity, **client}, True)
        return Place(pool_id, made["UserPoolClient"]["ClientId"], **features)

    def start(self):
        """On the same port again. The server answers soon and has nothing to complain about."""
        began = time.monotonic()
        self.server.restart()
        wire = Wire(self.server)
        assert wire.get("/readyz")[0] == 200
        self.slowest_start = max(self.slowest_start, time.monotonic() - began)
        assert self.slowest_start < DEADLINE
        self._check_keys(wire)
        wire.close()
        self.check_log()

    def _check_keys(self, wire):
        """Tokens verify against them elsewhere: none that was published goes."""
        for pool_id in {client.place.pool_id for client in self.clients}:
            status, text = wire.get(f"/{pool_id}/.well-known/jwks.json")
            assert status == 200
            published = {key["kid"] for key in json.loads(text)["keys"]}
            if not self.keys.setdefault(pool_id, published) <= published:
                raise Wrong(f"{pool_id} has lost a key: {self.keys[pool_id]}, {published}")

    def check_log(self):
        """Nothing went wrong since the last time."""
        log = self.server.log()
        new, self.log_read = log[self.log_read:], len(log)
        bad = [line for line in new.splitlines() if re.search(r"level=(error|warning)|^poolwarden: |fatal", line)]
        assert not bad, "\n".join(bad[:20])

    def load(self, **options):
        return Load(self.server, self.clients, **options)

    # --- What the files say, while no server runs

    def check_files(self):
        with contents.opened(self.server.data / contents.NAME) as image:
            found = contents.complaints(image)
            assert not found, "\n".join(found[:20])
            self._check_users(image)
            self._check_codes(image)

    def _check_users(self, image):
        for place in {client.place for client in self.clients}:
            found = contents.users(image, place)
            for client in self.clients:
                if client.place == place:
                    self._check_users_of(client, found)
            if found:
                raise Wrong(f"there are users that nobody knows: {list(found.items())[:5]}")

    @staticmethod
    def _check_users_of(client, found):
        for name, states in client.possible().items():
            stored = found.pop(name.lower(), ("", ()))
            if stored not in [(user.status, user.attributes) for user in states]:
                raise Wrong(f"{stored} is stored of {states}")

    def _read_mails(self):
        for path in (self.server.outbox / "new").glob("*"):
            if path.name not in self.read_mails:
                self.read_mails.add(path.name)
                mail = Mail(path)
                self.mails.setdefault(mail.to, set()).update(CODE.findall(mail.body))

    def _check_codes(self, image):
        """Whoever waits for a code has been sent it, or will be."""
        sealer = Sealer(self.server.data)
        self._read_mails()
        sent = {address: set(codes) for address, codes in self.mails.items()}
        for identity, sealed in contents.waiting(image):
            plain = sealer.open(sealed, f"outbox_message:{identity}:message")
            if plain is None:
                raise Wrong(f"the message {identity} cannot be opened")
            message = json.loads(plain)
            sent.setdefault(message["recipient"], set()).update(CODE.findall(message["body"]))
        for user, address, hashed in contents.codes(image):
            texts = (f"{user}:sign_up:{code}:{address}" for code in sent.get(address, ()))
            if hashed not in [sealer.hash("confirmation_code", text) for text in texts]:
                raise Wrong(f"{address} has never been sent the code: {sent.get(address)}")

    # --- What the server says

    def settle(self):
        """What was under way was done or was not; how many were done."""
        wire = Wire(self.server)
        done = sum(self._settle(wire, client, before, after)
                   for client in self.clients for before, after in list(client.under_way.values()))
        wire.close()
        return done

    @staticmethod
    def _settle(wire, client, before, after):
        try:
            client.settle(look(wire, client.place, before))
            return False
        except (Wrong, Refused) as failure:
            if after == before:
                raise
            try:
                client.settle(look(wire, client.place, after))
            except (Wrong, Refused) as another:
                raise Wrong(f"neither {before}: {failure}\nnor {after}: {another}") from another
            return True

    def look(self, number):
        """At that many users of each client that were called about lately, and at an older one."""
        wire = Wire(self.server)
        for client in self.clients:
            touched = sorted(client.touched)
            drawn = self.draw.sample(touched, min(number, len(touched)))
            drawn += self.draw.sample(sorted(client.users), min(1, len(client.users)))
            for name in sorted(set(drawn)):
                client.settle(look(wire, client.place, client.users[name]))
            client.touched.clear()
        wire.close()

    def await_mails(self):
        """Every user who waits for a code gets it, and it is good."""
        waiting = [(client, user) for client in self.clients for user in client.users.values()
                   if user.has("UNCONFIRMED")]

        def all_there():
            self._read_mails()
            return all(dict(user.attributes)["email"] in self.mails for _, user in waiting)

        wait_for(all_there, "the last message")
        wire = Wire(self.server)
        for client, user in self.draw.sample(waiting, min(20, len(waiting))):
            self._confirm(wire, client.place, user)
            attributes = dict(user.attributes) | {"email_verified": "true"}
            client.settle(replace(user, status="CONFIRMED", attributes=tuple(sorted(attributes.items()))))
        wire.close()

    def _confirm(self, wire, place, user):
        """An address may have been sent codes of users who are gone."""
        for code in self.mails[dict(user.attributes)["email"]]:
            try:
                wire.call("ConfirmSignUp", {"ClientId": place.client_id, "Username": user.name,
                                            "ConfirmationCode": code})
                return
            except Refused as refusal:
                if refusal.code != "CodeMismatchException":
                    raise
        raise Wrong(f"no code sent to {user.name} is good")
