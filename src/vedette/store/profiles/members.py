"""The values that are normal: which members of a set an entity, and how many others, ever had.

A pair of entity and member is found by a 64-bit hash in a sorted array, so that a small batch costs what it holds and not what the table
holds. The hash is salted by chance for each process: who could foresee it could make one name pass for another.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from vedette.store.profiles.moments import Bools, Ints

Hashes = NDArray[np.uint64]

SEEN = {"entity": pl.Int64(), "member": pl.String(), "first": pl.Int64(), "last": pl.Int64()}
"""Columns of what was seen; times are microseconds since the epoch."""
_NOTHING: tuple[Hashes, Ints] = (np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64))
_SALT = secrets.randbits(63)
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


class Members:
    """What was seen of one set column.

    Args:
        column: its name.
    """

    def __init__(self, column: str) -> None:
        self.column = column
        self._entity: Ints = np.zeros(0, dtype=np.int64)
        self._first: Ints = np.zeros(0, dtype=np.int64)
        self._last: Ints = np.zeros(0, dtype=np.int64)
        self._hash: Hashes = np.zeros(0, dtype=np.uint64)
        self._used = 0
        self._text: list[pl.Series] = []
        self._index = _NOTHING
        self._had = _NOTHING

    def __len__(self) -> int:
        return self._used

    @property
    def seen(self) -> pl.DataFrame:
        """Return a row per entity and member, in no order."""
        of = slice(0, self._used)
        text = pl.concat(self._text) if self._text else pl.Series([], dtype=pl.String)
        return pl.DataFrame(
            {"entity": self._entity[of], "member": text, "first": self._first[of], "last": self._last[of]}, schema=SEEN
        )

    def look(self, values: pl.Series, entity: Ints, time: Ints, *, learn: bool = True) -> tuple[pl.Series, pl.Series]:
        """Judge rows, then learn them; return ``had.`` and ``others.`` of the column, aligned with the members that are not null.

        A member is judged as of its window, so it makes no difference whether windows come one by one or together.

        Args:
            values: (n,) List(String): the column, in order of ``time``.
            entity: (n,) whose; -1 of one that is not known and is not learned.
            time: (n,) microseconds; with ``learn``, no window lies before one that was learned already.
            learn: false: only judge.
        """
        sizes, text = _flat(values)
        if text.null_count():
            sizes, text = _flat(values.list.drop_nulls())
        row = np.repeat(np.arange(len(values)), sizes)
        member = hashed(text)
        if learn:
            had, others = self._judge_and_learn(text, member, entity[row], time[row])
        else:
            had, others = self._judge(member, entity[row], time[row])
        return _lists({f"had.{self.column}": had, f"others.{self.column}": others}, sizes, row)

    def _judge_and_learn(self, text: pl.Series, member: Hashes, entity: Ints, time: Ints) -> tuple[Bools, Ints]:
        names, code = np.unique(member, return_inverse=True)
        unique, one, of = np.unique(_paired(entity, member), return_index=True, return_inverse=True)
        first, last = time[one], time[one]  # np.unique gives the first of each, and rows come in order of time
        np.maximum.at(last, of, time)
        place = self._find(unique)
        known = place >= 0
        first[known] = self._first[place[known]]
        self._last[place[known]] = np.maximum(self._last[place[known]], last[known])
        new = one[~known]
        before = _looked_up(self._had, names, 0)
        count = before[code] + _begun(code[new], first[~known], code, time)
        self._append(text.gather(new), (entity[new], first[~known], last[~known]), member[new], unique[~known])
        met = np.bincount(code[new], minlength=len(names)).astype(np.int64)
        self._add_to_counts(names[met > 0], met[met > 0])
        return first[of] < time, count - 1

    def _judge(self, member: Hashes, entity: Ints, time: Ints) -> tuple[Bools, Ints]:
        """Judge windows that may lie before what was learned."""
        place = self._find(_paired(entity, member))
        first = np.where(
            place >= 0, self._first.take(np.maximum(place, 0), mode="clip") if self._used else 0, np.iinfo(np.int64).max
        )
        held = np.isin(self._hash[: self._used], np.unique(member))
        hashes, started = self._hash[: self._used][held], self._first[: self._used][held]
        elsewhere = self._count(member) - _since(hashes, started, member, np.full(len(time), np.iinfo(np.int64).max))
        count = elsewhere + _since(hashes, started, member, time)
        return first < time, count - (first <= time)

    def _find(self, keys: Hashes) -> Ints:
        """Return the row of each pair; -1 where there is none."""
        return _looked_up(self._index, keys, -1)

    def _count(self, member: Hashes) -> Ints:
        """Return how many entities had each member."""
        return _looked_up(self._had, member, 0)

    def _append(self, text: pl.Series, times: tuple[Ints, Ints, Ints], member: Hashes, key: Hashes) -> None:
        """Add pairs, with ascending ``key``."""
        if not len(key):
            return
        used = self._used + len(key)
        if used > len(self._entity):
            room = max(used, len(self._entity) * 3 // 2, 256) - len(self._entity)
            self._entity, self._first, self._last = (
                np.pad(a, (0, room)) for a in (self._entity, self._first, self._last)
            )
            self._hash = np.pad(self._hash, (0, room))
        for ours, theirs in zip((self._entity, self._first, self._last), times, strict=True):
            ours[self._used : used] = theirs
        self._hash[self._used : used] = member
        self._text.append(text)
        at = np.searchsorted(self._index[0], key)
        self._index = (np.insert(self._index[0], at, key), np.insert(self._index[1], at, np.arange(self._used, used)))
        self._used = used

    def _add_to_counts(self, member: Hashes, count: Ints) -> None:
        at = np.searchsorted(self._had[0], member)
        inside = np.minimum(at, len(self._had[0]) - 1)
        known = self._had[0][inside] == member if len(self._had[0]) else np.zeros(len(member), dtype=np.bool_)
        self._had[1][at[known]] += count[known]
        new = ~known
        self._had = (np.insert(self._had[0], at[new], member[new]), np.insert(self._had[1], at[new], count[new]))

    # ----------------------------------------------------------------------------------------------- forget, set aside

    def forget(self, before: int, most: int) -> int:
        """Forget what an entity had last before a time (microseconds), and all but the ``most`` that it had last; return how many."""
        of = slice(0, self._used)
        old = self._last[of] < before
        entities, counts = np.unique(self._entity[of], return_counts=True)
        many = entities[counts > most]
        if not old.any() and not len(many):
            return 0
        gone = old
        if len(many):
            place = pl.col("_place")
            ranked = self.seen.with_row_index("_place").filter(pl.col("entity").is_in(many.tolist()))
            ranked = ranked.sort("last", "first", "member", descending=[True, True, False])
            gone[
                ranked.group_by("entity")
                .agg(place.slice(most))
                .explode("_place", empty_as_null=False)["_place"]
                .to_numpy()
            ] = True
        whole = self.seen
        self.count(whole.filter(gone)["member"], -1)
        self._place(whole.filter(~gone))
        return int(gone.sum())

    def leave(self, entities: pl.Series) -> pl.DataFrame:
        """Give away what some entities had; they still count among those who had it."""
        whole = self.seen.with_columns(_gone=pl.col("entity").is_in(entities.implode()))
        self._place(whole.filter(~pl.col("_gone")).drop("_gone"))
        return whole.filter(pl.col("_gone")).drop("_gone").sort("entity", "member")

    def back(self, seen: pl.DataFrame) -> None:
        """Take back what was given away."""
        if seen.height:
            self._place(pl.concat([self.seen, seen.select(*SEEN)]))

    def count(self, members: pl.Series, by: int = 1) -> None:
        """Count entities that had each of ``members``, once for each time it is there."""
        if len(members):
            names, counts = np.unique(hashed(members), return_counts=True)
            self._add_to_counts(names, by * counts.astype(np.int64))
            held = self._had[1] > 0
            self._had = (self._had[0][held], self._had[1][held])

    def restore(self, seen: pl.DataFrame) -> None:
        """Take what ``seen`` returned, in place of everything."""
        self._place(seen)
        self._had = _NOTHING
        self.count(seen["member"])

    def _place(self, seen: pl.DataFrame) -> None:
        """Hold these rows, in place of others; who had what is counted elsewhere."""
        self._entity, self._first, self._last = (np.array(seen[c], dtype=np.int64) for c in ("entity", "first", "last"))
        self._used, self._text = seen.height, [seen["member"]]
        self._hash = hashed(seen["member"]).copy()
        key = _paired(self._entity, self._hash)
        order = np.argsort(key)
        self._index = (key[order], order)


def _flat(lists: pl.Series) -> tuple[Ints, pl.Series]:
    """Return how long each list is, and all their members."""
    sizes = lists.list.len().fill_null(0).to_numpy().astype(np.int64)
    held = lists if sizes.all() else lists.filter(pl.Series(sizes > 0))
    return sizes, held.explode()


def _lists(flat: Mapping[str, Bools | Ints], sizes: Ints, row: Ints) -> tuple[pl.Series, pl.Series]:
    """Return a list for each row: of as many values as it has, which have its number; there are two columns."""
    if len(sizes) and sizes[0] and (sizes == sizes[0]).all():  # the quick way
        one, two = (pl.Series(n, v.reshape(len(sizes), -1)).arr.to_list() for n, v in flat.items())
        return one, two
    some = pl.LazyFrame({"row": row, **flat}).group_by("row", maintain_order=True).agg(pl.all())
    every = pl.LazyFrame({"row": np.arange(len(sizes))}).join(some, on="row", how="left", maintain_order="left")
    one, two = every.select(pl.col(name).fill_null([]) for name in flat).collect(engine="in-memory").get_columns()
    return one, two


def hashed(values: pl.Series) -> Hashes:
    """Return a hash of each value: the same all through this process, and another in the next one."""
    told: Hashes = values.hash(_SALT).to_numpy()
    return told


def _paired(entity: Ints, member: Hashes) -> Hashes:
    """Return a hash of entity and member (the finalizer of SplitMix64: Steele, Lea, Flood 2014)."""
    x = member + entity.astype(np.uint64) * _MIX[0]
    x = (x ^ (x >> np.uint64(30))) * _MIX[1]
    x = (x ^ (x >> np.uint64(27))) * _MIX[2]
    mixed: Hashes = x ^ (x >> np.uint64(31))
    return mixed


def _looked_up(table: tuple[Hashes, Ints], keys: Hashes, absent: int) -> Ints:
    names, values = table
    if not len(names):
        return np.full(len(keys), absent, dtype=np.int64)
    at = np.minimum(np.searchsorted(names, keys), len(names) - 1)
    return np.where(names[at] == keys, values[at], absent)


def _since(member: Hashes, first: Ints, wanted: Hashes, time: Ints) -> Ints:
    """Return, for each wanted member and time, how many of ``member`` began at or before it."""
    if not len(member):
        return np.zeros(len(wanted), dtype=np.int64)
    _, code = np.unique(np.concatenate([member, wanted]), return_inverse=True)
    return _begun(code[: len(member)], first, code[len(member) :], time)


def _begun(code: Ints, first: Ints, wanted: Ints, time: Ints) -> Ints:
    """Return, for each wanted code and time, how many of ``code`` began at or before it; codes are small numbers."""
    moments = np.unique(np.concatenate([first, time]))
    if len(moments) == 1:  # one window, as in a live run
        counts = np.bincount(code, minlength=int(wanted.max(initial=0)) + 1)
        return counts[wanted].astype(np.int64)
    both = np.sort(code * len(moments) + np.searchsorted(moments, first))
    low = np.searchsorted(both, wanted * len(moments))
    return np.searchsorted(both, wanted * len(moments) + np.searchsorted(moments, time), side="right") - low
