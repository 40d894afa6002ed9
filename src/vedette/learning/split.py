"""Draws and folds: always whole groups, by a hash that stays the same on every machine and in every version."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt
import polars as pl

Places = npt.NDArray[np.int64]


def hashes(keys: pl.Series, seed: int) -> npt.NDArray[np.uint64]:
    """Return (n,) uint64: a number for each key (String), the same for the same key and seed; null is a key too."""
    distinct = keys.unique(maintain_order=True)
    told = [_hash(f"{seed}\n{'' if k is None else k}") for k in distinct.to_list()]  # a loop over groups: training only
    codes = keys.to_frame("k").join(
        pl.DataFrame({"k": distinct, "h": pl.Series(told, dtype=pl.UInt64)}),
        on="k",
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    return codes["h"].to_numpy()


def folds(groups: pl.Series, count: int, seed: int) -> Places:
    """Return (n,) int64: which of ``count`` folds each item is in; items of a group are in the same.

    Example:
        >>> folds(pl.Series(["a", "b", "a"]), 2, seed=7).tolist()
        [1, 0, 1]
    """
    return (hashes(groups, seed) % np.uint64(count)).astype(np.int64)


def drawn(groups: pl.Series, most: int, seed: int) -> Places:
    """Return which items are drawn, ascending: whole groups in the order of their hashes, at most ``most`` items.

    A group that does not fit any more is passed over, so one huge group cannot take the place of all others.
    """
    if len(groups) <= most:
        return np.arange(len(groups))
    order = hashes(groups, seed)
    found, place, size = np.unique(order, return_inverse=True, return_counts=True)
    room, taken = most, np.zeros(len(found), np.bool_)
    for k, n in enumerate(size.tolist()):  # a loop over groups: what fits depends on what was taken before
        if n <= room:
            taken[k], room = True, room - n
    return np.flatnonzero(taken[place])


def parts(values: pl.Series, count: int, seed: int, *, each: bool) -> tuple[list[str], Places]:
    """Return names of parts and (n,) which part each item is in: each value is one, or ``count`` folds of values.

    Args:
        values: (n,) String.
        count: how many folds.
        seed: of the folds.
        each: every value is a part by itself.
    """
    if not each:
        return [f"fold {k + 1}" for k in range(count)], folds(values, count, seed)
    names = sorted(values.fill_null("").unique().to_list())
    place = {name: k for k, name in enumerate(names)}
    return names, values.fill_null("").replace_strict(place, return_dtype=pl.Int64).to_numpy()


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
