from __future__ import annotations

import orjson
import polars as pl

from vedette.sources.weblog.unmapped import unmapped


def test_only_what_is_there_and_always_json() -> None:
    frame = pl.DataFrame(
        {"a": ['q"\\', None, "\x00\n", None], "b": [None, None, "}", None], "c": [None, None, None, True]}
    )
    got = unmapped(
        frame, {"first": pl.col("a"), "sc-win32": pl.col("b"), "flag": pl.col("c"), "none": pl.lit(None, pl.String)}
    )
    assert got.name == "unmapped"
    assert [x and orjson.loads(x) for x in got] == [
        {"first": 'q"\\'},
        None,
        {"first": "\x00\n", "sc-win32": "}"},
        {"flag": True},
    ]


def test_nothing_at_all() -> None:
    assert unmapped(pl.DataFrame({"a": [None, None]}), {"a": pl.col("a")}).to_list() == [None, None]
