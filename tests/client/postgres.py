#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL of one's own: a cluster in a temporary folder that listens on a private socket and goes with the
process.

As a program it starts one, runs the given command with POOLWARDEN_TEST_POSTGRESQL in the environment, the URL of a
database that may be filled, and ends with the command's exit code.

Its default collation is not bytewise, on purpose: what relies on the order of texts must say so."""

import atexit
import itertools
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse

DEADLINE = 60  # seconds
USER = "poolwarden"
PROGRAMS = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))

# Nothing here is to survive a power cut; tests of durability kill processes only.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "300",
    "shared_buffers": "64MB",
    "logging_collector": "off",
}


def program(name):
    if not PROGRAMS:
        raise RuntimeError("there is no PostgreSQL in /usr/lib/postgresql: install postgresql-15")
    return str(PROGRAMS[-1] / name)


def as_unprivileged(arguments, last_signal="QUIT"):
    """PostgreSQL refuses to run as root. It ends when its parent does, whatever ends that."""
    deputy = ["setpriv", "--pdeathsig", last_signal]
    if os.geteuid() == 0:
        deputy += ["--reuid=postgres", "--regid=postgres", "--init-groups"]
    return [*deputy, *arguments]


class Cluster:
    """Starts when it is made. `port`: it listens on 127.0.0.1 as well."""

    def __init__(self, port=None, **settings):
        self.folder = tempfile.mkdtemp(prefix="poolwarden-postgresql-")
        self.data = os.path.join(self.folder, "data")
        self.port = port
        self.settings = SETTINGS | settings
        self.names = itertools.count()
        self.process = None
        atexit.register(self.remove)
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        subprocess.run(as_unprivileged([
            program("initdb"), "--pgdata", self.data, "--auth=trust", f"--username={USER}", "--encoding=UTF8",
            "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US", "--no-sync",
        ]), check=True, stdout=subprocess.DEVNULL, cwd=self.folder)
        self.start()

    def start(self):
        settings = self.settings | {"unix_socket_directories": self.folder, "unix_socket_permissions": "0700",
                                    "listen_addresses": "127.0.0.1" if self.port else ""}
        if self.port:
            settings["port"] = str(self.port)
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self.process = subprocess.Popen(as_unprivileged([program("postgres"), "-D", self.data, *options]),
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder)
        self._await_ready()

    def _await_ready(self):
        deadline = time.monotonic() + DEADLINE
        while subprocess.run(self._tool("pg_isready", "-q")).returncode:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL does not start:\n{self.log()}")
            time.sleep(0.02)

    def log(self):
        return pathlib.Path(self.folder, "log").read_text(errors="replace")

    def _tool(self, name, *arguments):
        return [program(name), "-h", self.folder, "-p", str(self.port or 5432), "-U", USER, *arguments]

    def stop(self, number=signal.SIGINT):
        """SIGINT: fast, SIGQUIT: at once, as after a crash."""
        process, self.process = self.process, None
        if process:
            process.send_signal(number)
            process.wait(DEADLINE)

    def remove(self):
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database):
        query = urllib.parse.urlencode({"host": self.folder, "port": self.port or 5432, "user": USER})
        return f"postgresql:///{database}?{query}"

    def sql(self, database, text):
        """What psql prints of it: rows in lines, columns between bars."""
        command = self._tool("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", text)
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.rstrip("\n")

    def new_database(self):
        """The URL of an empty one."""
        name = f"test_{next(self.names)}"
        self.sql("postgres", f"CREATE DATABASE {name}")
        return self.url(name)


# Commits of transactions with an even number fail as if another had got in their way; the next try has the next number.
CONFLICTS = """
    CREATE FUNCTION conflict() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF pg_current_xact_id()::text::bigint % 2 = 0 THEN
            RAISE EXCEPTION 'a conflict on purpose' USING ERRCODE = 'serialization_failure';
        END IF;
        RETURN NULL;
    END $$;
    DO $$ DECLARE name text; BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('CREATE CONSTRAINT TRIGGER conflict AFTER INSERT OR UPDATE OR DELETE ON %I '
                'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION conflict()', name);
        END LOOP;
    END $$
"""

_shared = []


def shared():
    """The one cluster of this process."""
    if not _shared:
        _shared.append(Cluster())
    return _shared[0]


def main():
    url = shared().new_database()
    return subprocess.run(sys.argv[1:], env=os.environ | {"POOLWARDEN_TEST_POSTGRESQL": url}).returncode


if __name__ == "__main__":
    sys.exit(main())
