from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from vedette.store.profiles.cold import SEGMENTS, Cold
from vedette.store.profiles.members import SEEN

NOBODY = pl.Series([], dtype=pl.Int64)


@pytest.fixture
def cold(tmp_path: Path) -> Iterator[Cold]:
    made = Cold(["host"], 1, tmp_path)
    yield made
    made.close()
    assert not list(tmp_path.iterdir())


def _entities(*of: tuple[str | None, int, int]) -> pl.DataFrame:
    return pl.DataFrame(of, schema={"host": pl.String, "entity": pl.Int64, "age": pl.Int64}, orient="row")


def _values(*of: tuple[int, str, int]) -> pl.DataFrame:
    return pl.DataFrame([(e, m, 0, last) for e, m, last in of], schema=SEEN, orient="row")


def _keys(*hosts: str | None) -> pl.DataFrame:
    return pl.DataFrame({"host": hosts}, schema={"host": pl.String})


def test_the_newest_counts(cold: Cold) -> None:
    assert not cold
    cold.put(_entities(("a", 0, 1), ("b", 1, 1), (None, 2, 1)), [_values((0, "x", 5), (1, "x", 5))], NOBODY)
    cold.put(_entities(("a", 0, 9)), [_values((0, "y", 9))], NOBODY)
    entities, (values,) = cold.take(_keys("a", None, "stranger"), since=0)
    assert sorted(entities.select("entity", "age").rows()) == [(0, 9), (2, 1)]
    assert values.rows() == [(0, "y", 0, 9)]
    assert cold.values(NOBODY, 0, 0).sort("entity")["member"].to_list() == ["y", "x"]
    assert cold.values(pl.Series([0]), 0, 0)["entity"].to_list() == [1]
    assert cold.values(NOBODY, 0, 6)["entity"].to_list() == [0]
    assert cold.values(NOBODY, 0, 0, 6)["entity"].to_list() == [1]
    assert cold.take(_keys("b"), since=6)[1][0].height == 0


def test_many_segments_become_one_without_those_in_memory(cold: Cold) -> None:
    for n in range(SEGMENTS + 1):
        cold.put(_entities(("a", 0, n), (f"h{n}", n + 1, n)), [_values((0, f"m{n}", n))], pl.Series([3]))
    assert len(cold.segments) == 1
    entities = cold.entities(NOBODY, ["entity", "age"]).sort("entity").rows()
    assert entities == [(0, SEGMENTS), *((n + 1, n) for n in range(SEGMENTS + 1) if n + 1 != 3)]
    assert cold.values(NOBODY, 0, 0).rows() == [(0, f"m{SEGMENTS}", 0, SEGMENTS)]


def test_files_of_a_store_are_adopted_and_left_as_they_are(cold: Cold, tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.mkdir()
    _entities(("a", 0, 1), ("b", 1, 1)).write_parquet(store / "entities")
    before = (store / "entities").read_bytes()
    cold.adopt([store / "entities", None])
    assert cold.named(NOBODY, ["b"])["entity"].to_list() == [1]
    assert cold.named(pl.Series([1]), ["b"]).height == 0
    cold.drop(pl.Series([1]))
    assert (store / "entities").read_bytes() == before
    (store / "entities").unlink()
    store.rmdir()
    assert cold.take(_keys("a", "b"), since=0)[0]["entity"].to_list() == [0]
    assert len(next(cold.files())) == 2


def test_files_are_read_for_those_alone_that_were_set_aside(cold: Cold, monkeypatch: pytest.MonkeyPatch) -> None:
    cold.put(_entities(("a", 0, 1), (None, 1, 1)), [_values((0, "x", 5))], NOBODY)
    read, scan = [], pl.scan_parquet

    def noted(path: Path) -> pl.LazyFrame:
        read.append(path)
        return scan(path)

    monkeypatch.setattr(pl, "scan_parquet", noted)
    assert cold.take(_keys("stranger", "b"), since=0)[0].height == 0
    assert not read
    assert cold.take(_keys("a", None), since=0)[0].height == 2
    assert read


def test_who_was_not_seen_for_long_is_forgotten_and_who_is_in_memory_is_not(cold: Cold) -> None:
    for at, name, entity in ((3.0, "a", 0), (3.0, "b", 1), (9.0, "b", 1), (2.0, "c", 2)):
        frame = _entities((name, entity, 1)).with_columns(at=pl.lit(at))
        cold.put(frame, [_values((entity, "x", 5))], NOBODY)
    assert cold.forget(5.0, pl.Series([2])) == 1
    assert cold.entities(pl.Series([2]), ["entity"])["entity"].to_list() == [1]
    assert cold.take(_keys("a"), since=0)[0].height == 0
    assert cold.take(_keys("b"), since=0)[0].height == 1
    assert cold.forget(5.0, pl.Series([2])) == 0
