from __future__ import annotations

from typing import Any

import pytest

from vedette.detectors.protocol_mismatch import ProtocolMismatch
from vedette.model import Severity
from vedette.testing.flows import flows
from vedette.testing.rows import hits_of

OUT: dict[str, Any] = {"dst": "203.0.113.9", "direction": 2}

CASES: dict[str, tuple[int, str | None, bool]] = {
    "ssh on the port of tls": (443, "ssh", True),
    "ssh on the port of http": (80, "ssh", True),
    "ssh on the port of dns": (53, "ssh", True),
    "plain http on the port of tls": (443, "http", True),
    "http on the port of dns": (53, "http", True),
    "irc on the port of http": (80, "irc", True),
    "remote desktop on the port of tls": (443, "rdp", True),
    "tls on the port of ssh": (22, "tls", True),
    "http": (80, "http", False),
    "http elsewhere": (8080, "http", False),
    "tls": (443, "tls", False),
    "tls on a high port": (9443, "tls", False),
    "ssh elsewhere": (2222, "ssh", False),
    "quic": (443, "quic", False),
    "mail that turns to tls": (25, "smtp,tls", False),
    "mail over tls": (465, "tls", False),
    "remote desktop over tls": (3389, "tls", False),
    "names over tls": (853, "tls", False),
    "a database over tls": (5432, "tls", False),
    "nothing recognised": (443, None, False),
    "a protocol nobody judges": (443, "bittorrent", False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    port, app, odd = CASES[case]
    hits = hits_of(ProtocolMismatch, flows(5, every=10.0, port=port, app=app, **OUT))
    assert bool(hits.height) is odd, hits.to_dicts()


def test_a_service_that_many_use_is_meant_so() -> None:
    clients = [f"10.0.1.{i}" for i in range(60)]
    assert not hits_of(ProtocolMismatch, flows(60, every=10.0, src=clients, port=443, app="http")).height


def test_remote_control_going_out_is_worse() -> None:
    cases: list[dict[str, Any]] = [{"app": "ssh", **OUT}, {"app": "http", **OUT}, {"app": "ssh", "direction": 3}]
    assert [hits_of(ProtocolMismatch, flows(**c))["severity"][0] for c in cases] == [
        Severity.MEDIUM,
        Severity.LOW,
        Severity.LOW,
    ]


def test_a_summary_names_who_and_what() -> None:
    hit = hits_of(ProtocolMismatch, flows(2, app="ssh", bytes_out=10, bytes_in=20, **OUT)).row(0, named=True)
    assert hit["summary"] == (
        "10.0.0.5 spoke ssh to port 443 of 203.0.113.9, which is for tls (connections: 2, bytes: 60)."
    )
