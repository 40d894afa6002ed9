from __future__ import annotations

import pytest

from vedette.features.flow_source import PAIRS, FlowSource
from vedette.testing.flows import flows
from vedette.testing.rows import rows_of


def test_pairs_hosts_and_ports_are_counted_apart() -> None:
    dst = [f"10.1.0.{i}" for i in range(20) for _ in range(10)]
    grid = flows(200, dst=dst, port=list(range(10)) * 20, state="S0")
    row = rows_of(FlowSource, grid, grid, flows(5, dst=dst[::40])).row(0, named=True)
    assert [row[c] for c in ("pairs", "hosts", "ports", "answered", "probes")] == [200, 20, 10, 5, 400]
    assert row["ends"] == ["10.1.0.0", "10.1.0.9"]


def hosts(n: int) -> list[str]:
    return [f"10.1.{i // 200}.{i % 200}" for i in range(n)]


def test_of_many_pairs_a_sample_tells_a_grid_from_a_crowd() -> None:
    crowd = flows(2000, dst=hosts(2000), port=range(2000), state="S0")
    grid = flows(2500, dst=[h for h in hosts(50) for _ in range(50)], port=list(range(50)) * 50, state="S0")
    one, other = (rows_of(FlowSource, batch).row(0, named=True) for batch in (crowd, grid))
    assert one["pairs"] == pytest.approx(2000, rel=0.15)
    assert other["pairs"] == pytest.approx(2500, rel=0.15)
    assert (one["sampled"], other["sampled"]) == (PAIRS, PAIRS)
    assert min(one["hosts"], one["ports"]) > 0.95 * PAIRS
    assert max(other["hosts"], other["ports"]) <= 50
