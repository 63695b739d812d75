# SPDX-License-Identifier: Apache-2.0
"""The short form of the programs beside this file."""

import pathlib
import secrets

import pytest

import faults
import full_disk
import kill
from server import BINARY

FAULTY = pathlib.Path(BINARY).parents[1] / "tests" / "crash" / "faulty_poolwarden"


@pytest.fixture
def seed():
    drawn = secrets.randbits(32)
    print(f"--seed {drawn}")
    return drawn


def test_kill(seed):
    assert kill.run(rounds=10, seed=seed, report=print)["kills"] == 10


def test_full_disk(seed):
    try:
        assert full_disk.run(rounds=3, seed=seed, report=print)["rounds"] == 3
    except full_disk.NotPermitted as reason:
        pytest.skip(f"a small disk cannot be mounted here: {reason}")


def test_faults(seed):
    if not FAULTY.exists():
        pytest.skip(f"there is no {FAULTY}: make crash/faulty_poolwarden in the tests of the build")
    rounds = len(faults.KINDS)
    assert faults.run(str(FAULTY), rounds=rounds, seed=seed, report=print)["rounds"] == rounds
