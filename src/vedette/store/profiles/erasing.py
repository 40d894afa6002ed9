"""Forgets somebody in a baseline: the entities of that name, and the name among the values that others had."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from vedette.store.profiles.profile import Profile

Rewrite = Callable[[str], str]
"""Returns another text where a text holds the name."""


def erase(profile: Profile, rewrite: Rewrite) -> int:
    """Forget all that a baseline knows under a name; return how many entities and values that were.

    What is counted of everyone (means, how many were ever seen) stays: it names nobody.

    Args:
        profile: the baseline, in memory and in its files.
        rewrite: changes the texts that hold the name, and no others.
    """
    keys = [name for name, kind in profile.entities.schema.items() if kind == pl.String]
    ids = np.flatnonzero(_rows(profile.entities, keys, rewrite))
    count = len(ids)
    if count:
        profile.drop(ids)
    for number, members in enumerate(profile.members):
        held = members.seen
        hit = _named(held["member"], rewrite)
        if hit.any():
            count += int(hit.sum())
            hot = profile.entities["entity"]
            members.restore(held.filter(~hit))
            if profile.cold:
                members.count(profile.cold.values(hot, number, profile.cutoff())["member"])
    if profile.cold:
        count += _in_files(profile, keys, rewrite)
    return count


def _in_files(profile: Profile, keys: list[str], rewrite: Rewrite) -> int:
    """Forget those that were set aside, and values in files; the values that were counted count no more."""
    before = [_aside(profile, n) for n in range(len(profile.members))]
    gone: list[pl.Series] = []
    for entities, *_ in profile.cold.files():
        rows = pl.read_parquet(entities)
        gone.append(rows.filter(_rows(rows, keys, rewrite))["entity"])
    ids = pl.concat(gone).unique() if gone else pl.Series([], dtype=pl.Int64)
    if len(ids):
        profile.cold.drop(ids)
    count = len(ids) + sum(_in_file(path, rewrite) for _, *values in profile.cold.files() for path in values)
    for number, (members, was) in enumerate(zip(profile.members, before, strict=True)):
        left = _aside(profile, number)
        if len(left) != len(was):
            members.count(was, -1)
            members.count(left)
    if count:
        profile.cold.renew()
    return count


def _in_file(path: Path, rewrite: Rewrite) -> int:
    rows = pl.read_parquet(path)
    hit = _named(rows["member"], rewrite)
    if hit.any():
        path.unlink()  # it may be a link to a file of the store, which must not change
        rows.filter(~hit).write_parquet(path)
    return int(hit.sum())


def _aside(profile: Profile, number: int) -> pl.Series:
    """Return the values of one set that count, of entities that are not in memory."""
    return profile.cold.values(profile.entities["entity"], number, profile.cutoff())["member"]


def _rows(frame: pl.DataFrame, columns: list[str], rewrite: Rewrite) -> pl.Series:
    """Return which rows hold the name in one of the columns."""
    found = pl.Series(np.zeros(frame.height, dtype=np.bool_))
    for column in columns:
        found = found | _named(frame[column], rewrite)
    return found


def _named(texts: pl.Series, rewrite: Rewrite) -> pl.Series:
    """Return which texts hold the name; each different text is looked at once."""
    held = [t for t in texts.drop_nulls().unique().to_list() if rewrite(t) != t]
    return texts.is_in(held).fill_null(value=False)
