"""The word in ``do`` picks the kind of step: every kind has one of its own, and plays."""

from __future__ import annotations

import inspect
from typing import get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from vedette.app.drill import hosts, probes, routine
from vedette.app.drill.step import Step
from vedette.app.drill.steps import AnyStep

KINDS: tuple[type[Step], ...] = get_args(get_args(AnyStep)[0])


def test_no_kind_is_left_out() -> None:
    written = {
        c
        for module in (hosts, probes, routine)
        for _, c in inspect.getmembers(module, inspect.isclass)
        if issubclass(c, Step) and c.__module__ == module.__name__
    }
    assert set(KINDS) == written


def test_every_kind_has_a_word_of_its_own() -> None:
    words = {get_args(kind.model_fields["do"].annotation)[0]: kind for kind in KINDS}
    assert len(words) == len(KINDS)
    for word, kind in words.items():
        assert word == kind.__name__.lower()


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_every_kind_plays_and_says_what_it_is(kind: type[Step]) -> None:
    assert kind.play is not Step.play
    assert (kind.__doc__ or "").split("\n")[0].endswith(".")


@pytest.mark.parametrize("fields", [{}, {"do": ""}, {"do": "Scan"}, {"do": ["scan"]}])
def test_no_such_step(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(AnyStep).validate_python({"title": "t", **fields})
