"""Items that are the same to a model, or nearly: hashes of their evidence, whatever the order of its pieces.

Sketches are one-permutation minhashes: of 16 classes of pieces, the least hash each. Equal parts estimate which share of pieces two items
have in common. (Broder, "On the resemblance and containment of documents", 1997; Li, Owen, Zhang, "One permutation hashing", NeurIPS 2012.)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.scoring.additive import Block

Hashes = npt.NDArray[np.uint64]
Sketches = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

BINS = 16
"""Parts of a sketch."""
BAND = 4
"""Parts that must be equal for two items to be looked at."""
ALIKE = 14
"""Parts that must be equal for them to be nearly the same."""
LONG = 48
"""Pieces that an item must have: about a short text a sketch says nothing."""
_EMPTY = np.uint32(0xFFFFFFFF)


def evidence_hashes(blocks: Sequence[Block]) -> tuple[Hashes, Sketches]:
    """Return (n,) a hash of all that is seen of each item, and (n, 16) its sketch: the least hash of its pieces in 16 classes."""
    n = len(blocks[0])
    whole, sketch, pieces = np.zeros(n, np.uint64), np.full((n, BINS), _EMPTY, np.uint32), np.zeros(n, np.int64)
    for k, block in enumerate(blocks):
        if not len(block.slot):
            continue
        mixed = _mixed(block.slot.astype(np.uint64) + np.uint64((k + 1) << 40))
        filled = np.flatnonzero(np.diff(block.starts))
        heads = block.starts[filled]
        place, least = mixed & np.uint64(BINS - 1), (mixed >> np.uint64(32)).astype(np.uint32)
        for b in range(BINS):
            found = np.minimum.reduceat(np.where(place == b, least, _EMPTY), heads)
            sketch[filled, b] = np.minimum(sketch[filled, b], found)
        if block.value is not None or block.scale is not None:
            mixed = mixed * (
                np.round(block.values() * 64).astype(np.int64).astype(np.uint64) * np.uint64(2) + np.uint64(1)
            )
        pieces += np.diff(block.starts)
        whole[filled] += np.add.reduceat(mixed, heads)
    sketch[pieces < LONG] = _EMPTY
    return whole, sketch


def _mixed(x: Hashes) -> Hashes:
    """Return well-spread numbers (the finaliser of MurmurHash3, public domain)."""
    x = (x ^ (x >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    x = (x ^ (x >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return x ^ (x >> np.uint64(33))


def shared(hashes: Hashes, side: Places) -> Bools:
    """Return (n,): whether the same hash stands on another side."""
    frame = pl.DataFrame({"h": hashes, "s": side})
    return frame.select((pl.col("s").min().over("h") != pl.col("s").max().over("h")).alias("x"))["x"].to_numpy()


def resembling(sketch: Sketches, side: Places) -> Bools:
    """Return (n,): whether an item of another side shares a band of the sketch, and 14 of its 16 parts with its first such item."""
    near = np.zeros(len(sketch), np.bool_)
    row = np.arange(len(sketch), dtype=np.int64)
    for at in range(0, BINS, BAND):
        band = pl.DataFrame({f"b{j}": sketch[:, at + j] for j in range(BAND)} | {"s": side, "row": row})
        band = band.filter(pl.Series((sketch != _EMPTY).all(axis=1)))
        keys = [f"b{j}" for j in range(BAND)]
        firsts = band.group_by(*keys, "s", maintain_order=True).first()
        pairs = band.join(firsts, on=keys, how="inner", suffix="_o").filter(pl.col("s") != pl.col("s_o"))
        one, other = pairs["row"].to_numpy(), pairs["row_o"].to_numpy()
        near[one[(sketch[one] == sketch[other]).sum(axis=1) >= ALIKE]] = True
    return near
