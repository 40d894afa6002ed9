from __future__ import annotations

from random import Random

import pytest

from vedette.learning.datasets import web_attack_injections as made
from vedette.learning.datasets.web_attack_words import COMMAND, FILES, LOOKUP, SQL, TEMPLATE, XSS


def _kinds(name: str) -> set[str]:
    rng = Random(1)
    return {getattr(made, name)(rng).kind for _ in range(400)}


@pytest.mark.parametrize(("tool", "kind"), [("sqltool", SQL), ("xsstool", XSS)])
def test_a_tool_for_one_thing_does_one_thing(tool: str, kind: str) -> None:
    assert _kinds(tool) == {kind}


@pytest.mark.parametrize("person", ["manual", "evader"])
def test_people_try_everything(person: str) -> None:
    assert _kinds(person) >= {SQL, XSS, FILES, COMMAND, TEMPLATE, LOOKUP}


def test_who_evades_writes_little_in_the_clear() -> None:
    rng = Random(1)
    asked = [(m.path + (m.query or "")).lower() for m in (made.evader(rng) for _ in range(400))]
    assert sum("<script>" in a or "/etc/passwd" in a or "union select" in a for a in asked) < 0.05 * len(asked)
