"""What was known of accounts and places when a payment was made: windows of an hour to sixty days, exact, in order of time.

Everything is counted in whole numbers (amounts in thousandths, their logarithms in millionths), and nothing looks further back than
``KEPT``; so it makes no difference in how many calls payments come. A label counts from its ``label_time`` on. The windows over customers
and terminals, with the delay of labels, are those of Le Borgne, Siblini, Lebichot and Bontempi, "Reproducible machine learning for credit
card fraud detection", 2022, chapter 3; here a payment is compared with those before it, and never with itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.abc import History

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Hashes = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]

DAY_MS = 86_400_000
KEPT_MS = 60 * DAY_MS
MOST_ROWS = 4_000_000
"""Payments that are remembered; where there are more in ``KEPT``, the oldest are forgotten."""
STEP_ROWS = 1 << 18
LATEST_LABEL_MS = 400 * DAY_MS
"""A label that becomes known later than this after its payment is none."""
SPANS: Mapping[str, int] = {"hour": DAY_MS // 24, "day": DAY_MS, "week": 7 * DAY_MS, "month": 30 * DAY_MS}
LOG_UNIT = 1e-6
OWN_WEIGHT = 3.0
"""Payments of its own after which an account's spread counts as much as everyone's usual one."""
USUAL_SPREAD = 0.7
"""Of the logarithm of an account's amounts, until it is known."""
HIGH = 3.0
"""Times an account's own mean from which a payment is high for it."""
LARGEST = 10**14
"""Thousandths that a larger amount counts as where amounts are added up."""
LAST = 5
"""Labels of a place that its latest share is of."""
_SHIFT = 39
"""Bits of a time in milliseconds beside its group in one number: seventeen years."""
_FROM_HOUR, _TO_HOUR = 0, 6
"""Night, UTC."""
_COLUMNS = ("account", "place", "time", "amount", "log", "label", "label_time", "high", "fresh", "night")
_TYPES = (np.uint64, np.uint64, np.int64, np.int64, np.int64, np.int8, np.int64, np.int8, np.int8, np.int8)

MEASURES = (
    *(
        "amount",
        "night",
        "weekend",
        "own.age",
        "own.since",
        "own.month.mean",
        "own.ratio",
        "own.spread",
        "own.deviation",
        "own.week.ratio",
        "own.frauds",
    ),
    *(f"own.{span}.count" for span in SPANS),
    *("own.high.week", "own.high.month", "own.fresh.week", "own.night.share", "pair.count"),
    *(f"place.{span}.count" for span in SPANS),
    *("place.deviation", "place.fresh.share", "place.high.week", "place.others"),
    *(f"place.{span}.{what}" for span in ("day", "week", "month") for what in ("known", "frauds")),
    *(
        "place.since_fraud",
        "place.latest_share",
        "place.run",
        "place.run.days",
        "place.kept.frauds",
        "place.kept.known",
    ),
)
"""The columns of numbers, Float64; days where they are times; NaN where there is nothing to tell."""


@dataclass(slots=True, eq=False)
class _Line:
    """Rows in order of group and time, with running sums.

    Attributes:
        key: (n,) ascending: group and time in one number.
        order: (n,) which row stands there.
    """

    key: Ints
    order: Ints

    @classmethod
    def of(cls, group: Ints, time: Ints) -> _Line:
        key = (group << _SHIFT) + time
        order = np.argsort(key, kind="stable")
        return cls(key[order], order)

    def sums(self, values: npt.NDArray[np.generic]) -> Ints:
        """Return (n + 1,): the sum of the first k values."""
        return np.concatenate([[0], np.cumsum(values[self.order].astype(np.int64))])

    def places(self) -> Ints:
        """Return (n,): where each row stands."""
        at = np.empty(len(self.order), np.int64)
        at[self.order] = np.arange(len(self.order))
        return at

    def after(self, group: Ints, time: Ints) -> Ints:
        """Return how many rows stand at or before this time of the group."""
        return np.searchsorted(self.key, (group << _SHIFT) + np.maximum(time, -1), side="right")


