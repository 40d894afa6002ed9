from __future__ import annotations

import random
from typing import Any

import pytest

from vedette.detectors.service_brute_force import ServiceBruteForce
from vedette.events.batch import EventBatch
from vedette.testing.flows import flows
from vedette.testing.rows import hits_of

CHANCE = random.Random(5)


def _some(n: int, low: int, high: int) -> list[int]:
    return [CHANCE.randint(low, high) for _ in range(n)]


def _to(n: int, port: int, sent: list[int] | int, got: list[int] | int, **columns: object) -> EventBatch:
    given: dict[str, Any] = {
        "port": port,
        "payload_out": sent,
        "payload_in": got,
        "src": "203.0.113.5",
        "direction": 1,
        **columns,
    }
    return flows(n, **given)


CASES: dict[str, tuple[EventBatch, str]] = {
    "hydra on SSH": (_to(120, 22, _some(120, 1900, 2300), _some(120, 2300, 2500), every=2.3), "SSH password guessing"),
    "FTP dictionary": (_to(300, 21, _some(300, 30, 44), 180, every=0.7), "FTP password guessing"),
    "RDP, slow": (_to(200, 3389, _some(200, 1400, 1500), 1900, every=14.3), "RDP password guessing"),
    "Kerberos spraying over UDP": (
        _to(60, 88, _some(60, 180, 200), 190, every=0.2, proto="udp"),
        "Kerberos password guessing",
    ),
    "MySQL from outside": (_to(200, 3306, 160, 190, every=0.5), "MySQL password guessing"),
    "FTP mirror": (_to(150, 21, _some(150, 300, 9000), _some(150, 2000, 90_000), every=3.0), ""),
    "backup over SSH, each minute": (_to(60, 22, 3_500, 4_200, every=60.0, src="10.0.0.8"), ""),
    "health check each ten seconds": (_to(360, 22, 700, 1_100, every=10.0, src="10.0.0.8"), ""),
    "an administrator": (_to(9, 22, _some(9, 3_000, 40_000), _some(9, 4_000, 200_000), every=200.0), ""),
    "browsing": (_to(100, 443, 900, 3_000, every=0.2), ""),
    "a web application and its database": (_to(900, 3306, 250, 300, every=0.1, src="10.0.0.8", direction=3), ""),
    "a mail relay": (_to(200, 25, _some(200, 2_000, 90_000), _some(200, 300, 500), every=3.0), ""),
    "a morning of Kerberos logons": (
        _to(60, 88, [190, 320] * 30, [200, 1_500] * 30, every=2.0, proto="udp", src="10.0.0.8"),
        "",
    ),
    "never answered": (_to(500, 22, 0, 0, every=0.5, state="S0"), ""),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    batch, title = CASES[case]
    hits = hits_of(ServiceBruteForce, batch)
    assert set(hits["title"]) == ({title} if title else set()), hits.to_dicts()
