"""What is seen of a name's label: runs of letters, how ordinary they are, known words, vowels, digits.

One place for the detectors ``domain`` (a name) and ``generated_domains`` (the names of a client). The length of a name stands only beside
another measure (surprise per letter, share of words): random names of any length differ from ordinary ones of the same length.
Restricted measures follow Antonakakis et al. ("From throw-away traffic to bots", USENIX Security 2012) and Schüppen et al. ("FANCI",
USENIX Security 2018).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.features.domain_language import EDGE, STEPS, Language, Letters, language, letters, runs
from vedette.scoring.additive import Block, bins

Floats = npt.NDArray[np.float64]

ORDERS = {2: 1521, 3: 59_319, 4: 1 << 18}
"""Letters in a run -> slots; runs of four are hashed."""
_MIX = np.uint64(0xD6E8FEB86659FD93)

EDGES: Mapping[str, Sequence[float]] = {
    "surprise": (1.8, 2.1, 2.4, 2.6, 2.8, 3.0, 3.2, 3.4, 3.6, 3.8, 4.0, 4.3, 4.6, 5.0, 5.4, 5.8, 6.3, 6.8),
    "strangest": (12, 15, 17, 19, 21, 23, 25, 27, 29, 31, 33, 35, 37, 39, 42),
    "unevenness": (1.2, 1.5, 1.7, 1.9, 2.1, 2.3, 2.5, 2.7, 2.9, 3.2),
    "vowels": (0.01, 0.15, 0.21, 0.26, 0.3, 0.34, 0.38, 0.42, 0.46, 0.51, 0.6, 0.75),
    "variety": (0.4, 0.5, 0.58, 0.65, 0.7, 0.75, 0.8, 0.86, 0.91, 0.99),
    "alternation": (0.15, 0.25, 0.33, 0.42, 0.5, 0.58, 0.66, 0.75, 0.83, 0.92, 0.99),
    "consonants": (1, 2, 3, 4, 5, 6, 7, 8),
    "vowel_run": (1, 2, 3, 4, 5),
    "digits": (0.01, 0.1, 0.2, 0.3, 0.4, 0.55, 0.8, 0.99),
    "changes": (1, 2, 3, 4, 6, 8),
    "hex": (1, 2),
    "hyphens": (1, 2, 3),
    "words3": (0.01, 0.3, 0.45, 0.6, 0.75, 0.9, 0.99),
    "words4": (0.01, 0.3, 0.45, 0.6, 0.75, 0.9, 0.99),
    "words5": (0.01, 0.3, 0.45, 0.6, 0.75, 0.9, 0.99),
    "size": (5, 6, 7, 8, 9, 10, 12, 14, 17, 20, 25),
}
"""Bins of the measures; shares are of the label's characters, surprise is in bits."""

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "order": ("surprise", "strangest", "unevenness"),
    "letters": ("vowels", "variety", "alternation", "consonants", "vowel_run"),
    "digits": ("digits", "changes", "hex", "hyphens"),
    "words": ("words3", "words4", "words5"),
}
"""Block -> its measures."""
PAIRS: Mapping[str, tuple[str, str]] = {
    "order_size": ("surprise", "size"),
    "words_size": ("words4", "size"),
    "words_order": ("words4", "surprise"),
}
"""Block -> two measures whose bins are crossed."""

REVISION = 1
"""Raised when the tables or the meaning of a slot change and no name or size does."""

