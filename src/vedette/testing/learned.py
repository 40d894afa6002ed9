"""A small learned detector, made up: it reads lists and finds values that look like the word ``malice``."""

from __future__ import annotations

import random

import numpy as np
import polars as pl

from vedette.abc import Contribution, EventFeatures, Learned, Role
from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.learning.fit import fit
from vedette.model import Analytic, EntityKind, Severity
from vedette.scoring.additive import Block
from vedette.scoring.artefact import Model, version_of
from vedette.scoring.calibration import Calibration, benign_table, isotonic
from vedette.scoring.ngrams import corpus, ngrams
from vedette.testing.events import START

BITS, ORDER = 10, 3


class ToyText(EventFeatures):
    """The value of a list's line."""

    name = "toy_text"
    needs = EventClass.OSINT_INVENTORY_INFO
    requires = ("osint.value",)

    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        text = pl.col("osint.value").list.first()
        return events.select("time", "metadata.log_name", "metadata.sequence", text=text)


class Toy(Learned):
    """A value that speaks of malice.

    Known false positives:
        - a dictionary

    Blind spots:
        - everything else
    """

    name = "toy"
    title = "Malice"
    needs = ToyText
    analytic = Analytic.LEARNING
    techniques = ("T1566",)
    severity = Severity.MEDIUM
    actor = Role(EntityKind.DOMAIN, "text")
    familiar = "pieces"

    @classmethod
    def encode(cls, rows: pl.DataFrame) -> list[Block]:
        pieces = ngrams(corpus(rows["text"]), ORDER, BITS)
        return [Block("pieces", 1 << BITS, pieces.starts, pieces.slot, begin=pieces.begin, length=pieces.length)]

    def contributions(self, rows: pl.DataFrame) -> list[list[Contribution]]:
        sums = self.model.form.sums(self.encode(rows)[0])
        return [[Contribution("its letters", float(n), "pieces")] for n in sums]

    def summaries(self, rows: pl.DataFrame) -> list[str]:
        return [f"{text} speaks of malice." for text in rows["text"]]

    @classmethod
    def unsuited(cls, rows: pl.DataFrame) -> pl.Series:
        return rows.select(unsuited=pl.when(pl.col("text").str.len_bytes() > 200).then(pl.lit("too long")))["unsuited"]


def words(n: int, *, malicious: bool, seed: int = 0) -> list[str]:
    """Return made-up host names; malicious ones hold the word ``malice``, now and then misspelt."""
    rng = random.Random(seed + (1000 if malicious else 0))
    syllables = ("ba", "do", "ki", "lu", "mel", "nor", "pa", "ri", "sun", "tor", "ve", "zan")
    out = []
    for _ in range(n):
        word = "".join(rng.choices(syllables, k=rng.randint(2, 4)))
        bad = rng.choice(("malice", "malice", "ma1ice", "malic")) if malicious else ""
        out.append(f"{word}{bad}.example")
    return out


def listed(values: list[str], log_name: str = "made.txt") -> EventBatch:
    """Return the values as events of a list."""
    n, kind = len(values), EventClass.OSINT_INVENTORY_INFO
    data = {
        "time": [START] * n,
        "metadata.log_name": [log_name] * n,
        "metadata.sequence": list(range(n)),
        "osint.value": [[v] for v in values],
        "osint.type_id": [[2]] * n,
    }
    return EventBatch(kind, pl.DataFrame(data, schema={c: SCHEMAS[kind][c] for c in data}))


def rows_of(values: list[str]) -> pl.DataFrame:
    """Return the values as rows of ``ToyText``."""
    made = ToyText()
    return made.compute(made.take(listed(values))).collect()


def toy_model(seed: int = 0, n: int = 400) -> Model:
    """Return a model of ``Toy``, trained on made-up words."""
    values = words(n, malicious=False, seed=seed) + words(n, malicious=True, seed=seed)
    labels = np.arange(2 * n) >= n
    blocks = Toy.encode(rows_of(values))
    form = fit(blocks, labels)
    margins = form.margin(blocks)
    benign, above = benign_table(margins[~labels])
    knots, confidence = isotonic(margins, labels)
    known = np.bincount(blocks[0].slot, minlength=1 << BITS) > 0
    table = Calibration(benign, above, n, knots, confidence, alpha=0.01, known_share=0.2)
    return Model("toy", version_of(form), Toy.encoder_version(), form, table, known, data={"made_up": f"{seed:016x}"})
