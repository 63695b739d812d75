# SPDX-License-Identifier: Apache-2.0
"""A log file is opened again on SIGHUP, so that who moves it away gets all lines: in the old file or in the new one."""

import concurrent.futures
import http.client
import pathlib
import re
import shutil
import signal
import subprocess
import threading

import pytest

from server import DEADLINE, Server, wait_for

LINE = re.compile(r"time=\S+ level=\w+ event=\w+( .*)?")
LOGROTATE = shutil.which("logrotate", path="/usr/sbin:/usr/bin:/sbin:/bin")
ROUNDS = 20
RULES = pathlib.Path(__file__).resolve().parents[3] / "contrib" / "logrotate" / "poolwarden"


@pytest.fixture
def logging(tmp_path):
    """A server with a log file, and the file."""
    path = tmp_path / "logs" / "poolwarden.log"
    path.parent.mkdir(mode=0o755)
    with Server("--log-file", str(path)) as server:
        yield server, path


def ask_until(server, is_over):
    """The ids of all requests that were answered."""
    line, seen = http.client.HTTPConnection("127.0.0.1", server.port, timeout=DEADLINE), []
    while not is_over.is_set():
        line.request("GET", "/healthz")
        answer = line.getresponse()
        answer.read()
        seen.append(answer.headers["x-amzn-RequestId"])
    line.close()
    return seen


def reload(server, path):
    """The new file is told of it."""
    server.process.send_signal(signal.SIGHUP)
    wait_for(lambda: path.exists() and "event=reloaded" in path.read_text(), "the new file")


def lines_of(folder):
    lines = [line for path in folder.iterdir() for line in path.read_text().splitlines()]
    for line in lines:
        assert LINE.fullmatch(line)
    return lines


def ids_of(lines):
    return sorted(re.findall(r"event=request id=(\S+) ", "\n".join(lines)))


def test_no_line_is_lost_between_files(logging):
    server, path = logging
    is_over = threading.Event()
    with concurrent.futures.ThreadPoolExecutor() as threads:
        clients = [threads.submit(ask_until, server, is_over) for _ in range(4)]
        try:
            for number in range(ROUNDS):
                path.rename(path.with_suffix(f".{number}"))
                reload(server, path)
        finally:
            is_over.set()
    asked = sorted(name for client in clients for name in client.result())
    server.stop()
    assert len(asked) > ROUNDS
    assert ids_of(lines_of(path.parent)) == asked
    assert server.log() == ""
    server.start()


@pytest.mark.skipif(not LOGROTATE, reason="logrotate is not there")
def test_logrotate_rotates_it(logging, tmp_path):
    server, path = logging
    rules = tmp_path / "rules"
    reload_ours = f"kill -HUP {server.process.pid}"
    text = RULES.read_text().replace("/var/log/poolwarden", str(path.parent))
    rules.write_text(text.replace("systemctl reload poolwarden.service", reload_ours))
    assert reload_ours in rules.read_text()
    for _ in range(2):
        subprocess.run([LOGROTATE, "--force", "--state", str(tmp_path / "state"), str(rules)], check=True)
        wait_for(lambda: path.exists() and "event=reloaded" in path.read_text(), "the new file")
    assert sorted(found.name for found in path.parent.iterdir()) == [
        "poolwarden.log", "poolwarden.log.1", "poolwarden.log.2.gz"]


def test_a_configuration_that_is_wrong_is_no_reason_to_keep_the_old_file(tmp_path):
    path, configuration = tmp_path / "log", tmp_path / "poolwarden.conf"
    configuration.write_text(f"log_file = {path}\n")
    with Server("--config", str(configuration)) as server:
        path.rename(tmp_path / "old")
        configuration.write_text(f"log_file = {path}\nnonsense = 1\n")
        server.process.send_signal(signal.SIGHUP)
        wait_for(lambda: path.exists() and "event=not_reloaded" in path.read_text(), "the new file")


def test_the_file_may_become_another_and_none(tmp_path):
    first, second, configuration = tmp_path / "first", tmp_path / "second", tmp_path / "poolwarden.conf"
    configuration.write_text(f"log_file = {first}\n")
    with Server("--config", str(configuration)) as server:
        configuration.write_text(f"log_file = {second}\n")
        reload(server, second)
        configuration.write_text("\n")
        server.process.send_signal(signal.SIGHUP)
        wait_for(lambda: "event=reloaded" in server.log(), "a line on standard error")
        assert "event=reloaded" not in first.read_text()
        assert second.read_text().count("event=reloaded") == 1


def test_one_that_cannot_be_opened_again_goes_on_as_it_was(logging):
    server, path = logging
    moved = path.parent.rename(path.parent.with_name("moved"))
    server.process.send_signal(signal.SIGHUP)
    wait_for(lambda: "event=log_file" in (moved / path.name).read_text(), "a complaint in the old file")
    path.parent.mkdir()
    reload(server, path)


def test_one_that_cannot_be_opened_stops_the_start(tmp_path):
    with Server("--log-file", str(tmp_path / "nowhere" / "log"), is_started=False) as server:
        with pytest.raises(RuntimeError, match="(?s)ended with 1:.*cannot open the log file"):
            server.start()
        server.process = None


def test_it_is_appended_to_and_shown_to_the_group_alone(logging):
    server, path = logging
    assert path.stat().st_mode & 0o777 & ~0o640 == 0
    before = path.read_text()
    server.restart()
    wait_for(lambda: path.read_text().count("event=listening") == 2, "the second start in the log")
    assert path.read_text().startswith(before)
