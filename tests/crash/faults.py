#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lets a server's files fail under load: one operation of one kind, or all of that kind for a while. What cannot be
done is refused by an error, no connection breaks, and once the files work again, or after a kill in the middle, all
that was acknowledged is there; where only writing failed, nothing of what was refused is.

    faults.py --binary build/tests/crash/faulty_poolwarden [--rounds N] [--seed N]
"""

import argparse
import collections
import pathlib
import secrets
import sys

from full_disk import TOLERATED, complaints_of
from server import Server, wait_for
from siege import FAST_HASHES, Siege
from wire import Wire

# As enum fault_operation has them.
OPERATIONS = ["open", "read", "write", "truncate", "sync", "size", "delete", "access", "lock", "shm_map", "shm_lock"]
ANYTHING = (1 << len(OPERATIONS)) - 1
WRITING = ["write", "truncate", "sync", "delete"]
FREQUENT = ["read", "write", "shm_lock", "anything"]  # a call takes several of them
REFUSALS = 40  # until files that keep failing work again
ENOUGH = 100  # calls after which files that never failed are left alone

# Name, operations, as on a full disk.
KINDS = [(name, 1 << number, False) for number, name in enumerate(OPERATIONS)] + [
    ("write", 1 << OPERATIONS.index("write"), True), ("anything", ANYTHING, False)]


class Faults:
    def __init__(self, server, order, seed):
        self.server = server
        self.order = order
        self.siege = Siege(server, seed)
        self.draw = self.siege.draw
        self.acknowledged = collections.Counter()
        self.refused = collections.Counter()
        self.figures = collections.Counter()

    def give(self, text):
        """Returns when the order was carried out."""
        written = self.order.with_suffix(".written")
        written.write_text(text)
        written.rename(self.order)
        wait_for(lambda: not self.order.exists(), "an order to be carried out")

    def begin(self, kind, lasts):
        name, operations, is_full = kind
        first = self.draw.randint(1, 100 if name in FREQUENT else 10)
        self.give(f"begin {operations} {first} {lasts:d} {is_full:d}")

    def round(self, kind, lasts):
        kills = self.draw.random() < 0.3
        with self.siege.load(tolerated=TOLERATED, reading_fails=kind[0] not in WRITING) as load:
            load.wait_for_acknowledgements(20)
            self.begin(kind, lasts)
            enough = load.acknowledged.total() + ENOUGH
            load.wait(lambda load: load.refused.total() >= REFUSALS or load.acknowledged.total() >= enough)
            if kills:
                load.end(self.server.kill)
            else:
                self.give("end")
                load.wait_for_acknowledgements(50)
        self.count(load, kills)
        found = complaints_of(self.siege)
        assert not found, found
        if kills:
            self.siege.check_files()
            self.siege.start()
        self.check_well()

    def check_well(self):
        wire = Wire(self.server)
        assert wire.get("/readyz")[0] == 200
        wire.close()
        self.figures["refused and done"] += self.siege.settle()
        self.siege.look(2)

    def count(self, load, kills):
        self.acknowledged += load.acknowledged
        self.refused += load.refused
        self.figures["rounds"] += 1
        self.figures["kills"] += kills

    def finish(self):
        self.siege.look(20)
        self.server.stop()
        self.siege.check_files()


def run(binary, rounds, seed, report=lambda text: None):
    """Each kind in turn, once and lasting. Raises what turned out to be wrong."""
    with Server(*FAST_HASHES, binary=binary, is_started=False) as server:
        order = pathlib.Path(server.folder.name, "order")
        server.environment = {"FAULT_ORDER": str(order)}
        server.start()
        faults = Faults(server, order, seed)
        faults.siege.make_pools()
        plans = [(kind, lasts) for kind in KINDS for lasts in (False, True)]
        faults.draw.shuffle(plans)
        for number in range(rounds):
            kind, lasts = plans[number % len(plans)]
            faults.round(kind, lasts)
            report(f"round {number + 1}, {kind[0]}{' lasting' if lasts else ''}: "
                   f"{faults.acknowledged.total()} acknowledged, {faults.refused.total()} refused")
        faults.finish()
    return dict(faults.figures) | {"acknowledged": faults.acknowledged.total(), "refused": faults.refused.total()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--rounds", type=int, default=4 * len(KINDS))
    parser.add_argument("--seed", type=int, default=secrets.randbits(32))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    print(run(options.binary, options.rounds, options.seed, lambda text: print(text, flush=True)))


if __name__ == "__main__":
    sys.exit(main())
