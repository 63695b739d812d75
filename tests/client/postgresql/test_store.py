# SPDX-License-Identifier: Apache-2.0
"""The contract of the store, tests/store, held on PostgreSQL. `make check` has built the programs."""

import os
import pathlib
import subprocess

import pytest

import postgres
from server import BINARY

PROGRAMS = pathlib.Path(BINARY).resolve().parents[1] / "tests" / "store"


@pytest.mark.parametrize("name", ["test_open", "test_statement", "test_write", "test_kill"])
def test_contract(name):
    url = postgres.shared().new_database()
    ended = subprocess.run([PROGRAMS / name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                           env=os.environ | {"POOLWARDEN_TEST_POSTGRESQL": url})
    assert ended.returncode == 0, ended.stdout
