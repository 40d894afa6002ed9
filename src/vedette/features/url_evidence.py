"""Measures of the parts of URLs as small whole numbers, and the bins they fall into.

Everything is counted on the bytes of a whole column at once. A measure that cannot be taken (no path, no letters) is -1: missing, which is
a bin of its own. Ratios are in percent.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.scoring.additive import Block
from vedette.scoring.ngrams import Bytes, Corpus, Places

Ints = npt.NDArray[np.int64]
_DIGIT, _VOWEL, _CONSONANT = 1, 2, 3
_CLASS = np.zeros(256, np.uint8)
for _chars, _code in ((b"0123456789", _DIGIT), (b"aeiouy", _VOWEL), (b"bcdfghjklmnpqrstvwxz", _CONSONANT)):
    _CLASS[list(_chars)] = _code
_SYMBOLS = 40
_SYMBOL = np.full(256, _SYMBOLS - 1, np.int64)
for _place, _letter in enumerate(b"abcdefghijklmnopqrstuvwxyz0123456789-._"):
    _SYMBOL[_letter] = _place

EDGES: Mapping[str, tuple[int, ...]] = {
    "host_size": (5, 8, 10, 12, 14, 16, 18, 21, 25, 30, 40, 60),
    "name_size": (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 19, 23, 30),
    "labels": (1, 2, 3, 4, 5),
    "name_digits": (1, 2, 3, 4, 6),
    "name_digit_percent": (1, 10, 20, 35, 60),
    "name_hyphens": (1, 2, 3),
    "name_vowel_percent": (1, 15, 22, 29, 34, 39, 45, 52, 62),
    "name_variety": (60, 75, 80, 85, 90, 94, 97, 99),
    "sub_size": (1, 4, 6, 8, 11, 16, 24, 40),
    "sub_digits": (1, 2, 3, 5, 8),
    "sub_hyphens": (1, 2, 3),
    "sub_vowel_percent": (1, 15, 22, 29, 34, 39, 45, 52, 62),
    "consonant_run": (2, 3, 4, 5, 6, 8),
    "digit_run": (1, 2, 3, 4, 5, 8),
    "switches": (1, 2, 3, 4, 6),
    "tail_size": (2, 4, 6, 8, 10, 13, 17, 22, 30, 40, 60, 90, 140, 220),
    "depth": (1, 2, 3, 4, 5, 6, 8),
    "queries": (1, 2),
    "parameters": (1, 2, 3, 5),
    "tail_digits": (1, 2, 3, 5, 8, 14, 24),
    "tail_digit_percent": (1, 5, 10, 20, 35, 50),
    "tail_hyphens": (1, 2, 3, 5, 8),
    "tail_underscores": (1, 2, 4),
    "tail_dots": (1, 2, 3, 4),
    "tail_vowel_percent": (1, 10, 20, 28, 34, 40, 48),
    "tail_run": (4, 6, 8, 10, 13, 17, 24, 32, 40),
    "tail_consonant_run": (2, 3, 4, 5, 6),
    "tail_entropy": (20, 25, 30, 33, 36, 39, 42, 46),
    "capitals": (1, 2, 4, 8, 16),
    "escapes": (1, 2, 4, 8),
}
"""Measure -> where its bins begin, besides the first (below all) and the one for missing. Entropy in tenths of a bit."""

WORDS: Mapping[str, str] = {
    "host_size": "host name of {} characters",
    "name_size": "registered name of {} characters",
    "labels": "{} subdomain levels",
    "name_digits": "{} digits in the registered name",
    "name_digit_percent": "{} % digits in the registered name",
    "name_hyphens": "{} hyphens in the registered name",
    "name_vowel_percent": "{} % vowels in the registered name",
    "name_variety": "variety of letters in the registered name {} %",
    "sub_size": "subdomains of {} characters",
    "sub_digits": "{} digits in the subdomains",
    "sub_hyphens": "{} hyphens in the subdomains",
    "sub_vowel_percent": "{} % vowels in the subdomains",
    "consonant_run": "{} consonants in a row in the host name",
    "digit_run": "{} digits in a row in the host name",
    "switches": "host name changes {} times between letters and digits",
    "tail_size": "path and query of {} characters",
    "depth": "path of {} levels",
    "queries": "{} question marks",
    "parameters": "{} parameters",
    "tail_digits": "{} digits in path and query",
    "tail_digit_percent": "{} % digits in path and query",
    "tail_hyphens": "{} hyphens in path and query",
    "tail_underscores": "{} underscores in path and query",
    "tail_dots": "{} dots in path and query",
    "tail_vowel_percent": "{} % vowels in path and query",
    "tail_run": "a word of {} characters in path or query",
    "tail_consonant_run": "{} consonants in a row in path or query",
    "tail_entropy": "disorder of path and query {} tenths of a bit",
    "capitals": "{} capital letters in path and query",
    "escapes": "{} needless percent escapes",
}
"""Measure -> how an analyst is told."""

CROSSED: tuple[tuple[str, ...], ...] = (
    ("suffix", "name_size"),
    ("suffix", "name_vowel_percent", "name_digits"),
    ("suffix", "sub_size"),
    ("name_size", "name_vowel_percent", "name_digits", "name_hyphens"),
    ("name_variety", "name_size"),
    ("tail_size", "tail_digits", "tail_vowel_percent"),
    ("depth", "queries", "tail_size"),
)
"""Measures whose bins are looked at together; ``suffix`` is the public suffix."""
CROSS_BITS = 16
_LONG = 1023
"""Larger measures count as this."""


def measures(rows: pl.DataFrame, bodies: Corpus, tails: Corpus) -> dict[str, Ints]:
    """Return every measure of ``EDGES``, (n,) int64 each.

    Args:
        rows: rows of the feature set ``url``.
        bodies: hosts without their public suffix (``a.example.``).
        tails: path, query and fragment, lower case.
    """
    begin, end = bodies.starts[:-1] + 1, bodies.starts[1:] - 1
    size = np.maximum((rows["domain_size"] - rows["suffix_size"]).to_numpy().astype(np.int64), 0)
    name = np.maximum(end - size, begin)
    stop = np.maximum(end - 1, name)  # before the dot
    cls, prefix = _classes(bodies.data)
    digits, vowels, consonants = (_between(p, name, stop) for p in prefix)
    sub_digits, sub_vowels, sub_consonants = (_between(p, begin, name) for p in prefix)
    hyphens, dots = np.flatnonzero(bodies.data == ord("-")), np.flatnonzero(bodies.data == ord("."))
    letters = (cls == _VOWEL) | (cls == _CONSONANT)
    turns = (letters[1:] & (cls[:-1] == _DIGIT)) | (letters[:-1] & (cls[1:] == _DIGIT))
    found = {
        "host_size": rows["host"].str.len_bytes().to_numpy().astype(np.int64),
        "name_size": stop - name,
        "labels": _within(dots, begin, name),
        "name_digits": digits,
        "name_digit_percent": 100 * digits // np.maximum(stop - name, 1),
        "name_hyphens": _within(hyphens, name, stop),
        "name_vowel_percent": _percent(vowels, consonants),
        "name_variety": _variety(bodies, name, stop),
        "sub_size": name - begin,
        "sub_digits": sub_digits,
        "sub_hyphens": _within(hyphens, begin, name),
        "sub_vowel_percent": _percent(sub_vowels, sub_consonants),
        "consonant_run": _longest(cls == _CONSONANT, bodies.starts),
        "digit_run": _longest(cls == _DIGIT, bodies.starts),
        "switches": _within(np.flatnonzero(turns), begin, end),
    }
    return found | _tail_measures(rows, tails)


def _tail_measures(rows: pl.DataFrame, tails: Corpus) -> dict[str, Ints]:
    begin, end = tails.starts[:-1] + 1, tails.starts[1:] - 1
    size = end - begin
    cls, prefix = _classes(tails.data)
    digits, vowels, consonants = (_between(p, begin, end) for p in prefix)
    marks = {c: _within(np.flatnonzero(tails.data == ord(c)), begin, end) for c in "/?=-_."}
    found = {
        "tail_size": rows["tail"].str.len_bytes().to_numpy().astype(np.int64),
        "depth": marks["/"],
        "queries": marks["?"],
        "parameters": marks["="],
        "tail_digits": digits,
        "tail_digit_percent": 100 * digits // np.maximum(size, 1),
        "tail_hyphens": marks["-"],
        "tail_underscores": marks["_"],
        "tail_dots": marks["."],
        "tail_vowel_percent": _percent(vowels, consonants),
        "tail_run": _longest(cls > 0, tails.starts),
        "tail_consonant_run": _longest(cls == _CONSONANT, tails.starts),
        "tail_entropy": (_entropy(tails, begin, end) * 10).astype(np.int64),
        "capitals": rows["upper"].to_numpy().astype(np.int64),
        "escapes": rows["escapes"].to_numpy().astype(np.int64),
    }
    return {k: np.where(size > 0, v, -1) for k, v in found.items()}


def binned(found: Mapping[str, Ints]) -> Block:
    """Return a block of which bin each measure falls into."""
    n = len(next(iter(found.values())))
    at, tables, slots = _tables()
    slot = np.empty((n, len(found)), np.uint32)
    for k, (measure, values) in enumerate(found.items()):
        slot[:, k] = tables[measure][np.clip(values, -1, _LONG) + 1] + at[measure]
    return Block("measures", slots, np.arange(n + 1, dtype=np.int64) * len(found), slot.ravel())


def crossed(measured: Block, suffixes: npt.NDArray[np.uint64]) -> Block:
    """Return a block of which bins of several measures come together; ``suffixes`` are hashes of the public suffix."""
    n = len(measured)
    place = {measure: k for k, measure in enumerate(EDGES)}
    bins = measured.slot.reshape(n, len(EDGES)).astype(np.uint64)
    slot = np.empty((n, len(CROSSED)), np.uint32)
    for k, measures_ in enumerate(CROSSED):
        mixed = np.full(n, k + 1, np.uint64)
        for measure in measures_:
            mixed = (mixed ^ (suffixes if measure == "suffix" else bins[:, place[measure]])) * _MIX
            mixed ^= mixed >> np.uint64(29)
        slot[:, k] = (mixed * _MIX) >> np.uint64(64 - CROSS_BITS)
    return Block("together", 1 << CROSS_BITS, np.arange(n + 1, dtype=np.int64) * len(CROSSED), slot.ravel())


_MIX = np.uint64(0x9E3779B97F4A7C15)


@cache
def _tables() -> tuple[dict[str, int], dict[str, npt.NDArray[np.uint32]], int]:
    """Return where the slots of each measure begin, its bin of each value from -1 to ``_LONG``, and how many slots there are."""
    at, tables, place = {}, {}, 0
    for measure, edges in EDGES.items():
        table = np.searchsorted(np.array(edges), np.arange(-1, _LONG + 1), side="right")
        table[0] = len(edges) + 1
        at[measure], tables[measure] = place, table.astype(np.uint32)
        place += len(edges) + 2
    return at, tables, place


def _classes(data: Bytes) -> tuple[npt.NDArray[np.uint8], list[npt.NDArray[np.int32]]]:
    """Return the class of each byte, and running counts of digits, vowels and consonants."""
    cls = _CLASS[data]
    running = []
    for code in (_DIGIT, _VOWEL, _CONSONANT):
        total = np.zeros(len(data) + 1, np.int32)
        np.cumsum(cls == code, out=total[1:])
        running.append(total)
    return cls, running


def _between(running: npt.NDArray[np.int32], begin: Places, end: Places) -> Ints:
    return (running[end] - running[begin]).astype(np.int64)


def _within(places: Places, begin: Places, end: Places) -> Ints:
    """Return how many of the ascending places are in ``[begin, end)``."""
    return np.searchsorted(places, end) - np.searchsorted(places, begin)


_FEW = 3
"""Letters from which on a share of vowels says something."""


def _percent(vowels: Ints, consonants: Ints) -> Ints:
    letters = vowels + consonants
    return np.where(letters > _FEW, 100 * vowels // np.maximum(letters, 1), -1)


def _longest(mask: npt.NDArray[np.bool_], starts: Places) -> Ints:
    """Return the length of the longest run in each text."""
    out = np.zeros(len(starts) - 1, np.int64)
    edges = np.flatnonzero(np.diff(mask, prepend=np.False_, append=np.False_))
    begin, length = edges[::2], edges[1::2] - edges[::2]
    first = np.searchsorted(begin, starts)
    filled = np.flatnonzero(np.diff(first))
    if len(filled):
        out[filled] = np.maximum.reduceat(length, first[filled])
    return out


def _entropy(text: Corpus, begin: Places, end: Places) -> npt.NDArray[np.float64]:
    """Return bits per character of each piece."""
    size = end - begin
    starts = np.concatenate([[0], np.cumsum(size)])
    at = np.arange(starts[-1]) + np.repeat(begin - starts[:-1], size)
    cell = np.repeat(np.arange(len(size)) * _SYMBOLS, size) + _SYMBOL[text.data[at]]
    counts = np.bincount(cell, minlength=len(size) * _SYMBOLS).reshape(len(size), _SYMBOLS)
    inner = _times_log()[np.minimum(counts, _LONG)].sum(axis=1)
    whole = np.maximum(size, 1)
    return np.asarray(np.log2(whole) - inner / whole, np.float64)


@cache
def _times_log() -> npt.NDArray[np.float64]:
    n = np.arange(_LONG + 1)
    return np.asarray(n * np.log2(np.maximum(n, 1)), np.float64)


def _variety(text: Corpus, begin: Places, end: Places) -> Ints:
    """Return the entropy in percent of what it could be at that length; missing for short names."""
    size = end - begin
    share = 100 * _entropy(text, begin, end) / np.log2(np.maximum(size, 2))
    return np.where(size > _FEW, share, -1).astype(np.int64)
