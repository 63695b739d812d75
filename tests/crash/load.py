# SPDX-License-Identifier: Apache-2.0
"""Clients that keep a server busy, each with users of its own, and remember what was acknowledged and what was under
way when it ended."""

import collections
import random
import threading

from users import OPERATIONS
from wire import Lost, Refused, Wire

USERS_AT_HAND = 12  # of which the next call is about one
LATEST = 40  # users that are mostly worked on


class Client:
    def __init__(self, number, place, seed):
        self.number = number
        self.place = place
        self.draw = random.Random(seed)
        self.users = {}  # by name, those that are gone too
        self.made = 0
        self.touched = set()
        self.under_way = {}  # by name: the user as before and as after a call of unknown outcome

    def _at_hand(self):
        names = [name for name in self.users if name not in self.under_way]
        drawn = set(self.draw.sample(names, min(2, len(names))))
        drawn.update(self.draw.sample(names[-LATEST:], min(USERS_AT_HAND, len(names), LATEST)))
        return [self.place.new_user(f"user-{self.number}-{self.made}"), *(self.users[name] for name in sorted(drawn))]

    def _choose(self):
        choices = [(operation, user) for operation in OPERATIONS for user in self._at_hand() if operation.suits(user)]
        return self.draw.choices(choices, [operation.weight for operation, _ in choices])[0]

    def settle(self, user):
        """The user is so from now on."""
        self.users[user.name] = user
        self.touched.add(user.name)
        self.under_way.pop(user.name, None)

    def call(self, wire, trusts_refusals):
        """One call; its name. After Lost the user may be as before or as after it; after Refused too, unless refusals
        are trusted."""
        operation, user = self._choose()
        members = operation.members(self.place, user, self.draw)
        self.made += user.name not in self.users
        self.under_way[user.name] = user, operation.after(self.place, user, members, None)
        try:
            answer = wire.call(operation.name, members, operation.is_signed)
        except Refused as refusal:
            if trusts_refusals:
                self.settle(user)
            raise refusal.of(operation, user)
        self.settle(operation.after(self.place, user, members, answer))
        return operation.name

    def possible(self):
        """All users by name, each with the states that it may be in."""
        return {name: (user,) for name, user in self.users.items()} | self.under_way


class Load:
    """`tolerated`: codes of errors that may come instead of an acknowledgement. What only reads must not be refused,
    and refusals mean that nothing was done, unless `reading_fails`."""

    def __init__(self, server, clients, tolerated=(), reading_fails=False):
        self.server = server
        self.clients = clients
        self.tolerated = tolerated
        self.reading_fails = reading_fails
        self.acknowledged = collections.Counter()
        self.refused = collections.Counter()
        self.problems = []
        self.changed = threading.Condition()
        self.is_over = False  # from now on calls may get lost
        self.threads = [threading.Thread(target=self._work, args=(client,)) for client in clients]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.end()

    def _count(self, counter, name):
        with self.changed:
            counter[name] += 1
            self.changed.notify_all()

    def _call(self, client, wire):
        try:
            self._count(self.acknowledged, client.call(wire, trusts_refusals=not self.reading_fails))
        except Refused as refusal:
            if refusal.code not in self.tolerated or not (refusal.operation.writes or self.reading_fails):
                raise
            self._count(self.refused, refusal.code)

    def _work(self, client):
        wire = Wire(self.server)
        try:
            while not self.is_over:
                self._call(client, wire)
        except Exception as problem:  # pylint: disable=broad-except
            if not (self.is_over and isinstance(problem, Lost)):
                self.problems.append(repr(problem))
        finally:
            wire.close()
            with self.changed:
                self.changed.notify_all()

    def wait(self, condition, deadline=120):
        """Until condition(load) is true; a problem of a client ends it too."""
        with self.changed:
            if not self.changed.wait_for(lambda: self.problems or condition(self), deadline):
                raise TimeoutError(f"after {deadline} s: {self.acknowledged} {self.refused}")
        assert not self.problems, "\n".join(self.problems)

    def wait_for_acknowledgements(self, number):
        """More than there are so far."""
        target = self.acknowledged.total() + number
        self.wait(lambda load: load.acknowledged.total() >= target)

    def end(self, by=None):
        """Calls by(), or lets each client end its call."""
        self.is_over = True
        if by:
            by()
        for thread in self.threads:
            thread.join()
        assert not self.problems, "\n".join(self.problems)
