from __future__ import annotations

import pytest

from vedette.features.flow_source import FlowSource
from vedette.testing.flows import flows
from vedette.testing.rows import rows_of


def test_pairs_hosts_and_ports_are_counted_apart() -> None:
    dst = [f"10.1.0.{i}" for i in range(20) for _ in range(10)]
    grid = flows(200, dst=dst, port=list(range(10)) * 20, state="S0")
    row = rows_of(FlowSource, grid, grid, flows(5, dst=dst[::40])).row(0, named=True)
    assert [row[c] for c in ("pairs", "hosts", "ports", "answered", "probes")] == [200, 20, 10, 5, 400]
    assert len(row["sampled"]) == 8


def test_many_are_estimated() -> None:
    dst = [f"10.1.{i // 200}.{i % 200}" for i in range(2000)]
    row = rows_of(FlowSource, flows(2000, dst=dst, port=range(2000), state="S0")).row(0, named=True)
    assert [row[c] for c in ("pairs", "hosts", "ports")] == [pytest.approx(2000, rel=0.2)] * 3
