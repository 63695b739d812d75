#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the server against baselines that do only what nobody can leave out, and prints one table.

Server and baselines run on one core, the load on another; they take turns, so that the machine's noise hits both.
A ratio is made of two neighbours; the table shows the median of all rounds and the extremes. Nothing here passes
or fails: what counts is written in the table, and only a run that went wrong ends with an error."""

import argparse
import contextlib
import itertools
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field

import boto3
from botocore.config import Config

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "client"))

import crowd  # noqa: E402
from server import REGION, Server, wait_for  # noqa: E402

BASELINE = os.environ["POOLWARDEN_BASELINE"]
CLIENTS = 32
USERS = 32
FEW, MANY = 1_000, 500_000  # users
CROWD_ROW = "{}, many users"
MEMORY_ROW = "memory after 100,000 calls"
CALLS = 5000  # different ones in a measurement
MIXED_CALLS = 100_000  # before memory is looked at again
PASSWORD = "Passw0rd!"
CHEAP_HASH = ("--argon2-memory-kib", "1024", "--argon2-passes", "1")
SLOW_SYNC = {"LD_PRELOAD": os.environ["POOLWARDEN_SLOW_SYNC"], "SLOW_SYNC_US": "20000"}
SERVER_CORE, LOAD_CORE = 0, 1


@contextlib.contextmanager
def on_core(core):
    """What is started in the block runs on that core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def baseline(*arguments, environment=None):
    """Operations per second."""
    with on_core(SERVER_CORE):
        done = subprocess.run([BASELINE, *map(str, arguments)], stdout=subprocess.PIPE, text=True, check=True,
                              env=os.environ | (environment or {}))
    return float(done.stdout)


def load(url, seconds, *arguments):
    """Good answers per second; others end the run."""
    command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "-s", str(HERE / "load.lua"), url]
    if arguments:
        command += ["--", *map(str, arguments)]
    with on_core(LOAD_CORE):
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    counted = json.loads(done.stdout.splitlines()[-1])
    if counted["failed"] or counted["lost"] or not counted["answers"]:
        raise RuntimeError(f"{url} {' '.join(map(str, arguments))}: {counted}")
    return counted["answers"] / counted["seconds"]


