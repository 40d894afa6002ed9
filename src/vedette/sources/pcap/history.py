"""Zeek's words for what happened in a flow: the history letters and ``conn_state``."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.sources.pcap.container import Flags, Ints
from vedette.sources.pcap.packets import ACK, FIN, RST, SYN

LETTERS = "SHDAFRTCQI"
"""SYN, SYN with ACK, data, pure ACK, FIN, RST, retransmission, bad checksum, SYN with FIN or RST, FIN with RST."""
NEVER = np.int64(1 << 62)
_S, _H, _D, _A, _F, _R, _T, _C, _Q, _I = range(len(LETTERS))
_RANKS = 16
"""Room for the letters of one packet: a mark is packet number * 16 + letter."""


def masks(flags: Ints, data: Flags, repeated: Flags, bad: Flags) -> list[Flags]:
    """Return, for each of ``LETTERS``, which packets (n,) carry it; ``flags`` are 0 for all but TCP."""
    return [
        flags & (SYN | ACK) == SYN,
        flags & (SYN | ACK) == SYN | ACK,
        data,
        (flags & (SYN | FIN | RST | ACK) == ACK) & ~data,
        flags & FIN != 0,
        flags & RST != 0,
        repeated,
        bad,
        (flags & SYN != 0) & (flags & (FIN | RST) != 0),
        flags & (FIN | RST) == FIN | RST,
    ]


def marks(carried: Sequence[Flags], side: Ints, segment: Ints, count: int, number: Ints) -> Ints:
    """Return (n_segments, 2, n_letters): when each side of each segment first showed each letter, or ``NEVER``.

    The arguments but ``count`` are (n,), sorted by segment and packet ``number``.
    """
    found: Ints = np.full((count, 2, len(LETTERS)), NEVER, np.int64)
    for letter, mask in enumerate(carried):
        rows = np.flatnonzero(mask)
        if not len(rows):
            continue
        place = segment[rows] * 2 + side[rows]
        # assigned backwards, so that the earliest packet is the last to write
        found.reshape(-1, len(LETTERS))[place[::-1], letter] = (number[rows] * _RANKS + letter)[::-1]
    return found


def words(seen: Ints, flipped: Flags) -> pl.Series:
    """Return the history of each flow from its marks (n, 2, n_letters), the originator's first; ``^`` when roles were turned."""
    flat = seen.reshape(len(seen), -1)
    order = np.argsort(flat, axis=1)
    present = np.take_along_axis(flat, order, axis=1) < NEVER
    alphabet = np.frombuffer((LETTERS + LETTERS.lower()).encode(), np.uint8)
    text = np.empty((len(seen), 2 + flat.shape[1]), np.uint8)
    text[:, 0] = np.where(flipped, ord("^"), ord(" "))
    text[:, 1:-1] = np.where(present, alphabet[order], ord(" "))
    text[:, -1] = ord("\n")
    lines = pl.Series([text.tobytes().decode()], dtype=pl.String).str.split("\n").explode()
    return lines.head(len(seen)).str.strip_chars(" ")


def tcp_states(seen: Ints, payload: Ints) -> npt.NDArray[np.str_]:
    """Return Zeek's ``conn_state`` of TCP flows from their marks (n, 2, n_letters) and payload bytes (n, 2)."""
    has = seen < NEVER
    mine, other = has[:, 0], has[:, 1]
    reset, answered_reset = mine[:, _R], other[:, _R]
    # a FIN counts unless the same side had sent RST before
    closed, answered_closed = (has[:, :, _F] & (seen[:, :, _F] < seen[:, :, _R])).T
    opened, accepted = mine[:, _S] | mine[:, _H], other[:, _H] | other[:, _S]
    silent = (payload == 0).all(axis=1)
    return np.select(
        [
            closed & answered_closed,
            answered_reset & ((opened & ~accepted) | (reset & silent & ~accepted)),
            answered_reset & ~opened & ~closed,
            answered_reset,
            reset & ~accepted & ~answered_closed,
            reset,
            closed & ~accepted,
            closed,
            answered_closed & ~opened,
            answered_closed,
            mine[:, _S] & ~accepted & ~other[:, _D],
            opened & accepted,
        ],
        ["SF", "REJ", "RSTRH", "RSTR", "RSTOS0", "RSTO", "SH", "S2", "SHR", "S3", "S0", "S1"],
        "OTH",
    )
