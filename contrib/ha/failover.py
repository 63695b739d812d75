#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills the primary of a PostgreSQL under Patroni, again and again, while users sign up at two nodes. After each time
every acknowledged sign-up is there, once, and both nodes serve again soon.

    failover.py [--rounds N]

prints a row of a table for each round. What is killed takes turns: the postmaster alone, which leaves it to Patroni
whether PostgreSQL starts again where it was; and the whole member with its Patroni and its etcd, as when a machine
goes. A member is started again only when the service is back; sign-ups go on all the time."""

import argparse
import contextlib
import sys
import threading
import time
from dataclasses import dataclass, field

from cluster import Cluster
from installation import PUBLIC_URL, Pool, client_of, second_node
from server import FAST_HASHES, Server
from wire import Lost, Refused, Wire

CLIENTS_OF_NODE = 3
PAUSE = 0.02  # seconds, between sign-ups of a client
LONGEST_OUTAGE = 30  # seconds
PROOF = 20  # acknowledgements of a node that show that it serves again
DEADLINE = 120  # seconds, for the proof
KINDS = ("postmaster", "member")
UNKNOWN = "the outcome is unknown"  # of the node's log


@dataclass
class Client:
    """Signs users up at one node. As clients do, it tries the same name again where it got no answer or 503; that the
    name exists is then an acknowledgement too."""
    number: int
    node: Server
    pool: Pool
    acknowledged: dict = field(default_factory=dict)  # the moment by name
    doubtful: set = field(default_factory=set)  # names that were refused or not answered at least once
    unheard: set = field(default_factory=set)  # of those, the ones that were done

    def sign_up(self, wire, name):
        """Whether it is acknowledged."""
        try:
            wire.call("SignUp", {"ClientId": self.pool.client, "Username": name, "Password": "Passw0rd!"})
        except Refused as refusal:
            if refusal.code == "UsernameExistsException" and name in self.doubtful:
                self.unheard.add(name)
            elif refusal.status == 503:
                self.doubtful.add(name)
                return False
            else:
                raise
        except Lost:
            self.doubtful.add(name)
            return False
        self.acknowledged[name] = time.monotonic()
        return True

    def work(self, is_over):
        with contextlib.closing(Wire(self.node)) as wire:
            while not is_over():
                name = f"user-{self.number}-{len(self.acknowledged)}"
                while not self.sign_up(wire, name) and not is_over():
                    time.sleep(PAUSE)
                time.sleep(PAUSE)


class Load:
    """Clients at all nodes, until it is left."""

    def __init__(self, nodes, pool):
        self.nodes = nodes
        self.clients = [Client(number, node, pool)
                        for number, node in enumerate(node for node in nodes for _ in range(CLIENTS_OF_NODE))]
        self.problems = []
        self.is_over = threading.Event()
        self.threads = [threading.Thread(target=self._work, args=(client,)) for client in self.clients]

    def _work(self, client):
        try:
            client.work(self.is_over.is_set)
        except Exception as problem:  # pylint: disable=broad-except
            self.problems.append(f"{problem!r}\n{client.node.log()[-2000:]}")

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def names(self, kind):
        """Those of a kind, of all clients; a copy."""
        return {name for client in self.clients for name in list(getattr(client, kind))}

    def moments(self, node):
        """Of its acknowledgements, in order."""
        return sorted(moment for client in self.clients if client.node is node
                      for moment in list(client.acknowledged.values()))

    def outage(self, since):
        """The longest time that a node was without an acknowledgement."""
        gaps = []
        for node in self.nodes:
            moments = self.moments(node)
            gaps += [later - earlier for earlier, later in zip(moments, moments[1:]) if later > since]
        return max(gaps)

    def await_acknowledgements(self):
        """Some more, at each node."""
        before = [len(self.moments(node)) for node in self.nodes]
        deadline = time.monotonic() + DEADLINE
        while any(len(self.moments(node)) < count + PROOF for node, count in zip(self.nodes, before)):
            assert not self.problems, "\n".join(self.problems)
            if time.monotonic() > deadline:
                raise TimeoutError(f"no sign-ups for {DEADLINE} s:\n" +
                                   "\n".join(node.log()[-2000:] for node in self.nodes))
            time.sleep(0.1)


@dataclass(frozen=True)
class Round:
    number: int
    kind: str
    killed: str  # names of members
    primary: str
    outage: float  # seconds
    acknowledged: int  # so far
    doubtful: int
    unheard: int

    HEAD = ("| round | killed | primary before | after | without service, s | acknowledged so far | tried again | "
            "of those done at first |\n|---|---|---|---|---|---|---|---|")

    def __str__(self):
        return (f"| {self.number} | {self.kind} | {self.killed} | {self.primary} | {self.outage:.1f} | "
                f"{self.acknowledged} | {self.doubtful} | {self.unheard} |")


class Failover:
    def __init__(self, cluster, nodes, pool, load):
        self.cluster = cluster
        self.nodes = nodes
        self.pool = pool
        self.load = load

    def round(self, number):
        kind = KINDS[(number - 1) % len(KINDS)]
        self.load.await_acknowledgements()
        member = self.cluster.primary()
        postmaster = member.postmaster()
        since = time.monotonic()
        member.kill_all() if kind == "member" else member.kill_postgresql()
        primary = self.cluster.await_primary_other_than(postmaster)
        self.load.await_acknowledgements()
        outage = self.load.outage(since)
        self.check_nothing_is_lost()
        found = Round(number, kind, member.name, primary.name, outage,
                      *(len(self.load.names(which)) for which in ("acknowledged", "doubtful", "unheard")))
        assert outage < LONGEST_OUTAGE, f"no service for {outage:.1f} s: {found}"
        return found

    def restore(self):
        self.cluster.start_missing()
        self.cluster.await_redundancy()

    def _users(self):
        return self.nodes[0].database.snapshot(lambda _: {
            "names": f"SELECT username FROM pool_user WHERE pool_id = '{self.pool.id}'",
            "count": f"SELECT user_count FROM user_pool WHERE id = '{self.pool.id}'",
        })

    def check_nothing_is_lost(self):
        """While sign-ups go on. The names that are there."""
        acknowledged = self.load.names("acknowledged")
        users = self._users()
        names = [name for name, in users["names"]]
        lost = acknowledged - set(names)
        assert not lost, f"acknowledged and lost: {sorted(lost)}"
        assert len(names) == len(set(names)), "there twice"
        assert users["count"] == [(len(names),)], f"{len(names)} users, counted {users['count']}"
        return set(names)

    def finish(self):
        """When sign-ups are over: nothing is there that was not asked for, and the API says the same."""
        names = self.check_nothing_is_lost()
        unasked = names - self.load.names("acknowledged") - self.load.names("doubtful")
        assert not unasked, f"there and never answered: {sorted(unasked)}"
        for node in self.nodes:
            pool = client_of(node).describe_user_pool(UserPoolId=self.pool.id)["UserPool"]
            assert pool["EstimatedNumberOfUsers"] == len(names)
        done = len(names - self.load.names("acknowledged")) + len(self.load.names("unheard"))
        unknown = sum(node.log().count(UNKNOWN) for node in self.nodes)
        assert done <= unknown, f"{done} refused calls were done, {unknown} are said to be of unknown outcome"
        assert not self.load.problems, "\n".join(self.load.problems)


def run(rounds, report=lambda text: None):
    """The rounds; raises what turned out to be wrong."""
    with contextlib.ExitStack() as stack:
        cluster = Cluster()
        stack.callback(cluster.remove)
        first = stack.enter_context(Server("--public-url", PUBLIC_URL, *FAST_HASHES, database=cluster.url()))
        second = stack.enter_context(second_node(first, *FAST_HASHES))
        second.start()
        pool = Pool(first)
        found = []
        with Load([first, second], pool) as load:
            failover = Failover(cluster, [first, second], pool, load)
            report(Round.HEAD)
            for number in range(1, rounds + 1):
                if found:
                    failover.restore()
                found.append(failover.round(number))
                report(str(found[-1]))
        failover.finish()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    found = run(options.rounds, lambda text: print(text, flush=True))
    print(f"longest time without service: {max(one.outage for one in found):.1f} s; "
          f"{found[-1].acknowledged} acknowledged sign-ups, none lost, none twice")


if __name__ == "__main__":
    sys.exit(main())
