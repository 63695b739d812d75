# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL that outlives its machines, on one machine: three members, each of them an etcd, a Patroni and the
PostgreSQL that this looks after, on a loopback address of its own.

Members are started and ended by process id, in a temporary folder, on free ports; nothing that the machine runs besides
is touched. Settings of Patroni are explained in README.md."""

import atexit
import contextlib
import json
import os
import pathlib
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

import postgres
from server import wait_for

ADDRESSES = ("127.0.0.11", "127.0.0.12", "127.0.0.13")
PORTS = ("etcd", "etcd_peer", "patroni", "postgresql")
DATABASE = USER = "poolwarden"
DEADLINE = 120

# What the members agree on, kept in etcd.
DYNAMIC = {
    "ttl": 20,
    "loop_wait": 5,
    "retry_timeout": 5,
    "primary_start_timeout": 5,
    "synchronous_mode": True,
    "synchronous_mode_strict": True,
    "postgresql": {
        "use_pg_rewind": True,
        "remove_data_directory_on_rewind_failure": True,
        # Kills of processes lose nothing that was written, so the disk is spared: fsync is off only here.
        "parameters": {"max_connections": 100, "wal_retrieve_retry_interval": "500ms", "fsync": "off"},
    },
}
INITDB = [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, "data-checksums", "no-sync"]
ACCESS = ["local all all trust", "host all all 127.0.0.0/8 scram-sha-256",
          "host replication all 127.0.0.0/8 scram-sha-256"]


def missing_programs():
    """What has to be installed first."""
    return [name for name in ("etcd", "patroni") if not shutil.which(name)]


def free_ports(address):
    """A port for each name, free at the moment."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in PORTS]
        for one in sockets:
            one.bind((address, 0))
        return {name: one.getsockname()[1] for name, one in zip(PORTS, sockets)}


