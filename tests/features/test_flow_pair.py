from __future__ import annotations

from datetime import timedelta

import pytest

from vedette.features.contact import KINDS
from vedette.features.flow_pair import PORTS, FlowPair
from vedette.testing.flows import flows
from vedette.testing.rows import rows_of


def test_ports_are_counted_once_each_by_outcome() -> None:
    refused = flows(60, every=1.0, port=[5000, 5001, 5002] * 20, state="REJ")
    spoken = flows(10, every=1.0, port=[6000, 6001] * 5, state="SF")
    row = rows_of(FlowPair, refused, spoken).row(0, named=True)
    assert (row["failed"], row["answered"], row["probes"]) == (3, 2, 60)
    assert row["ports"] == [5000, 5001, 5002]
    assert (row["packets"], row["bytes"]) == (60, 2400)
    assert row["ended"] - row["began"] == timedelta(seconds=59)


def test_common_services_that_answer_are_left_out() -> None:
    assert not rows_of(FlowPair, flows(9, port=[80, 443, 8080] * 3)).height


@pytest.mark.parametrize(
    "ports", [range(PORTS - 10), range(0, 65_536, 13), range(1, 65_536)], ids=["exact", "sparse", "all"]
)
def test_many_ports_are_estimated_to_a_few_percent(ports: range) -> None:
    row = rows_of(FlowPair, flows(len(ports), port=ports, state="S0")).row(-1, named=True)
    assert row["failed"] == pytest.approx(len(ports), rel=0 if len(ports) < PORTS else 0.05)
    assert len(row["ports"]) == 8
    assert set(row["ports"]) <= set(ports)


def test_kinds_are_collected() -> None:
    mixed = flows(4, port=range(4), state=["S0", "RSTO", "S0", "RSTO"])
    assert rows_of(FlowPair, mixed)["kinds"][0] == KINDS["TCP SYN"] | KINDS["TCP half-open"]


def test_a_day_is_made_of_its_parts() -> None:
    rows = rows_of(FlowPair, flows(30, every=1800.0, port=range(30), state="S0"))
    assert rows["window"].unique().sort().to_list() == [timedelta(minutes=10), timedelta(days=1)]
    assert rows["failed"].to_list() == [1.0] * 30 + [30.0]
