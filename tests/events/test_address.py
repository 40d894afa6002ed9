from __future__ import annotations

import resource

import polars as pl
import pytest

from vedette.config import Config
from vedette.events.address import Border


@pytest.mark.parametrize(
    ("src", "dst", "direction"),
    [
        ("192.0.2.1", "10.0.0.1", 1),
        ("10.0.0.1", "192.0.2.1", 2),
        ("10.0.0.1", "192.168.1.1", 3),
        ("fd00::1", "2001:db8::1", 2),
        ("2001:db8::1", "fe80::1", 1),
        ("10.0.0.1", "224.0.0.251", 3),
        ("10.0.0.1", None, 3),
        ("192.0.2.1", "198.51.100.1", 0),
        ("0.0.0.0", "255.255.255.255", 0),
        ("::ffff:10.0.0.1", "192.0.2.1", 2),
        ("10.0.0.1", "::ffff:255.255.255.255", 3),
        ("not an address", "10.0.0.1", 1),
        (None, None, 0),
    ],
)
def test_direction(src: str | None, dst: str | None, direction: int) -> None:
    border = Border(Config().network.internal)
    got = border.direction(pl.Series([src], dtype=pl.String), pl.Series([dst], dtype=pl.String))
    assert got.dtype == pl.Int32
    assert got.to_list() == [direction]


def test_a_long_text_is_no_address_and_takes_no_memory() -> None:
    border = Border(Config().network.internal)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert {border.is_inside(f"{n}".zfill(1 << 20)) for n in range(200)} == {None}
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10 < 100  # MiB
