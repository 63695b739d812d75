# SPDX-License-Identifier: Apache-2.0
"""What a server does not let happen to it: one client that takes all connections, and a core dump of its secrets."""

import pathlib
import socket

import pytest

from server import Server, wait_for


@pytest.fixture(scope="module")
def narrow():
    with Server("--connection-limit", "64", "--address-connection-limit", "4") as server:
        yield server


def dial(server, source):
    line = socket.create_connection(("127.0.0.1", server.port), timeout=10, source_address=(source, 0))
    line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    return line


def is_served(server, source):
    with dial(server, source) as line:
        try:
            return line.recv(64).startswith(b"HTTP/1.1 200 ")
        except ConnectionResetError:
            return False


def test_one_address_does_not_take_all_connections(narrow):
    held = [dial(narrow, "127.0.0.9") for _ in range(4)]
    assert all(line.recv(64).startswith(b"HTTP/1.1 200 ") for line in held)
    assert not is_served(narrow, "127.0.0.9")
    assert is_served(narrow, "127.0.0.10")
    for line in held:
        line.close()
    wait_for(lambda: is_served(narrow, "127.0.0.9"), "room for the address")


def test_no_core_dumps(narrow):
    limits = pathlib.Path(f"/proc/{narrow.process.pid}/limits").read_text()
    line = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert line.split()[4:6] == ["1", "1"]
