"""Tests of one value, one by one: what literals cannot say. Bounded in time, whatever the value."""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache

import polars as pl

from vedette.intel.sigma.tree import Compare, Network, Pattern, Test, Text, TimePart, Wild

LONGEST = 1 << 18
"""Characters of a value that are looked at."""
BACKTRACKING_SECONDS = 0.05
"""What a pattern that only a backtracking engine knows (look-around, back-references) may cost per value; then it is not found."""
BACKTRACKING_CHARACTERS = 8_192


def asked(test: Test, values: Sequence[str]) -> list[bool]:
    """Return, per value, whether it passes a test.

    Example:
        >>> asked(Network("10.0.0.0/8"), ["10.1.2.3", "192.0.2.1", "none"])
        [True, False, False]
    """
    if isinstance(test, Pattern):
        return _found(test, values)
    check = _check(test)
    return [check(v) for v in values]


def knows(pattern: Pattern) -> bool:
    """Say whether the linear-time engine knows a pattern.

    Raises:
        ValueError: no engine does.
    """
    try:
        pl.Series([""]).str.contains(_written(pattern))
    except pl.exceptions.PolarsError:
        _backtracking(pattern)
        return False
    return True


def _written(pattern: Pattern) -> str:
    return f"(?{pattern.flags}){pattern.regex}" if pattern.flags else pattern.regex


def _found(pattern: Pattern, values: Sequence[str]) -> list[bool]:
    if _linear(pattern):
        return pl.Series(values, dtype=pl.String).str.contains(_written(pattern)).to_list()
    found = _backtracking(pattern)
    return [found(v[:BACKTRACKING_CHARACTERS]) for v in values]


@cache
def _linear(pattern: Pattern) -> bool:
    return knows(pattern)


@cache
def _backtracking(pattern: Pattern) -> Callable[[str], bool]:
    """Return a search by the module ``regex``, which keeps a time limit.

    Raises:
        ValueError: the pattern is none.
    """
    import regex  # noqa: PLC0415 - hardly ever needed

    try:
        compiled = regex.compile(_written(pattern))
    except regex.error as error:
        raise ValueError(f"not a regular expression: {error}") from error

    def found(value: str) -> bool:
        try:
            return compiled.search(value, timeout=BACKTRACKING_SECONDS) is not None
        except TimeoutError:
            return False

    return found


@cache
def _check(test: Test) -> Callable[[str], bool]:
    if isinstance(test, Text):
        return text_check(test)
    if isinstance(test, Network):
        return _within(test)
    if isinstance(test, Compare):
        return _compares(test)
    if isinstance(test, TimePart):
        return _at(test)
    raise TypeError(f"not a test of one value: {test}")


def text_check(test: Text) -> Callable[[str], bool]:
    """Return a check of a value (as written) against a text with wildcards, in time linear in the value for each of its parts."""
    fold: Callable[[str], str] = (lambda v: v) if test.cased else str.lower
    pieces: list[list[str | Wild]] = [[]]
    for part in test.parts:
        if part is Wild.MANY:
            pieces.append([])
        else:
            pieces[-1].append(part)
    patterns = [_piece(p, fold) for p in pieces]
    if len(patterns) == 1:
        return lambda value: patterns[0].fullmatch(fold(value)) is not None
    return lambda value: _in_order(fold(value), patterns)


def _piece(parts: Sequence[str | Wild], fold: Callable[[str], str]) -> re.Pattern[str]:
    """Return what stands between two ``*``: fixed in length, so that searching it never goes back far."""
    return re.compile("".join("." if isinstance(p, Wild) else re.escape(fold(p)) for p in parts), re.DOTALL)


def _in_order(value: str, patterns: Sequence[re.Pattern[str]]) -> bool:
    """Say whether the pieces stand in a value one after the other: the first at its start, the last at its end."""
    first, *middle, last = patterns
    begun = first.match(value)
    if begun is None:
        return False
    at = begun.end()
    for pattern in middle:
        found = pattern.search(value, at)
        if found is None:
            return False
        at = found.end()
    width = _width(last)
    return len(value) - width >= at and last.match(value, len(value) - width) is not None


@cache
def _width(pattern: re.Pattern[str]) -> int:
    return len(re.sub(r"\\(.)", r"\1", pattern.pattern, flags=re.DOTALL))


def _within(test: Network) -> Callable[[str], bool]:
    network = ipaddress.ip_network(test.cidr)

    def check(value: str) -> bool:
        try:
            address = ipaddress.ip_address(value.strip())
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None)
        return (mapped or address) in network

    return check


def _compares(test: Compare) -> Callable[[str], bool]:
    ask: Callable[[float], bool] = {
        "<": lambda n: n < test.number,
        "<=": lambda n: n <= test.number,
        ">": lambda n: n > test.number,
        ">=": lambda n: n >= test.number,
        "!=": lambda n: n != test.number,
    }[test.operator]

    def check(value: str) -> bool:
        number = _number(value)
        return not math.isnan(number) and ask(number)

    return check


def _number(value: str) -> float:
    text = value.strip()[:64]
    try:
        return float(int(text, 16)) if text[:2].lower() == "0x" else float(text)
    except (ValueError, OverflowError):
        return math.nan


def _at(test: TimePart) -> Callable[[str], bool]:
    def check(value: str) -> bool:
        try:
            moment = datetime.fromisoformat(value.strip()[:40].removesuffix(" UTC"))
        except ValueError:
            return False
        part = moment.isocalendar().week if test.part == "week" else getattr(moment, test.part)
        return bool(part == test.number)

    return check
