"""A small company for three days, made once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from bench.soak.month import Hour, Month

Made = tuple[Month, Sequence[Hour]]


@pytest.fixture(scope="session")
def made() -> Made:
    month = Month(3, 60, 1)
    return month, [hour for day in range(3) for hour in month.day(day)]
