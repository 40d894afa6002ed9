"""What a command line or script is worth: the evidence of a trained model, for every detector of commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.abc import Contribution, FeatureSet, Learned, Role
from vedette.features.command_decode import HIDDEN
from vedette.features.command_line import PROCESS, SCRIPT, CommandLine
from vedette.features.command_signs import OTHER, SIGNS, STRENGTH
from vedette.features.command_words import KEYWORDS
from vedette.features.sign import piece, shown, strongest, techniques
from vedette.features.web_tokens import BITS, runs_of
from vedette.model import Analytic, EntityKind, Severity
from vedette.scoring.additive import Block, Floats, facts
from vedette.scoring.ngrams import Corpus, corpus

SUMS = (2, 3, 4, 5, 6, 8, 10, 13)
"""The strengths of all signs that hold are added up; the sum, and each of these that it reaches, is evidence, whatever the attack."""
ENOUGH = 16
"""Strengths together beyond which more of them says no more."""
GRAVE, SLIGHT = 6, 3
"""Strength of a sign from which on a finding is of high severity; below it is of low severity."""
FEW = 12
"""Runs of tokens below which it cannot be told whether a line is like those of training."""
_SHOWN = 3
_BINARY = 0.2


class CommandEvidence(Learned):
    """Says what lines are worth by the model ``command``, with reasons and a severity; which rows they are is the detectors' own.

    Rows have the columns of ``CommandLine``.
    """

    model_name = "command"
    needs: ClassVar[type[FeatureSet]] = CommandLine
    analytic = Analytic.LEARNING
    techniques = tuple(dict.fromkeys(t for s in SIGNS for t in s.techniques))
    severity = Severity.MEDIUM
    actor = Role(EntityKind.HOST, "host", otherwise=Role(EntityKind.USER, "account"))
    targets = (Role(EntityKind.USER, "account"),)
    familiar = "runs"
    revision = 2

    @classmethod
    def encoder_version(cls) -> str:
        """Return that of the model, which is trained on lines."""
        return super().encoder_version() if cls.needs is CommandLine else CommandEvidence.encoder_version()

    @classmethod
    def encode(cls, rows: pl.DataFrame) -> list[Block]:
        pieces = runs_of(_signed(rows), KEYWORDS)
        held = _held(_facts(rows))
        return [
            Block("runs", 1 << BITS, pieces.starts, pieces.slot, begin=pieces.begin, length=pieces.length),
            held,
            facts("sums", _sums(held)),
        ]

    @classmethod
    def unsuited(cls, rows: pl.DataFrame) -> pl.Series:
        unread = pl.col("text").str.count_matches(r"[^\x0a\x1a-\x7e]") > _BINARY * pl.col("text").str.len_chars()
        quiet = pl.col("facts").list.len().fill_null(0) == 0
        return rows.select(
            pl.when(pl.col("long") & quiet)
            .then(pl.lit("it is longer than 16,384 characters, and nothing in those looks hostile"))
            .when(unread & quiet)
            .then(pl.lit("it is binary or in a script that the model does not know"))
            .alias("unsuited")
        ).to_series()

    def known_shares(self, blocks: Sequence[Block]) -> Floats:
        """Return the share of known runs; 1 where there are too few to tell, or where signs are plain."""
        pieces, sums = blocks[0], blocks[2]
        plain = np.zeros(len(sums), np.bool_)
        plain[sums.owners()[sums.slot == _PLAIN]] = True
        few = np.diff(pieces.starts) < FEW
        return np.where(few | plain, 1.0, super().known_shares(blocks))

    def contributions(self, rows: pl.DataFrame) -> list[list[Contribution]]:
        rows = _whole(rows)
        pieces, held, sums = self.encode(rows)
        texts, nats = corpus(_signed(rows)), self.model.form.nats(pieces)
        fact_nats, sum_nats = self.model.form.nats(held), self.model.form.nats(sums)
        out = []
        for i, row in enumerate(rows.iter_rows(named=True)):  # hits only: few
            within = slice(held.starts[i], held.starts[i + 1])
            several = float(sum_nats[sums.starts[i] : sums.starts[i + 1]].sum())
            found = _by_sign(row, held.slot[within].tolist(), fact_nats[within].tolist(), several)
            entries = slice(pieces.starts[i], pieces.starts[i + 1])
            found += _by_word(texts, pieces, nats, entries)
            kept = [c for c in found if c.nats]
            total = float(nats[entries].sum() + fact_nats[within].sum()) + several
            out.append([*kept, Contribution("everything else", total - sum(c.nats for c in kept), "text")])
        return out

    def titles(self, rows: pl.DataFrame) -> list[str]:
        return [kind or OTHER for kind in rows["kind"].to_list()]

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return [techniques(SIGNS, held)[:MOST_TECHNIQUES] if held else ("T1059",) for held in _facts(rows).to_list()]

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        best = [max((SIGNS[i].strength for i in held), default=0) for held in _facts(rows).to_list()]
        return [Severity.HIGH if b >= GRAVE else Severity.MEDIUM if b >= SLIGHT else Severity.LOW for b in best]

    def summaries(self, rows: pl.DataFrame) -> list[str]:
        return [_sentence(row) for row in _whole(rows).iter_rows(named=True)]  # hits only: few


MOST_TECHNIQUES = 6
"""Techniques that a finding names: those of its strongest signs."""


def _signed(rows: pl.DataFrame) -> pl.Series:
    """Return the texts that hold a sign, the others empty: how a line is written is asked only where it says something."""
    signed = pl.when(pl.col("facts").list.len() > 0).then("text").otherwise(pl.lit(""))
    return _whole(rows).select(signed.alias("text")).to_series()


def _whole(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with a text and a list of signs each."""
    return rows.with_columns(_facts(rows), pl.col("text", "line").fill_null(""), pl.col("what").fill_null(SCRIPT))


