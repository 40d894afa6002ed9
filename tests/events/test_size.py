from __future__ import annotations

import io

import polars as pl
import pytest

from vedette.events.size import memory_bytes

N = 20_000


@pytest.mark.parametrize(
    "column",
    [
        pytest.param(pl.Series([f"10.0.{i % 200}.{i % 250}" for i in range(N)]), id="short texts"),
        pytest.param(pl.Series([f"a-name-that-is-longer-than-a-view-{i}" for i in range(N)]), id="long texts"),
        pytest.param(pl.Series([None] * N, dtype=pl.String), id="no texts"),
        pytest.param(pl.Series([[str(i)] * (i % 3) for i in range(N)], dtype=pl.List(pl.String)), id="lists"),
        pytest.param(pl.Series(range(N)), id="numbers"),
    ],
)
def test_is_about_what_is_written_of_it(column: pl.Series) -> None:
    frame = pl.DataFrame({"a": column, "b": column})
    stream = io.BytesIO()
    frame.write_ipc(stream, compat_level=pl.CompatLevel.newest())
    assert memory_bytes(frame) == pytest.approx(stream.tell(), rel=0.15)


def test_nothing_is_nothing() -> None:
    assert memory_bytes(pl.DataFrame({"a": []}, schema={"a": pl.String})) == 0
