"""How the tests of this folder put one record into a log's columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from vedette.sources.zeek.fields import TYPES, Log

AT = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture(scope="session")
def columns() -> Callable[..., dict[str, Any]]:
    """Return a function from a log and its fields to the columns that are not null."""

    def columns_of(log: Log, **fields: object) -> dict[str, Any]:
        known = {name.replace(".", "_"): name for name in log.fields}
        values = {"ts": AT} | {known[name]: value for name, value in fields.items()}
        typed = pl.DataFrame({n: pl.Series([v], dtype=TYPES[log.fields[n]]) for n, v in values.items()})
        return {n: v for n, v in log.batch(typed).frame.row(0, named=True).items() if v is not None}

    return columns_of
