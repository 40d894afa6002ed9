"""Counts the tables of ``features.domain_language`` anew: ``python -m vedette.learning.domain_tables OUT``.

They are counted over names that resolvers are asked for (MISP's copy of Cloudflare's first 100,000, CC0) and that no curated list holds:
``benign_domains`` leaves these out, so no model is trained or tested on a name that the tables have seen.

Words are found by expectation maximisation of a unigram model over substrings (Goldwater's and SentencePiece's starting point: Kudo,
"Subword regularization", ACL 2018): a substring is a word if cutting names at it makes them likelier than letter by letter.
"""

from __future__ import annotations

import io
import math
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from vedette.features.domain_language import SYMBOLS, WORD_SIZES, fours, letters
from vedette.learning.data import data_root
from vedette.learning.datasets.benign_domains import counted

ROUNDS = 4
LONGEST = 14
LEAST = 4
"""Names in which a substring must occur to be thought of as a word."""
UNWORDED = 3.0
"""Nats that a letter outside words costs more than its frequency says."""
RESERVE = 1.3
"""Room, as a factor, that the words leave to letters outside words."""


def tables(names: pl.Series) -> bytes:
    """Return the content file made from the labels of ordinary names: an npz file, the same bytes for the same names."""
    of = letters(names)
    counts = np.bincount(fours(of)[of.place > 0], minlength=SYMBOLS**4)
    at = np.flatnonzero(counts)
    words = "\n".join(sorted(found_words(names.to_list()))).encode("ascii")
    out = io.BytesIO()
    np.savez_compressed(
        out,
        at=np.diff(at, prepend=0).astype(np.uint32),
        count=np.minimum(counts[at], 65_535).astype(np.uint16),
        words=np.frombuffer(words, np.uint8),
    )
    return out.getvalue()


def found_words(names: Sequence[str]) -> list[str]:
    """Return the words of names. A loop over names and their substrings: it runs once, when the tables are made."""
    parts = list(dict.fromkeys(t for n in names for t in re.split(r"[^a-z]+", n) if len(t) >= WORD_SIZES.start))
    held: Counter[str] = Counter()
    for part in parts:
        held.update({part[i:j] for i, j in _places(len(part))})
    letter = Counter("".join(parts))
    alone = {c: math.log(n / letter.total()) - UNWORDED for c, n in letter.items()}
    words = {w: float(n) for w, n in held.items() if n >= LEAST}
    for k in range(ROUNDS):
        total = math.log(sum(words.values()) * RESERVE)
        cost = {w: math.log(n) - total for w, n in words.items()}
        used = Counter(w for part in parts for w in _cut(part, cost, alone))
        words = {w: float(n) for w, n in used.items() if n >= (2 if k < ROUNDS - 1 else 3)}
    return [w for w in words if len(w) in WORD_SIZES]


def _places(size: int) -> Iterator[tuple[int, int]]:
    for i in range(size):
        for j in range(i + WORD_SIZES.start, min(size, i + LONGEST) + 1):
            yield i, j


def _cut(part: str, cost: Mapping[str, float], alone: Mapping[str, float]) -> list[str]:
    """Return the words of the likeliest way to cut ``part`` (Viterbi)."""
    best, back = [0.0], [0]
    for j in range(1, len(part) + 1):
        top, place = best[j - 1] + alone[part[j - 1]], j - 1
        for i in range(max(0, j - LONGEST), j - WORD_SIZES.start + 1):
            found = cost.get(part[i:j])
            if found is not None and best[i] + found > top:
                top, place = best[i] + found, i
        best.append(top)
        back.append(place)
    out, j = [], len(part)
    while j > 0:
        if j - back[j] >= WORD_SIZES.start:
            out.append(part[back[j] : j])
        j = back[j]
    return out


def main() -> None:
    """Write the tables to the file named on the command line."""
    Path(sys.argv[1]).write_bytes(tables(counted(data_root())))


if __name__ == "__main__":
    main()
