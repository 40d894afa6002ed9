from __future__ import annotations

import bz2
import contextlib
import io
import struct
from collections.abc import Iterator
from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.errors import SourceError
from vedette.events.batch import Rejects
from vedette.sources.netflow import NetFlow
from vedette.sources.netflow.nfdump_file import read_nfdump

V4 = bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2])
V6 = bytes.fromhex("20010db8000000000000000000000001"), bytes.fromhex("20010db8000000000000000000000002")


class Writer:
    """Writes nfdump files of layout 1 in either byte order."""

    def __init__(self, order: str = "<", flags: int = 0) -> None:
        self.order, self.flags, self.blocks = order, flags, b""

    def pack(self, form: str, *values: int) -> bytes:
        return struct.pack(self.order + form, *values)

    def record(
        self, *, flags: int = 0, map_id: int = 0, protocol: int = 6, extra: bytes = b"", kind: int = 10
    ) -> bytes:
        words = "QQ" if flags & 1 else "I"
        addresses = b"".join(self.pack(words, *struct.unpack(">" + words, a)) for a in (V6 if flags & 1 else V4))
        counts = self.pack("Q" if flags & 2 else "I", 7) + self.pack("Q" if flags & 4 else "I", 700)
        head = self.pack("HH", flags, map_id) if kind == 10 else self.pack("BBH", flags, 9, map_id)
        common = (
            self.pack("HHII", 250, 500, 1_772_697_672, 1_772_697_673)
            + bytes([0, 27, protocol, 0])
            + self.pack("HH", 5000, 80)
        )
        common += self.pack("HBB", 1, 0, 0) if kind == 10 else b""
        body = head + common + addresses + counts + extra
        return self.pack("HH", kind, len(body) + 4) + body

    def extensions(self, map_id: int, *ids: int) -> bytes:
        body = self.pack("HH", map_id, 0) + b"".join(self.pack("H", i) for i in (*ids, 0))
        body += bytes(-len(body) % 4)
        return self.pack("HH", 2, len(body) + 4) + body

    def block(self, *records: bytes, kind: int = 2) -> Writer:
        data = b"".join(records)
        data = bz2.compress(data) if self.flags & 8 else data
        self.blocks += self.pack("IIHH", len(records), len(data), kind, 0) + data
        return self

    def file(self, layout: int = 1) -> bytes:
        return self.pack("HHII", 0xA50C, layout, self.flags, 1) + bytes(128 + 136) + self.blocks


def read(data: bytes, rejects: Rejects | None = None) -> list[dict[str, object]]:
    frames: Iterator[pl.DataFrame] = read_nfdump(io.BytesIO(data), Rejects("netflow") if rejects is None else rejects)
    return [row for frame in frames for row in frame.to_dicts()]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("packing", [0, 8])
@pytest.mark.parametrize("flags", range(8))
@pytest.mark.parametrize("kind", [1, 10])
def test_every_layout_of_a_record(order: str, packing: int, flags: int, kind: int) -> None:
    writer = Writer(order, packing)
    (row,) = read(writer.block(writer.record(flags=flags, kind=kind)).file())
    assert row == {
        "sequence": 0,
        "start": datetime(2026, 3, 5, 8, 1, 12, 250_000, tzinfo=UTC),
        "end": datetime(2026, 3, 5, 8, 1, 13, 500_000, tzinfo=UTC),
        "protocol": 6,
        "protocol_name": None,
        "src": "2001:db8::1" if flags & 1 else "192.0.2.1",
        "src_port": 5000,
        "dst": "2001:db8::2" if flags & 1 else "192.0.2.2",
        "dst_port": 80,
        "flags_out": 27,
        "flags_in": None,
        "packets_out": 7,
        "packets_in": 0,
        "bytes_out": 700,
        "bytes_in": 0,
        "both_ways": False,
        "state": None,
        "note": None,
    }


def test_the_replys_counters_are_found_behind_other_extensions() -> None:
    w = Writer()
    narrow = w.record(map_id=3, extra=bytes(8) + w.pack("II", 5, 500))
    wide = w.record(map_id=4, flags=6, extra=w.pack("QQ", 6, 600) + bytes(4))
    rows = read(w.block(w.extensions(3, 5, 14, 16), w.extensions(4, 15, 17, 9), narrow, wide, narrow).file())
    assert [(r["sequence"], r["packets_in"], r["bytes_in"], r["both_ways"]) for r in rows] == [
        (0, 5, 500, True),
        (1, 6, 600, True),
        (2, 5, 500, True),
    ]


def test_a_map_may_change_and_holds_for_later_blocks() -> None:
    w = Writer()
    record = w.record(map_id=3, extra=w.pack("II", 5, 500))
    w.block(w.extensions(3, 14, 16), record, w.extensions(3, 16, 14), record).block(record)
    assert [r["bytes_in"] for r in read(w.file())] == [500, 5, 5]


def test_icmp_has_type_and_code_for_ports() -> None:
    w = Writer()
    (row,) = read(w.block(w.record(protocol=1)).file())
    assert (row["src_port"], row["dst_port"]) == (0, 80)


def test_other_blocks_and_records_are_passed_over() -> None:
    w = Writer()
    other = w.pack("HHI", 7, 8, 0)
    w.block(bytes(100), kind=4).block(other, w.record(), other)
    assert [r["sequence"] for r in read(w.file())] == [0]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (Writer().file(layout=2), "layout 2"),
        (Writer(flags=1).file(), "LZO"),
        (Writer(flags=16).file(), "LZ4"),
        (Writer().file()[:200], "ends early"),
        (Writer().block(Writer().record()).file()[:-1], "ends early"),
        (Writer().file() + b"\0" * 5, "ends early"),
        (Writer().file() + struct.pack("<IIHH", 1, 1 << 30, 2, 0), "block of 1,073,741,824 bytes"),
        (Writer(flags=8).file() + struct.pack("<IIHH", 1, 4, 2, 0) + b"BZx1", "damaged"),
    ],
)
def test_what_cannot_be_read_is_said_with_a_way_out(data: bytes, words: str) -> None:
    with pytest.raises(SourceError, match=words) as caught:
        read(data)
    assert "LZ" not in words or "nfdump -r FILE -o csv" in caught.value.hint


def test_the_blocks_before_the_end_stay() -> None:
    w = Writer()
    data = w.block(w.record()).block(w.record(), w.record()).file()[:-10]
    got: list[int] = []
    with pytest.raises(SourceError, match="ends early"):
        got.extend(b.records for b in NetFlow().read(io.BytesIO(data)))
    assert got == [1]


def test_an_impossible_size_loses_the_blocks_rest_only() -> None:
    w = Writer()
    rejects = Rejects("netflow")
    w.block(w.record(), w.pack("HH", 10, 0), w.record()).block(w.record())
    assert [r["sequence"] for r in read(w.file(), rejects)] == [0, 2]
    assert rejects.batch().frame["count"].to_list() == [1]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_hostile_bytes_raise_only_source_errors(data: st.DataObject) -> None:
    w = Writer(flags=data.draw(st.sampled_from([0, 8])))
    w.block(w.extensions(1, 14, 16), w.record(map_id=1, extra=bytes(8)), w.record(flags=7), w.record(kind=1))
    raw = bytearray(w.file())
    for at, byte in data.draw(st.lists(st.tuples(st.integers(0, len(raw) - 1), st.integers(0, 255)), max_size=6)):
        raw[at] = byte
    with contextlib.suppress(SourceError):
        assert all(b.records for b in NetFlow().read(io.BytesIO(bytes(raw))))
