"""Pieces of text as numbers: hashes of character n-grams and of words, a whole column at a time.

The hash of bytes b[i:j] is a difference of prefix sums: ``(H[j] - H[i]) * p**-i`` with ``H[j] = sum(b[k] * p**k)`` in arithmetic modulo
2**64, mixed and cut to the number of bits wanted. So a piece costs the same whatever its length, and the same bytes have the same hash
in every version of every library. (Polynomial hash: Karp, Rabin, "Efficient randomized pattern-matching algorithms", 1987; the hashing
trick: Weinberger et al., ICML 2009.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

Bytes = npt.NDArray[np.uint8]
Hashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

_P = np.uint64(0x9E3779B97F4A7C15 | 1)
_MIX = np.uint64(0xD6E8FEB86659FD93)
START, END = b"\x02", b"\x03"
"""Stand before and after every text, so that a piece at its edge is another piece than the same inside."""


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """A column of texts as one run of bytes.

    Attributes:
        data: (n_bytes,) the UTF-8 texts, each between ``START`` and ``END``; a null text is empty.
        starts: (n_texts + 1,) where each text begins in ``data``, its ``START`` included.
        prefix: (n_bytes + 1,) the prefix sums that every hash is a difference of.
    """

    data: Bytes
    starts: Places
    prefix: Hashes

    def __len__(self) -> int:
        return len(self.starts) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Pieces of texts, in the order of the texts.

    Attributes:
        slot: (n_pieces,) uint32: the hash, cut.
        begin: (n_pieces,) where the piece begins in ``Corpus.data``; ``length``: its bytes.
        starts: (n_texts + 1,) where the pieces of each text begin.
    """

    slot: npt.NDArray[np.uint32]
    begin: Places
    length: Places | int
    starts: Places


def corpus(texts: pl.Series) -> Corpus:
    """Return the texts (String) as one run of bytes."""
    filled = texts.fill_null("")
    sizes = filled.str.len_bytes().to_numpy().astype(np.int64)
    starts = np.zeros(len(filled) + 1, np.int64)
    np.cumsum(sizes + 2, out=starts[1:])
    if not len(filled):
        return Corpus(np.empty(0, np.uint8), starts, np.zeros(1, np.uint64))
    joined: bytes = filled.str.join((END + START).decode()).cast(pl.Binary).item()
    data = np.frombuffer(START + joined + END, np.uint8)
    prefix = np.zeros(len(data) + 1, np.uint64)
    np.cumsum((data.astype(np.uint64) + np.uint64(1)) * _powers(len(data))[0], out=prefix[1:])
    return Corpus(data, starts, prefix)


def ngrams(texts: Corpus, order: int, bits: int) -> Pieces:
    """Return every run of ``order`` bytes inside a text (its edges included), as slots below ``2**bits``.

    Args:
        texts: n texts.
        order: bytes in a piece, at least 1.
        bits: at most 32.
    """
    sizes = np.maximum(np.diff(texts.starts) - order + 1, 0)
    starts = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    if not starts[-1]:
        return Pieces(np.empty(0, np.uint32), np.empty(0, np.int64), order, starts)
    shift = np.repeat(texts.starts[:-1] - starts[:-1], sizes)
    begin = np.arange(starts[-1], dtype=np.int64) + shift
    hashed = texts.prefix[order:] - texts.prefix[:-order]  # of every run, also those from one text into the next
    hashed *= _powers(len(texts.data))[1][: len(hashed)]
    return Pieces(_cut(hashed, order, bits).take(begin), begin, order, starts)


def spans(texts: Corpus, begin: Places, end: Places, owner: Places, bits: int, salt: int = 0) -> Pieces:
    """Return the pieces ``data[begin:end]`` as slots; ``owner`` (ascending) says which text each belongs to."""
    starts = np.searchsorted(owner, np.arange(len(texts) + 1)).astype(np.int64)
    length = (end - begin).astype(np.int64)
    return Pieces(_cut(_hashes(texts, begin, end), salt, bits), begin, length, starts)