_VOWEL, _CONSONANT, _DIGIT, _HEX = (np.zeros(256, np.bool_) for _ in range(4))
_VOWEL[list(b"aeiouy")] = True
_CONSONANT[list(b"bcdfghjklmnpqrstvwxz")] = True
_DIGIT[list(b"0123456789")] = True
_HEX[list(b"0123456789abcdef")] = True


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What is seen of n labels.

    Attributes:
        of: the labels.
        blocks: as a model takes them; the first three are the runs of ``ORDERS``, with ``begin`` and ``length``.
        measures: measure -> (n,).
    """

    of: Letters
    blocks: list[Block]
    measures: dict[str, Floats]


def evidence(labels: pl.Series) -> Evidence:
    """Return what is seen of n labels (String)."""
    of = letters(labels)
    found = measures(of, language())
    blocks = [_runs(of, order) for order in ORDERS]
    blocks += [bins(name, {m: found[m] for m in some}, EDGES) for name, some in FAMILIES.items()]
    blocks += [_crossed(name, found, *pair) for name, pair in PAIRS.items()]
    return Evidence(of, blocks, found)


def version() -> str:
    """Return twelve hex digits that change when the evidence does: what a model must have been trained for."""
    told = repr((REVISION, ORDERS, sorted(EDGES.items()), sorted(FAMILIES.items()), sorted(PAIRS.items())))
    return hashlib.blake2b(told.encode(), digest_size=6).hexdigest()


def measures(of: Letters, known: Language) -> dict[str, Floats]:
    """Return the measures of ``EDGES`` of n labels, each (n,)."""
    if not len(of):
        return {name: np.empty(0) for name in EDGES}
    starts, size = of.starts, np.maximum(of.size, 1).astype(np.float64)
    bits = known.surprises(of).astype(np.int64)
    total, squares = _sums(bits, starts), _sums(bits * bits, starts)
    mean = total / (of.size + 1)
    vowel, consonant, digit = _VOWEL[of.data], _CONSONANT[of.data], _DIGIT[of.data]
    letter = vowel | consonant
    letter_count, digit_count = _sums(letter, starts), _sums(digit, starts)
    hexes = _sums(_HEX[of.data], starts) == of.size
    return {
        "surprise": mean / STEPS,
        "strangest": _strangest(bits, of) / STEPS,
        "unevenness": np.sqrt(np.maximum(squares / (of.size + 1) - mean**2, 0.0)) / STEPS,
        "vowels": np.where(letter_count > 0, _sums(vowel, starts) / np.maximum(letter_count, 1), np.nan),
        "variety": _variety(of) / size,
        "alternation": _sums(_turns(vowel, consonant), starts) / np.maximum(size - 1, 1),
        "consonants": _longest(consonant, starts),
        "vowel_run": _longest(vowel, starts),
        "digits": digit_count / size,
        "changes": _sums(_turns(digit, letter), starts),
        "hex": hexes * (1.0 + (digit_count > 0)),
        "hyphens": _sums(of.data == ord("-"), starts),
        "size": of.size.astype(np.float64),
        **_words(of, known),
    }


def _sums(of: npt.NDArray[np.int64] | npt.NDArray[np.bool_], starts: npt.NDArray[np.int64]) -> Floats:
    found: Floats = np.add.reduceat(of, starts, dtype=np.int64).astype(np.float64)
    return found


def _strangest(bits: npt.NDArray[np.int64], of: Letters) -> Floats:
    """Return the largest surprise of four letters in a row."""
    running = np.cumsum(bits)
    four = running.copy()
    four[4:] -= running[:-4]
    four[of.place < 4] = 0  # noqa: PLR2004 - four letters that begin before the name
    found: Floats = np.maximum.reduceat(four, of.starts).astype(np.float64)
    return found


def _variety(of: Letters) -> Floats:
    """Return how many different characters each label has."""
    seen = np.zeros(len(of), np.int64)
    owner = np.repeat(np.arange(len(of)), of.size + 2)
    inner = of.code != EDGE
    np.bitwise_or.at(seen, owner[inner], np.int64(1) << of.code[inner])
    return np.bitwise_count(seen).astype(np.float64)


def _turns(one: npt.NDArray[np.bool_], other: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return where a character of one kind follows one of the other."""
    found = np.zeros(len(one), np.bool_)
    found[1:] = (one[1:] & other[:-1]) | (other[1:] & one[:-1])
    return found


def _longest(of: npt.NDArray[np.bool_], starts: npt.NDArray[np.int64]) -> Floats:
    """Return the longest run; edges end every run."""
    place = np.arange(len(of))
    run = place - np.maximum.accumulate(np.where(of, 0, place))
    found: Floats = np.maximum.reduceat(run, starts).astype(np.float64)
    return found


def _words(of: Letters, known: Language) -> dict[str, Floats]:
    """Return the share of characters that stand in a known word of at least 3, 4 and 5 letters."""
    begins = known.reaches(of, 3)
    reach = np.zeros(len(of.code), np.int64)
    place = np.arange(len(of.code))
    found = {}
    for size in sorted(begins, reverse=True):
        at = begins[size]
        reach[at] = np.maximum(reach[at], at + size)
        if size <= 5:  # noqa: PLR2004 - longer words are in words5
            inside = np.maximum.accumulate(reach) > place
            found[f"words{size}"] = _sums(inside, of.starts) / np.maximum(of.size, 1)
    return found


def _runs(of: Letters, order: int) -> Block:
    begin = of.inside(order)
    number = runs(of, order)[begin]
    slots = ORDERS[order]
    if slots < 39**order:
        number = ((number.astype(np.uint64) * _MIX) >> np.uint64(64 - slots.bit_length() + 1)).astype(np.int64)
    count = np.maximum(of.size + 3 - order, 0)
    starts = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    return Block(f"runs{order}", slots, starts, number, begin=begin, length=order)


def _crossed(name: str, found: Mapping[str, Floats], one: str, other: str) -> Block:
    wide = len(EDGES[other]) + 1
    slot = np.searchsorted(EDGES[one], found[one], side="right") * wide
    slot += np.searchsorted(EDGES[other], found[other], side="right")
    n = len(slot)
    return Block(name, (len(EDGES[one]) + 1) * wide, np.arange(n + 1, dtype=np.int64), slot)
