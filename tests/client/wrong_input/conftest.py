# SPDX-License-Identifier: Apache-2.0
import pytest

import wire
from watch import left_untouched, read_log
from world import World


@pytest.fixture(scope="session")
def world(server):
    return World(server)


@pytest.fixture(scope="session")
def own_line(server):
    """A connection that lives through the whole suite, if the server lets it."""
    line = wire.Line(server)
    yield line
    line.close()


@pytest.fixture
def line(own_line):
    """It must be good for another request after each test."""
    yield own_line
    assert own_line.is_alive(), "the connection was dropped"


@pytest.fixture(scope="session")
def log_reader(server, world):
    with read_log(server, world) as reader:
        yield reader


@pytest.fixture
def untouched(server, log_reader):
    with left_untouched(server, log_reader):
        yield


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(f"{wire.Line.sent} requests over kept connections")
