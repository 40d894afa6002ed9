"""Sequences of events, laid out one behind the other: what every scorer reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
Words = npt.NDArray[np.str_]

NORMAL = "normal"


@dataclass(frozen=True, slots=True, eq=False)
class Traces:
    """Sequences with what is known about them.

    Attributes:
        events: (n_events,) numbers of events (small, from 0), of all sequences.
        starts: (n + 1,) where each sequence begins; the last is the end.
        kind: (n,) ``normal``, or the kind of attack.
        part: (n,) the part of the data set.
        copies: (n,) how often each was recorded.
    """

    events: Places
    starts: Places
    kind: Words
    part: Words
    copies: Places

    @classmethod
    def of(
        cls, sequences: Sequence[Sequence[int]], kind: Sequence[str], part: Sequence[str], copies: Sequence[int] = ()
    ) -> Traces:
        """Return sequences laid out; empty ones are not allowed."""
        sizes = np.array([len(s) for s in sequences], np.int64)
        events = np.concatenate([np.asarray(s, np.int64) for s in sequences])
        many = np.asarray(copies if len(copies) else np.ones(len(sizes)), np.int64)
        return cls(events, np.concatenate([[0], np.cumsum(sizes)]), np.array(kind), np.array(part), many)

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def sizes(self) -> Places:
        """(n,) events of each sequence."""
        return np.diff(self.starts)

    @property
    def attack(self) -> Bools:
        """(n,) what is not normal."""
        return np.asarray(self.kind != NORMAL, np.bool_)

    @property
    def owner(self) -> Places:
        """(n_events,) the sequence that each event is of."""
        return np.repeat(np.arange(len(self)), self.sizes)

    @property
    def place(self) -> Places:
        """(n_events,) the place of each event in its sequence, from 0."""
        return np.arange(len(self.events)) - np.repeat(self.starts[:-1], self.sizes)

    def take(self, which: Bools | Places) -> Traces:
        """Return some of the sequences, in that order."""
        rows = np.flatnonzero(which) if which.dtype == np.bool_ else which.astype(np.int64)
        sizes = self.sizes[rows]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        at = np.arange(starts[-1]) - np.repeat(starts[:-1], sizes) + np.repeat(self.starts[rows], sizes)
        return Traces(self.events[at], starts, self.kind[rows], self.part[rows], self.copies[rows])

    def distinct(self) -> Traces:
        """Return each sequence once, where it first stands, with the copies of all of them; what is normal and an attack is left out."""
        seen: dict[bytes, int] = {}
        first = np.empty(len(self), np.int64)
        for row, (begin, end) in enumerate(zip(self.starts[:-1].tolist(), self.starts[1:].tolist(), strict=True)):
            first[row] = seen.setdefault(
                self.events[begin:end].tobytes(), row
            )  # sequences are few thousand, of any length
        rows, of = np.unique(first, return_inverse=True)
        attacks, copies = (np.bincount(of, weights, len(rows)) for weights in (self.attack, self.copies))
        clear = (attacks == 0) | (attacks == np.bincount(of, minlength=len(rows)))
        some = self.take(rows[clear])
        return Traces(some.events, some.starts, some.kind, some.part, copies[clear].astype(np.int64))

    def counts(self, vocabulary: int) -> Floats:
        """Return (n, vocabulary) how often each event is in each sequence; events beyond the vocabulary share its last column."""
        events = np.minimum(self.events, vocabulary - 1)
        flat = np.bincount(self.owner * vocabulary + events, minlength=len(self) * vocabulary)
        return flat.reshape(len(self), vocabulary).astype(np.float64)

    def mean(self, values: Floats) -> Floats:
        """Return (n,) the mean of (n_events,) values over each sequence."""
        return np.asarray(np.add.reduceat(values, self.starts[:-1]) / self.sizes, np.float64)

    def highest(self, values: Floats) -> Floats:
        """Return (n,) the highest of (n_events,) values of each sequence."""
        return np.asarray(np.maximum.reduceat(values, self.starts[:-1]), np.float64)