def parent_of(pid):
    """None if there is no such process."""
    try:
        return int(pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return None


def children_of(pid):
    return [int(path.name) for path in pathlib.Path("/proc").glob("[0-9]*") if parent_of(path.name) == pid]


def kill(pid):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class Member:
    def __init__(self, folder, name, address):
        self.name = name
        self.address = address
        self.ports = free_ports(address)
        self.folder = pathlib.Path(folder, name)
        self.data = self.folder / "postgresql"
        self.processes = {}  # those that run, by program

    def place(self, program):
        return f"{self.address}:{self.ports[program]}"

    def start(self, program, arguments):
        if program not in self.processes:
            with open(self.folder / f"{program}.log", "ab") as log:
                self.processes[program] = subprocess.Popen(
                    postgres.as_unprivileged(arguments, "TERM"), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    cwd=self.folder)

    def start_etcd(self, members):
        here, peer = f"http://{self.place('etcd')}", f"http://{self.place('etcd_peer')}"
        everybody = ",".join(f"{member.name}=http://{member.place('etcd_peer')}" for member in members)
        self.start("etcd", ["etcd", "--name", self.name, "--data-dir", str(self.folder / "etcd"),
                            "--listen-client-urls", here, "--advertise-client-urls", here,
                            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                            "--initial-cluster", everybody, "--log-level", "warn"])

    def start_patroni(self, members, passwords):
        path = self.folder / "patroni.yml"
        path.write_text(json.dumps(self._configuration(members, passwords), indent=4))  # YAML has JSON in it
        self.start("patroni", ["patroni", str(path)])

    def _configuration(self, members, passwords):
        """The folder of the socket is the member's, so that nobody meets another's."""
        socket_folder = {"unix_socket_directories": str(self.folder)}
        return {
            "scope": "ha", "name": self.name,
            "restapi": {"listen": self.place("patroni"), "connect_address": self.place("patroni")},
            "etcd3": {"hosts": [member.place("etcd") for member in members]},
            "bootstrap": {"dcs": DYNAMIC, "initdb": INITDB},
            "postgresql": {
                "listen": self.place("postgresql"), "connect_address": self.place("postgresql"),
                "data_dir": str(self.data), "bin_dir": os.path.dirname(postgres.program("postgres")),
                "pgpass": str(self.folder / "pgpass"), "pg_hba": ACCESS, "parameters": socket_folder,
                "authentication": {name: {"username": username, "password": passwords[username]}
                                   for name, username in (("superuser", "postgres"), ("replication", "replicator"))},
            },
        }

    def postmaster(self):
        """Its process id; None when there is none."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        return pid if parent_of(pid) is not None else None

    def _kill_program(self, program):
        process = self.processes.pop(program, None)
        if process:
            process.kill()
            process.wait()

    def kill_postgresql(self):
        """The postmaster alone: its children end when they notice."""
        kill(self.postmaster())

    def kill_all(self):
        """All at once, as when a machine goes."""
        postmaster = self.postmaster()
        doomed = [postmaster, *children_of(postmaster)] if postmaster else []
        for process in self.processes.values():
            process.kill()
        for pid in doomed:
            kill(pid)
        for program in list(self.processes):
            self._kill_program(program)
        wait_for(lambda: all(parent_of(pid) is None for pid in doomed), "the end of PostgreSQL")

    def log(self):
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))


class Cluster:
    """Starts when it is made, with an empty database of poolwarden's."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="poolwarden-ha-")
        atexit.register(self.remove)
        self.passwords = {name: secrets.token_hex(16) for name in ("postgres", "replicator", USER)}
        self.members = [Member(self.folder, f"member{i}", address) for i, address in enumerate(ADDRESSES, 1)]
        for member in self.members:
            member.folder.mkdir()
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            for path in (self.folder, *(member.folder for member in self.members)):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        self.start_missing()
        self._await(self.primary, "a primary")
        self.sql(f"CREATE ROLE {USER} LOGIN PASSWORD '{self.passwords[USER]}'")
        self.sql(f"CREATE DATABASE {DATABASE} OWNER {USER}")
        self.await_redundancy()

    def _await(self, condition, what):
        deadline = time.monotonic() + DEADLINE
        while not (value := condition()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited {DEADLINE} s for {what}:\n" +
                                   "\n".join(member.log()[-3000:] for member in self.members))
            time.sleep(0.1)
        return value

    def start_missing(self):
        for member in self.members:
            member.start_etcd(self.members)
        for member in self.members:
            member.start_patroni(self.members, self.passwords)

    def url(self, user=USER, database=DATABASE):
        """Of all members: libpq finds the one that takes writes."""
        hosts = ",".join(member.place("postgresql") for member in self.members)
        return (f"postgresql://{user}:{self.passwords[user]}@{hosts}/{database}"
                "?target_session_attrs=read-write&connect_timeout=2")

    def sql(self, text):
        """Rows, from the primary; None when there is none."""
        import psycopg2  # only where it is needed
        try:
            with contextlib.closing(psycopg2.connect(self.url("postgres", "postgres"))) as connection:
                connection.autocommit = True
                with connection.cursor() as cursor:
                    cursor.execute(text)
                    return cursor.fetchall() if cursor.description else []
        except psycopg2.OperationalError:
            return None

    def primary(self):
        """The member that takes writes; None for now."""
        rows = self.sql("SELECT host(inet_server_addr())")
        return next((member for member in self.members if rows and member.address == rows[0][0]), None)

    def await_primary_other_than(self, postmaster):
        """On another member, or started again."""
        def found():
            member = self.primary()
            return member if member and member.postmaster() != postmaster else None
        return self._await(found, "a primary")

    def _roles(self):
        """As Patroni sees the members: only the one that it calls synchronous may become primary."""
        for member in self.members:
            with contextlib.suppress(OSError):
                with urllib.request.urlopen(f"http://{member.place('patroni')}/cluster", timeout=5) as answer:
                    return sorted(one["role"] for one in json.load(answer)["members"])
        return []

    def _is_redundant(self):
        """A copy that is still being made has a stream of its own, under another name."""
        rows = self.sql("SELECT sync_state FROM pg_stat_replication"
                        " WHERE state = 'streaming' AND application_name LIKE 'member%'")
        return (sorted(state for state, in rows or []) == ["async", "sync"]
                and self._roles() == ["leader", "replica", "sync_standby"])

    def await_redundancy(self):
        """One primary, and two that follow it, one of them in step."""
        self._await(self._is_redundant, "two standbys")

    def remove(self):
        for member in self.members:
            member.kill_all()
        shutil.rmtree(self.folder, ignore_errors=True)
