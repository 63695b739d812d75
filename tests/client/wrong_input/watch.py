# SPDX-License-Identifier: Apache-2.0
"""What no wrong input may do: change the store, show a secret in the log, or find a fault of the server's."""

import contextlib

from world import fingerprint

FAULTS = ["event=unlisted_error", "event=incomplete_output", "event=internal_error", "event=header_not_sent"]


class LogReader:
    def __init__(self, server, secrets):
        self.server = server
        self.secrets = secrets
        self.read = 0

    def news(self):
        """Whole lines since the last time. That of the last request may still come: it is news then."""
        with open(self.server.log_path, "rb") as log:
            log.seek(self.read)
            new = log.read()
        new = new[:new.rfind(b"\n") + 1]
        self.read += len(new)
        return new.decode(errors="replace")

    def complaints(self):
        news = self.news()
        words = [word for word in [*FAULTS, *self.secrets] if word in news]
        return [f"{word} in {line}" for word in words for line in news.splitlines() if word in line]


@contextlib.contextmanager
def read_log(server, world):
    reader = LogReader(server, world.secrets())
    yield reader
    assert not reader.complaints()


@contextlib.contextmanager
def left_untouched(server, log_reader):
    """The block may change nothing in the store, and leave neither faults nor secrets in the log."""
    before = fingerprint(server)
    yield
    after = fingerprint(server)
    assert after == before, [table for table in after if after[table] != before.get(table)]
    assert not log_reader.complaints()
