"""The house rules that no other tool checks."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src" / "vedette").rglob("*.py"))
FILES = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split("\n")  # noqa: S607
TEXTS = [
    ROOT / f for f in FILES if f.endswith((".py", ".md", ".toml", ".yaml", ".yml", ".j2", ".css", ".csv", "Makefile"))
]
LONGEST = 500
"""Lines; a longer file says why on top (style, habit 4)."""


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_source_file_has_its_mirrored_test() -> None:
    tests = {p.name for p in (ROOT / "tests").rglob("test_*.py")}
    bare = [_named(p) for p in SOURCES if not p.name.startswith("__") and f"test_{p.name}" not in tests]
    assert not bare


def test_no_file_outgrows_the_house() -> None:
    assert not [_named(p) for p in SOURCES if p.read_text().count("\n") > LONGEST]


@pytest.mark.skipif(not TEXTS, reason="not a git checkout")
@pytest.mark.parametrize(
    "pattern", [r"(?<![\w.-])/(?:work|farm)/", r"\b(?:TODO|FIXME|XXX)\b"], ids=["machine paths", "loose ends"]
)
def test_nothing_of_this_sort_stands_in_the_house(pattern: str) -> None:
    found = [
        _named(p)
        for p in TEXTS
        if p != Path(__file__) and p.is_file() and re.search(pattern, p.read_text("utf-8", "replace"))
    ]
    assert not found


def test_no_pickle_and_no_network_at_import() -> None:
    pattern = re.compile(
        r"^\s*(?:import|from)\s+(?:pickle|joblib|dill|shelve|marshal|urllib\.request|http\.client)\b", re.M
    )
    assert not [_named(p) for p in SOURCES if pattern.search(p.read_text())]
