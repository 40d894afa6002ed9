from __future__ import annotations

import polars as pl
from tools.command_lines import judged, told

from vedette.abc import Learned
from vedette.detectors.command import Command
from vedette.learning.registry import equip


def test_lines_and_recordings_are_counted() -> None:
    detector = equip(Command)
    assert isinstance(detector, Learned)
    lines = ["vssadmin delete shadows /all /quiet", "ipconfig /all", "ipconfig /all", None, " "]
    assert judged(detector, pl.Series(lines)).rows() == [(lines[0], True), (lines[1], False)]
    found = pl.DataFrame({"line": lines, "recording": ["a", "a", "b", "b", "b"]})
    assert told("x", found, detector) == "x: 2 distinct lines, 1 called; 1 of 2 recordings have one"
