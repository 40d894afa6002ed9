from __future__ import annotations

import pytest

from vedette.features.flow_service import HOSTS, FlowService
from vedette.testing.flows import flows
from vedette.testing.rows import rows_of


def hosts(n: int) -> list[str]:
    return [f"10.{i // 40_000}.{i // 200 % 200}.{i % 200}" for i in range(n)]


def test_hosts_are_counted_once_each_by_outcome() -> None:
    silent = flows(90, every=1.0, dst=hosts(30) * 3, port=445, state="S0")
    spoken = flows(20, every=1.0, dst=[f"10.9.9.{i}" for i in range(10)] * 2, port=445)
    row = rows_of(FlowService, silent, spoken).row(0, named=True)
    assert (row["failed"], row["answered"], row["probes"]) == (30, 10, 90)
    assert row["hosts"] == ["10.0.0.0", "10.0.0.9"]


def test_udp_and_tcp_of_a_port_are_one() -> None:
    row = rows_of(FlowService, flows(5, dst=hosts(5), proto="udp", state="S0"), flows(5, dst=hosts(5))).row(
        0, named=True
    )
    assert (row["failed"], row["answered"]) == (5, 5)


@pytest.mark.parametrize(("failed", "answered"), [(HOSTS - 9, 0), (9000, 0), (3000, 3000), (500, 9000)])
def test_many_hosts_are_estimated(failed: int, answered: int) -> None:
    states = ["S0"] * failed + ["SF"] * answered
    row = rows_of(FlowService, flows(len(states), dst=hosts(len(states)), state=states)).row(0, named=True)
    assert row["failed"] == pytest.approx(failed, rel=0 if failed + answered < HOSTS else 0.25)
    assert row["answered"] == pytest.approx(answered, rel=0.25)


def test_a_host_that_answers_is_no_sample_of_failure() -> None:
    assert rows_of(FlowService, flows(3, dst=hosts(3)))["hosts"].to_list() == [[], []]
