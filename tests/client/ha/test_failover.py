# SPDX-License-Identifier: Apache-2.0
"""The short form of contrib/ha: PostgreSQL under Patroni loses its primary once in each of the two ways."""

import pytest

import cluster
import failover


@pytest.mark.skipif(cluster.missing_programs(), reason=f"not installed: {', '.join(cluster.missing_programs())}")
def test_no_acknowledged_sign_up_is_lost():
    found = failover.run(len(failover.KINDS), print)
    assert [one.kind for one in found] == list(failover.KINDS)
    killed = found[-1]
    assert killed.primary != killed.killed  # another member took over
