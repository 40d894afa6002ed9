"""All rules together, asked of batches of any class in one pass."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.intel.sigma.cells import Rows
from vedette.intel.sigma.plan import Plan
from vedette.intel.sigma.rule import Logsource, Rule
from vedette.intel.sigma.scene import CHANNEL, CODE, PRODUCT, PROVIDER, Scene, tables

MOST_PLANS = 1_024
"""Kinds of events whose plan is kept; a hostile log may make up others without end."""


class Hit(NamedTuple):
    """The rows of a batch that a rule holds of: their numbers, in order."""

    rule: Rule
    rows: Rows


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

    def match(self, batch: EventBatch) -> Iterator[Hit]:
        """Yield what holds, rule by rule, kind of event by kind of event."""
        for scene, rows in scenes(batch.kind, batch.frame):
            plan = self.plan(scene)
            if not len(plan):
                continue
            whole = rows is None
            found = plan.match(batch.frame if rows is None else batch.frame[rows])
            for number, held in found.items():
                yield Hit(self.rules[number], held if whole or rows is None else rows[held])

    def plan(self, scene: Scene) -> Plan:
        """Return the plan of a scene."""
        if scene in self._plans:
            self._plans.move_to_end(scene)
            return self._plans[scene]
        numbers = sorted(
            n for source, own in self._sources.items() if self._tables.concerns(source, scene) for n in own
        )
        plan = self._plans[scene] = Plan(scene, {n: self.rules[n] for n in numbers}, self._tables)
        if len(self._plans) > MOST_PLANS:
            self._plans.popitem(last=False)
        return plan


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
    for *said, numbers in groups.iter_rows():
        told = dict(zip(keys, (s or "" for s in said), strict=True))
        scene = Scene(
            kind, told.get(PROVIDER, ""), told.get(PRODUCT, ""), told.get(CHANNEL, "").lower(), told.get(CODE, "")
        )
        yield scene, None if groups.height == 1 else np.asarray(numbers, dtype=np.int64)
