"""A model that is a sum: bias plus weight times value over sparse evidence. Its parts are its explanation, to the last digit.

A *block* is one family of evidence about n items: character pieces of a host name, words of a subject, a bin of a length, a fact that holds
or not. Every block has its own table of weights. Tables of hashed pieces are large and mostly zero; they are stored compressed.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from vedette.errors import ModelError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Sparse evidence of one family about n items.

    Attributes:
        name: the family; the model has a table of weights of this name.
        slots: how many weights the table has.
        starts: (n + 1,) int64: where the entries of each item begin.
        slot: (n_entries,) uint32 or int64, below ``slots``.
        value: (n_entries,) float32; None: all 1.
        scale: (n,) float32: every entry of an item is multiplied by it; None: all 1.
        begin: (n_entries,) where the entry stands in its text, in bytes of the ``Corpus``, for words that explain; ``length`` its bytes.
    """

    name: str
    slots: int
    starts: npt.NDArray[np.int64]
    slot: npt.NDArray[np.uint32] | npt.NDArray[np.int64]
    value: npt.NDArray[np.float32] | None = None
    scale: npt.NDArray[np.float32] | None = None
    begin: npt.NDArray[np.int64] | None = None
    length: npt.NDArray[np.int64] | int | None = None

    def __len__(self) -> int:
        return len(self.starts) - 1

    def values(self) -> npt.NDArray[np.float32]:
        """Return (n_entries,): what each entry multiplies its weight by."""
        value = np.ones(len(self.slot), np.float32) if self.value is None else self.value
        return value if self.scale is None else value * np.repeat(self.scale, np.diff(self.starts))

    def owners(self) -> npt.NDArray[np.int64]:
        """Return (n_entries,): the item each entry belongs to."""
        return np.repeat(np.arange(len(self), dtype=np.int64), np.diff(self.starts))


@dataclass(frozen=True, slots=True, eq=False)
class Additive:
    """The sum.

    Attributes:
        bias: the margin of an item without evidence, in nats.
        weights: block name -> (slots,) float32, in nats.
    """

    bias: float
    weights: Mapping[str, npt.NDArray[np.float32]]

    def margin(self, blocks: Sequence[Block]) -> Floats:
        """Return (n,) Float64: log-odds before calibration. An item's margin depends on that item alone."""
        total = np.full(len(blocks[0]), self.bias)
        for block in blocks:
            total += self.sums(block)
        return total

    def sums(self, block: Block) -> Floats:
        """Return (n,): what a whole block adds to each item."""
        nats = self._table(block).take(block.slot.astype(np.intp, copy=False))
        if block.value is not None:
            nats = nats * block.value
        total = segment_sums(nats, block.starts)
        return total if block.scale is None else total * block.scale

    def nats(self, block: Block) -> Floats:
        """Return (n_entries,): what each entry adds to its item."""
        return self._table(block).take(block.slot.astype(np.intp, copy=False)).astype(np.float64) * block.values()

    def _table(self, block: Block) -> npt.NDArray[np.float32]:
        table = self.weights.get(block.name)
        if table is None or len(table) != block.slots:
            have = "none" if table is None else f"{len(table)}"
            raise ModelError(
                f"the model does not fit its detector: block {block.name!r} needs {block.slots} weights and has {have}",
                hint="use the model of this version: vedette models list",
            )
        return table

    def dump(self) -> bytes:
        """Return the parameters as an npz file, the same bytes for the same parameters."""
        arrays: dict[str, npt.NDArray[np.generic]] = {"bias": np.array(self.bias, np.float64)}
        for name, table in self.weights.items():
            used = np.flatnonzero(table)
            arrays |= {
                f"{name}/slots": np.array(len(table), np.int64),
                f"{name}/at": np.diff(used, prepend=0).astype(np.uint32),
                f"{name}/weight": table[used].astype(np.float32),
            }
        out = io.BytesIO()
        np.savez_compressed(out, **dict(sorted(arrays.items())))  # type: ignore[arg-type]
        return out.getvalue()

    @classmethod
    def load(cls, data: bytes) -> Additive:
        """Read what ``dump`` wrote.

        Raises:
            ModelError: the bytes are not such a file.
        """
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
                names = [n.removesuffix("/slots") for n in arrays.files if n.endswith("/slots")]
                weights = {}
                for name in names:
                    table = np.zeros(int(arrays[f"{name}/slots"]), np.float32)
                    table[np.cumsum(arrays[f"{name}/at"].astype(np.int64))] = arrays[f"{name}/weight"]
                    weights[name] = table
                return cls(float(arrays["bias"]), weights)
        except (
            ValueError,
            KeyError,
            IndexError,
            OSError,
            EOFError,
            NotImplementedError,
            BadZipFile,
            zlib.error,
        ) as error:
            raise ModelError(f"not the parameters of an additive model: {error}") from error


def segment_sums(values: npt.NDArray[np.floating], starts: npt.NDArray[np.int64]) -> Floats:
    """Return the sum of ``values[starts[i]:starts[i + 1]]`` for every i, each summed by itself in float64."""
    out = np.zeros(len(starts) - 1)
    filled = np.flatnonzero(np.diff(starts))
    if len(filled):
        out[filled] = np.add.reduceat(values, starts[filled], dtype=np.float64)
    return out


def facts(name: str, columns: Mapping[str, npt.NDArray[np.float32]]) -> Block:
    """Return a block whose slot k is the k-th of ``columns``, each (n,) float32; zeros take no room."""
    table = np.nan_to_num(np.stack(list(columns.values()), axis=1).astype(np.float32, copy=False), copy=False, nan=0.0)
    at = np.flatnonzero(table != 0)
    owner, slot = at // table.shape[1], at % table.shape[1]
    starts = np.searchsorted(owner, np.arange(len(table) + 1)).astype(np.int64)
    return Block(name, len(columns), starts, slot.astype(np.uint32), table.ravel()[at])


def bins(name: str, columns: Mapping[str, npt.NDArray[np.floating]], edges: Mapping[str, Sequence[float]]) -> Block:
    """Return a block that holds for each measure the bin it falls into; a missing value (NaN) is a bin of its own.

    Measure k has ``len(edges[k]) + 2`` slots: below the first edge, between edges, from the last edge on, and missing.
    """
    n, at, slots = len(next(iter(columns.values()))), 0, []
    for measure, values in columns.items():
        cuts = np.asarray(edges[measure], np.float64)
        place = np.where(np.isnan(values), len(cuts) + 1, np.searchsorted(cuts, values, side="right"))
        slots.append(place + at)
        at += len(cuts) + 2
    slot = np.stack(slots, axis=1).ravel().astype(np.uint32)
    return Block(name, at, np.arange(n + 1, dtype=np.int64) * len(columns), slot)
