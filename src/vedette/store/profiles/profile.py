"""The baseline of one feature set: judges rows of closed windows, then learns from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.address import parsed
from vedette.store.profiles.cold import Cold, called
from vedette.store.profiles.course import SLOTS
from vedette.store.profiles.members import Hashes, Members, hashed
from vedette.store.profiles.moments import Bools, Floats, Ints
from vedette.store.profiles.numbers import Numbers
from vedette.store.profiles.quota import Quota

DAY_US = 86_400_000_000
_SATURDAY = 6
_MICROSECOND = timedelta(microseconds=1)
_CHUNKS = 16
_NEVER = np.iinfo(np.int64).min

ENTITIES = 200_000
"""Entities held in memory."""
PEERS_OF = 2_000
"""Entities that peer groups are learned from at the most: those seen last. As many stay in memory at the least."""
MEMBERS_EACH = 4_096
"""Values of one set remembered of one entity: those had last."""
FORGET_AFTER = 6
"""Half-lives after which a value that an entity had is forgotten."""
GONE_AFTER = 12
"""Half-lives after which an entity that nobody saw is forgotten: of what was learned of it a four-thousandth part still counts."""
FORGET_EVERY = 7
"""Days after which it is looked whom to forget: so it does not depend on what lies in files."""

PART_ROWS = 50_000
"""Rows that get their columns at a time."""

Groups = Mapping[str, tuple[IPv4Network | IPv6Network | str, ...]]
"""Networks, or the names of accounts."""
PEOPLE = frozenset({"person", "user", "account", "principal", "by"})
"""First keys that are accounts."""


@dataclass(slots=True)
class Tally:
    """What became of the rows and of the memory.

    Attributes:
        again: rows of windows that were learned before: judged, not learned.
        aside: entities that lie in files now.
        forgotten: values of sets that nobody had for long, or that were too many of one entity.
        gone: entities that nobody saw for so long that they were forgotten.
    """

    again: int = 0
    aside: int = 0
    forgotten: int = 0
    gone: int = 0


class Profile:
    """What is normal of the rows of one feature set.

    Rows must come in order of their windows, and a window's rows together; then it makes no difference in how many calls they come. Rows of
    windows that were learned before are judged and not learned: a stored baseline cannot be taught the same day twice.

    Args:
        features: the set; it has a ``normal``.
        limit: entities held in memory, or what several baselines share; at day boundaries those seen least recently are set aside in
            files, and they come back when seen.
        groups: peer groups that the operator named, by the networks of their addresses or the names of their accounts,
            whichever the first key is.
        folder: where files go; removed by ``close``.
    """

    def __init__(
        self,
        features: WindowFeatures,
        limit: int | Quota = ENTITIES,
        groups: Groups | None = None,
        folder: Path | None = None,
    ) -> None:
        assert features.normal is not None  # noqa: S101 - for the reader of types
        self.features = features
        self.normal = features.normal
        types = features.schema()
        self._keys = list(features.keys)
        self.entities = pl.DataFrame(schema={**{k: types[k] for k in self._keys}, "entity": pl.Int64()})
        """Keys -> entity id, never given twice; the row is that of the arrays."""
        self.groups = dict(groups or {})
        self.quota = limit if isinstance(limit, Quota) else Quota(limit)
        self.since: Ints = np.zeros(0, dtype=np.int64)
        self.began, self.until, self.day = _NEVER, _NEVER, _NEVER
        """First and last window learned, and the day that is being learned, in microseconds since the epoch."""
        self.windows = 0
        self.days = 0
        self.known = 0
        """Entities ever seen; ``actors``: their different first keys."""
        self.actors = 0
        self._heads: Hashes = np.zeros(0, dtype=np.uint64)
        """First keys ever seen, as hashes, in order."""
        self._opens: Bools = np.zeros(0, dtype=np.bool_)
        """Whether an entity that was not judged yet is the first one of its first key."""
        self.numbers = Numbers(self.normal, len(self.groups))
        self.members = [Members(s) for s in self.normal.sets]
        self.cold = Cold(self._keys, len(self.members), folder)
        self.tally = Tally()
        self.stored: int | None = None
        """The last window that it had learned when it was read from files."""

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows, sorted by time and keys, with the columns of the baseline; learn from them.

        Args:
            rows: rows of ``normal.window`` as ``finish`` makes them; any others are left out.
        """
        judged = list(self.each(rows))
        return pl.concat(judged) if judged else pl.DataFrame()

    def each(self, rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Yield what ``judge`` returns in parts of a bounded size: the columns of a baseline are many."""
        ours = rows.filter(pl.col("window") == self.normal.window).sort("time", *self._keys, nulls_last=True)
        at = _microseconds(ours["time"]) if ours.height else np.zeros(0, dtype=np.int64)
        old = int((at <= self.until).sum())
        self.tally.again += old
        for begin, end in _parts(at, old):
            learn, day = begin >= old, int(at[begin]) // DAY_US * DAY_US
            if learn and day > self.day:
                self._turn(day)
            yield self._judge_part(ours[begin:end], learn=learn)

    def look(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return rows of windows that are still open as ``judge`` would judge them now; nothing is learned."""
        ours = rows.filter(pl.col("window") == self.normal.window).sort("time", *self._keys, nulls_last=True)
        return self._judge_part(ours, learn=False) if ours.height else ours

    def _judge_part(self, rows: pl.DataFrame, *, learn: bool) -> pl.DataFrame:
        entity, ids = self._identified(rows, learn=learn)
        times = _microseconds(rows["time"])
        values = np.empty((rows.height, self.numbers.width))
        for i, name in enumerate(self.normal.numbers):
            values[:, i] = rows[name].cast(pl.Float64).to_numpy()  # null becomes NaN
        starts = np.flatnonzero(np.diff(times, prepend=times[0] - 1))
        width, columns = self.normal.window // _MICROSECOND, self.normal.columns()
        out = {name: np.full(rows.height, np.nan) for name, d in columns.items() if d == pl.Float64}
        counts = {name: np.zeros(rows.height, dtype=np.int64) for name in ("age", "entities", "actors", "windows")}
        for begin, end in zip(starts, [*starts[1:], rows.height], strict=True):  # windows are few, each is columnar
            now, of, at = slice(begin, end), ids[begin:end], int(times[begin])
            counts["age"][now] = self.numbers.age[of]
            if learn:
                first = of[self.numbers.age[of] == 0]
                self.since[first] = at
                self.known += len(first)
                self.actors += int(self._opens[first].sum())
            for name, count in (("entities", self.known), ("actors", self.actors), ("windows", self.windows)):
                counts[name][now] = count
            self._note(out, now, self.numbers.step(of, values[now], at / width, _slot(at), learn=learn))
            self.windows += learn
        if learn:
            self.began, self.until = self.began if self.began != _NEVER else int(times[0]), int(times[-1])
        told = [pl.Series(name, values, nan_to_null=True) for name, values in out.items()]
        told += [s for m in self.members for s in m.look(rows[m.column], entity, times, learn=learn)]
        since = pl.Series("since", np.where(entity < 0, times, self.since[ids])).cast(pl.Datetime("us", "UTC"))
        told += [since, *(pl.Series(name, count) for name, count in counts.items())]
        by_name = {s.name: s for s in told}
        return pl.DataFrame([*(s for s in rows.get_columns() if s.name not in columns), *(by_name[c] for c in columns)])

    def _note(self, out: dict[str, Floats], now: slice, told: dict[str, Floats]) -> None:
        for name, values in told.items():
            level, _, what = name.partition(".")
            names = self.normal.hourly if level == "hour" else self.normal.numbers
            for i, f in enumerate(names):
                out[f"{level}.{f}.{what}"][now] = values[:, i]

    # ------------------------------------------------------------------------------------------------------- entities

    def _identified(self, rows: pl.DataFrame, *, learn: bool) -> tuple[Ints, Ints]:
        """Return the entity of each row, and its row in the arrays.

        Entities that were set aside come back; new ones get the next ids, in the order of the rows. Without ``learn`` a new one has the
        id -1 and an empty row behind all others.
        """
        found = self._placed(rows)
        if found["_place"].null_count():
            fresh = rows.filter(found["_place"].is_null()).select(self._keys).unique(maintain_order=True)
            if self.cold:
                back, values = self.cold.take(fresh, self.cutoff())
                if back.height:
                    self._return(back, values)
                    fresh = fresh.join(back, on=self._keys, how="anti", nulls_equal=True, maintain_order="left")
            if fresh.height and learn:
                self._welcome(fresh)
            found = self._placed(rows)
        self._room(self.entities.height + 1)
        place = found["_place"].fill_null(self.entities.height).to_numpy().astype(np.int64)
        return found["entity"].fill_null(-1).to_numpy(), place

    def _placed(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return ``entity`` and ``_place`` of each row: null where it is not in memory."""
        if self.entities.n_chunks() > _CHUNKS:
            self.entities = self.entities.rechunk()
        keys = rows.lazy().select(self._keys)
        known = self.entities.lazy().with_row_index("_place")
        joined = keys.join(known, on=self._keys, how="left", nulls_equal=True, maintain_order="left")
        return joined.select("entity", "_place").collect(engine="in-memory")

    def _welcome(self, fresh: pl.DataFrame) -> None:
        """Add entities that nobody ever saw."""
        at, number = self.entities.height, self.known  # which the windows to come will raise by as many
        ids = pl.int_range(number, number + fresh.height, dtype=pl.Int64, eager=True).alias("entity")
        self.entities = pl.concat([self.entities, fresh.select(self._keys).with_columns(ids)])
        self._room(self.entities.height + 1)
        self._opens[at : self.entities.height] = self._meet(fresh)
        self._name_groups(fresh, np.arange(at, self.entities.height))

    def _meet(self, fresh: pl.DataFrame) -> Bools:
        """Remember first keys; return which entities are the first of theirs."""
        heads = hashed(fresh[self._keys[0]])
        unique, one = np.unique(heads, return_index=True)
        at = np.searchsorted(self._heads, unique)
        new = np.isin(unique, self._heads, invert=True)
        self._heads = np.insert(self._heads, at[new], unique[new])
        opens = np.zeros(fresh.height, dtype=np.bool_)
        opens[one[new]] = True
        return opens

    def _return(self, back: pl.DataFrame, values: list[pl.DataFrame]) -> None:
        """Take in entities that were set aside."""
        ids = self._put(back)
        self.numbers.regroup(ids)
        self._name_groups(back, ids)
        for members, seen in zip(self.members, values, strict=True):
            members.back(seen)

    def _put(self, back: pl.DataFrame) -> Ints:
        """Take in entities with their numbers; return their rows."""
        at = self.entities.height
        self.entities = pl.concat([self.entities, back.select(self.entities.columns)])
        self._room(self.entities.height + 1)
        ids = np.arange(at, self.entities.height)
        self.since[ids] = back["since"].to_numpy()
        self.numbers.put(ids, back)
        return ids

    def _name_groups(self, keys: pl.DataFrame, ids: Ints) -> None:
        """Put entities into the groups that the operator named."""
        if not self.groups or keys.schema[self._keys[0]] != pl.String:
            return
        texts = keys[self._keys[0]]
        distinct = texts.drop_nulls().unique().to_list()  # each address is looked at once, when it is first seen
        found = {text: g for text in distinct if (g := self._group(text)) is not None}
        of = (
            texts.replace_strict(found, default=-1, return_dtype=pl.Int64).fill_null(-1).to_numpy()
            if found
            else np.full(len(ids), -1)
        )
        self.numbers.peers.of[ids[of >= 0]] = of[of >= 0]

    def _group(self, text: str) -> int | None:
        holds = _named(text) if self._keys[0] in PEOPLE else _located(text)
        return next((number for number, group in enumerate(self.groups.values()) if any(map(holds, group))), None)

    def _room(self, size: int) -> None:
        if size > len(self.since):
            room = max(size, len(self.since) * 3 // 2, 64)
            more = room - len(self.since)
            self.since, self._opens = np.pad(self.since, (0, more)), np.pad(self._opens, (0, more))
            self.numbers.grow(room)

    # -------------------------------------------------------------------------------------------------- day boundaries

    def _turn(self, day: int) -> None:
        """Begin a day: forget what is old, learn peer groups, set aside who was not seen for long."""
        before, self.day = self.cutoff(), day
        self.days += 1
        if self.days == 1:
            return
        self._forget(before, self.cutoff())
        ranked = self._ranked()
        self.numbers.learn_peers(ranked[:PEERS_OF], self.entities.height)
        if len(ranked) > (most := self.quota.allow(self.features.name, len(ranked), PEERS_OF)):
            self._set_aside(ranked, most)
        if self.days % FORGET_EVERY == 0:
            self._forget_entities()
        if self.cold:
            self.tally.aside = self.known - self.tally.gone - self.entities.height

    def cutoff(self) -> int:
        """Return the time before which values are forgotten."""
        return self.day - FORGET_AFTER * (self.normal.half_life // _MICROSECOND) if self.day != _NEVER else _NEVER

    def _ranked(self) -> Ints:
        """Return the entities in memory, those seen on the last days first, and of those of a day in an order that means nothing."""
        size = self.entities.height
        width = self.normal.window // _MICROSECOND
        seen = (self.numbers.at[:size] * width) // DAY_US
        mixed = self.entities["entity"].to_numpy().astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        return np.lexsort((mixed, -seen))

    def _forget(self, before: int, now: int) -> None:
        """Forget values that nobody had for long, and those that are too many of one entity; here and of entities set aside."""
        for number, members in enumerate(self.members):
            self.tally.forgotten += members.forget(now, MEMBERS_EACH)
            if self.cold:
                gone = self.cold.values(self.entities["entity"], number, before, now)
                members.count(gone["member"], -1)
                self.tally.forgotten += gone.height

    def _forget_entities(self) -> None:
        """Forget who was not seen for so long that hardly anything of it counts: here and in files."""
        long = GONE_AFTER * self.normal.half_life
        before = (self.day - long // _MICROSECOND) / (self.normal.window // _MICROSECOND)
        old = np.flatnonzero(self.numbers.at[: self.entities.height] < before)
        away = self.cold.forget(before, self.entities["entity"]) if self.cold else 0
        if not len(old) and not away:
            return
        self.tally.gone += len(old) + away
        self.drop(old)
        self._heads = np.zeros(0, dtype=np.uint64)
        self._meet(self.entities)
        if self.cold:
            self._meet(self.cold.entities(self.entities["entity"], self._keys[:1]))

    def _set_aside(self, ranked: Ints, most: int) -> None:
        stay = np.sort(ranked[:most])
        leave = np.sort(ranked[most:])
        hot, gone = self.entities[stay]["entity"], self.entities[leave]["entity"]
        values = [members.leave(gone) for members in self.members]
        self.cold.put(self.kept(leave), values, hot)
        self._keep(stay)

    def _keep(self, stay: Ints) -> None:
        self.entities = self.entities[stay]
        self.since, self._opens = self.since[stay], np.zeros(len(stay), dtype=np.bool_)
        self.numbers.take(stay)

    # ------------------------------------------------------------------------------------------------------- one entity

    def find(self, *names: str) -> Ints:
        """Return the rows of the entities that have all of ``names`` among their keys, those seen most often first."""
        if self.cold and (away := self.cold.named(self.entities["entity"], names)).height:
            self._return(*self.cold.take(away, self.cutoff()))
        ids = np.flatnonzero(self.entities.select(called(self._keys, names)).to_series().to_numpy())
        return ids[np.argsort(-self.numbers.age[ids], kind="stable")]

    def peers_of(self, at: int) -> tuple[str, Ints]:
        """Return the name of the peer group of the entity in a row, "" for none, and the rows of the others in it."""
        of = self.numbers.peers.of[: self.entities.height]
        group, named = int(of[at]), list(self.groups)
        if group < 0:
            return "", np.zeros(0, dtype=np.int64)
        inside = np.flatnonzero(of == group)
        return named[group] if group < len(named) else f"alike {group - len(named) + 1}", inside[inside != at]

    def drop(self, ids: Ints) -> None:
        """Forget entities in memory with all that they had."""
        gone = self.entities[ids]["entity"]
        for members in self.members:
            members.count(members.leave(gone)["member"], -1)
        if self.cold:
            self.cold.drop(gone)
        stay = np.setdiff1d(np.arange(self.entities.height), ids)
        self._keep(stay)

    # ---------------------------------------------------------------------------------------------------------- to files

    def kept(self, ids: Ints | None = None) -> pl.DataFrame:
        """Return what a file keeps of entities in memory (all of them, by default): a row each."""
        ids = np.arange(self.entities.height) if ids is None else ids
        return self.entities[ids].with_columns(pl.Series("since", self.since[ids]), **self.numbers.columns(ids))

    def told(self) -> dict[str, Any]:
        """Return what a file keeps beside the entities: plain numbers, texts and lists."""
        return {
            "began": self.began,
            "until": self.until,
            "day": self.day,
            "days": self.days,
            "windows": self.windows,
            "known": self.known,
            "actors": self.actors,
            "aside": self.tally.aside,
            "gone": self.tally.gone,
            "groups": list(self.groups),
            "everyone": self.numbers.told(),
        }

    def restore(self, told: Mapping[str, Any], entities: pl.DataFrame, values: list[pl.DataFrame]) -> None:
        """Take what ``told``, ``kept`` and the members' ``seen`` returned; the profile is new, but for what ``cold`` has adopted."""
        self.began, self.until, self.day, self.days = told["began"], told["until"], told["day"], told["days"]
        self.windows, self.known, self.actors = told["windows"], told["known"], told["actors"]
        self.tally.aside, self.tally.gone, self.stored = told["aside"], told.get("gone", 0), told["until"]
        self.numbers.restore(told["everyone"], groups=told["groups"] == list(self.groups))
        self._name_groups(entities, self._put(entities))
        self._meet(entities)
        if self.cold:
            self._meet(self.cold.entities(entities["entity"], self._keys[:1]))
        for number, (members, seen) in enumerate(zip(self.members, values, strict=True)):
            members.restore(seen)
            if self.cold:
                members.count(self.cold.values(entities["entity"], number, self.cutoff())["member"])

    def close(self) -> None:
        """Remove the files."""
        self.cold.close()


def _parts(at: Ints, old: int) -> Iterator[tuple[int, int]]:
    """Yield stretches of rows that end with a window, a day, or what was learned before, of about ``PART_ROWS`` rows at the most.

    Args:
        at: (n,) ascending times of the windows.
        old: rows of windows that were learned before.
    """
    ends = np.flatnonzero(np.diff(at, append=np.iinfo(np.int64).max)) + 1
    begin = 0
    for i, end in enumerate(ends):  # windows are few
        following = ends[i + 1] if i + 1 < len(ends) else None
        if following is None or end == old or at[end] // DAY_US != at[begin] // DAY_US or following - begin > PART_ROWS:
            yield begin, int(end)
            begin = int(end)


def _microseconds(times: pl.Series) -> Ints:
    """Return times since the epoch."""
    return times.cast(pl.Datetime("us", "UTC")).to_physical().to_numpy()


def _slot(microseconds: int) -> int:
    """Return the hour of the week: 24 of working days, then 24 of the weekend (UTC)."""
    hours = microseconds // 3_600_000_000
    weekend = (hours // 24 + 3) % 7 >= _SATURDAY - 1  # the epoch was a Thursday
    return int(hours % 24 + (SLOTS // 2 if weekend else 0))


__all__ = ["Bools", "Ints", "Profile"]


def _located(text: str) -> Callable[[IPv4Network | IPv6Network | str], bool]:
    """Return whether what a group names is a network that holds this address."""
    address = parsed(text)
    if address is None:
        return lambda _: False
    return lambda n: not isinstance(n, str) and n.version == address.version and address in n


def _named(text: str) -> Callable[[IPv4Network | IPv6Network | str], bool]:
    """Return whether what a group names is this account: whatever its letters' case, and without its domain where the group tells none."""
    whole = text.casefold()
    forms = {whole, whole.rpartition("\\")[2], whole.partition("@")[0]}
    return lambda name: isinstance(name, str) and name.casefold() in forms
