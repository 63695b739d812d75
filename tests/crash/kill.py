#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills a server under load, again and again. After each time all that was acknowledged is there, nothing is half
there, and the next start is clean.

    kill.py [--rounds N] [--seed N]
"""

import argparse
import collections
import secrets
import sys
import time

import contents
from server import Server
from siege import FAST_HASHES, Siege

FEWEST, MOST = 20, 400  # calls of a round
LONGEST_START = 0.06  # seconds of a start until it is killed


class Killing:
    def __init__(self, server, seed):
        self.server = server
        self.siege = Siege(server, seed)
        self.draw = self.siege.draw
        self.figures = collections.Counter()
        self.acknowledged = collections.Counter()

    def round(self):
        with self.siege.load() as load:
            load.wait_for_acknowledgements(self.draw.randint(FEWEST, MOST))
            load.end(self.server.kill)
        self.siege.check_log()
        self.siege.check_files()
        self.acknowledged += load.acknowledged
        self.figures["kills"] += 1
        self.figures["under way"] += sum(len(client.under_way) for client in self.siege.clients)
        if self.draw.random() < 0.3:
            self.kill_start()
        self.siege.start()
        self.figures["done unheard"] += self.siege.settle()
        self.siege.look(3)

    def kill_start(self):
        self.server.spawn(f"127.0.0.1:{self.server.port}")
        time.sleep(self.draw.random() * LONGEST_START)
        self.server.kill()
        self.figures["killed starts"] += 1
        self.siege.check_log()
        self.siege.check_files()

    def finish(self):
        self.siege.await_mails()
        self.siege.look(20)
        self.server.stop()
        self.siege.check_log()
        self.siege.check_files()


def first_start(draw, figures):
    """Killed at any moment, the very first start leaves nothing that the second cannot live with."""
    with Server(*FAST_HASHES, is_started=False) as server:
        server.spawn()
        time.sleep(draw.random() * LONGEST_START)
        server.kill()
        figures["killed first starts"] += 1
        if (server.data / contents.NAME).exists():
            with contents.opened(server.data / contents.NAME) as image:
                found = contents.complaints(image) if contents.is_made(image) else []
                assert not found, "\n".join(found)
        siege = Siege(server, draw.random())
        server.start()
        siege.make_pools()
        siege.check_log()


def run(rounds, seed, report=lambda text: None):
    """Raises what turned out to be wrong."""
    with Server(*FAST_HASHES) as server:
        killing = Killing(server, seed)
        killing.siege.make_pools()
        for number in range(1, rounds + 1):
            killing.round()
            if number % 5 == 0:
                first_start(killing.draw, killing.figures)
            report(f"round {number}: {killing.acknowledged.total()} acknowledged")
        killing.finish()
    figures = dict(killing.figures) | {"acknowledged": killing.acknowledged.total(),
                                       "slowest start, s": round(killing.siege.slowest_start, 2)}
    report(f"{figures}\n{dict(killing.acknowledged)}")
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=secrets.randbits(32))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    run(options.rounds, options.seed, lambda text: print(text, flush=True))


if __name__ == "__main__":
    sys.exit(main())
