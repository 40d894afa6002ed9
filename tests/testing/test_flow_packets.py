"""Packets of exporters have the lengths and numbers that the standards say."""

from __future__ import annotations

import struct

import pytest

from vedette.testing import flow_packets as fp


def test_heads() -> None:
    one = ("192.0.2.10", "198.51.100.7", 9, 1410, 0, 0, 50_122, 22, 0x1B, 6)
    assert len(fp.v5([one, one])) == 24 + 2 * 48
    assert struct.unpack_from(">HH", fp.v5([one])) == (5, 1)
    assert struct.unpack_from(">HHIIII", fp.v9([b""], 7, 8)) == (9, 1, fp.UPTIME, fp.SENT, 7, 8)
    assert struct.unpack_from(">HHIII", fp.ipfix([b"abcd"], 7, 8)) == (10, 20, fp.SENT, 7, 8)


def test_templates_and_records() -> None:
    assert fp.template(256, [(1, 4), (2, 8, 29_305)]).hex() == "01000002" + "00010004" + "80020008" + "00007279"
    assert fp.record(fp.V4, fp.SSH)[:8] == bytes([192, 0, 2, 10, 198, 51, 100, 7])
    assert len(fp.record(fp.V4, fp.SSH_BACK)) == sum(size for _, size in fp.V4)
    assert fp.record([(1, 2), (2, 2)], [1, b"ab"]) == b"\0\1ab"
    with pytest.raises(ValueError, match="zip"):
        fp.record(fp.V4, [1])


def test_sets_end_on_four_bytes() -> None:
    assert fp.part(256, b"abc") == struct.pack(">HH", 256, 8) + b"abc\0"
    assert fp.options_v9(257, [(34, 4)]).hex() == "0101" + "0004" + "0004" + "00010004" + "00220004"
    assert fp.options_ipfix(257, [(305, 4)]).hex() == "0101" + "0002" + "0001" + "00950004" + "01310004"