class PaymentHistory(History):
    """The payments of the last sixty days; gives each new one what was known before it."""

    def __init__(self) -> None:
        self._kept = {c: np.zeros(0, t) for c, t in zip(_COLUMNS, _TYPES, strict=True)}
        self._began: int | None = None

    def judge(self, events: pl.DataFrame) -> pl.DataFrame:
        """Return the events with ``MEASURES``; then remember them.

        Args:
            events: payments in order of time, log name and sequence; none is older than one that came in a call before, but for late ones.
        """
        parts = [self._step(part) for part in _steps(events)]
        return pl.concat(parts) if parts else events.with_columns(pl.lit(None, pl.Float64).alias(m) for m in MEASURES)

    def dump(self) -> dict[str, pl.DataFrame]:
        began = pl.DataFrame({"began": [self._began]}, schema={"began": pl.Int64})
        return {"kept": pl.DataFrame(self._kept), "began": began}

    def load(self, frames: Mapping[str, pl.DataFrame]) -> None:
        self._began = frames["began"].item()
        self._kept = {c: frames["kept"][c].to_numpy().astype(t) for c, t in zip(_COLUMNS, _TYPES, strict=True)}

    def _step(self, events: pl.DataFrame) -> pl.DataFrame:
        new = _plain(events)
        if self._began is None:
            self._began = int(new["time"].min())
        self._forget(int(new["time"].min()))
        old, fresh = self._touched(new), len(new["time"])
        base = int(min(new["time"].min(), old["time"].min() if len(old["time"]) else new["time"].min()))
        rows = {c: np.concatenate([old[c], new[c]]) for c in _COLUMNS}
        told = _Measures(rows, len(old["time"]), base, events["vedette.payment.amount"].to_numpy()).all()
        for c in ("high", "fresh"):
            new[c] = rows[c][-fresh:]
        self._remember(new)
        age = (new["time"].astype(np.int64) - self._began) / DAY_MS
        told["own.age"] = np.fmin(np.where(np.isnan(told["own.age"]), 0.0, told["own.age"]), age)
        return events.with_columns(pl.Series(m, told[m], dtype=pl.Float64) for m in MEASURES)

    def _touched(self, new: Mapping[str, npt.NDArray[np.generic]]) -> dict[str, npt.NDArray[np.generic]]:
        """Return what is remembered of the accounts and places of new payments: the rest can tell nothing about them."""
        kept = self._kept
        if not len(kept["time"]):
            return dict(kept)
        mine = np.isin(kept["account"], np.unique(new["account"])) | np.isin(kept["place"], np.unique(new["place"]))
        return {c: v[mine] for c, v in kept.items()}

    def _remember(self, new: Mapping[str, npt.NDArray[np.generic]]) -> None:
        kept = {c: np.concatenate([self._kept[c], new[c]]) for c in _COLUMNS}
        self._kept = {c: v[-MOST_ROWS:] for c, v in kept.items()}

    def _forget(self, now: int) -> None:
        """Drop what no payment from ``now`` on can look at."""
        kept = self._kept
        last = np.maximum(kept["time"], np.where(kept["label"] >= 0, kept["label_time"], 0))
        stay = last >= now - KEPT_MS - DAY_MS
        self._kept = {c: v[stay] for c, v in kept.items()}


