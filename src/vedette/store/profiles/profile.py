"""The baseline of one feature set: judges rows of closed windows, then learns from them."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from vedette.abc import WindowFeatures
from vedette.store.profiles.members import Members
from vedette.store.profiles.numbers import SLOTS, Ints, Numbers

DAY = timedelta(days=1)
_SATURDAY = 6
_MICROSECOND = timedelta(microseconds=1)


class Profile:
    """What is normal of the rows of one feature set.

    Rows must come in order of their windows, and a window's rows together; then it makes no difference in how many calls they come.

    Args:
        features: the set; it has a ``normal``.
    """

    def __init__(self, features: WindowFeatures) -> None:
        assert features.normal is not None  # noqa: S101 - for the reader of types
        self.features = features
        self.normal = features.normal
        types = features.schema()
        self._keys = list(features.keys)
        self.entities = pl.DataFrame(schema={**{k: types[k] for k in self._keys}, "entity": pl.Int64()})
        """Keys -> entity id: the row of the arrays."""
        self.since = np.zeros(0, dtype=np.int64)
        self.age = np.zeros(0, dtype=np.int64)
        self.windows = 0
        self.numbers = Numbers(self.normal)
        self.members = [Members(s) for s in self.normal.sets]

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows, sorted by time and keys, with the columns of the baseline; learn from them.

        Args:
            rows: rows of ``normal.window`` as ``finish`` makes them; any others are left out.
        """
        ours = rows.filter(pl.col("window") == self.normal.window).sort("time", *self._keys, nulls_last=True)
        if not ours.height:
            return pl.DataFrame()
        days = ours.with_columns(_day=pl.col("time").dt.truncate("1d")).partition_by(
            "_day", maintain_order=True, include_key=False
        )
        return pl.concat([self._judge_day(day) for day in days])

    def _judge_day(self, rows: pl.DataFrame) -> pl.DataFrame:
        rows = self._identified(rows)
        ids = rows["entity"].to_numpy()
        times = rows["time"].dt.timestamp("us").to_numpy()
        values = rows.select(pl.col(self.normal.numbers).cast(pl.Float64).fill_null(float("nan"))).to_numpy()
        values = values.reshape(rows.height, len(self.normal.numbers))  # also where there are none
        starts = np.flatnonzero(np.diff(times, prepend=times[0] - 1))
        width, columns = self.normal.window // _MICROSECOND, self.normal.columns()
        out = {name: np.full(rows.height, np.nan) for name, d in columns.items() if d == pl.Float64}
        age, entities, actors, windows = (np.zeros(rows.height, dtype=np.int64) for _ in range(4))
        opens = self._opens()
        for begin, end in zip(starts, [*starts[1:], rows.height], strict=True):  # windows are few, each is columnar
            now, of = slice(begin, end), ids[begin:end]
            first = self.age[of] == 0
            self.since[of[first]] = times[begin]
            age[now], windows[now], entities[now] = self.age[of], self.windows, int((self.age > 0).sum() + first.sum())
            actors[now] = int((opens & (self.age > 0)).sum() + opens[of[first]].sum())
            self._note(out, now, self.numbers.step(of, values[now], times[begin] / width, _slot(int(times[begin]))))
            self.age[of] += 1
            self.windows += 1
        for members in self.members:
            rows = members.look(rows)
        told = pl.DataFrame(out).with_columns(pl.all().fill_nan(None))
        whole = (
            rows.drop("entity")
            .hstack(told)
            .with_columns(
                pl.Series("age", age),
                pl.from_epoch(pl.Series("since", self.since[ids]), time_unit="us").dt.replace_time_zone("UTC"),
                pl.Series("entities", entities),
                pl.Series("actors", actors),
                pl.Series("windows", windows),
            )
        )
        return whole.select(*(c for c in rows.columns if c in whole.columns and c not in columns), *columns)

    def _note(self, out: dict[str, np.ndarray], now: slice, told: dict[str, np.ndarray]) -> None:
        for name, values in told.items():
            level, _, what = name.partition(".")
            names = self.normal.hourly if level == "hour" else self.normal.numbers
            for i, f in enumerate(names):
                out[f"{level}.{f}.{what}"][now] = values[:, i]

    def _opens(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Return, per entity, whether it is the first that its first key was seen with."""
        opens = np.zeros(len(self.age), dtype=np.bool_)
        opens[self.entities.group_by(self._keys[0]).agg(pl.col("entity").min())["entity"].to_numpy()] = True
        return opens

    def _identified(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add the ``entity`` ids; new entities get the next ones, in the order of the rows."""
        fresh = rows.select(self._keys).join(self.entities, on=self._keys, how="anti", nulls_equal=True)
        fresh = fresh.unique(maintain_order=True)
        if fresh.height:
            known = self.entities.height
            self.entities = pl.concat(
                [self.entities, fresh.with_columns(entity=pl.int_range(known, known + pl.len(), dtype=pl.Int64))]
            )
            size = self.entities.height
            if size > len(self.age):
                room = max(size, len(self.age) * 3 // 2, 64)
                self.since, self.age = (np.pad(a, (0, room - len(a))) for a in (self.since, self.age))
                self.numbers.grow(room)
        return rows.join(self.entities, on=self._keys, how="left", nulls_equal=True, maintain_order="left")


def _slot(microseconds: int) -> int:
    """Return the hour of the week: 24 of working days, then 24 of the weekend (UTC)."""
    hours = microseconds // 3_600_000_000
    weekend = (hours // 24 + 3) % 7 >= _SATURDAY - 1  # the epoch was a Thursday
    return int(hours % 24 + (SLOTS // 2 if weekend else 0))


__all__ = ["Ints", "Profile"]