class House:
    """A server with a pool, a client and users, and the bodies of calls that go to it."""

    def __init__(self, server, folder):
        self.server = server
        self.folder = pathlib.Path(folder)
        self.number = 0
        self.idp = boto3.client("cognito-idp", endpoint_url=server.endpoint, region_name=REGION,
                                aws_access_key_id=server.key_id, aws_secret_access_key=server.secret,
                                config=Config(retries={"max_attempts": 0}))
        self.pool = self.idp.create_user_pool(PoolName="bench")["UserPool"]["Id"]
        self.client = self.idp.create_user_pool_client(
            UserPoolId=self.pool, ClientName="bench", ExplicitAuthFlows=[
                "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])["UserPoolClient"]["ClientId"]
        self.jwks = f"{server.endpoint}/{self.pool}/.well-known/jwks.json"

    def add_user(self, name):
        self.idp.sign_up(ClientId=self.client, Username=name, Password=PASSWORD)
        self.idp.admin_confirm_sign_up(UserPoolId=self.pool, Username=name)
        return {"USERNAME": name, "PASSWORD": PASSWORD}

    def refresh_token(self, credentials):
        answer = self.idp.initiate_auth(ClientId=self.client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=credentials)
        return {"REFRESH_TOKEN": answer["AuthenticationResult"]["RefreshToken"]}

    def write_sign_ins(self, flow, parameters):
        bodies = [{"ClientId": self.client, "AuthFlow": flow, "AuthParameters": each} for each in parameters]
        return self._write("InitiateAuth", flow, bodies)

    def write_sign_ups(self):
        return self._write("SignUp", "sign-up", [
            {"ClientId": self.client, "Username": "user-{n}", "Password": PASSWORD}])

    def _write(self, operation, name, bodies):
        path = self.folder / f"{name}-{self.pool}"
        path.write_text("".join(f"{crowd.TARGET}{operation}\t{json.dumps(body)}\n" for body in bodies))
        return path

    def post(self, path, seconds):
        """No number is sent twice in the life of this house."""
        self.number += 10_000_000
        return load(self.server.endpoint, seconds, path, self.number)

    def settle(self):
        settle(self.server)


def settle(server):
    """Waits for what a load left in the server's hands when it ended: it must not burden what comes next."""
    def is_idle():
        before = ticks_of_process(server.process.pid)
        time.sleep(0.1)
        return ticks_of_process(server.process.pid) == before
    wait_for(is_idle, "the server to be idle")


def ticks_of_process(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def ticks_of_core(core):
    """All, and the idle ones."""
    line = pathlib.Path("/proc/stat").read_text().split(f"cpu{core} ")[1].splitlines()[0]
    ticks = [int(number) for number in line.split()]
    return sum(ticks), ticks[3] + ticks[4]


class BusyShare:
    """Of a core, in percent, since it was made."""

    def __init__(self, core):
        self.core = core
        self.before = ticks_of_core(core)

    def percent(self):
        spent, idle = (after - before for after, before in zip(ticks_of_core(self.core), self.before))
        return 100 - 100 * idle / max(spent, 1)


def other_work():
    """How busy the two cores are while neither server nor load is, in percent."""
    shares = [BusyShare(core) for core in (SERVER_CORE, LOAD_CORE)]
    time.sleep(1)
    return "/".join(f"{share.percent():.0f}" for share in shares)


@dataclass
class Side:
    """The server, or what it is held against."""
    measure: callable
    settle: callable = lambda: None
    prepare: callable = lambda: None
    rates: list = field(default_factory=list)
    busy: list = field(default_factory=list)

    def take_turn(self):
        self.prepare()
        share = BusyShare(SERVER_CORE)
        self.rates.append(self.measure())
        self.busy.append(share.percent())
        self.settle()


@dataclass
class Row:
    name: str
    against: str
    unit: str
    aim: float
    server: Side
    baseline: Side

    def take_turns(self, baseline_first):
        order = (self.baseline, self.server) if baseline_first else (self.server, self.baseline)
        for side in order:
            side.take_turn()

    def ratios(self):
        scale = 100 if self.unit == "%" else 1
        return [scale * ours / theirs for ours, theirs in zip(self.server.rates, self.baseline.rates)]


@contextlib.contextmanager
def bare_http(size):
    """The address of the baseline that answers with so many bytes."""
    with on_core(SERVER_CORE):
        process = subprocess.Popen([BASELINE, "http", str(size)], stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().split()[-1]
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def load_bare_http(size, seconds):
    with bare_http(size) as url:
        return load(url, seconds)


def get(url):
    with urllib.request.urlopen(url) as answer:
        return answer.read()


def sign_up_row(name, against, house, seconds, environment=None):
    """Hashing is made cheap, or it would be all that is measured."""
    sign_ups = house.write_sign_ups()
    return Row(name, against, "x", 8,
               Side(lambda: house.post(sign_ups, seconds), house.settle),
               Side(lambda: baseline("sync", seconds, house.server.folder.name, environment=environment)))


def rows_of(house, cheap, slow, seconds):
    credentials = [house.add_user(f"user{number}") for number in range(USERS)]
    sign_ins = house.write_sign_ins("USER_PASSWORD_AUTH", credentials)
    refreshes = house.write_sign_ins("REFRESH_TOKEN_AUTH", map(house.refresh_token, credentials))
    size = len(get(house.jwks))
    return [
        Row("REFRESH_TOKEN_AUTH", "two RSA-2048 signatures, key held ready", "%", 80,
            Side(lambda: house.post(refreshes, seconds), house.settle),
            Side(lambda: baseline("sign", seconds))),
        Row("USER_PASSWORD_AUTH", "one argon2id (19 MiB, 2 passes), two signatures", "%", 95,
            Side(lambda: house.post(sign_ins, seconds), house.settle),
            Side(lambda: baseline("hash", seconds))),
        Row("JWKS", f"bare libmicrohttpd, {size} bytes, same threads", "%", 70,
            Side(lambda: load(house.jwks, seconds), house.settle),
            Side(lambda: load_bare_http(size, seconds))),
        sign_up_row("SignUp (argon2id 1 MiB, 1 pass)", "one write and fdatasync of 512 bytes each", cheap, seconds),
        sign_up_row("SignUp, each sync 20 ms longer", "the same, with the same slow syncs", slow, seconds, SLOW_SYNC),
    ]


# --- Few users and many ---


def crowd_side(house, kind, seconds):
    return Side(lambda: load(house.server.endpoint, seconds, house.calls, 0),
                lambda: settle(house.server),
                lambda: house.write_calls([kind], CALLS))


def crowd_rows(few, many, seconds):
    return [Row(CROWD_ROW.format(kind.name), f"the same, {few.count:,} users rather than {many.count:,}", "%", 75,
                crowd_side(many, kind, seconds), crowd_side(few, kind, seconds)) for kind in crowd.KINDS]


def start_milliseconds(house):
    """From the start of the process to its first answer, over the data that is there."""
    server = house.server
    server.stop()
    with on_core(SERVER_CORE):
        begin = time.monotonic()
        server.start(f"127.0.0.1:{server.port}")
        get(house.jwks)
        return (time.monotonic() - begin) * 1000


def resident_mib(server):
    """When it has not changed for half a second."""
    seen = []

    def settled():
        status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
        seen.append(int(status.split("VmRSS:")[1].split()[0]) / 1024)
        return len(seen) > 25 and len(set(seen[-25:])) == 1
    wait_for(settled, "memory to settle")
    return seen[-1]


@dataclass
class Figure:
    name: str
    unit: str
    limit: float
    values: list = field(default_factory=list)


def start_figures(house, rounds):
    start, memory = Figure("start to first answer", "ms", 100), Figure("memory after start", "MiB", 16)
    for _ in range(rounds):
        start.values.append(start_milliseconds(house))
        memory.values.append(resident_mib(house.server))
    return [start, memory]


def send_mixed_calls(house, numbers):
    """All kinds of calls, and a few sign-ups, whose passwords are hashed as they are by default."""
    sent = 0
    while sent < MIXED_CALLS:
        house.write_calls([*crowd.KINDS * 5, crowd.SIGN_UP], CALLS)
        sent += 10 * load(house.server.endpoint, 10, house.calls, next(numbers))
    settle(house.server)


def memory_figures(house):
    """Of a server with its default settings that has just started, and after it had much to do, twice."""
    server = house.server
    server.stop()
    server.options = ()
    with on_core(SERVER_CORE):
        server.start(f"127.0.0.1:{server.port}")
    idle = resident_mib(server)
    numbers = itertools.count(step=10_000_000)
    send_mixed_calls(house, numbers)
    once = resident_mib(server)
    send_mixed_calls(house, numbers)
    return [Figure(MEMORY_ROW, "MiB", 32, [once]),
            Figure("  of that before the first", "MiB", 16, [idle]),
            Figure("  growth by as many again", "MiB", 1, [resident_mib(server) - once])]


def print_line(*columns):
    print("{:<38}{:>10}{:>11}{:>11}  {:<17}{:>9}  {:<10}{}".format(*columns).rstrip())


def print_row(row):
    ratios, form = row.ratios(), "%.1f" if row.unit == "%" else "%.2f"
    middle = statistics.median(ratios)
    ours, theirs = (statistics.median(side.rates) for side in (row.server, row.baseline))
    busy = "/".join(f"{statistics.median(side.busy):.0f}" for side in (row.server, row.baseline))
    print_line(row.name, f"{ours:,.0f}/s", f"{theirs:,.0f}/s", f"{form % middle} {row.unit}", spread(ratios, form),
               busy, f">= {row.aim} {row.unit}", "reached" if middle >= row.aim else "MISSED")


def print_figure(figure):
    middle = statistics.median(figure.values)
    print_line(figure.name, "", "", f"{middle:.1f} {figure.unit}", spread(figure.values, "%.1f"), "",
               f"< {figure.limit} {figure.unit}", "reached" if middle < figure.limit else "MISSED")


def spread(numbers, form):
    return f"({form % min(numbers)} to {form % max(numbers)})"


def processor():
    names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    return names[0] if names else "unknown processor"


def start_houses(stack, folder):
    with on_core(SERVER_CORE):
        return [House(stack.enter_context(server), folder) for server in (
            Server(), Server(*CHEAP_HASH), Server(*CHEAP_HASH, environment=SLOW_SYNC))]


def start_crowds(stack, folder):
    for count in (FEW, MANY):
        crowd.data_of(count)
    with on_core(SERVER_CORE):
        return [crowd.Crowd(stack.enter_context(Server(*CHEAP_HASH, is_started=False)), count, folder)
                for count in (FEW, MANY)]


def measure(options):
    """The rows of the table, its figures, and what else the machine did, before and after."""
    def is_wanted(name):
        return options.only.lower() in name.lower()
    with tempfile.TemporaryDirectory(prefix="poolwarden-bench-") as folder, contextlib.ExitStack() as stack:
        others = [other_work()]
        houses = start_houses(stack, folder)
        rows = rows_of(*houses, options.seconds)
        figures = start_figures(houses[0], options.rounds if not options.only else 1)
        wants_memory = is_wanted(MEMORY_ROW)
        crowds = None
        if wants_memory or any(is_wanted(CROWD_ROW.format(kind.name)) for kind in crowd.KINDS):
            crowds = start_crowds(stack, folder)
        if crowds:
            rows += crowd_rows(*crowds, options.seconds)
        rows = [row for row in rows if is_wanted(row.name)]
        for number in range(options.rounds):
            say(f"round {number + 1} of {options.rounds}")
            for row in rows:
                row.take_turns(number % 2)
        if wants_memory:
            figures += memory_figures(crowds[1])
        others.append(other_work())
        return rows, figures, others


def report(options, rows, figures, others):
    print(f"\n{options.rounds} rounds of {options.seconds} s; server and baselines on core {SERVER_CORE}, "
          f"{CLIENTS} clients on core {LOAD_CORE}; {processor()}")
    print(f"other work on the two cores: {others[0]} % before, {others[1]} % after; with much of it nothing below "
          "is worth much\n")
    print_line("", "server", "baseline", "ratio", "(extremes)", "busy, %", "aim", "")
    for row in rows:
        print_row(row)
    for figure in figures:
        print_figure(figure)
    print("\nbusy: the core, under the server and under the baseline; far below 100, something else was the limit."
          "\nbaselines:")
    for row in rows:
        print(f"  {row.name:<38}{row.against}")


def say(text):
    print(text, file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=int, default=2,
                        help="for each measurement; many short ones meet the same noise on both sides")
    parser.add_argument("--only", default="", metavar="TEXT", help="the rows whose name has that text")
    options = parser.parse_args()
    if not {SERVER_CORE, LOAD_CORE} <= os.sched_getaffinity(0):
        sys.exit("this needs two cores: one for the server, one for the load")
    if not shutil.which("wrk"):
        sys.exit("this needs wrk; contrib/bench installs it")
    report(options, *measure(options))


if __name__ == "__main__":
    main()
