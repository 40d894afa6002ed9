"""Templates are remembered, bounded, and told again as packets; sets are found in any bytes."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.events import flow_export
from vedette.events.flow_export import HEAD, IPFIX, V9, VARIABLE, Element, Set, Templates, framed, head_bytes, sets
from vedette.testing import flow_packets as fp


def learned(*packets: bytes) -> Templates:
    templates = Templates()
    for packet in packets:
        version, domain = struct.unpack_from(">H", packet)[0], struct.unpack_from(">I", packet, 12)[0]
        domain = struct.unpack_from(">I", packet, 16)[0] if version == V9 else domain
        for part in sets(packet, head_bytes(version), len(packet)):
            templates.learn(version, domain, packet, part)
    return templates


OPTION = fp.v9([fp.part(1, fp.options_v9(257, [(34, 4)])), fp.part(257, bytes(4) + struct.pack(">I", 100))], domain=7)
PACKETS = [
    fp.v9([fp.part(0, fp.template(256, fp.V4) + fp.template(258, fp.V6))], domain=7),
    OPTION,
    fp.ipfix(
        [fp.part(2, fp.template(300, (*fp.MS, (1, VARIABLE, 29_305)))), fp.part(3, fp.options_ipfix(301, [(305, 4)]))]
    ),
]


def test_templates_of_both_versions() -> None:
    templates = learned(*PACKETS)
    assert set(templates.of(V9, 7)) == {256, 257, 258}
    assert not templates.of(V9, 8)
    assert not templates.of(IPFIX, 7)
    v9, ipfix = templates.of(V9, 7), templates.of(IPFIX, 0)
    assert v9[256].fields[0] == Element(8, 4, 0)
    assert (v9[256].record_bytes, v9[256].varies, v9[256].options) == (30, False, False)
    assert [f.number for f in v9[257].fields] == [1, 34]
    assert v9[257].options
    assert ipfix[300].fields[-1] == Element(1, VARIABLE, 29_305)
    assert ipfix[300].varies
    assert [f.number for f in ipfix[301].fields] == [149, 305]


def test_what_was_told_is_told_again() -> None:
    templates = learned(*PACKETS)
    again = list(templates.datagrams())
    assert list(learned(*again).datagrams()) == again
    assert learned(*again).of(V9, 7)[257].raw == templates.of(V9, 7)[257].raw
    assert struct.pack(">I", 100) in b"".join(again), "the sampling is among it"
    assert max(map(len, again)) < 1500


def test_changes_are_counted() -> None:
    templates = learned(*PACKETS)
    before = templates.changes
    assert before == 6
    for part in sets(OPTION, head_bytes(V9), len(OPTION)):
        templates.learn(V9, 7, OPTION, part)
    assert templates.changes == before, "the same again is no change"
    other = fp.part(0, fp.template(256, fp.V6))
    templates.learn(V9, 7, other, Set(0, 4, len(other)))
    assert templates.changes == before + 1


def test_a_template_without_fields_is_taken_back() -> None:
    packet = fp.ipfix([fp.part(2, fp.template(300, fp.MS)), fp.part(2, fp.template(300, []))])
    assert not learned(packet).of(IPFIX, 0)


@pytest.mark.parametrize(
    "content",
    [
        struct.pack(">HH", 255, 1) + bytes(4),
        struct.pack(">HH", 256, 2) + bytes(4),
        struct.pack(">HH", 256, 60_000) + bytes(400),
        struct.pack(">HHHHI", 256, 1, 0x8001, 4, 9)[:8],
    ],
)
def test_damaged_templates(content: bytes) -> None:
    templates = Templates()
    assert not templates.learn(IPFIX, 0, content, Set(2, 0, len(content)))
    assert not templates.of(IPFIX, 0)


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow_export, "MOST_TEMPLATES", 3)
    monkeypatch.setattr(flow_export, "MOST_DOMAINS", 2)
    templates = learned(
        *(fp.v9([fp.part(0, fp.template(256 + n, fp.V4))], domain=d) for d in range(4) for n in range(9))
    )
    assert [set(templates.of(V9, d)) for d in range(4)] == [set(), set(), {262, 263, 264}, {262, 263, 264}]


def test_sets_and_what_is_damaged() -> None:
    data = fp.part(256, b"abcd") + fp.part(7, b"") + struct.pack(">HH", 8, 99)
    assert list(sets(data, 0, len(data))) == [Set(256, 4, 8), Set(7, 12, 12), Set(-1, 12, 16)]
    assert list(sets(struct.pack(">HH", 256, 3), 0, 4)) == [Set(-1, 0, 4)]
    assert list(sets(b"ab", 0, 2)) == []


@given(st.binary(max_size=300), st.sampled_from([V9, IPFIX]))
def test_any_bytes(data: bytes, version: int) -> None:
    templates = Templates()
    for part in sets(data, 0, len(data)):
        if part.number >= 0:
            templates.learn(version, 1, data, part)
    again = list(templates.datagrams())
    assert list(learned(*again).datagrams()) == again


def test_framed() -> None:
    assert framed(b"abc", 5, 1) == HEAD.pack(3, 1, 5) + b"abc"
