"""Records of a template become columns, run by run; numbers beyond all sense stay harmless."""

from __future__ import annotations

from vedette.sources.netflow.export_columns import Group, Head, flows
from vedette.sources.netflow.flow_names import FLOWS

SENT = 1_772_697_672_000_000
PLACES = {"src": (0, 4), "dst": (4, 4), "bytes_out": (8, 8), "protocol": (16, 1)}
ROW = bytes([192, 0, 2, 1, 192, 0, 2, 2]) + (77).to_bytes(8, "big") + b"\x06"


def test_runs_of_two_groups_come_in_the_order_of_their_records() -> None:
    first = Group(17, PLACES, [ROW, ROW * 2], [Head(1, 5, SENT, 0, -1, 0), Head(2, 0, SENT, 0, -1, 10)])
    second = Group(8, {"src": (4, 4), "dst": (0, 4)}, [ROW[:8]], [Head(1, 3, SENT, 0, -1, 0)])
    frame = flows([first, second, Group(9, PLACES)])
    assert frame.select("sequence", "src", "bytes_out", "note").rows() == [
        (0, "192.0.2.1", 770, '{"sampling":10}'),
        (1, "192.0.2.1", 770, '{"sampling":10}'),
        (3, "192.0.2.2", 0, None),
        (5, "192.0.2.1", 77, None),
    ]
    assert dict(frame.schema) == FLOWS


def test_nothing() -> None:
    assert flows([]).is_empty()
    assert dict(flows([]).schema) == FLOWS


def test_the_largest_numbers() -> None:
    row = ROW[:8] + b"\xff" * 9
    frame = flows([Group(17, PLACES, [row], [Head(1, 0, SENT, 0, -1, 1_000_000)])])
    assert 0 < frame["bytes_out"].item() < 2**63
    assert frame["protocol"].item() == 255


def test_small_numbers_in_wide_fields() -> None:
    for name, expected in {
        "src_port": 0xFFFF,
        "dst_port": 0xFFFF,
        "protocol": 255,
        "icmp": None,
        "icmp_type": None,
    }.items():
        places = {"src": (0, 4), "dst": (4, 4), name: (8, 8)}
        frame = flows([Group(16, places, [ROW[:8] + b"\xff" * 8], [Head(1, 0, SENT, 0, -1, 0)])])
        assert len(frame) == 1
        assert name not in frame.columns or frame[name].item() == expected
