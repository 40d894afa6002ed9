"""What evidence of mails says in words: the heaviest words of a text, and facts with the names of the row in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.abc import Contribution
from vedette.features.mail_text import TOLD
from vedette.scoring.additive import Block
from vedette.scoring.ngrams import Corpus

NAMED = 8
"""Words of a text that are named; the others are one entry."""
SHOWN = 40
"""Characters of a name that are shown."""


def told_words(
    block: Block, nats: npt.NDArray[np.float64], read: Corpus, where: str, attribute: str
) -> list[list[Contribution]]:
    """Return, per item, its heaviest words and one entry for all others; together the block's nats.

    Args:
        block: distinct words, with their places in ``read``.
        nats: (n_entries,) what each adds.
        read: the texts.
        where: what the text is called: subject, text.
        attribute: the column behind it.
    """
    assert block.begin is not None  # noqa: S101 - for the reader of types
    lengths, found = np.broadcast_to(np.asarray(block.length), block.begin.shape), []
    for first, end in zip(block.starts[:-1], block.starts[1:], strict=True):  # few rows: those that are told about
        heavy = first + np.argsort(-np.abs(nats[first:end]), kind="stable")[:NAMED]
        told = [
            Contribution(
                _word(read, int(block.begin[e]), int(lengths[e]), float(nats[e]), where), float(nats[e]), attribute
            )
            for e in heavy
            if nats[e]
        ]
        rest = float(nats[first:end].sum()) - sum(c.nats for c in told)
        if end - first > len(told) and rest:
            told.append(Contribution(f"all other words of the {where}", rest, attribute))
        found.append(told)
    return found


def told_facts(
    block: Block, nats: npt.NDArray[np.float64], said: Mapping[str, str], rows: pl.DataFrame
) -> list[list[Contribution]]:
    """Return, per item, what each fact says; ``said``: fact -> words, in the order of the slots, with columns in braces."""
    names, found = list(said), []
    for row, first, end in zip(rows.iter_rows(named=True), block.starts[:-1], block.starts[1:], strict=True):
        held = [(names[s], float(n)) for s, n in zip(block.slot[first:end], nats[first:end], strict=True) if n]
        found.append([Contribution(filled(said[name], row), n, name) for name, n in held])
    return found


def joined(parts: Sequence[list[list[Contribution]]]) -> list[list[Contribution]]:
    """Return the contributions of several blocks, item by item."""
    return [[c for part in item for c in part] for item in zip(*parts, strict=True)]


def filled(text: str, row: Mapping[str, Any]) -> str:
    """Return words with the row's values in them."""
    return re.sub(r"\{(\w+)\}", lambda m: str(row.get(m[1]) or "somebody")[:SHOWN], text)


def _word(read: Corpus, begin: int, length: int, nats: float, where: str) -> str:
    spelt = bytes(read.data[begin : begin + length]).decode("utf-8", "replace")
    shown = TOLD.get(spelt, f"“{spelt}”")
    return f"the {where} holds {shown}" if nats > 0 else f"the {where} holds {shown}, as wanted mail does"