def span_hashes(texts: Corpus, begin: Places, end: Places) -> Hashes:
    """Return (n,) 64-bit hashes of the pieces ``data[begin:end]``, the same for the same bytes wherever they stand."""
    hashed = _hashes(texts, begin, end)
    high, low = _mixed(hashed.copy(), _HALVES[0]), _mixed(hashed, _HALVES[1])
    return (high & _UPPER) | (low >> np.uint64(32))


_HALVES = (7001, 7002)
_UPPER = np.uint64(0xFFFFFFFF00000000)


def words(texts: Corpus, bits: int, *, shortest: int = 2, longest: int = 24, salt: int = 1000) -> Pieces:
    """Return the words of each text: runs of letters, digits and bytes beyond ASCII, of ``shortest`` to ``longest`` bytes."""
    begin, end = word_places(texts)
    fits = (end - begin >= shortest) & (end - begin <= longest)
    begin, end = begin[fits], end[fits]
    starts = np.searchsorted(begin, texts.starts).astype(np.int64)
    return Pieces(_cut(_hashes(texts, begin, end), salt, bits), begin, end - begin, starts)


def word_places(texts: Corpus) -> tuple[Places, Places]:
    """Return where the words begin and end."""
    inside = _LETTER.take(texts.data)
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1  # a text's own edges are no letters
    return edges[::2], edges[1::2]


_LETTER = np.zeros(256, np.bool_)
_LETTER[[*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B), *range(0x80, 0x100)]] = True


def _hashes(texts: Corpus, begin: Places, end: Places) -> Hashes:
    """Return the hash of each piece, not mixed yet."""
    hashed = texts.prefix.take(end)
    hashed -= texts.prefix.take(begin)
    hashed *= _powers(len(texts.data))[1].take(begin)
    return hashed


def _mixed(hashed: Hashes, salt: int) -> Hashes:
    """Return the hashes, mixed in place."""
    hashed += np.uint64(salt)
    hashed ^= hashed >> np.uint64(32)
    hashed *= _MIX
    return hashed


def _cut(hashed: Hashes, salt: int, bits: int) -> npt.NDArray[np.uint32]:
    """Return the upper ``bits`` bits of the mixed hashes; ``hashed`` is used up."""
    hashed = _mixed(hashed, salt)
    hashed >>= np.uint64(64 - bits)
    return hashed.astype(np.uint32)


def _powers(n: int) -> tuple[Hashes, Hashes]:
    """Return p**k and p**-k modulo 2**64 for k below ``n``."""
    up, down = _tables(1 << max(12, n.bit_length()))
    return up[:n], down[:n]


@lru_cache(maxsize=32)  # one for each power of two: together no more than twice the largest
def _tables(n: int) -> tuple[Hashes, Hashes]:
    return _geometric(int(_P), n), _geometric(pow(int(_P), -1, 1 << 64), n)


def _geometric(base: int, n: int) -> Hashes:
    """Return 1, base, base**2 ... by doubling."""
    out = np.ones(n, np.uint64)
    filled, factor = 1, base
    while filled < n:
        take = min(filled, n - filled)
        np.multiply(out[:take], np.uint64(factor), out=out[filled : filled + take])
        filled, factor = filled + take, factor * factor % (1 << 64)
    return out


def joined(parts: Sequence[Pieces], n_texts: int) -> Pieces:
    """Return the pieces of several families as one, text by text."""
    owner = np.concatenate([np.repeat(np.arange(n_texts), np.diff(p.starts)) for p in parts])
    order = np.argsort(owner, kind="stable")
    lengths = np.concatenate([np.broadcast_to(np.asarray(p.length, np.int64), p.slot.shape) for p in parts])
    starts: Places = np.stack([p.starts for p in parts]).sum(axis=0)
    slot, begin = np.concatenate([p.slot for p in parts]), np.concatenate([p.begin for p in parts])
    return Pieces(slot[order], begin[order], lengths[order], starts)
