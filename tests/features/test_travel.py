from __future__ import annotations

import pytest
from tests.detectors.made_identity import signin

from vedette.features.travel import MOST, Travel
from vedette.testing.logons import logons
from vedette.testing.rows import rows_of


def test_the_fastest_journey_of_a_day() -> None:
    places = [("DE", 0.0), ("FR", 3.0), ("JP", 4.0), ("DE", 15.9)]
    rows = [
        signin("ada", 0, h, source=f"192.0.2.{i}", **{"src_endpoint.location.country": c})
        for i, (c, h) in enumerate(places)
    ]
    row = rows_of(Travel, logons(rows)).row(0, named=True)
    assert (row["from_place"], row["to_place"], row["to_address"], row["hours"]) == ("FR", "JP", "192.0.2.2", 1.0)
    assert row["speed"] == pytest.approx(row["kilometres"])
    assert row["places"] == ["DE", "FR", "JP"]


def test_at_home_nobody_travels() -> None:
    row = rows_of(Travel, logons([signin("ada", 0, h) for h in (0, 1, 2)])).row(0, named=True)
    assert (row["speed"], row["kilometres"]) == (0.0, 0.0)


def test_one_logon_is_no_journey() -> None:
    row = rows_of(Travel, logons([signin("ada", 0)])).row(0, named=True)
    assert (row["speed"], row["from_place"], row["to_place"]) == (0.0, None, "DE")


def test_it_is_bounded() -> None:
    rows = [
        signin(
            "ada", 0, n / 60, source=f"192.0.2.{n % 250}", **{"src_endpoint.location.country": "DE" if n % 2 else "FR"}
        )
        for n in range(600)
    ]
    row = rows_of(Travel, logons(rows)).row(0, named=True)
    assert row["speed"] == 0.0  # neighbours
    assert len(row["addresses"]) <= 16 < MOST
