from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from vedette.learning.sequences import log_lines
from vedette.learning.sequences.log_lines import CHOSEN_ON, grouping_accuracy, of_bgl, of_loghub, of_speed

CONTENT = ["took 1 ms", "took 2 ms", "link is up", "link is down"]
STRUCTURED = "LineId,Content,EventId\n" + "".join(
    f"{n},{c},{e}\n" for n, (c, e) in enumerate(zip(CONTENT, "AABC", strict=True))
)


def test_a_group_counts_only_whole_and_pure() -> None:
    true = pl.Series(["a", "a", "b", "c"])
    assert grouping_accuracy(true, pl.Series([1, 1, 2, 3])) == 1
    assert grouping_accuracy(true, pl.Series([1, 4, 2, 3])) == 0.5
    assert grouping_accuracy(true, pl.Series([1, 1, 1, 3])) == 0.25


def test_systems_and_means(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"loghub-2k/{n}/{n}_2k.log_structured.csv": STRUCTURED for n in ("Mac", "Linux")} | {"README": "x"}
    monkeypatch.setattr(log_lines, "members", lambda *_: files)
    found = {(r["set"], r["configuration"]): r["grouping_accuracy"] for r in of_loghub(Path(), 0)}
    assert found["Mac", "masks"] == 1
    assert {s for s, _ in found} == {"Linux", "Mac", "mean of those chosen on", "mean of the others", "mean of all"}


def test_half_of_the_systems_were_chosen_on() -> None:
    assert len(CHOSEN_ON) == 8


def test_alerts_of_unseen_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [("-", "INFO", "took 1 ms")] * 4 + [
        ("-", "INFO", "took 9 ms"),
        ("-", "INFO", "woke"),
        ("KERN", "FATAL", "panic"),
        ("-", "INFO", "took 3 ms"),
    ]
    text = "Label,Level,Content\n" + "".join(f"{a},{b},{c}\n" for a, b, c in lines)
    monkeypatch.setattr(log_lines, "members", lambda *_: {"loghub-2k/BGL/BGL_2k.log_structured.csv": text})
    found = {r["configuration"]: [float(r["recall"]), float(r["false_positives"])] for r in of_bgl(Path(), 0)}
    assert found["unseen shape"] == pytest.approx([1, 1 / 3])
    assert found["unseen shape of trouble"] == [1, 0]


def test_speed_is_told_by_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_lines, "members", lambda *_: {"loghub-2k/Mac/Mac_2k.log_structured.csv": STRUCTURED})
    (line,) = of_speed(Path(), 0)
    assert line["set"] == "Mac"
    assert float(line["masks and joining"]) > 0
