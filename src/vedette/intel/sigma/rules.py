"""All rules together, asked of batches of any class in one pass."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from vedette.events.schema import EventClass
from vedette.intel.sigma.cells import Rows
from vedette.intel.sigma.plan import Plan
from vedette.intel.sigma.rule import Logsource, Rule
from vedette.intel.sigma.scene import CHANNEL, CODE, PRODUCT, PROVIDER, Scene, tables
from vedette.intel.sigma.tree import Absent, atoms, codes

MOST_PLANS = 1_024
"""Kinds of events whose plan is kept; a hostile log may make up others without end."""


SHOWN_FIELDS = 3
"""Fields of an event that a hit shows."""


class Hit(NamedTuple):
    """The rows of a batch that a rule holds of: their numbers, in order.

    Attributes:
        looked_at: the first fields that speak for the rule, and the columns they stand in; a field without a name is the whole message.
        scene: what the rows have in common.
    """

    rule: Rule
    rows: Rows
    looked_at: tuple[tuple[str, tuple[str, ...]], ...]
    scene: Scene


class Rules:
    """Rules, with a plan for each kind of event met so far.

    Args:
        rules: any number; their uids differ.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._tables = tables()
        self._plans: OrderedDict[Scene, Plan] = OrderedDict()
        self._sources: dict[Logsource, list[int]] = {}
        for number, rule in enumerate(self.rules):
            self._sources.setdefault(rule.logsource, []).append(number)
        self._shown: dict[int, tuple[str, ...]] = {}
        self._codes = [codes(rule.condition) for rule in self.rules]

    def match(self, kind: EventClass, events: pl.DataFrame) -> Iterator[Hit]:
        """Yield what holds of events of a class, rule by rule, kind of event by kind of event."""
        for scene, rows in scenes(kind, events):
            plan = self.plan(scene)
            if not len(plan):
                continue
            frame = events
            if rows is not None:
                columns = frame.columns if plan.columns is None else [c for c in plan.columns if c in frame]
                frame = frame.select(columns or frame.columns[:1])[rows]  # a frame without columns has no rows
            found = plan.match(frame)
            for number, held in found.items():
                yield Hit(
                    self.rules[number], held if rows is None else rows[held], self._looked_at(number, scene), scene
                )

    def _looked_at(self, number: int, scene: Scene) -> tuple[tuple[str, tuple[str, ...]], ...]:
        rule = self.rules[number]
        if number not in self._shown:
            fields = (a.field or "" for a in atoms(rule.condition, held=True) if not isinstance(a.test, Absent))
            self._shown[number] = tuple(dict.fromkeys(f for f in fields if f not in _NOT_SHOWN))[:SHOWN_FIELDS]
        where = self._tables.columns
        return tuple((f, where(f, rule.logsource, scene) if f else ("message",)) for f in self._shown[number])

    def columns(self, field: str, hit: Hit) -> tuple[str, ...]:
        """Return the columns where a field of a hit's events may stand."""
        return self._tables.columns(field, hit.rule.logsource, hit.scene)

    def plan(self, scene: Scene) -> Plan:
        """Return the plan of a scene."""
        if scene in self._plans:
            self._plans.move_to_end(scene)
            return self._plans[scene]
        numbers = sorted(
            n
            for source, own in self._sources.items()
            if self._tables.concerns(source, scene)
            for n in own
            if not scene.windows or (told := self._codes[n]) is None or scene.code in told
        )
        plan = self._plans[scene] = Plan(scene, {n: self.rules[n] for n in numbers}, self._tables)
        if len(self._plans) > MOST_PLANS:
            self._plans.popitem(last=False)
        return plan


_NOT_SHOWN = ("EventID", "Channel", "Provider_Name")
"""Every event has them, and the title says as much."""


def scenes(kind: EventClass, frame: pl.DataFrame) -> Iterator[tuple[Scene, Rows | None]]:
    """Yield the kinds of events in a frame, each with the numbers of its rows (None: all of them)."""
    log = CHANNEL in frame.columns
    wanted = (PROVIDER, CODE, CHANNEL) if log else (PROVIDER, PRODUCT)
    keys = [c for c in wanted if c in frame.columns]
    if not frame.height:
        return
    if not keys:
        yield Scene(kind), None
        return
    groups = frame.select(keys).with_row_index("_row").group_by(keys, maintain_order=True).agg("_row")
    for *said, numbers in groups.iter_rows():  # one per product, channel and code
        told = dict(zip(keys, (s or "" for s in said), strict=True))
        scene = Scene(
            kind, told.get(PROVIDER, ""), told.get(PRODUCT, ""), told.get(CHANNEL, "").lower(), told.get(CODE, "")
        )
        yield scene, None if groups.height == 1 else np.asarray(numbers, dtype=np.int64)
