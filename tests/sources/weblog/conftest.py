"""How the tests of web logs read."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from vedette.events.schema import EventClass
from vedette.sources.weblog import WebLog
from vedette.testing.laws.source import tables

Rows = list[dict[str, Any]]


@pytest.fixture(scope="session")
def read() -> Callable[[bytes], tuple[Rows, Rows]]:
    """Return a reader of bytes: the requests, without their nulls, and the rejects."""

    def rows(data: bytes) -> tuple[Rows, Rows]:
        got = tables(WebLog().read(io.BytesIO(data)))
        frames = [got.get(kind) for kind in (EventClass.HTTP_ACTIVITY, EventClass.REJECT)]
        plain = [
            [{k: v for k, v in r.items() if v is not None} for r in f.to_dicts()] if f is not None else []
            for f in frames
        ]
        return plain[0], plain[1]

    return rows
