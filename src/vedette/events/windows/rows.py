"""Records of Windows events, as texts, to batches: a batch per shape, so that frames stay dense."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import compress

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, UNMAPPED
from vedette.events.windows.columns import CHANNEL, as_columns, narrowed, text_of
from vedette.events.windows.element import Taken
from vedette.events.windows.heads import heads
from vedette.events.windows.providers import OTHER
from vedette.events.windows.shape import As, Shape, targets
from vedette.events.windows.shapes import OBJECTS, shape_of
from vedette.events.windows.told import told
from vedette.events.windows.values import EMPTY, present, read

BATCH_ROWS = 65_536
NO_TIME = "no readable time"
NO_EVENT = "no Windows event: neither an event id nor a provider"
GROUPED_ROWS = 16_384
"""Records that wait as objects: columns are made of many at once."""
SHARED_BELOW = 512
"""A provider with fewer Event Log rows than this shares a batch with others of the kind."""
_Group = tuple[str | None, str | None, str | None, frozenset[str]]
_PROVIDER, _CODE, _NUMBER = "metadata.log_provider", "metadata.event_code", "metadata.sequence"
_OBJECT_CODES = frozenset(str(code) for codes in OBJECTS.values() for code in codes)


class WindowsRows:
    r"""Collects records, and gives them back as batches when there are enough.

    Args:
        otherwise: the time of records whose own is Windows' zero, where no record beside them has one: when the file was last written.

    Example:
        >>> from datetime import UTC, datetime
        >>> rows = WindowsRows()
        >>> heads = pl.DataFrame({"time": [datetime(2026, 3, 4, tzinfo=UTC)], "metadata.sequence": [0],
        ...     "metadata.log_provider": ["Microsoft-Windows-Sysmon"], "metadata.event_code": ["5"]})
        >>> rows.add(heads, [{"Image": "C:\\a.exe", "ProcessId": "7"}])
        >>> [batch] = rows.batches()
        >>> batch.kind.name, batch.frame["process.name"].to_list(), batch.frame["process.pid"].to_list()
        ('PROCESS_ACTIVITY', ['a.exe'], [7])
    """

    def __init__(self, otherwise: datetime | None = None) -> None:
        self.waiting = 0
        self._otherwise = otherwise
        self._heads: list[pl.DataFrame] = []
        self._groups: dict[_Group, tuple[list[int], list[Mapping[str, object]]]] = {}
        self._grouped = 0
        self._parts: dict[tuple[str, int], list[pl.DataFrame]] = {}
        self._shapes: dict[int, Shape] = {id(OTHER): OTHER}

    def take(self, taken: Taken, numbers: Sequence[int]) -> dict[str, set[int]]:
        """Take what a form made of records; return reason -> numbers of those that are no events or have no time."""
        if not numbers:
            return {}
        provider, code = taken.texts["provider"], taken.texts["code"]
        strange = {n for n, p, c in zip(numbers, provider, code, strict=True) if p is None and c is None}
        head, timed = heads(taken.texts, numbers, local=taken.local, otherwise=self._otherwise)
        late = set(compress(numbers, ~timed)) - strange
        fields: Sequence[Mapping[str, object]] = taken.fields
        if strange or late:
            odd = strange | late
            fields = [f for n, f in zip(numbers, fields, strict=True) if n not in odd]
            head = head.filter(~head[_NUMBER].is_in(odd))
        if fields:
            self.add(head, fields, taken.skip)
        return {reason: odd for reason, odd in ((NO_EVENT, strange), (NO_TIME, late)) if odd}

    def add(
        self, head: pl.DataFrame, fields: Sequence[Mapping[str, object]], skip: frozenset[str] = frozenset()
    ) -> None:
        """Take records.

        Args:
            head: (n, k) what every event says, by path: ``metadata.sequence``, ``time`` (not null), ``metadata.log_provider``,
                ``metadata.event_code``, and as far as known ``device.hostname``, ``metadata.uid``, ``unmapped.Channel``.
            fields: (n,) the event's own fields by name.
            skip: names that are no fields of the event.
        """
        if self._heads and head.schema != self._heads[0].schema:
            self._frame()
        providers, codes = head[_PROVIDER].to_list(), head[_CODE].to_list()
        groups = self._groups
        for i, (provider, code, own) in enumerate(zip(providers, codes, fields, strict=True), self._grouped):
            # a loop over rows, which are objects already
            objects = code in _OBJECT_CODES and provider in OBJECTS
            key = (provider, code, text_of(own.get("ObjectType")) if objects else None, skip)
            group = groups.get(key)
            if group is None:
                groups[key] = [i], [own]
            else:
                group[0].append(i)
                group[1].append(own)
        self._heads.append(head)
        self._grouped += head.height
        self.waiting += head.height
        if self._grouped >= GROUPED_ROWS:
            self._frame()

    def _frame(self) -> None:
        """Make columns of the records that are still objects."""
        if not self._heads:
            return
        heads_, self._heads = pl.concat(self._heads), []
        groups, self._groups, self._grouped = self._groups, {}, 0
        for (provider, code, kind, skip), (places, fields) in groups.items():
            shape = shape_of(provider or "", _whole(code), kind)
            self._shapes[id(shape)] = shape
            part = heads_[places] if len(groups) > 1 else heads_
            self._parts.setdefault((provider or "", id(shape)), []).append(part.hstack(as_columns(fields, skip)))

    def full(self) -> Iterator[EventBatch]:
        """Yield batches if enough records wait, else nothing."""
        if self.waiting >= BATCH_ROWS:
            yield from self.batches()

    def batches(self) -> Iterator[EventBatch]:
        """Yield what waits, a batch per provider and shape; Event Log rows of rare providers share one."""
        self._frame()
        parts, self._parts, self.waiting = self._parts, {}, 0
        rare: list[pl.DataFrame] = []
        for (_, key), frames in parts.items():
            if key == id(OTHER) and sum(f.height for f in frames) < SHARED_BELOW:
                rare.extend(frames)
            else:
                yield from _batches(self._shapes[key], frames)
        if rare:
            yield from _batches(OTHER, rare)


def _whole(code: str | None) -> int:
    return int(code) if code and code.isascii() and code.isdigit() and len(code) < 10 else -1  # noqa: PLR2004 - within 32 bits


def _batches(shape: Shape, frames: list[pl.DataFrame]) -> Iterator[EventBatch]:
    frame = narrowed(frames[0] if len(frames) == 1 else pl.concat(frames, how="diagonal"))
    for part in frame.sort(_NUMBER).iter_slices(BATCH_ROWS):
        yield EventBatch(shape.kind, _mapped(part, shape))


def _mapped(frame: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    """Return the rows of one shape by their paths."""
    raw = [c for c in frame.columns if c.startswith(UNMAPPED) and c != CHANNEL]
    empty = frame.select(pl.col(raw).is_in(EMPTY).any()).row(0, named=True) if raw else {}
    order = {UNMAPPED + name: i for i, name in enumerate(shape.fields)}
    made: dict[str, list[pl.Expr]] = {}
    kept: list[str] = []
    for column in sorted(raw, key=lambda c: (order.get(c, len(order)), c)):
        copied = False
        for target in targets(shape.fields[column.removeprefix(UNMAPPED)]) if column in order else ():
            if isinstance(target, As):
                values = read(target.how, pl.col(column), target.to, shape.kind)
            else:
                values = {target: present(pl.col(column)) if empty[column] else pl.col(column)}
                copied = not empty[column]
            for path, value in values.items():
                made.setdefault(path, []).append(value)
        if not copied:
            kept.append(column)
    said = {"activity_id": shape.activity, **shape.constants}
    for path, constant in said.items():
        made.setdefault(path, []).append(pl.lit(constant, dtype=SCHEMAS[shape.kind][path]))
    heads = [c for c in frame.columns if c not in raw and c not in made]
    rows = frame.select(*heads, *kept, **{path: pl.coalesce(v) if len(v) > 1 else v[0] for path, v in made.items()})
    return told(rows, shape)
