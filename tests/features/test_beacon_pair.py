from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from vedette.events.batch import EventBatch
from vedette.features.beacon_pair import BeaconPair, place
from vedette.features.beacon_rhythm import field
from vedette.testing.flows import flows
from vedette.testing.rows import rows_of

OUT: dict[str, Any] = {"dst": "203.0.113.9", "direction": 2}


def _row(n: int = 40, every: float = 60.0, **columns: object) -> dict[str, Any]:
    rows = rows_of(BeaconPair, flows(n, every=every, **{**OUT, **columns}))
    return rows.with_columns(period=field("period"), beats=field("beats")).row(0, named=True)


def test_a_row_tells_rhythm_sizes_and_answers() -> None:
    sizes = [500] * 30 + [520] * 8 + [9000] * 2
    row = _row(bytes_out=sizes, bytes_in=[100] * 40, app="tls")
    assert (row["period"], row["beats"]) == (60, 40)
    assert (row["size"], row["bytes_out"], row["bytes_in"]) == (pytest.approx(0.95), 500, 100)
    assert (row["answered"], row["one_port"], row["app"]) == (1.0, False, "tls")
    assert row["place"] == ["203.0.113.9", "203.0.113.0/24"]


def test_silence_is_told() -> None:
    assert _row(state="S0")["answered"] == 0.0


def test_one_source_port_is_one_connection() -> None:
    assert _row(sport=40_000, proto="udp", port=51_820)["one_port"] is True


@pytest.mark.parametrize(
    "columns",
    [
        {"direction": 3},
        {"direction": 1},
        {"direction": None},
        {"port": 53, "proto": "udp"},
        {"port": 123, "proto": "udp"},
        {"state": "OTH"},
        {"state": None, "flags": 24},
    ],
    ids=["inside", "inbound", "unknown", "names", "time", "a piece", "a piece by its flags"],
)
def test_what_is_left_out(columns: dict[str, Any]) -> None:
    assert rows_of(BeaconPair, flows(40, every=60.0, **{**OUT, **columns})).height == 0


def test_netflow_with_a_first_segment_counts() -> None:
    assert _row(state=None, flags=27)["period"] == 60


def test_multicast_has_no_rhythm() -> None:
    assert _row(dst="239.255.255.250", proto="udp", port=1900)["beats"] is None


def test_others_are_counted() -> None:
    batches = [flows(10, every=60.0, src=f"10.0.0.{n}", at=n, **OUT) for n in range(1, 7)]
    lone = flows(10, every=60.0, src="10.0.0.1", dst="203.0.113.77", direction=2)
    rows = rows_of(BeaconPair, *batches, lone)
    shared = rows.filter(pl.col("dst_endpoint.ip") == "203.0.113.9")
    assert shared["others.place"].to_list() == [[5, 6]] * 6
    assert rows.filter(pl.col("dst_endpoint.ip") == "203.0.113.77")["others.place"].to_list() == [[0, 6]]
    assert rows["actors"].unique().to_list() == [6]


def test_places() -> None:
    held = pl.DataFrame({"a": ["192.0.2.77", "2001:db8:7::9", "2a00::1", "2001:db8:1:2:3:4:5:6", None]}).select(
        place(pl.col("a"))
    )
    assert held.to_series().to_list() == [
        ["192.0.2.77", "192.0.2.0/24"],
        ["2001:db8:7::9", "2001:db8:7::/48"],
        ["2a00::1", "2a00::/48"],
        ["2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"],
        [None, None],
    ]


@pytest.mark.parametrize("year", [1, 1601, 9999])
def test_broken_clocks_and_sizes_break_nothing(year: int) -> None:
    """Starts far before or after the end, negative and huge sizes, addresses that are none."""
    begun = pl.lit(datetime(year, 1, 1, tzinfo=UTC)).cast(pl.Datetime("us", "UTC"))
    batch = flows(40, every=60.0, **OUT, bytes_out=-5, bytes_in=2**62)
    odd = batch.frame.with_columns(start_time=begun, **{"dst_endpoint.ip": pl.lit(":::\u202e" * 30)})
    rows = rows_of(BeaconPair, EventBatch(batch.kind, odd))
    assert rows["event_count"].to_list() == [40]
