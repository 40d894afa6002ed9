from __future__ import annotations

from tests.detectors.made_log import USUAL, logged

from vedette.features.log_program import KEPT, LONGEST, LogProgram
from vedette.testing.rows import rows_of


def test_an_hour_of_a_program() -> None:
    row = rows_of(LogProgram, logged([*USUAL * 4, "request failed", "  at frame 3"])).row(0, named=True)
    assert (row["host"], row["service"], row["lines"], row["failures"]) == ("web1", "shopd", 13, 1)
    assert row["shapes"] == [
        "accepted connection <*> from <*>",
        "closed connection <*> after <*> ms",
        "request failed",
        "served <*> in <*> ms",
    ]
    assert row["shape_count"] == 4


def test_errors_by_severity_are_failures() -> None:
    assert rows_of(LogProgram, logged(["it went away"], severity=4))["failures"].to_list() == [1]


def test_a_log_without_a_host_is_its_own() -> None:
    row = rows_of(LogProgram, logged(USUAL, host=None, program=None)).row(0, named=True)
    assert (row["host"], row["program"], row["service"]) == ("shop.log", "", None)


def test_it_is_bounded() -> None:
    words = [f"{chr(97 + k % 26)}{chr(97 + k // 26)} is said {'very ' * 200}" for k in range(400)]
    row = rows_of(LogProgram, logged(words)).row(0, named=True)
    assert len(row["shapes"]) == KEPT
    assert max(map(len, row["shapes"])) <= LONGEST
    assert 200 < row["shape_count"] < 800
