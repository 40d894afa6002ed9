"""How values become texts that any database keeps: bounded, without NUL and without halves of characters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

import msgspec

from vedette.model import Finding, Incident

LONGEST_TITLE = 1_000
LONGEST_VALUE = 500
"""Characters of an entity's value: four bytes each still fit PostgreSQL's largest index entry (2,704 bytes)."""
MOST_BYTES = 1 << 20
"""Of one finding, of its evidence, and of one incident, as JSON; larger ones are cut, step by step."""
_STEPS = ((65_536, 10_000), (4_096, 1_000), (512, 200), (64, 50), (32, 10))
"""Characters of a text, and items of a list, that are left."""
_DEEPEST = 24
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """Return microseconds since 1970, UTC."""
    return (at - _EPOCH) // _MICROSECOND


def moment(at: int) -> datetime:
    """Return the time that so many microseconds since 1970 are."""
    return _EPOCH + at * _MICROSECOND


def digest(text: str) -> str:
    """Return 32 hex digits that differ where the texts do."""
    return blake2b(text.encode(), digest_size=16).hexdigest()


def sound(text: str, most: int = LONGEST_TITLE) -> str:
    r"""Return a text that any database keeps: halves of characters and NUL are replaced, what is too long ends with a hash of the whole.

    Example:
        >>> sound("a\x00b"), len(sound("x" * 5000))
        ('a␀b', 1000)
    """
    if "\x00" in text:
        text = text.replace("\x00", "\u2400")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if len(text) <= most:
        return text
    tail = "…" + blake2b(text.encode(), digest_size=8).hexdigest()
    return text[: most - len(tail)] + tail


def encoded(value: Any) -> str:  # noqa: ANN401 - findings, incidents, plans, rows of evidence
    """Return a value as JSON of at most ``MOST_BYTES``; hostile ones are cleaned and cut.

    The uid of a finding or incident is kept as it is.
    """
    if not _odd(value):
        try:
            text = msgspec.json.encode(value)
        except (UnicodeEncodeError, TypeError, ValueError, OverflowError, RecursionError):
            pass
        else:
            if len(text) <= MOST_BYTES:
                return text.decode()
    left = _plain(value)
    for most, items in _STEPS:
        left = _cut(left, most, items, _DEEPEST)
        text = msgspec.json.encode(left)
        if len(text) <= MOST_BYTES:
            break
    return text.decode()


def finite(value: float) -> float:
    """Return the value; 0 where it is no number."""
    return value if math.isfinite(value) else 0.0


def _odd(value: Any) -> bool:  # noqa: ANN401
    """Return whether a number that must be one is none: JSON has no word for it."""
    if isinstance(value, Finding):
        numbers = [value.score, value.p_value or 0.0, *(r.weight for r in value.reasons)]
    elif isinstance(value, Incident):
        numbers = [value.risk, value.confidence]
    else:
        return False
    return not all(map(math.isfinite, numbers))


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Finding):
        reasons = tuple(replace(r, weight=finite(r.weight)) for r in value.reasons)
        p_value = None if value.p_value is None else finite(value.p_value)
        value = replace(value, score=finite(value.score), p_value=p_value, reasons=reasons)
    elif isinstance(value, Incident):
        value = replace(value, risk=finite(value.risk), confidence=finite(value.confidence))
    return msgspec.to_builtins(value, enc_hook=str) if not isinstance(value, (list, tuple)) else value


def _cut(value: Any, most: int, items: int, deep: int) -> Any:  # noqa: ANN401
    """Return the value with bounded texts, lists and depth."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (str, bytes)):
        return sound(value, most) if isinstance(value, str) else value[:most]
    if deep == 0:
        return "…"
    if isinstance(value, Mapping):
        pairs = list(value.items())[:items]
        return {sound(str(k), most): _cut(v, most, items, deep - 1) for k, v in pairs}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_cut(v, most, items, deep - 1) for v in list(value)[:items]]
    return _cut(_simple(value), most, items, deep - 1)


def _simple(value: Any) -> Any:  # noqa: ANN401
    """Return a date, a duration or a dataclass as JSON has it; anything else in words."""
    try:
        return msgspec.to_builtins(value, enc_hook=str)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return str(value)
