#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A server of the build under test, started on a free port with a data folder of its own.

Every suite starts its server here, on SQLite or, with POOLWARDEN_TEST_DATABASE=postgresql in the environment, on a
fresh database of a PostgreSQL that is started once. As a program it starts one, runs the given command with what a
client needs in the environment, and ends with the command's exit code. Waiting is always for a condition, with a
deadline."""

import configparser
import email
import email.policy
import html
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

import postgres
from database import Database

REGION = "us-east-1"
DEADLINE = 30  # seconds
FAST_HASHES = ("--argon2-memory-kib", "1024", "--argon2-passes", "1")  # where something else is looked at
BINARY = os.environ.get("POOLWARDEN_BINARY",
                        str(pathlib.Path(__file__).resolve().parents[2] / "build" / "src" / "poolwarden"))


def fresh_database():
    """The URL for a server; None: SQLite in its data folder."""
    kind = os.environ.get("POOLWARDEN_TEST_DATABASE", "sqlite")
    if kind not in ("sqlite", "postgresql"):
        raise ValueError(f"POOLWARDEN_TEST_DATABASE is {kind}, which is neither sqlite nor postgresql")
    return postgres.shared().new_database() if kind == "postgresql" else None


def wait_for(condition, what):
    """The first true value of condition()."""
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise TimeoutError(f"waited {DEADLINE} s for {what}")


class Mail:
    """A message of the Maildir."""

    def __init__(self, path):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        self.to = message["To"] or ""
        self.subject = message["Subject"] or ""
        self.body = message.get_content()

    @property
    def code(self):
        return re.search(r"(?<!\d)\d{6}(?!\d)", self.body).group()

    @property
    def link(self):
        """What the one link of the message leads to."""
        return html.unescape(*re.findall(r'<a href="([^"]*)">', self.body))


class Server:
    """Starts when it is entered; `is_started=False` leaves that to the test. `database` is a URL where several share
    one."""

    def __init__(self, *options, environment=None, binary=BINARY, is_started=True, database=None):
        self.binary = binary
        self.folder = tempfile.TemporaryDirectory(prefix="poolwarden-test-")
        self.data = pathlib.Path(self.folder.name, "data")
        self.log_path = pathlib.Path(self.folder.name, "stderr")
        self.outbox = self.data / "outbox"
        self.log_path.touch()
        self.options = options
        self.database_url = database or fresh_database()
        self.environment = environment or {}
        self.is_started = is_started
        self.process = None

    def __enter__(self):
        if self.is_started:
            self.start()
        return self

    def __exit__(self, *_):
        try:
            if self.process:
                self.stop()
        finally:
            self.folder.cleanup()

    def _environment(self):
        reports = pathlib.Path(self.folder.name, "sanitizer")
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("POOLWARDEN_")}
        return inherited | self.environment | {
            "ASAN_OPTIONS": f"detect_leaks=1:log_path={reports}",
            "UBSAN_OPTIONS": f"print_stacktrace=1:log_path={reports}",
        }

    @property
    def store_options(self):
        """Which data it is, for every command."""
        return ["--data-dir", str(self.data), *(["--database", self.database_url] if self.database_url else [])]

    @property
    def database(self):
        return Database(self.database_url or self.data / "poolwarden.db")

    def log(self):
        return self.log_path.read_text(errors="replace")

    def reports(self):
        """What the sanitizers had to say."""
        paths = pathlib.Path(self.folder.name).glob("sanitizer.*")
        return "\n".join(path.read_text(errors="replace") for path in paths)

    def spawn(self, listen="127.0.0.1:0"):
        """Only begins to start."""
        arguments = [self.binary, "serve", "--listen", listen, *self.store_options, *self.options]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
                                            text=True, env=self._environment())

    def start(self, listen="127.0.0.1:0"):
        self.spawn(listen)
        self.endpoint = self._await_listening()
        self.port = int(self.endpoint.rpartition(":")[2])
        self.key_id, self.secret = self._credentials()
        self._provoke_conflicts()

    def _await_listening(self):
        for line in self.process.stdout:
            if match := re.fullmatch(r"listening on (\S+)\n", line):
                return match[1]
        raise RuntimeError(f"the server ended with {self.process.wait()}:\n{self.log()}{self.reports()}")

    def _provoke_conflicts(self):
        """Where it is asked for: then half of all transactions are run twice, and must not mind."""
        if self.database_url and os.environ.get("POOLWARDEN_TEST_CONFLICTS"):
            if not self.database.execute("SELECT 1 FROM pg_proc WHERE proname = 'conflict'"):
                self.database.execute(postgres.CONFLICTS)  # anew when it met a transaction of the server

    def _credentials(self):
        parser = configparser.ConfigParser()
        parser.read(self.data / "credentials")
        return parser["default"]["aws_access_key_id"], parser["default"]["aws_secret_access_key"]

    def _end(self, number):
        process, self.process = self.process, None
        process.send_signal(number)
        status = process.wait(DEADLINE)
        process.stdout.close()
        self._write_down_calls()
        return status

    def _write_down_calls(self):
        """For spec_coverage.py."""
        path = os.environ.get("POOLWARDEN_CALLS_SEEN")
        if path:
            calls = set(re.findall(r"event=request .* operation=(\w+)(?: error=(\w+))?", self.log()))
            with open(path, "a") as seen:
                seen.write("".join(f"{operation} {error or '-'}\n" for operation, error in sorted(calls)))

    def stop(self):
        """By SIGTERM: the server drains, ends with 0, and has left no memory behind."""
        status = self._end(signal.SIGTERM)
        reports = self.reports()
        if status != 0 or reports:
            raise AssertionError(f"the server ended with {status}:\n{reports or self.log()[-4000:]}")

    def kill(self):
        self._end(signal.SIGKILL)

    def restart(self):
        """On the same port, so that clients and issuers stay as they are."""
        if self.process:
            self.stop()
        self.start(f"127.0.0.1:{self.port}")

    def mails(self, address):
        """Oldest first."""
        paths = sorted((self.outbox / "new").glob("*"), key=lambda path: (path.stat().st_mtime_ns, path.name))
        return [mail for mail in map(Mail, paths) if address in mail.to]

    def await_mail(self, address, number=1):
        """The number-th message to the address."""
        return wait_for(lambda: self.mails(address)[number - 1:], f"message {number} to {address}")[0]

    def client_environment(self):
        return {"POOLWARDEN_TEST_ENDPOINT": self.endpoint, "POOLWARDEN_TEST_OUTBOX": str(self.outbox),
                "AWS_ACCESS_KEY_ID": self.key_id, "AWS_SECRET_ACCESS_KEY": self.secret,
                "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, "AWS_EC2_METADATA_DISABLED": "true",
                "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


def main():
    with Server() as server:
        return subprocess.run(sys.argv[1:], env=os.environ | server.client_environment()).returncode


if __name__ == "__main__":
    sys.exit(main())
