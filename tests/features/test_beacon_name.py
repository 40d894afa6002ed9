from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.features.beacon_name import BeaconName, places, visited
from vedette.features.beacon_rhythm import field
from vedette.testing.flows import START
from vedette.testing.requests import requests
from vedette.testing.rows import rows_of

KIND = EventClass.TLS_HANDSHAKE


def handshakes(n: int, *, every: float = 60.0, **columns: object) -> EventBatch:
    """Return ``n`` TLS handshakes of 10.0.0.5, one each ``every`` seconds."""
    made: dict[str, Any] = {
        "src_endpoint.ip": "10.0.0.5",
        "dst_endpoint.ip": "203.0.113.9",
        "dst_endpoint.port": 443,
        "connection_info.direction_id": 2,
        "tls.sni": "api.example.net",
        **{k.replace("__", "."): v for k, v in columns.items()},
        "time": [START + timedelta(seconds=every * k) for k in range(n)],
        "metadata.log_name": "tls",
        "metadata.sequence": list(range(n)),
    }
    each = {c: v if isinstance(v, list) else [v] * n for c, v in made.items()}
    return EventBatch(KIND, pl.DataFrame([pl.Series(c, v, dtype=SCHEMAS[KIND][c]) for c, v in each.items()]))


def test_a_name_is_followed_wherever_it_points() -> None:
    rows = rows_of(BeaconName, handshakes(40, dst_endpoint__ip=[f"203.0.113.{k}" for k in range(40)]))
    told = rows.select("server", "place", "visited", "moves", period=field("period"))
    assert told.row(0) == ("api.example.net", ["api.example.net", "example.net"], False, True, 60.0)


@pytest.mark.parametrize(
    ("name", "server"),
    [
        ("API.Example.NET.", "api.example.net"),
        ("api.example.net:443", "api.example.net"),
        ("192.0.2.7", None),
        ("printer.local", None),
        ("printer", None),
        ("", None),
        ("a b.example.net", None),
        ("x" * 300 + ".net", None),
    ],
)
def test_names_are_cleaned_and_others_left_out(name: str, server: str | None) -> None:
    rows = rows_of(BeaconName, handshakes(3, tls__sni=name))
    assert rows["server"].to_list() == ([server] if server else [])


def test_without_a_name_the_fingerprint_stands_for_it() -> None:
    prints = handshakes(9, tls__sni=None, ja4_fingerprint_list__value=[["t13d1516h2_8daaf6152771_b186095e22b6"]] * 9)
    older = handshakes(9, tls__sni=None, tls__ja3_hash__value="0" * 32)
    assert rows_of(BeaconName, prints)["server"].to_list() == ["JA4 t13d1516h2_8daaf6152771_b186095e22b6"]
    assert rows_of(BeaconName, older)["server"].to_list() == ["JA3 " + "0" * 32]
    assert rows_of(BeaconName, handshakes(9, tls__sni=None)).height == 0


@pytest.mark.parametrize(("direction", "port", "count"), [(2, 443, 1), (3, 3128, 1), (3, 443, 0), (1, 443, 0)])
def test_only_what_leaves_also_through_a_proxy(direction: int, port: int, count: int) -> None:
    batch = handshakes(9, connection_info__direction_id=direction, dst_endpoint__port=port)
    assert rows_of(BeaconName, batch).height == count


def test_requests_and_handshakes_are_one_row() -> None:
    asked = requests(
        9,
        every=60.0,
        src="10.0.0.5",
        dst="10.0.0.9",
        host="api.example.net:443",
        **{"connection_info.direction_id": 3, "dst_endpoint.port": 3128},
    )
    lacking = requests(9, host=None, **{"connection_info.direction_id": 2})
    rows = rows_of(BeaconName, handshakes(9), asked, lacking)
    assert rows.select("server", "event_count", beats=field("beats")).rows() == [("api.example.net", 18, 9.0)]


def test_shared_domains_are_no_place_and_are_not_visited() -> None:
    servers = pl.Series(["www.google.com", "abc.duckdns.org", "x.github.io", "a.b.example.net", "JA4 t13"])
    assert places(servers).to_list() == [
        ["www.google.com", "google.com"],
        ["abc.duckdns.org"],
        ["x.github.io"],
        ["a.b.example.net", "example.net"],
        ["JA4 t13"],
    ]
    assert visited(servers).to_list() == [True, False, False, False, False]
