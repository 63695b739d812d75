# SPDX-License-Identifier: Apache-2.0
"""A server that is started as systemd starts it says when it serves, reads its configuration again, and ends."""

import contextlib
import os
import signal
import socket

import pytest

from server import DEADLINE, Server


@pytest.fixture(params=["abstract", "file"])
def manager(request, tmp_path):
    """The socket, and its name as NOTIFY_SOCKET has it."""
    name = f"@poolwarden-test-{os.getpid()}" if request.param == "abstract" else str(tmp_path / "notify")
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as listening:
        listening.bind(name.replace("@", "\0"))
        listening.settimeout(DEADLINE)
        yield listening, name


def hear(listening):
    return dict(line.split("=", 1) for line in listening.recv(4096).decode().split("\n"))


def test_it_tells_of_its_life(manager):
    listening, name = manager
    with Server(environment={"NOTIFY_SOCKET": name}) as server:
        ready = {"READY": "1", "STATUS": f"Serving at {server.endpoint}"}
        assert hear(listening) == ready
        server.process.send_signal(signal.SIGHUP)
        reloading = hear(listening)
        assert reloading["RELOADING"] == "1" and int(reloading["MONOTONIC_USEC"]) > 0
        assert hear(listening) == ready
        server.stop()
        assert hear(listening)["STOPPING"] == "1"
        server.start()


def test_one_that_cannot_start_is_never_ready(manager):
    listening, name = manager
    with Server("--tls-cert", "/nowhere", "--tls-key", "/nowhere", environment={"NOTIFY_SOCKET": name},
                is_started=False) as server:
        server.spawn()
        assert server.process.wait(DEADLINE) == 1
        server.process.stdout.close()
        server.process = None
    listening.setblocking(False)
    with pytest.raises(BlockingIOError):
        listening.recv(4096)
