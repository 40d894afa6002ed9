from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from vedette.errors import ConfigError
from vedette.events.schema import EventClass
from vedette.intel.places import CITY, COUNTRY, LAT, LONG, NUMBER, Places, countries
from vedette.testing.identity import told
from vedette.testing.mmdb import database

CITIES: dict[str, dict[str, object]] = {
    "192.0.2.0/24": {
        "country": {"iso_code": "DE"},
        "city": {"names": {"en": "Kiel"}},
        "location": {"latitude": 54.3, "longitude": 10.1},
    },
    "198.51.100.0/25": {"country": {"iso_code": "jp"}},
}
NETWORKS: dict[str, dict[str, object]] = {
    "192.0.2.0/25": {"autonomous_system_number": 64500},
    "203.0.113.0/24": {"asn": "AS64501"},
}


@pytest.fixture
def places(tmp_path: Path) -> Places:
    paths = (tmp_path / "city.mmdb", tmp_path / "asn.mmdb")
    for path, of in zip(paths, (CITIES, NETWORKS), strict=True):
        path.write_bytes(database(of))
    return Places(paths)


def test_addresses_get_their_places(places: Places) -> None:
    addresses = ["192.0.2.9", "198.51.100.7", "203.0.113.5", "10.0.0.1", None, "not an address", "2001:db8::1"]
    batch = told(EventClass.AUTHENTICATION, [{"at": i, "src_endpoint.ip": a} for i, a in enumerate(addresses)])
    frame = places.located(batch).frame
    assert frame[COUNTRY].to_list() == ["DE", "JP", None, None, None, None, None]
    assert frame.select(CITY, LAT, LONG).row(0) == ("Kiel", 54.3, 10.1)
    assert frame[NUMBER].to_list() == [64500, None, 64501, None, None, None, None]


def test_what_the_source_says_goes_first(places: Places) -> None:
    row = {"at": 0, "src_endpoint.ip": "192.0.2.9", COUNTRY: "AT"}
    frame = places.located(told(EventClass.AUTHENTICATION, [row])).frame
    assert frame.select(COUNTRY, CITY).row(0) == ("AT", "Kiel")


def test_classes_without_places_stay_as_they_are(places: Places) -> None:
    batch = told(EventClass.NETWORK_ACTIVITY, [{"at": 0, "src_endpoint.ip": "192.0.2.9"}])
    assert places.located(batch) is batch


@pytest.mark.parametrize("data", [b"", b"nonsense" * 100])
def test_what_is_no_database(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.mmdb"
    path.write_bytes(data)
    with pytest.raises(ConfigError, match="not a readable database"):
        Places((path,))
    with pytest.raises(ConfigError):
        Places((tmp_path / "absent.mmdb",))


def test_the_table_of_countries() -> None:
    table = countries()
    assert table["country"].is_unique().all()
    assert table["country"].str.contains("^[A-Z]{2}$").all()
    assert table.select(
        (pl.col("lat").abs() <= 90).all(), (pl.col("long").abs() <= 180).all(), (pl.col("radius_km") > 0).all()
    ).row(0) == (True, True, True)
