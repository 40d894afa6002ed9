"""Hostile command lines and scripts, by what they say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.abc import Contribution, Learned, Role
from vedette.features.command_decode import HIDDEN
from vedette.features.command_line import PROCESS, CommandLine
from vedette.features.command_signs import SIGNS, STRENGTH
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


class Command(Learned):
    """A command line or script that does what attackers do: it fetches and runs, hides what it says, reads credentials, stays, destroys.

    What is normal: paths, options, names, scripts of administrators and installers, even encoded ones that do ordinary things. What is
    hostile: programs of the system that fetch or run what others wrote, memory of the logon service in a file, shadow copies deleted,
    defences put out, shells handed to the network.

    The line is decoded first (carets, back ticks, quotes, pieces put together, character codes, variables, base64 three layers deep, also
    packed). The statistic is a sum of evidence in nats (logistic regression): the sum of the strengths of all signs, as their author sees
    them, and on top of that what training adds for single signs and for runs of one to four tokens, where all words but a closed
    vocabulary count by their shape: no path, name or address of anybody is learned. A line without any sign is never called. No evidence
    lowers the score: what is added to a
    command cannot make it look harmless (Incer et al., "Adversarially robust malware detection using monotonic classification", 2018).
    Signs are written after ATT&CK, LOLBAS and GTFOBins. Read are processes, script blocks of PowerShell, and the commands of services and
    scheduled tasks that were set up. In long scripts weak signs do not count.

    Known false positives:
        - administrators who do what attackers do: dump a hung program, copy an account database for a backup, switch a firewall off
        - installers that are fetched and run at once (``curl ... | sh``), remote management by encoded PowerShell
        - security tests that you ordered, and scripts of security products

    Blind spots:
        - a program of the attacker's own with harmless options: nothing is said that could be judged
        - what is typed into a shell, into a remote desktop or read from a file, unless script blocks are logged
        - text encoded in other ways than those named, encrypted text
        - single questions (``whoami``, ``ipconfig``): they are signs, yet everybody asks them

    The kind is the one that the signs speak of most. Severity goes by the strongest sign.
    """

    name = "command"
    title = "Suspicious command"
    needs = CommandLine
    analytic = Analytic.LEARNING
    techniques = tuple(dict.fromkeys(t for s in SIGNS for t in s.techniques))
    severity = Severity.MEDIUM
    actor = Role(EntityKind.HOST, "host", otherwise=Role(EntityKind.USER, "account"))
    targets = (Role(EntityKind.USER, "account"),)
    familiar = "runs"
    revision = 2

    @classmethod
    def encode(cls, rows: pl.DataFrame) -> list[Block]:
        pieces = runs_of(_signed(rows), KEYWORDS)
        held = _held(rows["facts"])
        return [
            Block("runs", 1 << BITS, pieces.starts, pieces.slot, begin=pieces.begin, length=pieces.length),
            held,
            facts("sums", _sums(held)),
        ]

    @classmethod
    def unsuited(cls, rows: pl.DataFrame) -> pl.Series:
        unread = pl.col("text").str.count_matches(r"[^\x0a\x1a-\x7e]") > _BINARY * pl.col("text").str.len_chars()
        quiet = pl.col("facts").list.len() == 0
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
        return rows["kind"].to_list()

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return [techniques(SIGNS, held)[:MOST_TECHNIQUES] if held else ("T1059",) for held in rows["facts"].to_list()]

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        best = [max((SIGNS[i].strength for i in held), default=0) for held in rows["facts"].to_list()]
        return [Severity.HIGH if b >= GRAVE else Severity.MEDIUM if b >= SLIGHT else Severity.LOW for b in best]

    def summaries(self, rows: pl.DataFrame) -> list[str]:
        return [_sentence(row) for row in rows.iter_rows(named=True)]  # hits only: few


MOST_TECHNIQUES = 6
"""Techniques that a finding names: those of its strongest signs."""


def _signed(rows: pl.DataFrame) -> pl.Series:
    """Return the texts that hold a sign, the others empty: how a line is written is asked only where it says something."""
    return rows.select(
        pl.when(pl.col("facts").list.len() > 0).then("text").otherwise(pl.lit("")).alias("text")
    ).to_series()


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
        if row["what"] != "a script"
        else "ran a script"
    )
    under = f" under {row['parent']}" if row["parent"] and row["what"] == PROCESS else ""
    told = f": {best[0].said}" if best else ""
    also = f"; also {best[1].said}" if len(best) > 1 else ""
    return f"{who} {what}{under}{told}{also}: {shown(row['line'], 160)}"
