"""From record to record of a classic capture: each length says where the next record is, so one walker goes step by step.

Many walkers go at once, each from a place that looks like a record. What a walker passes through depends on where it began alone: when
the one behind it arrives at exactly that place, all its records are true, else they are dropped and walked again. A wrong guess costs
time only.
"""

from __future__ import annotations

import struct

import numpy as np

from vedette.sources.pcap.container import RECORD_LIMIT_BYTES, Ints, Octets

LANE_BYTES = 1 << 16
"""Bytes between the places where walkers begin."""
WINDOW_BYTES = 2_048
"""How far behind such a place a record is looked for: beyond the longest Ethernet frame."""
FEWEST = 16
"""Fewer walkers than this are no quicker than one."""
_CAPTURED, _LENGTH = 8, 12
"""Where the lengths stand in a record header."""


def walk(data: Octets, begin: int, end: int, order: str, header: int, lane_bytes: int = LANE_BYTES) -> Ints:
    """Return where each whole record of ``data[begin:end]`` starts; the first one at ``begin``.

    Args:
        data: the bytes, with some more behind ``end``.
        begin: where the first record starts.
        end: behind the last byte.
        order: the byte order, as in ``struct``.
        header: bytes of a record header.
        lane_bytes: see ``LANE_BYTES``.
    """
    last = end - header + 1
    starts = _guesses(data, begin, end, order, lane_bytes)
    limits = np.append(starts[1:], last)
    lane, place, finish = _side_by_side(data, starts, limits, order, header)
    found, true, here = [], np.zeros(len(starts), np.bool_), begin
    for number, (start, limit) in enumerate(zip(starts.tolist(), limits.tolist(), strict=True)):
        if here == start:
            true[number], here = True, int(finish[number])
        if here < limit:
            step, here = _one_by_one(data, here, limit, order, header)
            found += step
    records = np.sort(np.concatenate([place[true[lane]], np.array(found, np.int64)]), kind="stable")
    return records[:-1] if here > end else records  # the end of the last one is not there yet


def _one_by_one(data: Octets, here: int, limit: int, order: str, header: int) -> tuple[list[int], int]:
    """Return the records from ``here`` up to ``limit``, and the first place behind them."""
    unpack, view = struct.Struct(order + "I").unpack_from, data.data
    found: list[int] = []
    append = found.append
    while here < limit:
        append(here)
        here += header + unpack(view, here + _CAPTURED)[0]
    return found, here


def _side_by_side(data: Octets, starts: Ints, limits: Ints, order: str, header: int) -> tuple[Ints, Ints, Ints]:
    """Walk from each start up to its limit while there are enough walkers.

    Returns:
        walker and place of each record, and where each walker stopped.
    """
    captured = np.ndarray((len(data) - 3,), order + "u4", data, strides=(1,))
    finish, lane, here = starts.copy(), np.arange(len(starts)), starts
    lanes, places = [lane[:0]], [here[:0]]
    while len(lane) >= FEWEST:
        lanes.append(lane)
        places.append(here)
        here = here + captured[here + _CAPTURED] + header
        finish[lane] = here
        going = here < limits[lane]
        if not going.all():
            lane, here = lane[going], here[going]
    lane = np.concatenate(lanes)
    by_lane = np.argsort(lane.astype(np.uint16), kind="stable")
    return lane[by_lane], np.concatenate(places)[by_lane], finish


def _guesses(data: Octets, begin: int, end: int, order: str, lane_bytes: int) -> Ints:
    """Return ``begin``, and one place per lane that looks like a record: about the time of the first one, lengths that fit together."""
    count = (end - begin - WINDOW_BYTES) // lane_bytes
    if count < FEWEST:
        return np.array([begin])
    high, low = (begin, begin + 1) if order == ">" else (begin + 3, begin + 2)  # of the seconds
    shape, strides = (count - 1, min(WINDOW_BYTES, lane_bytes)), (lane_bytes, 1)
    alike = np.ndarray(shape, np.uint8, data, high + lane_bytes, strides) == data[high]
    alike &= np.ndarray(shape, np.uint8, data, low + lane_bytes, strides) == data[low]
    lane, place = np.divmod(np.flatnonzero(alike), shape[1])
    at = begin + (lane + 1) * lane_bytes + place
    word = np.ndarray((len(data) - 3,), order + "u4", data, strides=(1,))
    captured = word[at + _CAPTURED]
    fit = (captured > 0) & (captured <= word[at + _LENGTH]) & (captured <= RECORD_LIMIT_BYTES)
    _, first = np.unique(lane[fit], return_index=True)
    return np.append(begin, at[fit][first])
