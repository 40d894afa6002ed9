from __future__ import annotations

import random
from typing import Any

import pytest

from vedette.detectors.forged_sources import ForgedSources
from vedette.testing.flows import flows
from vedette.testing.rows import hits_of

CHANCE = random.Random(11)


def _anywhere(n: int) -> list[str]:
    return [".".join(str(CHANCE.randrange(256)) for _ in range(4)) for _ in range(n)]


CASES: dict[str, tuple[dict[str, Any], bool]] = {
    "random to random, in no time": (
        {"n": 120, "every": 0.0001, "src": _anywhere(120), "dst": _anywhere(120), "state": "S0"},
        True,
    ),
    "random to one": ({"n": 5000, "every": 0.005, "src": _anywhere(5000), "state": "S0"}, True),
    "from networks that exist": (
        {"n": 5000, "every": 0.005, "src": [f"198.51.{i % 99}.{i % 250}" for i in range(5000)]},
        False,
    ),
    "hosts without an address": ({"n": 300, "every": 0.1, "src": "0.0.0.0", "proto": "udp", "port": 67}, False),
    "loopback": ({"n": 300, "every": 0.1, "src": [f"127.0.0.{i % 9}" for i in range(300)], "dst": "127.0.0.1"}, False),
    "one broken device": ({"n": 300, "every": 0.1, "src": "240.0.0.7"}, False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    columns, hostile = CASES[case]
    hits = hits_of(ForgedSources, flows(**columns))
    assert bool(hits.height) is hostile, hits.to_dicts()