def _facts(rows: pl.DataFrame) -> pl.Series:
    """Return (n,) List(UInt8): the places of each row's signs, none of them null."""
    return rows.select(pl.col("facts").list.drop_nulls().fill_null([])).to_series()


def _held(column: pl.Series) -> Block:
    """Return the block of single signs."""
    sizes = column.list.len().to_numpy()
    starts = np.append(0, np.cumsum(sizes)).astype(np.int64)
    return Block("facts", len(SIGNS), starts, column.explode().drop_nulls().to_numpy().astype(np.uint32))


def _sums(held: Block) -> dict[str, npt.NDArray[np.float32]]:
    """Return columns of evidence for the strengths together: how much, and which of ``SUMS`` are reached."""
    strength = np.bincount(held.owners(), STRENGTH[held.slot], len(held)).astype(np.float32)
    steps = {f"all_{least}": (strength >= least).astype(np.float32) for least in SUMS}
    return {"all": np.minimum(strength, np.float32(ENOUGH))} | steps


_PLAIN = 1 + SUMS.index(5)
"""The slot of ``all_5``."""


def _by_sign(row: dict[str, Any], slots: list[int], nats: list[float], several: float) -> list[Contribution]:
    """Return what the signs of an item add; what the sum of their strengths adds is shared out by strength."""
    each = several / (sum(SIGNS[s].strength for s in slots) or 1)
    out = []
    for slot, nat in zip(slots, nats, strict=True):
        sign = SIGNS[slot]
        said = piece(row["text"], sign)
        within = " in text that was encoded" if said and HIDDEN in row["text"] and _hidden(row["text"], said) else ""
        out.append(
            Contribution(f"{sign.said}{within}: `{said}`" if said else sign.said, nat + each * sign.strength, sign.name)
        )
    return out


def _hidden(text: str, said: str) -> bool:
    """Return whether a piece stands only behind a mark of what was encoded."""
    return said.rstrip("…") not in text.partition(HIDDEN)[0]


def _by_word(texts: Corpus, pieces: Block, nats: Floats, entries: slice) -> list[Contribution]:
    """Return what the runs of tokens of an item add, with the heaviest of them."""
    begin, length = pieces.begin, np.asarray(pieces.length)
    assert begin is not None  # noqa: S101 - ``encode`` gives it
    order = np.argsort(-nats[entries], kind="stable")[:_SHOWN] + entries.start
    said = [
        texts.data[begin[e] : begin[e] + length[e]].tobytes().decode("utf-8", "replace") for e in order if nats[e] > 0
    ]
    best = ", ".join(f"`{s}`" for s in dict.fromkeys(shown(s) for s in said) if s)
    return [Contribution(f"the way it is written: {best}", float(nats[entries].sum()), "text")] if best else []


def _sentence(row: dict[str, Any]) -> str:
    best = strongest(SIGNS, row["facts"])
    host = row["host"] or "an unnamed host"
    who = f"{row['account']} on {host}" if row["account"] else host
    what = (
        "ran a command"
        if row["what"] == PROCESS
        else f"set {row['what']} up"
        if row["what"] != SCRIPT
        else "ran a script"
    )
    under = f" under {row['parent']}" if row["parent"] and row["what"] == PROCESS else ""
    told = f": {best[0].said}" if best else ""
    also = f"; also {best[1].said}" if len(best) > 1 else ""
    return f"{who} {what}{under}{told}{also}: {shown(row['line'], 160)}"
