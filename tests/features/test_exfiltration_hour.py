from __future__ import annotations

from typing import Any

import pytest

from vedette.features.exfiltration_hour import LARGEST, PLACES, ExfiltrationHour
from vedette.testing.flows import flows
from vedette.testing.rows import rows_of

OUT: dict[str, Any] = {"direction": 2, "packets_in": 30}


def _row(out: list[int], to: list[str]) -> dict[str, Any]:
    n = len(out)
    given = {**OUT, "bytes_in": [1_000] * n, "packets_out": [s // 1000 + 1 for s in out]}
    return rows_of(ExfiltrationHour, flows(n, every=1.0, dst=to, bytes_out=out, **given)).row(0, named=True)


def test_a_row_tells_how_much_and_mostly_to_whom() -> None:
    row = _row([500_000, 300_000, 300_000, 5_000], ["198.51.100.1", "203.0.113.9", "203.0.113.9", "192.0.2.7"])
    assert row["uploaded"] == 1_105_000 - 4_000
    assert (row["sent"], row["got"], row["uploads"]) == (1_105_000, 4_000, 4)
    assert row["to"] == "203.0.113.9"
    assert row["share"] == pytest.approx(598_000 / 1_101_000)


def test_the_places_stand_in_order_each_with_its_network() -> None:
    row = _row([9_000, 90_000], ["198.51.100.1", "2001:db8:5:6::1"])
    assert row["places"] == ["2001:db8:5:6::1", "2001:db8:5::/48", "198.51.100.1", "198.51.100.0/24"]


def test_it_is_bounded() -> None:
    n = 40 * LARGEST
    row = _row([10_000 + k for k in range(n)], [f"203.0.{k // 200}.{k % 200}" for k in range(n)])
    assert len(row["places"]) == 2 * PLACES
    assert row["uploads"] == n
    assert row["share"] < 0.01


def test_what_is_as_large_goes_by_address() -> None:
    assert _row([90_000] * 2, ["203.0.113.9", "203.0.113.8"])["to"] == "203.0.113.9"


def test_an_hour_of_reading_has_no_row() -> None:
    assert rows_of(ExfiltrationHour, flows(9, every=60.0, dst="203.0.113.9", direction=2)).height == 0
