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
    inside, bits = _counted(*_pieces(bodies, name, stop))
    last = np.where((end > stop)[:, None], _KINDS[_SYMBOL[bodies.data[stop]]], 0).astype(np.int64)
    digits, vowels, consonants, hyphens, _, _ = inside.T
    sub_digits, sub_vowels, sub_consonants, sub_hyphens, _, sub_dots = (_kinds(bodies) - inside - last).T
    cls = _CLASS.take(bodies.data)
    letters, figures = (cls == _VOWEL) | (cls == _CONSONANT), cls == _DIGIT
    turns = (letters[1:] & figures[:-1]) | (letters[:-1] & figures[1:])
    found = {
        "host_size": rows["host"].str.len_bytes().to_numpy().astype(np.int64),
        "name_size": stop - name,
        "labels": sub_dots,
        "name_digits": digits,
        "name_digit_percent": 100 * digits // np.maximum(stop - name, 1),
        "name_hyphens": hyphens,
        "name_vowel_percent": _percent(vowels, consonants),
        "name_variety": _variety(bits, stop - name),
        "sub_size": name - begin,
        "sub_digits": sub_digits,
        "sub_hyphens": sub_hyphens,
        "sub_vowel_percent": _percent(sub_vowels, sub_consonants),
        "consonant_run": _longest(cls == _CONSONANT, bodies.starts),
        "digit_run": _longest(figures, bodies.starts),
        "switches": _in_each(np.flatnonzero(turns), bodies.starts),
    }
    return found | _tail_measures(rows, tails)


def _tail_measures(rows: pl.DataFrame, tails: Corpus) -> dict[str, Ints]:
    size = np.diff(tails.starts) - 2
    cls = _CLASS.take(tails.data)
    told, bits = _counted(tails.data, tails.starts, edges=True)
    digits, vowels, consonants, hyphens, underscores, dots = told.T
    depth, queries, parameters = (_in_each(np.flatnonzero(tails.data == ord(c)), tails.starts) for c in "/?=")
    found = {
        "tail_size": rows["tail"].str.len_bytes().to_numpy().astype(np.int64),
        "depth": depth,
        "queries": queries,
        "parameters": parameters,
        "tail_digits": digits,
        "tail_digit_percent": 100 * digits // np.maximum(size, 1),
        "tail_hyphens": hyphens,
        "tail_underscores": underscores,
        "tail_dots": dots,
        "tail_vowel_percent": _percent(vowels, consonants),
        "tail_run": _longest(cls > 0, tails.starts),
        "tail_consonant_run": _longest(cls == _CONSONANT, tails.starts),
        "tail_entropy": (bits * 10).astype(np.int64),
        "capitals": rows["upper"].to_numpy().astype(np.int64),
        "escapes": rows["escapes"].to_numpy().astype(np.int64),
    }
    none = np.flatnonzero(size <= 0)
    for values in found.values():
        values[none] = -1
    return found


def binned(found: Mapping[str, Ints]) -> Block:
    """Return a block of which bin each measure falls into."""
    n = len(next(iter(found.values())))
    at, tables, slots = _tables()
    slot = np.empty((n, len(found)), np.uint32)
    for k, (measure, values) in enumerate(found.items()):
        slot[:, k] = tables[measure].take(values + 1, mode="clip") + at[measure]
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


_FEW = 3
"""Letters from which on a share of vowels says something."""


def _percent(vowels: Ints, consonants: Ints) -> Ints:
    letters = vowels + consonants
    return np.where(letters > _FEW, 100 * vowels // np.maximum(letters, 1), -1)


def _in_each(places: Places, starts: Places) -> Ints:
    """Return how many of the ascending places each text holds."""
    return np.diff(np.searchsorted(places, starts))


def _longest(mask: npt.NDArray[np.bool_], starts: Places) -> Ints:
    """Return the length of the longest run in each text; its edges are in none."""
    out = np.zeros(len(starts) - 1, np.int64)
    edges = np.flatnonzero(mask[1:] != mask[:-1]) + 1
    begin, length = edges[::2], edges[1::2] - edges[::2]
    first = np.searchsorted(begin, starts)
    filled = np.flatnonzero(np.diff(first))
    if len(filled):
        out[filled] = np.maximum.reduceat(length, first[filled])
    return out


_TOGETHER = 2048
"""Texts whose symbols are counted at once: the table of counts stays in the processor's cache."""
_KINDS = np.zeros((_SYMBOLS, 6), np.float32)
for _kind, _members in enumerate((b"0123456789", b"aeiouy", b"bcdfghjklmnpqrstvwxz", b"-", b"_", b".")):
    _KINDS[_SYMBOL[list(_members)], _kind] = 1


def _counted(data: Bytes, starts: Places, *, edges: bool = False) -> tuple[Ints, npt.NDArray[np.float64]]:
    """Return how many digits, vowels, consonants, hyphens, underscores and dots each text has, (n, 6), and its bits per character, (n,).

    Args:
        data: the bytes of n texts, one after the other.
        starts: (n + 1,) where each begins.
        edges: an edge stands on both sides of each text, which does not count.
    """
    n = len(starts) - 1
    size = np.diff(starts) - 2 * edges
    told, inner = np.empty((n, _KINDS.shape[1]), np.int64), np.empty(n)
    symbol, row = _SYMBOL[data], np.arange(_TOGETHER) * _SYMBOLS
    for a in range(0, n, _TOGETHER):  # blocks of rows
        b = min(a + _TOGETHER, n)
        cell = np.repeat(row[: b - a], np.diff(starts[a : b + 1])) + symbol[starts[a] : starts[b]]
        counts = np.bincount(cell, minlength=(b - a) * _SYMBOLS).reshape(b - a, _SYMBOLS)
        if edges:
            counts[:, -1] -= 2  # they are symbols like any other rare one
        told[a:b] = counts.astype(np.float32) @ _KINDS
        inner[a:b] = _times_log().take(counts, mode="clip").sum(axis=1)
    whole = np.maximum(size, 1)
    return told, np.log2(whole) - inner / whole


@cache
def _times_log() -> npt.NDArray[np.float64]:
    n = np.arange(_LONG + 1)
    return np.asarray(n * np.log2(np.maximum(n, 1)), np.float64)


def _kinds(texts: Corpus) -> Ints:
    """Return how many digits, vowels, consonants, hyphens, underscores and dots each text has, (n, 6)."""
    n = len(texts)
    cell = np.repeat(np.arange(n) * _WIDE, np.diff(texts.starts)) + _KIND[texts.data]
    return np.bincount(cell, minlength=n * _WIDE).reshape(n, _WIDE)[:, : _KINDS.shape[1]]


_WIDE = 8
_KIND = np.where(_KINDS.any(axis=1), _KINDS.argmax(axis=1), _WIDE - 1)[_SYMBOL]


def _pieces(text: Corpus, begin: Places, end: Places) -> tuple[Bytes, Places]:
    """Return a piece of each text, one after the other, and where each begins (one more: the end)."""
    size = end - begin
    starts = np.zeros(len(size) + 1, np.int64)
    np.cumsum(size, out=starts[1:])
    return text.data.take(np.arange(starts[-1]) + np.repeat(begin - starts[:-1], size)), starts


def _variety(bits: npt.NDArray[np.float64], size: Ints) -> Ints:
    """Return bits per character in percent of what they could be at that length; missing for short names."""
    share = 100 * bits / np.log2(np.maximum(size, 2))
    return np.where(size > _FEW, share, -1).astype(np.int64)
