"""Times that are believed: a broken clock, or a hostile line, must not break what computes with it.

A time outside of 1970 to 2199 is no time of an event. Farther out, a window's end or a duration leaves the years that Python's
``datetime`` knows (1 to 9999), and the whole scan would fail over one record.
"""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
LAST_MICROSECOND = 7_258_118_399_999_999
"""``LAST``, since the epoch."""
_YEAR_1, _YEAR_9999 = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def believed(time: pl.Expr) -> pl.Expr:
    """Return a time in UTC where it is one that an event can have, null elsewhere."""
    return pl.when(time.is_between(pl.lit(FIRST), pl.lit(LAST))).then(time)


def written(time: pl.Expr) -> pl.Expr:
    """Return a time in UTC that somebody wrote into a document (no expiration: 31 December 9999), null out of the years 1 to 9999."""
    return pl.when(time.is_between(pl.lit(_YEAR_1), pl.lit(_YEAR_9999))).then(time)
