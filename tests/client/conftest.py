# SPDX-License-Identifier: Apache-2.0
"""What all suites in python share: one server, a pool and a client of the common kind."""

import pytest

from server import Server


@pytest.fixture(scope="session")
def server():
    with Server() as running:
        yield running
