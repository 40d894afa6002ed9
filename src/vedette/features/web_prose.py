"""Signs of an attack that somebody merely writes about: those within sentences say less than those that stand by themselves.

A tester's value is code and nothing else; a question about code is words with a piece of code among them. What counts is the value that
holds the sign, so sentences in other parameters of the same request take nothing away.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.features.web_facts import facts_of, strengths
from vedette.features.web_tokens import prose
from vedette.scoring.ngrams import corpus

LEVELS = ((1, 3.0), (3, 6.0))
"""Words of prose from which on a value is thought to speak about code, and what its signs lose in strength then."""
_PART = r"[\x1a-\x1f][^\x1a-\x1f]*"
_WORDY = r"[\x1b\x1f][^\x1a-\x1f]* [^\x1a-\x1f]*"
_BROKEN = r"^[\x1b\x1f] ?(?:['\"`][^\w]|[);])"
"""A value that begins with a quote and no word behind it, or with an end of something: it broke out, whatever words follow."""

Bits = npt.NDArray[np.uint64]


def clear_strength(texts: pl.Series, held: Bits, always: Bits) -> npt.NDArray[np.float32]:
    """Return (n,) Float32, at least 0: the strengths of the facts that hold of each text, less where they stand in sentences.

    Args:
        texts: (n,) String, as ``web_decode`` leaves them.
        held: (n,) the facts that hold of them.
        always: (n,) facts that no sentence makes weaker.
    """
    found = strengths(held | always)
    some = np.flatnonzero((held != 0) & texts.str.contains(_WORDY).to_numpy())
    if not len(some):
        return found
    parts = pl.DataFrame({"row": some, "part": texts.gather(some).str.extract_all(_PART)}).explode("part")
    parts = parts.with_columns(words=_words(parts["part"]))
    most = np.zeros(len(texts), np.int64)
    np.maximum.at(most, parts["row"].to_numpy(), parts["words"].to_numpy())
    whole, best = found, np.where(most > 0, 0.0, found).astype(np.float32)
    for k, (least, loss) in enumerate(LEVELS):
        wordy = np.flatnonzero(most >= least)
        bits = np.zeros(len(texts), np.uint64)
        apart = parts.filter(pl.col("words") < least, pl.col("row").is_in(wordy))
        apart = apart.group_by("row", maintain_order=True).agg(pl.col("part").str.join())
        bits[apart["row"].to_numpy()] = facts_of(apart["part"]).to_numpy()
        outside = strengths((bits[wordy] & held[wordy]) | always[wordy]) - np.float32(LEVELS[k - 1][1] if k else 0.0)
        best[wordy] = np.maximum(best[wordy], outside)
        last = wordy[most[wordy] < LEVELS[k + 1][0]] if k + 1 < len(LEVELS) else wordy
        best[last] = np.maximum(best[last], whole[last] - np.float32(loss))
    return best


def _words(parts: pl.Series) -> pl.Series:
    """Return (n,) Int64: words of prose of parts; those without a blank have none, and those that no sentence begins like."""
    words = np.zeros(len(parts), np.int64)
    some = np.flatnonzero((parts.str.contains(" ", literal=True) & ~parts.str.contains(_BROKEN)).to_numpy())
    words[some] = prose(corpus(parts.gather(some)))
    return pl.Series("words", words)
