"""Detectors whose parameters were trained."""

from __future__ import annotations

import hashlib
import math
from abc import abstractmethod
from collections.abc import Sequence
from operator import attrgetter
from typing import ClassVar, NamedTuple

import numpy as np
import polars as pl

from vedette.abc.detector import Detector
from vedette.errors import ModelError
from vedette.model import Reason
from vedette.scoring.additive import Block, segment_sums
from vedette.scoring.artefact import Model


class Contribution(NamedTuple):
    """What one thing seen adds to a learned margin, in nats; those of an item and the bias add up to the margin."""

    text: str
    nats: float
    attribute: str = ""


MALICIOUS, BENIGN, UNKNOWN = "malicious", "benign", "insufficient data"
"""Verdicts of a learned detector."""


class Learned(Detector):
    """A detector whose parameters were trained: it is handed its model, and never sees the registry.

    ``encode`` says what is looked at, the model what that is worth. The score is the logistic of the model's margin; ``judge`` adds what it
    is worth (p-value, confidence) and whether it may be said at all (verdict).

    Attributes:
        model_name: the model it uses in the registry; by default of the detector's own name.
        familiar: the block by whose pieces an item is known or foreign; empty: all is known.
        ships: a model of it comes with Vedette; otherwise a site trains its own, and until then the detector does not run.
        threshold: unused: a row is a finding where ``judge`` calls it malicious.
    """

    model_name: ClassVar[str] = ""
    familiar: ClassVar[str] = ""
    ships: ClassVar[bool] = True

    def __init__(self, model: Model) -> None:
        if model.encoder != self.encoder_version():
            raise ModelError(
                f"the model was trained for another version of the detector {self.name!r} ({model.encoder}, not {self.encoder_version()})",
                where=f"{model.name} {model.version}",
                hint=f"use the shipped one (vedette models list), or retrain: vedette train {model.name}",
            )
        self.model = model

    @classmethod
    @abstractmethod
    def encode(cls, rows: pl.DataFrame) -> list[Block]:
        """Return the evidence of n rows, block by block; pure, without parameters: training and serving share it.

        Raise ``revision`` when the meaning of a slot changes and no name or size does.
        """

    revision: ClassVar[int] = 1

    @abstractmethod
    def contributions(self, rows: pl.DataFrame) -> list[list[Contribution]]:
        """Return, per row, what was seen in words and what it adds: together with the bias the margin, to 1e-6. Called with few rows."""

    @classmethod
    def unsuited(cls, rows: pl.DataFrame) -> pl.Series:
        """Return (n,) String: why a row cannot be judged at all (too long, not the kind of text), else null."""
        return pl.Series("unsuited", [None] * rows.height, dtype=pl.String)

    @classmethod
    def encoder_version(cls) -> str:
        """Twelve hex digits that change when the evidence does: names and sizes of blocks, feature columns, ``revision``."""
        told = repr((sorted(cls.evidence_sizes().items()), cls.needs().version, cls.familiar, cls.revision))
        return hashlib.blake2b(told.encode(), digest_size=6).hexdigest()

    @classmethod
    def evidence_sizes(cls) -> dict[str, int]:
        """Return the slots of each block of evidence."""
        return {b.name: b.slots for b in cls.encode(pl.DataFrame(schema=cls.needs().schema()))}

    @classmethod
    def model_of(cls) -> str:
        """Return the name of its model in the registry."""
        return cls.model_name or cls.name

    def margins(self, rows: pl.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Return (n,) Float64: the model's log-odds."""
        return self.model.form.margin(self.encode(rows))

    def score(self, rows: pl.DataFrame) -> pl.Series:
        return pl.Series("score", _logistic(self.margins(rows)), dtype=pl.Float64)

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return (n,) columns ``margin``, ``score``, ``p_value``, ``confidence`` (Float64), ``verdict`` and ``unsuited`` (String)."""
        return self.weigh(rows, self.encode(rows))

    def weigh(self, rows: pl.DataFrame, blocks: Sequence[Block]) -> pl.DataFrame:
        """Return what ``judge`` does, of rows that were encoded already."""
        table, margins = self.model.calibration, self.model.form.margin(blocks)
        p, confidence = table.p_values(margins), table.confidences(margins)
        strange = self._strange(rows, blocks)
        verdict = pl.select(
            pl.when(strange.is_not_null())
            .then(pl.lit(UNKNOWN))
            .when(pl.Series(table.called(p, confidence)))
            .then(pl.lit(MALICIOUS))
            .otherwise(pl.lit(BENIGN))
        ).to_series()
        columns = {"margin": margins, "score": _logistic(margins), "p_value": p, "confidence": confidence}
        return pl.DataFrame({**columns, "verdict": verdict, "unsuited": strange})

    def _strange(self, rows: pl.DataFrame, blocks: Sequence[Block]) -> pl.Series:
        """Return why a row is no input for this model, else null."""
        told, shares = self.unsuited(rows), self.known_shares(blocks)
        foreign = pl.Series(shares < self.model.calibration.known_share)
        return pl.select(
            pl.coalesce(told, pl.when(foreign).then(pl.lit("it is unlike anything the model was trained on")))
        ).to_series()

    def known_shares(self, blocks: Sequence[Block]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Return (n,): the share of an item's pieces that training has seen; 1 where it has none."""
        block = next((b for b in blocks if b.name == self.familiar), None)
        if block is None:
            return np.ones(len(blocks[0]))
        counts = np.diff(block.starts)
        known = self.model.known.take(block.slot.astype(np.intp, copy=False)).astype(np.float64)
        return np.where(counts > 0, segment_sums(known, block.starts) / np.maximum(counts, 1), 1.0)

    def reasons(self, rows: pl.DataFrame) -> list[tuple[Reason, ...]]:
        """Return the waterfall from the score of an item without evidence to this one's: contributions share the way in proportion."""
        return [waterfall(self.model.form.bias, parts) for parts in self.contributions(rows)]


def waterfall(bias: float, parts: Sequence[Contribution]) -> tuple[Reason, ...]:
    """Return reasons whose weights add up to ``logistic(bias + sum of nats)``, heaviest first.

    The step from ``logistic(bias)`` to the score is shared in proportion to the nats, so that a sign never turns. What says the same is
    one reason.
    """
    alike: dict[tuple[str, str], tuple[float, ...]] = {}
    for text, nats, attribute in parts:
        said = (text, attribute)
        alike[said] = (*alike[said], nats) if said in alike else (nats,)
    sums = [(text, attribute, math.fsum(n) if len(n) > 1 else n[0]) for (text, attribute), n in alike.items()]
    start, total = 1 / (1 + math.exp(-bias)), math.fsum([nats for _, _, nats in sums])
    end = 1 / (1 + math.exp(-max(-700.0, bias + total)))
    slope = (end - start) / total if abs(total) > _SMALL else start * (1 - start)
    found = [Reason(text, nats * slope, attribute) for text, attribute, nats in sums if nats]
    found.append(Reason("where every item starts", start, "bias"))
    found.sort(key=_WEIGHT, reverse=True)
    return tuple(found)


_WEIGHT = attrgetter("weight")
_SMALL = 1e-9


def _logistic(margins: np.ndarray[tuple[int], np.dtype[np.float64]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return 1 / (1 + np.exp(-np.clip(margins, -700.0, 700.0)))
