"""Times out of texts that are all written alike, a column at once: the digits of all rows are computed with as numbers.

A log is written by one program, so its stamps have one layout (RFC 3339, the zone also without a colon). That of the first decides; where
any other differs, or is no date, there is no result, and the caller parses them one by one.
"""

from __future__ import annotations

import re

import numpy as np
import polars as pl
from numpy.typing import NDArray

from vedette.events.schema import TIME

_LAYOUT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?(Z|[+-]\d\d:?\d\d)?")
_DIGIT = re.compile(r"\d")
_FRACTION_FROM = 14
"""Digits before those of the fraction: year, month, day, hour, minute, second."""
_LIMITS = (24, 60, 60)
_SECOND_US = 1_000_000

Numbers = NDArray[np.int64]


def stamps(texts: pl.Series) -> pl.Series | None:
    """Return (n,) times, null where the text is null; None unless all have one layout and are valid.

    Example:
        >>> found = stamps(pl.Series(["2026-01-02T03:04:05.678901+0100", None]))
        >>> found.to_list()
        [datetime.datetime(2026, 1, 2, 2, 4, 5, 678901, tzinfo=zoneinfo.ZoneInfo(key='UTC')), None]
        >>> stamps(pl.Series(["2026-01-02T03:04:05Z", "2026-02-30T03:04:05Z"])) is None
        True
    """
    present = texts.drop_nulls() if texts.null_count() else texts
    layout = _LAYOUT.fullmatch(present[0]) if len(present) else None
    if layout is None:
        return None
    digits = _digits(texts.fill_null(layout[0]) if len(present) < len(texts) else texts, layout[0])
    micros = None if digits is None else _micros(digits, bool(layout[1]), layout[2] or "")
    if micros is None:
        return None
    times = pl.Series(micros).cast(TIME)
    return times if len(present) == len(texts) else times.set(texts.is_null(), None)


def _digits(texts: pl.Series, first: str) -> Numbers | None:
    """Return (n_digits, n) the digits at the places where the first text has them; None where a row has other characters elsewhere."""
    width = len(first) + 1
    letters = np.frombuffer((texts.str.join("\n").item() + "\n").encode("ascii", "replace"), np.uint8)
    if len(letters) != width * len(texts):
        return None
    rows = letters.reshape(-1, width)
    places = [m.start() for m in _DIGIT.finditer(first)]
    others = [i for i in range(width) if i not in places]
    digits = rows.T[places] - np.uint8(ord("0"))
    fits = (digits <= 9).all() and (rows[:, others] == rows[0, others]).all()  # noqa: PLR2004
    return digits.astype(np.int64) if fits else None


def _micros(digits: Numbers, has_fraction: bool, zone: str) -> Numbers | None:
    """Return (n,) microseconds since 1970 in UTC, None where a row has no such day or time of day."""
    year, month, day, *clock = (_number(digits[a:b]) for a, b in ((0, 4), (4, 6), (6, 8), (8, 10), (10, 12), (12, 14)))
    months = ((year - 1970) * 12 + month - 1).astype("M8[M]")
    days = months.astype("M8[D]") + (day - 1)
    valid = (month >= 1) & (month <= 12) & (days.astype("M8[M]") == months)  # noqa: PLR2004
    for part, limit in zip(clock, _LIMITS, strict=True):
        valid &= part < limit
    hour, minute, second = clock
    micros = (days.astype(np.int64) * 86_400 + hour * 3600 + minute * 60 + second) * _SECOND_US
    if has_fraction:
        micros += _number(digits[_FRACTION_FROM : _FRACTION_FROM + 6])
    if zone[1:]:
        hours, minutes = _number(digits[-4:-2]), _number(digits[-2:])
        valid &= (hours < _LIMITS[0]) & (minutes < _LIMITS[1])
        micros -= (hours * 3600 + minutes * 60) * (_SECOND_US if zone[0] == "+" else -_SECOND_US)
    return micros if valid.all() else None


def _number(digits: Numbers) -> Numbers:
    """Return (n,) the number that (n_digits, n) digits write."""
    value: Numbers = digits[0]
    for digit in digits[1:]:
        value = value * 10 + digit
    return value
