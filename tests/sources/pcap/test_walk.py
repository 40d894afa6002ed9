"""The walk over records: many walkers find what one finds."""

from __future__ import annotations

import random
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.sources.pcap.container import PAD_BYTES
from vedette.sources.pcap.walk import FEWEST, WINDOW_BYTES, walk

LANE = 512
SECOND = 1_700_000_000


def record(payload: bytes, order: str = "<", header: int = 16, second: int = SECOND) -> bytes:
    return struct.pack(order + "IIII", second, 7, len(payload), len(payload)).ljust(header, b"\0") + payload


def one_walker(data: bytes, begin: int, order: str = "<", header: int = 16) -> list[int]:
    """Return the whole records, found in the simplest way."""
    found = []
    while begin + header <= len(data):
        size = header + int(struct.unpack_from(order + "I", data, begin + 8)[0])
        if begin + size <= len(data):
            found.append(begin)
        begin += size
    return found


def many_walkers(data: bytes, begin: int, order: str = "<", header: int = 16) -> list[int]:
    octets = np.frombuffer(data + bytes(PAD_BYTES), np.uint8)
    return [int(place) for place in walk(octets, begin, len(data), order, header, LANE)]


def capture(seed: int, order: str = "<", header: int = 16) -> bytes:
    """Return enough records of 0 to 600 bytes for many walkers; some payloads hold records themselves."""
    chance = random.Random(seed)
    data = b""
    while len(data) < 2 * (FEWEST * LANE + WINDOW_BYTES):
        inner = b"".join(
            record(chance.randbytes(chance.randrange(40)), order, header) for _ in range(chance.randrange(4))
        )
        data += record(chance.choice((b"", inner, chance.randbytes(chance.randrange(600)), bytes(300))), order, header)
    return data


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("header", [16, 24])
def test_every_record_once(order: str, header: int) -> None:
    for seed in range(20):
        data = b"head" + capture(seed, order, header)
        assert many_walkers(data, 4, order, header) == one_walker(data, 4, order, header)


def test_a_record_that_is_cut_off_is_left() -> None:
    data = capture(1)
    for size in range(len(data) - 700, len(data), 13):
        assert many_walkers(data[:size], 0) == one_walker(data[:size], 0)


def test_a_payload_full_of_false_records() -> None:
    data = record(record(b"x" * 20) * 2_000) + record(b"the end")
    assert many_walkers(data, 0) == [0, 16 + 36 * 2_000]


def test_one_tiny_run_does_not_hold_the_others_up() -> None:
    data = record(b"") * 1_000 + b"".join(record(b"y" * 500) for _ in range(60))
    assert many_walkers(data, 0) == one_walker(data, 0)


@settings(deadline=5_000)
@given(st.integers(0, 9), st.integers(0, 20_000), st.binary(min_size=1, max_size=20))
def test_damage_misleads_nobody(seed: int, place: int, noise: bytes) -> None:
    data = capture(seed)
    data = data[:place] + noise + data[place + len(noise) :]
    assert many_walkers(data, 0) == one_walker(data, 0)


def test_too_little_for_many() -> None:
    assert many_walkers(record(b"a") + record(b"b")[:10], 0) == [0]
    assert many_walkers(b"", 0) == []
