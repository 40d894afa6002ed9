from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from vedette.events.schema import EventClass
from vedette.features.exfiltration_flow import MOST_BYTES, network, uploads
from vedette.features.exfiltration_pair import ExfiltrationPair
from vedette.testing.events import random_events
from vedette.testing.flows import flows

OUT: dict[str, Any] = {
    "dst": "203.0.113.9",
    "direction": 2,
    "bytes_out": 50_000,
    "bytes_in": 2_000,
    "packets_out": 60,
    "packets_in": 30,
}


def _kept(**columns: object) -> pl.DataFrame:
    return uploads(ExfiltrationPair.take(flows(1, **{**OUT, **columns}))).collect()


def test_what_is_sent_beyond_what_came_back() -> None:
    assert _kept().select("sent", "got", "surplus").row(0) == (50_000, 2_000, 48_000)


@pytest.mark.parametrize(
    ("columns", "kept"),
    [
        ({}, True),
        ({"proto": "udp"}, True),
        ({"bytes_in": None, "packets_in": None, "payload_in": None}, True),
        ({"bytes_out": None, "payload_out": 9_000}, True),
        ({"direction": 1}, False),
        ({"direction": 3}, False),
        ({"direction": None}, False),
        ({"proto": "icmp"}, False),
        ({"bytes_in": 49_500}, False),
        ({"bytes_in": 900_000}, False),
        ({"packets_in": 0, "bytes_in": 0}, False),
        ({"bytes_out": None, "payload_out": None}, False),
    ],
    ids=[
        "an upload",
        "udp",
        "one direction known",
        "payload only",
        "inbound",
        "inside",
        "unknown",
        "echoes",
        "a call",
        "a download",
        "nobody answers",
        "no size",
    ],
)
def test_which_flows_count(columns: dict[str, Any], *, kept: bool) -> None:
    assert bool(_kept(**columns).height) is kept


def test_no_flow_holds_more_than_its_packets_or_than_is_possible() -> None:
    assert _kept(bytes_out=1 << 40, packets_out=10)["sent"].item() == 655_350
    assert _kept(bytes_out=1 << 60, packets_out=None)["sent"].item() == MOST_BYTES
    assert _kept(bytes_out=1 << 60, packets_out=1 << 60, bytes_in=-5)["surplus"].item() <= MOST_BYTES


def test_random_events_give_no_negative_surplus() -> None:
    rows = uploads(ExfiltrationPair.take(random_events(EventClass.NETWORK_ACTIVITY, 2000))).collect()
    assert rows.height
    assert rows["surplus"].min() == rows.filter(pl.col("surplus") > 0)["surplus"].min()


def test_networks() -> None:
    given = pl.DataFrame({"ip": ["203.0.113.9", "2001:db8:5:6::1"]})
    assert given.select(network(pl.col("ip"))).to_series().to_list() == ["203.0.113.0/24", "2001:db8:5::/48"]
