"""A small company for steps to play in."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from pydantic import TypeAdapter

from vedette.app.drill.stage import Stage
from vedette.app.drill.steps import AnyStep, Step

STEP: TypeAdapter[Step] = TypeAdapter(AnyStep)
Play = Callable[..., Stage]


@pytest.fixture
def play() -> Play:
    """Return a function that plays one step, given as in YAML, on a stage of its own."""

    def played(**fields: object) -> Stage:
        stage = Stage(
            midnight_us=1_767_312_000_000_000,  # 2026-01-02
            cast={
                "out": ("192.0.2.9",),
                "pc": ("10.0.0.5",),
                "pcs": ("10.0.0.5", "10.0.0.6"),
                "server": ("10.0.0.9",),
                "branch": ("10.1.0.7",),
                "crowd": tuple(f"203.0.113.{n}" for n in range(1, 6)),
            },
            open_ports={"10.0.0.9": frozenset({22, 80}), "10.0.0.5": frozenset()},
            sites={"news.example": "198.51.100.10"},
            resolver="10.0.0.9",
            branch=frozenset({"10.1.0.7"}),
            rng=Random(1),
        )
        STEP.validate_python({"title": "t", **fields}, context={"cast": stage.cast}).play(stage)
        return stage

    return played
