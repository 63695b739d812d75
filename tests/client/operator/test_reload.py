# SPDX-License-Identifier: Apache-2.0
"""SIGHUP has a server read its configuration again, as far as it can do without a new start."""

import signal
import urllib.request

import pytest

from server import Server, wait_for


@pytest.fixture
def configured(tmp_path):
    """A server with a configuration file, and the file."""
    path = tmp_path / "poolwarden.conf"
    path.write_text("log_level = error\n")
    with Server("--config", str(path)) as server:
        yield server, path


def probes(server):
    """How many probes the log tells of, after one more."""
    urllib.request.urlopen(f"{server.endpoint}/healthz").read()
    return server.log().count("path=/healthz")


def test_the_level_of_the_log_changes(configured):
    server, path = configured
    assert probes(server) == 0
    path.write_text("log_level = info\n")
    server.process.send_signal(signal.SIGHUP)
    wait_for(lambda: "event=reloaded log_level=info" in server.log(), "the word that it was read")
    wait_for(lambda: probes(server) > 0, "a line about a request")
    path.write_text("# the default\n")
    server.process.send_signal(signal.SIGHUP)
    wait_for(lambda: server.log().count("event=reloaded") == 2, "the word that it was read again")


def test_a_file_that_is_wrong_changes_nothing(configured):
    server, path = configured
    path.write_text("log_level = debug\nregion = No Where\n")
    server.process.send_signal(signal.SIGHUP)
    line = wait_for(lambda: [line for line in server.log().splitlines() if "event=not_reloaded" in line], "a word")[0]
    assert f"{path}:2: region" in line
    assert probes(server) == 0
