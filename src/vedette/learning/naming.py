"""Names for slots: what a weight is about, in the words that the detector itself uses for its contributions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vedette.abc import Learned
from vedette.learning.items import Items
from vedette.scoring.additive import Additive
from vedette.scoring.artefact import Model
from vedette.scoring.calibration import Calibration

Slot = tuple[str, int]
"""A block's name and a slot of it."""
LONGEST = 80
"""Characters of a name that are shown."""


def named(detector: type[Learned], items: Items, slots: Sequence[Slot]) -> list[str]:
    """Return a name for each slot: ``block/slot``, and the words for it in the first item that has it.

    The words are those of a model in which this slot alone weighs anything; so every detector can name its slots, hashed or not.
    """
    blocks = {b.name: b for b in items.blocks}
    return [_named(detector, items, slot, blocks[slot[0]].slot == slot[1]) for slot in slots]


def _named(
    detector: type[Learned], items: Items, slot: Slot, entries: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> str:
    name, number = slot
    block = next(b for b in items.blocks if b.name == name)
    at = np.flatnonzero(entries)
    if not len(at):
        return f"{name}/{number}"
    item = int(np.searchsorted(block.starts, at[0], side="right")) - 1
    weights = {b.name: np.zeros(b.slots, np.float32) for b in items.blocks}
    weights[name][number] = 1.0
    try:
        found = detector(_model(detector, Additive(0.0, weights))).contributions(items.rows[item : item + 1])[0]
    except NotImplementedError:  # a detector that is being written
        return f"{name}/{number}"
    words = max(found, key=lambda c: abs(c.nats)).text if found else ""
    return f"{name}/{number} ({words[:LONGEST]})" if words else f"{name}/{number}"


def _model(detector: type[Learned], form: Additive) -> Model:
    none = np.zeros(0)
    table = Calibration(none, none.astype(np.int64), 0, np.zeros(1), np.zeros(1), 0.01)
    return Model(detector.model_of(), "", detector.encoder_version(), form, table, none.astype(np.bool_))
