"""The security review names the tests that cover it: each must exist, and no threat may be without."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
REVIEW = (ROOT / "docs/reference/security-review.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", REVIEW)))
THREATS = REVIEW.partition("## Threats\n")[2].partition("\n## ")[0]


@cache
def _functions(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return frozenset(n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize(("path", "name"), NAMED, ids=lambda part: Path(part).stem)
def test_every_test_that_is_named_exists(path: str, name: str) -> None:
    assert name in _functions(path)


def test_every_threat_has_a_test() -> None:
    rows = [line for line in THREATS.splitlines() if line.startswith("|") and not line.startswith(("| input", "|---"))]
    assert len(rows) > 40
    for row in rows:
        assert "::test_" in row.split(" | ")[-1], row[:80]


def test_no_switch_that_the_review_rules_out_stands_in_the_sources() -> None:
    """Outside ``testing``, whose servers are for tests alone, and ``datasets``, which make up attacks to learn from."""
    ruled_out = re.compile(
        r"allow_pickle=True|shell=True|CERT_NONE|check_hostname ?= ?False|_create_unverified|yaml\.unsafe|os\.system\(|autoescape=False"
    )
    sources = [p for p in (ROOT / "src").rglob("*.py") if not {"testing", "datasets"} & set(p.parts)]
    assert len(sources) > 500
    assert not [p.name for p in sources if ruled_out.search(p.read_text("utf-8"))]
