from __future__ import annotations

from typing import Any

import pytest

from vedette.features.host_hour import HostHour
from vedette.testing.flows import flows
from vedette.testing.rows import rows_of

OUT: dict[str, Any] = {"dst": "203.0.113.9", "direction": 2}


def test_a_row_counts_what_a_host_began() -> None:
    some = flows(4, dst=[f"10.0.1.{n % 2}" for n in range(4)], port=[80, 443, 443, 22], bytes_out=100, bytes_in=50)
    rows = rows_of(HostHour, some, flows(2, **OUT, state="S0", bytes_out=60, bytes_in=0))
    row = rows.row(0, named=True)
    assert rows.height == 1
    assert [row[c] for c in ("flows", "failed", "hosts", "ports", "sent", "got")] == [6, 2, 3, 3, 520, 200]


def test_rows_are_of_hours() -> None:
    assert rows_of(HostHour, flows(3, every=3600.0, **OUT))["flows"].to_list() == [1, 1, 1]


@pytest.mark.parametrize("direction", [1, 0])
def test_what_comes_from_outside_is_left_out(direction: int) -> None:
    assert rows_of(HostHour, flows(3, src="203.0.113.9", dst="10.0.0.5", direction=direction)).height == 0


def test_without_states_silence_is_failure() -> None:
    rows = rows_of(HostHour, flows(3, **OUT, state=None, packets_in=[0, 4, None], bytes_in=[None, 200, None]))
    assert (rows["flows"][0], rows["failed"][0]) == (3, 1)


def test_many_destinations_are_estimated() -> None:
    rows = rows_of(HostHour, flows(4000, dst=[f"10.{n // 250}.1.{n % 250}" for n in range(4000)]))
    assert rows["hosts"][0] == pytest.approx(4000, rel=0.4)
