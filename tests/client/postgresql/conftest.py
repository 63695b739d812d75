# SPDX-License-Identifier: Apache-2.0
"""Servers over PostgreSQL, whatever the other suites run on."""

import pytest

import postgres
from installation import PUBLIC_URL, client_of, second_node
from server import Server


@pytest.fixture(scope="module")
def nodes():
    """Two over one database."""
    with Server("--public-url", PUBLIC_URL, database=postgres.shared().new_database()) as first:
        with second_node(first) as second:
            second.start()
            yield first, second


@pytest.fixture(scope="module")
def idps(nodes):
    return [client_of(node) for node in nodes]
