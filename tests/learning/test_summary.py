from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from vedette.learning.evaluate import Report, Result
from vedette.learning.summary import curves, markdown, overview, spread, write


def result(case: str, seed: int, auc: float | None, recall: float, false: float) -> Result:
    told: dict[str, float | None] = {
        "items": 100.0,
        "malicious": 40.0,
        "auc": auc,
        "recall_at_1%": recall,
        "false_positives": false,
    }
    evasion: dict[str, float | None] = {
        "items": 40.0,
        "recall_before": recall,
        "recall_after": recall / 2,
        "score_drop": 0.1,
        "insufficient": 0.0,
    }
    line = [(0.0, 0.0), (1.0, 1.0)]
    drawn = {"roc": line, "precision_recall": line, "reliability": line}
    easy: dict[str, float | None] = {**told, "recall_at_1%": 1.0}
    return Result(case, seed, told, {"easy": easy, "hard": told}, {"split": evasion}, drawn)


REPORT = Report(
    "toy",
    "corpora",
    [
        result("north", 0, 0.9, 0.5, 0.01),
        result("south", 0, 0.8, 0.3, 0.02),
        result("north", 1, 0.94, 0.6, 0.03),
        result("south", 1, None, 0.4, 0.02),
    ],
    {"groups": "one group"},
)


def test_the_worst_of_a_rate_of_errors_is_the_highest() -> None:
    got = spread([{"auc": 0.9, "false_positives": 0.1}, {"auc": 0.8, "false_positives": 0.2}, {"auc": None}])
    assert got == {
        "auc": {"median": pytest.approx(0.85), "worst": 0.8},
        "false_positives": {"median": pytest.approx(0.15), "worst": 0.2},
    }


def test_an_overview_has_cases_parts_and_evasions() -> None:
    got = json.loads(json.dumps(overview(REPORT)))
    assert got["seeds"] == 2
    assert got["cases"]["north"]["auc"] == {"median": pytest.approx(0.92), "worst": 0.9}
    assert got["cases"]["south"]["auc"] == {"median": 0.8, "worst": 0.8}
    assert got["worst"]["false_positives"]["worst"] == 0.03
    assert list(got["by"]["north"]) == ["hard", "easy"]
    assert got["evasions"]["split"]["worst"] == 0.15
    assert got["items"]["north"] == {"items": 100, "malicious": 40}


def test_a_page_names_the_command_and_the_worst() -> None:
    got = markdown(REPORT)
    assert "`vedette evaluate toy --protocol corpora`" in got
    assert "| worst of all | 0.900 (0.800) | 0.450 (0.300) | 0.020 (0.030) |" in got
    assert "## north, part by part" in got
    assert "| split | 0.450 | 0.225 | 0.150 | 0.100 | 0.000 |" in got
    assert "- `groups`: one group" in got


def test_curves_are_images() -> None:
    got = curves(REPORT)
    assert set(got) == {"corpora-roc.svg", "corpora-precision_recall.svg", "corpora-reliability.svg"}
    for text in got.values():
        assert ElementTree.fromstring(text).tag.endswith("svg")  # noqa: S314


def test_everything_is_written(tmp_path: Path) -> None:
    files = write(REPORT, tmp_path / "new" / "folder")
    assert {p.suffix for p in files} == {".json", ".md", ".svg"}
    told = json.loads((tmp_path / "new" / "folder" / "corpora.json").read_text())
    assert len(told["report"]["results"]) == 4
