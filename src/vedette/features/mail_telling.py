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

NAMED, SHARE = 6, 0.25
"""Words of a text that are named, at most, and the share of the heaviest one's weight that they need; the others are one entry."""
SHOWN = 40
"""Characters of a name that are shown."""
_NOTHING = 1e-9
_PLACE = re.compile(r"\{(\w+)\}")


def told_words(
    block: Block,
    nats: npt.NDArray[np.float64],
    read: Corpus,
    where: str,
    attribute: str,
    what: str = "words",
) -> list[list[Contribution]]:
    """Return, per item, its heaviest words and one entry for all others; together the block's nats.

    Args:
        block: distinct words, with their places in ``read``.
        nats: (n_entries,) what each adds.
        read: the texts.
        where: what the text is called: subject, text.
        attribute: the column behind it.
        what: what the pieces are called.
    """
    n, owner = len(block), block.owners()
    heavy = _heaviest(block, nats, owner)
    rest = np.bincount(owner, nats, minlength=n) - np.bincount(owner[heavy], nats[heavy], minlength=n)
    found: list[list[Contribution]] = [[] for _ in range(n)]
    told = zip(owner[heavy].tolist(), _spelt(block, read, heavy), nats[heavy].tolist(), strict=True)
    for row, word, value in told:  # a few words of each mail that is told about
        found[row].append(Contribution(_spoken(word, value, where), value, attribute))
    for row in np.flatnonzero(np.abs(rest) > _NOTHING).tolist():
        found[row].append(Contribution(f"all other {what} of the {where}", float(rest[row]), attribute))
    return found


def told_facts(
    block: Block, nats: npt.NDArray[np.float64], said: Mapping[str, str], rows: pl.DataFrame
) -> list[list[Contribution]]:
    """Return, per item, what each fact says; ``said``: fact -> words, in the order of the slots, with columns in braces."""
    names, found = list(said), []
    named = {c for text in said.values() for place in _PLACE.findall(text) for c in (place, f"from_{place}")}
    shown = rows.select(c for c in rows.columns if c in named)
    values = shown.iter_rows(named=True) if shown.width else ({} for _ in range(len(block)))
    # hits only, so few: each has a text of its own per fact
    for row, first, end in zip(values, block.starts[:-1], block.starts[1:], strict=True):
        held = [(names[s], float(n)) for s, n in zip(block.slot[first:end], nats[first:end], strict=True) if n]
        found.append([Contribution(filled(said[name], row), n, name) for name, n in held])
    return found


def joined(parts: Sequence[list[list[Contribution]]]) -> list[list[Contribution]]:
    """Return the contributions of several blocks, item by item."""
    return [[c for part in item for c in part] for item in zip(*parts, strict=True)]


def filled(text: str, row: Mapping[str, Any]) -> str:
    """Return words with the row's values in them; ``{x}`` is the column x, or else from_x."""
    if "{" not in text:
        return text
    return _PLACE.sub(lambda m: str(row.get(m[1]) or row.get(f"from_{m[1]}") or "somebody")[:SHOWN], text)


def _heaviest(block: Block, nats: npt.NDArray[np.float64], owner: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return which entries are named: item by item, the heaviest first."""
    size, filled_items = np.abs(nats), np.flatnonzero(np.diff(block.starts))
    most = np.zeros(len(block))
    if len(filled_items):
        most[filled_items] = np.maximum.reduceat(size, block.starts[filled_items])
    some = np.flatnonzero((size > 0) & (size >= SHARE * most[owner]))
    order = some[np.lexsort((-size[some], owner[some]))]
    first = np.searchsorted(owner[order], np.arange(len(block)))
    return order[np.arange(len(order)) - first[owner[order]] < NAMED]


def _spelt(block: Block, read: Corpus, entries: npt.NDArray[np.int64]) -> list[str]:
    """Return the text of some entries."""
    assert block.begin is not None  # noqa: S101 - for the reader of types
    begin = block.begin[entries]
    end = begin + np.broadcast_to(np.asarray(block.length), block.begin.shape)[entries]
    data = read.data.tobytes()
    return [data[a:b].decode("utf-8", "replace") for a, b in zip(begin.tolist(), end.tolist(), strict=True)]


def _spoken(word: str, nats: float, where: str) -> str:
    shown = TOLD.get(word) or "“" + " ".join(TOLD.get(w, w) for w in word.split(" ")) + "”"
    return f"the {where} holds {shown}" if nats > 0 else f"the {where} holds {shown}, as wanted mail does"
