from __future__ import annotations

import json

from bench.insiders.plots import SHAPES
from bench.insiders.run import Outcome, Told
from bench.insiders.tables import FIGURES, as_json, as_tables


def outcome(seed: int, area: float) -> Outcome:
    """Return a seed's outcome with one plot of each shape, the first one found."""
    plots = [Told(shape, 4, 10, 0.9, ("insider_day",), 2 if shape == 1 else None) for shape in SHAPES]
    return Outcome(seed, {"insider_day": dict.fromkeys(FIGURES, area)}, plots, [], 9.0, 0)


def test_tables_have_the_median_and_the_range() -> None:
    text = as_tables([outcome(11, 0.8), outcome(12, 0.9), outcome(13, 0.7)])
    assert "| insider_day | 0.800 (0.700 to 0.900) |" in text
    assert f"| 1: {SHAPES[1]} | 3 | 3 | 2 | 10 |" in text
    assert "| all | 18 | 3 | | |" in text
    assert "False incidents a week: 0.00 (0.00 to 0.00)" in text


def test_json_has_every_seed() -> None:
    told = json.loads(as_json([outcome(11, 0.8)]))
    assert told[0]["seed"] == 11
    assert told[0]["plots"][0]["delay"] == 2
    assert told[0]["leavers"] == 0
