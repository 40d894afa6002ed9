from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from vedette.detectors.long_connection import LongConnection
from vedette.features.flow_duration import ABSURD
from vedette.model import Severity
from vedette.testing.flows import flows
from vedette.testing.rows import hits_of

HOUR = 3600.0
OUT: dict[str, Any] = {"dst": "203.0.113.9", "direction": 2}

CASES: dict[str, tuple[float, dict[str, Any], bool]] = {
    "three days to a web port": (72 * HOUR, {**OUT, "app": "tls"}, True),
    "a day on an unknown port": (24 * HOUR, {**OUT, "port": 4444}, True),
    "two hours of a web socket": (2 * HOUR, {**OUT, "app": "tls"}, False),
    "a day of ssh": (24 * HOUR, {**OUT, "port": 22, "app": "ssh"}, False),
    "three days of ssh, by port": (72 * HOUR, {**OUT, "port": 22}, False),
    "a week of a private network": (100 * HOUR, {**OUT, "port": 51820, "proto": "udp"}, False),
    "a day of push messages": (24 * HOUR, {**OUT, "port": 5228}, False),
    "a day of a file share inside": (24 * HOUR, {"port": 445, "app": "smb"}, False),
    "a day of a database inside": (24 * HOUR, {"port": 5432}, False),
    "a multicast stream": (72 * HOUR, {"dst": "239.1.1.1", "port": 5004, "proto": "udp"}, False),
    "a broken clock": (ABSURD.total_seconds() * 2, OUT, False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    seconds, columns, notable = CASES[case]
    hits = hits_of(LongConnection, flows(seconds=seconds, **columns))
    assert bool(hits.height) is notable, hits.to_dicts()


def test_alone_it_is_no_alarm() -> None:
    out = hits_of(LongConnection, flows(seconds=72 * HOUR, **OUT))
    into = hits_of(LongConnection, flows(seconds=72 * HOUR, dst="10.0.0.9", direction=1))
    assert [out["severity"][0], into["severity"][0]] == [Severity.LOW, Severity.INFORMATIONAL]


def test_a_summary_names_who_and_how_long() -> None:
    hit = hits_of(LongConnection, flows(seconds=72 * HOUR, app="tls", bytes_out=1000, bytes_in=2000, **OUT)).row(
        0, named=True
    )
    assert hit["summary"] == "10.0.0.5 held a connection to port 443 of 203.0.113.9 for 72.0 hours (3,000 bytes, tls)."
    assert hit["longest"] == timedelta(days=3)
