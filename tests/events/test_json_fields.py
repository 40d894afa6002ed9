"""Columns out of objects by path."""

from __future__ import annotations

import pytest

from vedette.events.json_fields import LONGEST, Fields, opened, text_of


def test_paths_alternatives_places_and_nested_texts() -> None:
    fields = Fields(
        {"who": ("user.name", "user.id"), "first": ("list.0.a",), "whole": ("user",), "deep": ("text.b.c",)}
    )
    frame = fields.frame(
        [
            {"user": {"name": "ada", "id": 7}, "list": [{"a": True}], "text": '{"b":{"c":1.5}}'},
            {"user": {"id": 7}, "list": '[{"a":"x"}]', "text": "{broken"},
            {"user": "nobody", "list": []},
        ]
    )
    assert frame["who"].to_list() == ["ada", "7", None]
    assert frame["first"].to_list() == ["true", "x", None]
    assert frame["whole"].to_list() == ['{"name":"ada","id":7}', '{"id":7}', "nobody"]
    assert frame["deep"].to_list() == ["1.5", None, None]


@pytest.mark.parametrize("nothing", [None, "", {}, []])
def test_what_says_nothing_is_null(nothing: object) -> None:
    assert text_of(nothing) is None


def test_values_are_bounded() -> None:
    assert text_of("x" * 100_000) == "x" * LONGEST
    assert len(text_of(["y" * 50] * 10_000) or "") == LONGEST
    assert text_of(10**6000) is None, "Python writes no number of so many digits"


def test_what_is_no_json_opens_to_nothing() -> None:
    assert opened('{"a":') is None
    assert opened("[" * 100_000) is None