class _Measures:
    """The measures of the last rows of some rows.

    Args:
        rows: remembered rows, then new ones; ``high`` and ``fresh`` of the new ones are filled in.
        old: how many are remembered.
        base: what times are counted from, in milliseconds.
        amount: of the new ones, in thousandths.
    """

    def __init__(self, rows: dict[str, npt.NDArray[np.generic]], old: int, base: int, amount: Ints) -> None:
        self.rows, self.new, self.amount = rows, slice(old, None), amount
        self.time = _within(rows["time"].astype(np.int64) - base)
        self.now = self.time[self.new]
        _, account = np.unique(rows["account"], return_inverse=True)
        _, place = np.unique(rows["place"], return_inverse=True)
        self.account, self.place = account.astype(np.int64), place.astype(np.int64)
        _, pair = np.unique(self.account * (int(self.place.max()) + 1) + self.place, return_inverse=True)
        self.pair = pair.astype(np.int64)
        self.base = base

    def all(self) -> dict[str, Floats]:
        told = {"amount": self.amount / 1000, "night": self.rows["night"][self.new].astype(np.float64)}
        day = (self.now + self.base) // DAY_MS
        told["weekend"] = ((day + 3) % 7 >= 5).astype(np.float64)  # noqa: PLR2004 - the epoch was a Thursday
        told |= self._pair() | self._own() | self._place() | self._labels()
        return told

    def _windows(self, group: Ints) -> tuple[_Line, Ints, dict[str, Ints]]:
        """Return the line of a grouping, where the new rows stand in it, and where each span begins for them."""
        line = _Line.of(group, self.time)
        at, of = line.places()[self.new], group[self.new]
        begins = {s: line.after(of, self.now - ms - 1) for s, ms in {**SPANS, "kept": KEPT_MS}.items()}
        return line, at, begins

    def _pair(self) -> dict[str, Floats]:
        _, at, begins = self._windows(self.pair)
        count = at - begins["kept"]
        self.rows["fresh"][self.new] = count == 0
        return {"pair.count": count.astype(np.float64)}

    def _own(self) -> dict[str, Floats]:
        line, at, begins = self._windows(self.account)
        told = {f"own.{s}.count": (at - begins[s]).astype(np.float64) for s in SPANS}
        log = self.rows["log"].astype(np.int64)
        sums, squares = line.sums(log), line.sums((log // 1000) ** 2)
        x, kept = log[self.new] * LOG_UNIT, begins["kept"]
        count, mean, spread = _moments(at, kept, sums, squares)
        deviation = (x - mean) / np.sqrt(spread)
        paid = line.sums(self.rows["amount"])
        usual = (paid[at] - paid[kept]) / np.maximum(count, 1)
        ratio = np.where((count > 0) & (usual > 0), self.rows["amount"][self.new] / np.maximum(usual, 1), np.nan)
        self.rows["high"][self.new] = np.nan_to_num(ratio, nan=0.0) >= HIGH
        before = np.where(at > kept, self.now - self.time[line.order[np.maximum(at - 1, 0)]], -1)
        first = self.time[line.order[np.minimum(kept, len(line.order) - 1)]]
        _, week, _ = _moments(at, begins["week"], sums, squares)
        high, fresh, night = (line.sums(self.rows[c]) for c in ("high", "fresh", "night"))
        told |= {
            "own.age": np.where(count > 0, (self.now - first) / DAY_MS, np.nan),
            "own.since": np.where(before >= 0, before / DAY_MS, np.nan),
            "own.month.mean": np.where(count > 0, usual / 1000, np.nan),
            "own.ratio": ratio,
            "own.spread": np.sqrt(spread),
            "own.deviation": deviation,
            "own.week.ratio": x - week,
            "own.high.week": (high[at] - high[begins["week"]]).astype(np.float64),
            "own.high.month": (high[at] - high[begins["month"]]).astype(np.float64),
            "own.fresh.week": (fresh[at] - fresh[begins["week"]]).astype(np.float64),
            "own.night.share": np.where(count > 0, (night[at] - night[kept]) / np.maximum(count, 1), np.nan),
        }
        return told

    def _place(self) -> dict[str, Floats]:
        line, at, begins = self._windows(self.place)
        told = {f"place.{s}.count": (at - begins[s]).astype(np.float64) for s in SPANS}
        log = self.rows["log"].astype(np.int64)
        sums, squares = line.sums(log), line.sums((log // 1000) ** 2)
        _, mean, spread = _moments(at, begins["kept"], sums, squares)
        fresh, high = line.sums(self.rows["fresh"]), line.sums(self.rows["high"])
        week, old = begins["week"], begins["kept"]
        return told | {
            "place.deviation": (log[self.new] * LOG_UNIT - mean) / np.sqrt(spread),
            "place.fresh.share": np.where(at > week, (fresh[at] - fresh[week]) / np.maximum(at - week, 1), np.nan),
            "place.high.week": (high[at] - high[week]).astype(np.float64),
            "place.others": (fresh[at] - fresh[old]).astype(np.float64),
        }

    def _labels(self) -> dict[str, Floats]:
        """What had become known by the time of a payment, at its place and of its account."""
        label, known_at = (
            self.rows["label"].astype(np.int64),
            _within(self.rows["label_time"].astype(np.int64) - self.base),
        )
        said = np.flatnonzero(label >= 0)
        bad = said[label[said] == 1]
        place, now = self.place[self.new], self.now
        line, frauds = _Line.of(self.place[said], known_at[said]), _Line.of(self.place[bad], known_at[bad])
        hits = line.sums(label[said])
        until, told = line.after(place, now), {}
        for s in ("day", "week", "month", "kept"):
            since = line.after(place, now - {**SPANS, "kept": KEPT_MS}[s])
            told[f"place.{s}.known"] = (until - since).astype(np.float64)
            told[f"place.{s}.frauds"] = (hits[until] - hits[since]).astype(np.float64)
        begins = line.after(place, now - KEPT_MS)
        latest = np.maximum(until - LAST, begins)
        told["place.latest_share"] = np.where(
            until > latest, (hits[until] - hits[latest]) / np.maximum(until - latest, 1), np.nan
        )
        spot = np.arange(len(said))
        good = np.maximum.accumulate(np.where(label[said][line.order] == 1, -1, spot)) if len(said) else spot
        before = np.concatenate([[-1], good])[until]
        run = np.maximum(until - 1 - np.maximum(before, begins - 1), 0)
        opened = known_at[said][line.order[np.clip(until - run, 0, max(len(said) - 1, 0))]] if len(said) else now
        told["place.run"] = run.astype(np.float64)
        told["place.run.days"] = np.where(run > 0, (now - opened) / DAY_MS, np.nan)
        end, start = frauds.after(place, now), frauds.after(place, now - KEPT_MS)
        last = known_at[bad][frauds.order[np.maximum(end - 1, 0)]] if len(bad) else np.zeros(len(now), np.int64)
        told["place.since_fraud"] = np.where(end > start, (now - last) / DAY_MS, np.nan)
        own = _Line.of(self.account[bad], known_at[bad])
        account = self.account[self.new]
        told["own.frauds"] = (own.after(account, now) - own.after(account, now - SPANS["month"])).astype(np.float64)
        return told


def _moments(at: Ints, begins: Ints, sums: Ints, squares: Ints) -> tuple[Ints, Floats, Floats]:
    """Return count, mean and variance of logarithms in a window; the variance is drawn to the usual one while payments are few."""
    count = at - begins
    some = np.maximum(count, 1)
    mean = np.where(count > 0, (sums[at] - sums[begins]) / some * LOG_UNIT, np.nan)
    square = (squares[at] - squares[begins]) / some * (1000 * LOG_UNIT) ** 2
    variance = np.maximum(square - mean**2, 0.0)
    return count, mean, (count * variance + OWN_WEIGHT * USUAL_SPREAD**2) / (count + OWN_WEIGHT)


def _within(times: Ints) -> Ints:
    """Return times that fit beside their group; what lies farther ahead is about payments that are not judged now."""
    return np.clip(times, 0, (1 << _SHIFT) - 1)


def _steps(events: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield events in parts of bounded size, none of them over more than nine years (a broken clock leaves the others alone)."""
    years = events["time"].dt.timestamp("ms").to_numpy().astype(np.int64) >> (_SHIFT - 1)
    ends = [*(np.flatnonzero(np.diff(years)) + 1).tolist(), events.height]
    begin = 0
    for end in ends:  # nearly always one
        yield from (part for part in events[begin:end].iter_slices(STEP_ROWS) if part.height)
        begin = end


def _plain(events: pl.DataFrame) -> dict[str, npt.NDArray[np.generic]]:
    """Return the columns that are remembered."""
    time = events["time"].dt.timestamp("ms").to_numpy().astype(np.int64)
    place = events["vedette.payment.counterparty"].fill_null("")
    label = events["vedette.payment.label"].fill_null(-1).clip(-1, 1).to_numpy().astype(np.int8)
    known = events["vedette.payment.label_time"].dt.timestamp("ms").fill_null(-1).to_numpy().astype(np.int64)
    label = np.where((known < 0) | (known > time + LATEST_LABEL_MS), np.int8(-1), label)
    amount = np.abs(events["vedette.payment.amount"].to_numpy().astype(np.float64)) / 1000
    hour = time // (DAY_MS // 24) % 24
    n = len(time)
    return {
        "account": events["vedette.payment.account"].hash(1).to_numpy(),
        "place": place.hash(2).to_numpy(),
        "time": time,
        "amount": np.minimum(np.abs(events["vedette.payment.amount"].to_numpy()), LARGEST),
        "log": np.round(np.log1p(amount) / LOG_UNIT).astype(np.int64),
        "label": label,
        "label_time": np.maximum(known, time),
        "high": np.zeros(n, np.int8),
        "fresh": np.zeros(n, np.int8),
        "night": ((hour >= _FROM_HOUR) & (hour < _TO_HOUR)).astype(np.int8),
    }
