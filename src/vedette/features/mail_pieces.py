"""Words of mail as evidence: each distinct word of a text once, weighed by the length of the text.

An entry counts ``1 / sqrt(distinct words)``: the sum over a long text varies no more than that over a short one, and a text padded with
harmless words gets weaker evidence of either kind, not stronger evidence of harmlessness.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from vedette.scoring.additive import Block
from vedette.scoring.ngrams import Corpus, Pieces, corpus, spans, word_places, words

READ_CHARS = 8_192
"""Characters of a text whose words are weighed."""


def texts(column: pl.Series) -> Corpus:
    """Return what is read of each text."""
    return corpus(column.str.head(READ_CHARS))


def word_block(name: str, read: Corpus, bits: int) -> Block:
    """Return the distinct words of n texts."""
    return _distinct(name, words(read, bits), bits)


def pair_block(name: str, read: Corpus, bits: int) -> Block:
    """Return the distinct pairs of words that follow each other in n texts; what is between them does not matter."""
    begin, end = word_places(read)
    owner = np.searchsorted(read.starts, begin, side="right") - 1
    single = spans(read, begin, end, owner, 32).slot.astype(np.uint64)
    inside = owner[:-1] == owner[1:]
    first, second = single[:-1][inside], single[1:][inside]
    mixed = first * _ODD + second * _OTHER
    mixed ^= mixed >> np.uint64(29)
    mixed *= _ODD
    slot = (mixed >> np.uint64(64 - bits)).astype(np.uint32)
    starts = np.searchsorted(owner[:-1][inside], np.arange(len(read) + 1)).astype(np.int64)
    at, length = begin[:-1][inside], (end[1:] - begin[:-1])[inside]
    return _distinct(name, Pieces(slot, at, length, starts), bits)


def _distinct(name: str, pieces: Pieces, bits: int) -> Block:
    """Return each slot of a text once, where it stands first, scaled by how many there are.

    Text, slot and place are one number each, so that one sort of plain numbers, which is quick, does it all.
    """
    n, sizes = len(pieces.starts) - 1, np.diff(pieces.starts)
    place = np.arange(len(pieces.slot), dtype=np.uint64) - np.repeat(pieces.starts[:-1], sizes).astype(np.uint64)
    owner = np.repeat(np.arange(n, dtype=np.uint64), sizes)
    key = np.sort(owner << np.uint64(32) | pieces.slot.astype(np.uint64) << _PLACE_BITS | place)
    new = np.ones(len(key), np.bool_)
    new[1:] = key[1:] >> _PLACE_BITS != key[:-1] >> _PLACE_BITS
    key = key[new]
    owner = (key >> np.uint64(32)).astype(np.int64)
    starts = np.searchsorted(owner, np.arange(n + 1)).astype(np.int64)
    at = pieces.starts[owner] + (key & ((np.uint64(1) << _PLACE_BITS) - np.uint64(1))).astype(np.int64)
    scale = (1 / np.sqrt(np.maximum(np.diff(starts), 1))).astype(np.float32)
    length = np.broadcast_to(np.asarray(pieces.length, np.int64), pieces.slot.shape)
    return Block(name, 1 << bits, starts, pieces.slot[at], scale=scale, begin=pieces.begin[at], length=length[at])


_PLACE_BITS = np.uint64(13)
"""A text of ``READ_CHARS`` has no more than half as many words; slots have the 19 bits that are left of 32."""
_ODD, _OTHER = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
