#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fills a server's disk under load, again and again. While it is full what would write is refused by an error, what
reads is answered, and no connection breaks; with space again all goes on without a restart. What was acknowledged is
there in the end, and nothing of what was refused.

    full_disk.py [--rounds N] [--seed N]       as root, who may mount a disk in memory
"""

import argparse
import collections
import contextlib
import json
import re
import secrets
import subprocess
import sys

from server import Server
from siege import FAST_HASHES, Siege
from users import of_client, of_user
from wire import Wire

SIZE, SIZE_OF_ROUND = 16 << 20, 2 << 20  # what is written in a round stays
PAGE = 4096
SPARE = 600_000  # bytes left at most
REFUSALS = 60  # of a round
TOLERATED = {"InternalErrorException", "ServiceUnavailableException"}

# What the log may complain about meanwhile, and why a start may be refused.
COMPLAINTS = {"internal_error", "key_stock", "expiry", "outbox", "medium_paused", "message_deferred",
              "audit_event_lost", "audit_tally", "census", "last_refresh", "pool_migration"}
REASON = re.compile(r"^poolwarden: .*(database or disk is full|No space left on device)", re.MULTILINE)


class NotPermitted(Exception):
    """Mounting is not."""


@contextlib.contextmanager
def disk(folder, size):
    folder.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True,
                           text=True)
    if mount.returncode:
        raise NotPermitted(mount.stderr.strip())
    try:
        yield Ballast(folder)
    finally:
        subprocess.run(["umount", folder], check=True)


class Ballast:
    def __init__(self, folder):
        self.path = folder / "ballast"

    def fill(self, spare):
        """Leaves that many bytes at most."""
        with open(self.path, "wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(PAGE))
        with open(self.path, "r+b") as file:
            file.truncate(max(0, self.path.stat().st_size - spare))

    def drop(self):
        self.path.unlink()


def starts(server, listen):
    """Whether the server starts where there is too little space; otherwise it says why."""
    before = len(server.log())
    try:
        server.start(listen)
    except RuntimeError:
        status, server.process = server.process.wait(), None
        said = server.log()[before:]
        assert status == 1 and REASON.search(said), said
        return False
    server.kill()
    return True


def first_starts(server, ballast):
    """With a page more each time, until it works; how often it did not. Nothing of those is in the way."""
    for tries in range(1000):
        ballast.fill(tries * PAGE)
        started = starts(server, "127.0.0.1:0")
        ballast.drop()
        if started:
            return tries
    raise AssertionError("the server does not start on a disk with space")


def complaints_of(siege):
    """What the log has complained about since it was looked at that a disk is no excuse for."""
    log = siege.server.log()
    new, siege.log_read = log[siege.log_read:], len(log)
    bad = [line for line in new.splitlines() if re.search(r"level=(error|warning)|fatal|assert", line)
           and not re.search(rf"event=({'|'.join(COMPLAINTS)}) ", line)]
    return "\n".join(bad[:20])


class Filling:
    def __init__(self, server, ballast, seed):
        self.server = server
        self.ballast = ballast
        self.siege = Siege(server, seed)
        self.draw = self.siege.draw
        self.acknowledged = collections.Counter()
        self.refused = collections.Counter()
        self.figures = collections.Counter()

    def check_reading(self):
        wire = Wire(self.server)
        for client in self.siege.clients:
            place = client.place
            assert wire.get(f"/{place.pool_id}/.well-known/jwks.json")[0] == 200
            assert wire.call("ListUsers", {"UserPoolId": place.pool_id, "Limit": 10}, True)["Users"]
            assert wire.call("DescribeUserPoolClient", of_client(place, UserPoolId=place.pool_id), True)
        assert wire.get("/readyz") == (200, json.dumps({"status": "ok"}, separators=(",", ":")).encode())
        wire.close()

    def round(self):
        self.ballast.fill(self.draw.randint(0, SPARE))
        with self.siege.load(tolerated=TOLERATED) as load:
            load.wait(lambda load: load.refused.total() >= REFUSALS)
            self.check_reading()
            self.ballast.drop()
            load.wait_for_acknowledgements(100)
        self.count(load)
        self.check_complaints()
        self.siege.look(3)

    def killed_round(self):
        """The server ends while the disk is full, and finds it so when it comes back."""
        self.ballast.fill(self.draw.randint(0, SPARE))
        with self.siege.load(tolerated=TOLERATED) as load:
            load.wait(lambda load: load.refused.total() >= REFUSALS)
            load.end(self.server.kill)
        self.count(load)
        self.figures["starts on a full disk"] += starts(self.server, f"127.0.0.1:{self.server.port}")
        self.ballast.drop()
        self.check_complaints()
        self.siege.check_files()
        self.siege.start()
        self.siege.settle()
        self.siege.look(3)

    def count(self, load):
        self.acknowledged += load.acknowledged
        self.refused += load.refused
        self.figures["rounds"] += 1

    def check_complaints(self):
        found = complaints_of(self.siege)
        assert not found, found

    def finish(self):
        self.siege.look(20)
        self.server.stop()
        self.siege.check_files()


def run(rounds, seed, report=lambda text: None):
    """Raises what turned out to be wrong, or NotPermitted."""
    with Server(*FAST_HASHES, is_started=False) as server, disk(server.data, SIZE + rounds * SIZE_OF_ROUND) as ballast:
        refused_starts = first_starts(server, ballast)
        server.start()
        try:
            filling = Filling(server, ballast, seed)
            filling.check_complaints()
            filling.siege.make_pools()
            with filling.siege.load() as load:
                load.wait_for_acknowledgements(100)
            for number in range(1, rounds + 1):
                filling.killed_round() if number % 3 == 0 else filling.round()
                report(f"round {number}: {filling.acknowledged.total()} acknowledged, {dict(filling.refused)} refused")
            filling.finish()
        finally:
            if server.process:
                server.kill()
    return dict(filling.figures) | {"refused first starts": refused_starts,
                                    "acknowledged": filling.acknowledged.total(),
                                    "refused": filling.refused.total()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=secrets.randbits(32))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    print(run(options.rounds, options.seed, lambda text: print(text, flush=True)))


if __name__ == "__main__":
    sys.exit(main())
