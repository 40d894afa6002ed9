"""What ordinary domain names are made of: how surprising each letter is after the three before it, and which words occur in them.

The tables are shipped as content (``language/domains.npz``) and were counted over names that no detector is trained or tested on
(``learning.domain_tables``). The surprise is that of a four-gram model with Witten-Bell interpolation (Witten, Bell, "The zero-frequency
problem", IEEE Trans. Information Theory 1991), in sixteenths of a bit, so that sums are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.intel.content import content

TABLE = "language/domains.npz"

SYMBOLS = 39
EDGE, OTHER = 37, 38
"""Symbols: a-z, 0-9, the hyphen, the edge of a name, anything else."""
STEPS = 16
"""Steps of a bit in which surprise is held."""
WORD_SIZES = range(3, 10)
"""Letters of the words that are looked for."""

_BITS = 20
_SPREAD = np.uint64(0x9E3779B97F4A7C15)

CODE = np.full(256, OTHER, np.uint8)
for _symbol, _byte in enumerate(b"abcdefghijklmnopqrstuvwxyz0123456789-"):
    CODE[_byte] = _symbol
CODE[[2, 3]] = EDGE


@dataclass(frozen=True, slots=True, eq=False)
class Letters:
    """n names as one run of symbols, each name between two edges.

    Attributes:
        code: (m,) int64 symbols; ``data``: (m,) the bytes.
        starts: (n,) where each name begins, its first edge included.
        size: (n,) bytes of each name.
        place: (m,) place of a symbol in its name; 0 is the first edge.
    """

    code: npt.NDArray[np.int64]
    data: npt.NDArray[np.uint8]
    starts: npt.NDArray[np.int64]
    size: npt.NDArray[np.int64]
    place: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts)

    def inside(self, order: int) -> npt.NDArray[np.int64]:
        """Return where runs of ``order`` symbols begin that end in the same name."""
        last = np.repeat(self.starts + self.size + 2, self.size + 2) - order
        return np.flatnonzero(np.arange(len(self.code)) <= last)


def letters(names: pl.Series) -> Letters:
    """Return names (String) as symbols; a null is an empty name."""
    filled = names.fill_null("")
    size = filled.str.len_bytes().to_numpy().astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(size + 2)]).astype(np.int64)
    text = "\x02" + (filled.str.join("\x03\x02").item() or "") + "\x03" if len(filled) else ""
    data = np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8)
    place = np.arange(len(data)) - np.repeat(starts[:-1], size + 2)
    return Letters(CODE[data].astype(np.int64), data, starts[:-1], size, place)


def runs(of: Letters, order: int) -> npt.NDArray[np.int64]:
    """Return (m,) the number of the run of ``order`` symbols that begins at each place (at most 12); runs over the end count edges."""
    code = np.zeros(len(of.code), np.int64)
    for k in range(order):
        code *= SYMBOLS
        code += _later(of.code, k)
    return code


def _later(code: npt.NDArray[np.int64], by: int) -> npt.NDArray[np.int64]:
    """Return (m,) the symbol ``by`` places further on; edges behind the last."""
    found = np.full(len(code), EDGE, np.int64)
    found[: max(len(code) - by, 0)] = code[by:]
    return found


def fours(of: Letters) -> npt.NDArray[np.int64]:
    """Return (m,) the number of each symbol together with the three before it; before a name there are edges."""
    number = np.zeros(len(of.code), np.int64)
    for back in (3, 2, 1, 0):
        shifted = np.roll(of.code, back)
        if back:
            shifted[of.place < back] = EDGE
        number = number * SYMBOLS + shifted
    return number


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """The tables.

    Attributes:
        surprise: (SYMBOLS**4,) uint8: of the last of four symbols after the three before, in ``1 / STEPS`` bits.
        words: (2**20,) uint16: by the upper bits of a word's hash, the lower ones plus 1; 0: no word there.
    """

    surprise: npt.NDArray[np.uint8]
    words: npt.NDArray[np.uint16]

    def surprises(self, of: Letters) -> npt.NDArray[np.uint8]:
        """Return (m,): the surprise at each symbol, the closing edge included; 0 at the first edge."""
        found: npt.NDArray[np.uint8] = self.surprise[fours(of)]
        found[of.starts] = 0
        return found

    def reaches(self, of: Letters, shortest: int) -> dict[int, npt.NDArray[np.int64]]:
        """Return for word sizes from ``shortest`` on where words of that size begin."""
        code, found = np.zeros(len(of.code), np.uint64), {}
        for k in range(WORD_SIZES.stop - 1):
            code *= np.uint64(SYMBOLS)
            code += _later(of.code, k).astype(np.uint64)
            if k + 1 >= max(shortest, WORD_SIZES.start):
                found[k + 1] = np.flatnonzero(_held(self.words, code))
        return found


def _held(words: npt.NDArray[np.uint16], code: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    slot, mark = _slot(code)
    hit: npt.NDArray[np.bool_] = words[slot] == mark
    return hit


def _slot(code: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint16]]:
    mixed = code * _SPREAD
    slot = (mixed >> np.uint64(64 - _BITS)).astype(np.int64)
    mark = ((mixed >> np.uint64(64 - _BITS - 15)) & np.uint64(0x7FFF)).astype(np.uint16) + np.uint16(1)
    return slot, mark


@cache
def language() -> Language:
    """Return the tables that ship."""
    with np.load(content(TABLE), allow_pickle=False) as held:
        counts = np.zeros(SYMBOLS**4, np.float64)
        counts[np.cumsum(held["at"].astype(np.int64))] = held["count"]
        words = bytes(held["words"]).decode("ascii").split("\n")
    return Language(surprise_of(counts), marks_of(words))


def surprise_of(counts: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """Return the surprise table of counted runs of four symbols, (SYMBOLS**4,)."""
    four = counts.reshape((SYMBOLS,) * 4)
    three, two = four.sum(axis=0), four.sum(axis=(0, 1))
    one = two.sum(axis=0) + 0.5
    chance = one / one.sum()
    for count in (two, three, four):
        total, kinds = count.sum(axis=-1, keepdims=True), (count > 0).sum(axis=-1, keepdims=True)
        share = total / np.maximum(total + kinds, 1.0)
        chance = share * count / np.maximum(total, 1.0) + (1 - share) * chance
    table: npt.NDArray[np.uint8] = np.clip(np.round(-np.log2(chance) * STEPS), 0, 255).astype(np.uint8).ravel()
    return table


def marks_of(words: list[str]) -> npt.NDArray[np.uint16]:
    """Return the table of words; words outside ``WORD_SIZES`` are passed over."""
    table = np.zeros(1 << _BITS, np.uint16)
    for size in WORD_SIZES:
        of_size = [w for w in words if len(w) == size]
        if of_size:
            symbols = (
                CODE[np.frombuffer("".join(of_size).encode("ascii"), np.uint8)].reshape(-1, size).astype(np.uint64)
            )
            code = np.zeros(len(of_size), np.uint64)
            for k in range(size):
                code = code * np.uint64(SYMBOLS) + symbols[:, k]
            slot, mark = _slot(code)
            table[slot] = mark
    return table
