from __future__ import annotations

import json
from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.response.json_lines import json_lines

ROWS = pl.DataFrame(
    {
        "a.b": ["x", None],
        "n": [1, 2],
        "t": [datetime(2026, 11, 22, tzinfo=UTC), None],
        "f": [0.5, float("nan")],
        "tags": [["p", 'q"'], []],
        "who": [["eve", "mallory"], None],
        "kind": [["user", "user"], None],
        "more": ['{"k": [1, {"z": null}]}', "not json"],
    }
)
PATHS = {
    "a.b": "one.two.three",
    "n": "one.n",
    "t": "at",
    "f": "share",
    "tags": "tags",
    "who": "people.name",
    "kind": "people.kind",
    "more": "rest.*",
}


def read(data: bytes) -> list[object]:
    return [json.loads(line) for line in data.decode().splitlines()]


def test_columns_stand_where_their_paths_say() -> None:
    assert read(json_lines(ROWS, PATHS, ("people",))) == [
        {
            "one": {"two": {"three": "x"}, "n": 1},
            "at": 1795305600000,
            "share": 0.5,
            "tags": ["p", 'q"'],
            "people": [{"name": "eve", "kind": "user"}, {"name": "mallory", "kind": "user"}],
            "rest": {"k": [1, {"z": None}]},
        },
        {"one": {"n": 2}, "rest": {"raw": "not json"}},
    ]


def test_without_rows_there_is_nothing() -> None:
    assert json_lines(ROWS.clear(), PATHS, ()) == b""


def test_columns_that_are_not_named_are_left_out() -> None:
    assert read(json_lines(ROWS, {"n": "n"}, ())) == [{"n": 1}, {"n": 2}]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(), min_size=1, max_size=4))
def test_whatever_stands_in_a_text_it_is_one_line(texts: list[str]) -> None:
    texts = [t.encode("utf-8", "replace").decode() for t in texts]
    got = read(json_lines(pl.DataFrame({"a": texts}), {"a": "x.y"}, ()))
    assert got == [{"x": {"y": t}} for t in texts]


@pytest.mark.parametrize("bad", ["\x00", "\x1b[31m", "\x7f", "\x85", "\u2028", "\u2029"])
def test_what_some_reader_takes_for_a_line_end_is_escaped(bad: str) -> None:
    assert bad.encode() not in json_lines(pl.DataFrame({"a": [bad]}), {"a": "a"}, ())
