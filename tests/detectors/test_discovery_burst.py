from __future__ import annotations

import pytest

from vedette.detectors.discovery_burst import DiscoveryBurst
from vedette.testing.commands import commands
from vedette.testing.rows import hits_of

LOOKS = [
    "whoami /all",
    "ipconfig /all",
    "net view",
    "systeminfo",
    "tasklist",
    "netstat -ano",
    'net group "domain admins" /domain',
    "nltest /dclist:corp",
]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (LOOKS, True),
        (LOOKS[:2], False),
        (["ipconfig /all", "ping 10.0.0.1", "netstat -an"], False),
        (["whoami"] * 50, False),
    ],
)
def test_many_different_questions_in_minutes(lines: list[str], found: bool) -> None:
    hits = hits_of(DiscoveryBurst, commands(lines, becomes=None))
    assert hits.is_empty() != found


def test_the_sentence_and_the_techniques() -> None:
    hits = hits_of(DiscoveryBurst, commands(LOOKS, becomes=None))
    detector = DiscoveryBurst()
    assert "alice on web1 asked 9 different questions within ten minutes" in detector.summaries(hits)[0]
    assert {"T1482", "T1087.002"} <= set(detector.attacks(hits)[0])
