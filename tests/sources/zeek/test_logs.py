"""All logs together: each is found by its name and by its marks, and no field that is mapped is dropped."""

from __future__ import annotations

import polars as pl
import pytest

from vedette.events.schema import SCHEMAS
from vedette.sources.zeek.fields import TYPES, Log
from vedette.sources.zeek.logs import PATHS, log_of, path_of
from vedette.sources.zeek.reports import OTHER

ALL = {**PATHS, "": OTHER}


@pytest.mark.parametrize("path", PATHS)
def test_a_log_is_known_by_name_and_without_one_by_its_marks(path: str) -> None:
    log = PATHS[path]
    assert log.marks
    assert log_of(path, frozenset()) is log_of(f"open_{path}", frozenset()) is log
    assert log_of("", log.marks | log.fields.keys()) is log
    assert log_of("", log.marks - {min(log.marks)}) is not log
    assert path_of(log) == path


@pytest.mark.parametrize("path", ["CONN", "open_open_conn", "conn ", "no_such"])
def test_another_name_is_another_log_whatever_its_fields(path: str) -> None:
    assert log_of(path, PATHS["conn"].marks) is OTHER


def test_nothing_known_is_other() -> None:
    assert log_of("", frozenset()) is log_of("", frozenset({"ts", "uid"})) is OTHER
    assert path_of(OTHER) == ""


@pytest.mark.parametrize("log", ALL.values(), ids=ALL.keys())
def test_fields_and_columns_agree(log: Log) -> None:
    read = {name for e in log.columns.values() for name in e.meta.root_names()}
    assert read == set(log.fields)  # one that is mapped and not read would be lost
    assert log.columns.keys() <= SCHEMAS[log.kind].keys()
    assert set(log.fields.values()) <= TYPES.keys()


@pytest.mark.parametrize("log", ALL.values(), ids=ALL.keys())
def test_every_log_bears_a_record_of_nulls_and_no_record(log: Log) -> None:
    nulls = pl.DataFrame({n: pl.Series([None], dtype=TYPES[t]) for n, t in log.fields.items()})
    typed = nulls.with_columns(ts=pl.lit(0, dtype=pl.Int64).cast(TYPES["time"]))
    assert log.batch(typed).frame.height == 1
    assert log.batch(typed.clear()).frame.height == 0
