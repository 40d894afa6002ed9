"""Packets of exporters become flows; what is damaged, or not described yet, is counted."""

from __future__ import annotations

import io
import random
import struct
import tracemalloc
from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.errors import SourceError
from vedette.events.batch import EventBatch, Rejects
from vedette.events.flow_export import HEAD, MAGIC, TOLD_BEFORE, framed
from vedette.events.schema import EventClass
from vedette.sources.netflow import NetFlow
from vedette.sources.netflow.export_records import is_export, read_export, told, whole
from vedette.testing import flow_packets as fp
from vedette.testing.laws.source import ShortReads, mutated, read_all, tables

CAME = (fp.SENT + 2) * 1_000_000
TEMPLATE = fp.part(0, fp.template(256, fp.V4))
MS_TEMPLATE = fp.part(2, fp.template(300, fp.MS))
FLOW = fp.record(fp.V4, fp.SSH)
BACK = fp.record(fp.V4, fp.SSH_BACK)


def container(*packets: bytes, came: int = CAME) -> bytes:
    return MAGIC + b"".join(framed(p, came) for p in packets)


def read(*packets: bytes, came: int = CAME) -> tuple[pl.DataFrame, list[str]]:
    """Return flows, and the reasons of rejects."""
    rejects = Rejects("netflow")
    frame = pl.concat(read_export(io.BytesIO(container(*packets, came=came)), rejects))
    reasons = [f"{r['status_detail'].partition(' (')[0]} x{r['count']}" for r in rejects.batch().frame.to_dicts()]
    return frame, reasons


def at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


SSH_ROW = {
    "start": at(fp.SENT - 5),
    "end": at(fp.SENT - 1),
    "protocol": 6,
    "src": "192.0.2.10",
    "src_port": 50_122,
    "dst": "198.51.100.7",
    "dst_port": 22,
    "flags_out": 0x1B,
    "packets_out": 9,
    "bytes_out": 1410,
}


def test_version_5() -> None:
    ssh = ("192.0.2.10", "198.51.100.7", 9, 1410, fp.UPTIME - 5000, fp.UPTIME - 1000, 50_122, 22, 0x1B, 6)
    ping = ("192.0.2.10", "192.0.2.1", 1, 84, fp.UPTIME, fp.UPTIME, 0, 0x0800, 0, 1)
    frame, reasons = read(fp.v5([ssh, ping]))
    assert frame.select(*SSH_ROW).row(0, named=True) == SSH_ROW
    assert frame.select("src_port", "dst_port", "sequence").row(1) == (8, 0, 1)
    assert not reasons


def test_version_9() -> None:
    frame, reasons = read(fp.v9([TEMPLATE]), fp.v9([fp.part(256, FLOW + BACK)], 1))
    assert frame.select(*SSH_ROW).row(0, named=True) == SSH_ROW
    assert frame["src"].to_list() == ["192.0.2.10", "198.51.100.7"]
    assert not reasons


def test_ipfix() -> None:
    values = (*fp.SSH[:8], fp.SENT * 1000 - 5000, fp.SENT * 1000 - 1000)
    six = ("2001:db8::1", "2001:db8::2", *values[2:])
    frame, reasons = read(
        fp.ipfix([MS_TEMPLATE, fp.part(2, fp.template(301, fp.V6)), fp.part(300, fp.record(fp.MS, values))]),
        fp.ipfix([fp.part(301, fp.record(fp.V6, six))], 1),
    )
    assert frame.select(*SSH_ROW).row(0, named=True) == SSH_ROW
    assert frame.select("src", "dst", "end").row(1) == ("2001:db8::1", "2001:db8::2", at(fp.SENT - 1))
    assert not reasons


def test_both_directions_in_one_record() -> None:
    """RFC 5103's reverse elements, as YAF writes them; and Cisco's of initiator and responder."""
    reverse = (*fp.MS, (1, 8, 29_305), (2, 8, 29_305), (6, 1, 29_305))
    cisco = (*fp.MS[:5], (231, 8), (232, 8), (298, 8), (299, 8), (152, 8))
    ms = fp.SENT * 1000
    frame, _ = read(
        fp.ipfix(
            [
                fp.part(2, fp.template(300, reverse) + fp.template(301, cisco)),
                fp.part(300, fp.record(reverse, (*fp.SSH[:8], ms, ms, 7710, 8, 0x13))),
                fp.part(301, fp.record(cisco, (*fp.SSH[:5], 1410, 7710, 9, 8, ms))),
            ]
        )
    )
    assert (
        frame.select("bytes_out", "bytes_in", "packets_out", "packets_in", "both_ways").rows()
        == [(1410, 7710, 9, 8, True)] * 2
    )
    assert frame["flags_in"].to_list() == [0x13, None]


@pytest.mark.parametrize(
    ("elements", "values", "start", "end"),
    [
        (((150, 4), (151, 4)), (fp.SENT - 9, fp.SENT - 2), -9, -2),
        (
            ((154, 8), (155, 8)),
            ((fp.SENT - 9 + 2_208_988_800) << 32 | 1 << 31, (fp.SENT + 2_208_988_800) << 32),
            -8.5,
            0,
        ),
        (((156, 8), (157, 8)), ((fp.SENT - 9 + 2_208_988_800) << 32, (fp.SENT - 1 + 2_208_988_800) << 32), -9, -1),
        (((158, 4), (159, 4)), (9_000_000, 1_500_000), -9, -1.5),
        (((153, 8), (161, 4)), (fp.SENT * 1000, 2500), -2.5, 0),
        (((152, 8), (162, 4)), (fp.SENT * 1000 - 4000, 2_500_000), -4, -1.5),
        (((22, 4), (21, 4), (160, 8)), (1000, 3000, fp.SENT * 1000 - 10_000), -9, -7),
        (((22, 4), (21, 4)), (1000, 3000), -2, 0),
        (((152, 8), (153, 8)), (2**64 - 1, 2**64 - 1), 0, 0),
        (((152, 8), (153, 8)), (0, 0), 0, 0),
        (((152, 8), (153, 8)), (fp.SENT * 1000, fp.SENT * 1000 - 5000), -5, -5),
        ((), (), 0, 0),
    ],
)
def test_times(elements: tuple[tuple[int, int], ...], values: tuple[int, ...], start: float, end: float) -> None:
    fields = (*fp.MS[:8], *elements)
    frame, _ = read(
        fp.ipfix([fp.part(2, fp.template(300, fields)), fp.part(300, fp.record(fields, (*fp.SSH[:8], *values)))])
    )
    assert frame.select("start", "end").row(0) == (at(fp.SENT + start), at(fp.SENT + end))


def test_an_uptime_that_wrapped() -> None:
    wrapped = fp.record(fp.V4, (*fp.SSH[:8], 2**32 - 4000, 2**32 - 1000))
    packet = bytearray(fp.v9([TEMPLATE, fp.part(256, wrapped)]))
    struct.pack_into(">I", packet, 4, 2000)  # two seconds since it wrapped
    frame, _ = read(bytes(packet))
    assert frame.select("start", "end").row(0) == (at(fp.SENT - 6), at(fp.SENT - 3))


def test_an_exporter_without_a_clock() -> None:
    """It thinks that it is 1970: the time of arrival counts."""
    frame, _ = read(fp.v9([TEMPLATE, fp.part(256, FLOW)], sent=100))
    assert frame.select("start", "end").row(0) == (at(fp.SENT + 2 - 5), at(fp.SENT + 2 - 1))
    values = (*fp.SSH[:8], 95_000, 99_000)
    frame, _ = read(fp.ipfix([MS_TEMPLATE, fp.part(300, fp.record(fp.MS, values))], sent=100))
    assert frame.select("start", "end").row(0) == (at(fp.SENT + 2 - 5), at(fp.SENT + 2 - 1))
    frame, _ = read(fp.v9([TEMPLATE, fp.part(256, FLOW)], sent=fp.SENT - 3000))
    assert frame["end"].item() == at(fp.SENT - 3000 - 1)


SAMPLER = (48, 1)
RATE = (50, 4)


@pytest.mark.parametrize(
    ("packets", "rates"),
    [
        ([fp.v9([fp.part(1, fp.options_v9(257, [(34, 4)])), fp.part(257, bytes(4) + struct.pack(">I", 100))])], [100]),
        (
            [
                fp.ipfix(
                    [
                        fp.part(3, fp.options_ipfix(257, [(305, 4), (306, 4)])),
                        fp.part(257, bytes(4) + struct.pack(">II", 1, 99)),
                    ]
                )
            ],
            [1],
        ),
        ([fp.v9([fp.part(1, fp.options_v9(257, [(34, 4)])), fp.part(257, bytes(4) + struct.pack(">I", 2**31))])], [1]),
        ([], [1]),
    ],
    ids=["told in options", "told by another", "not to be believed", "not told"],
)
def test_sampling(packets: list[bytes], rates: list[int]) -> None:
    frame, reasons = read(*packets, fp.v9([TEMPLATE, fp.part(256, FLOW)]))
    assert frame["bytes_out"].to_list() == [1410 * r for r in rates]
    assert frame["packets_out"].to_list() == [9 * r for r in rates]
    assert frame["note"].to_list() == [f'{{"sampling":{r}}}' if r > 1 else None for r in rates]
    assert not reasons


def test_sampling_by_sampler_in_the_record_and_of_version_5() -> None:
    fields = (*fp.V4, SAMPLER)
    options = fp.part(1, fp.options_v9(257, [SAMPLER, RATE]))
    rates = b"".join(bytes(4) + bytes([n]) + struct.pack(">I", r) for n, r in ((1, 10), (2, 1000)))
    flows = b"".join(fp.record(fields, (*fp.SSH, n)) for n in (1, 2))
    frame, _ = read(fp.v9([options, fp.part(257, rates), fp.part(0, fp.template(256, fields)), fp.part(256, flows)]))
    assert frame["packets_out"].to_list() == [90, 9000]
    own = (*fp.MS, (305, 4), (306, 4))
    values = (*fp.SSH[:8], fp.SENT * 1000, fp.SENT * 1000, 1, 63)
    frame, _ = read(fp.ipfix([fp.part(2, fp.template(300, own)), fp.part(300, fp.record(own, values))]))
    assert frame["packets_out"].to_list() == [9 * 64]
    ssh = ("192.0.2.10", "198.51.100.7", 9, 1410, 0, 0, 1, 2, 0, 6)
    frame, _ = read(fp.v5([ssh], sampling=1 << 14 | 512))
    assert frame["packets_out"].to_list() == [9 * 512]


def test_fields_that_vary_in_length() -> None:
    fields = ((8, 4), (82, 0xFFFF), (12, 4), (4, 1), (460, 0xFFFF))

    def row(name: bytes, target: bytes) -> bytes:
        long = b"\xff" + struct.pack(">H", len(target)) + target
        return fp.address("192.0.2.1") + bytes([len(name)]) + name + fp.address("192.0.2.2") + b"\x11" + long

    rows = row(b"eth0", b"x" * 300) + row(b"", b"") + row(b"eth1", b"y")
    frame, reasons = read(fp.ipfix([fp.part(2, fp.template(300, fields)), fp.part(300, rows)]))
    assert frame.select("src", "dst", "protocol").rows() == [("192.0.2.1", "192.0.2.2", 17)] * 3
    frame, _ = read(fp.ipfix([fp.part(2, fp.template(300, fields)), fp.part(300, rows[:-20])]))
    assert len(frame) == 1
    assert not reasons


def test_icmp_in_elements_of_its_own() -> None:
    for elements, values in ((((32, 2),), (0x0301,)), (((176, 1), (177, 1)), (3, 1)), (((178, 1),), (3,))):
        fields = ((8, 4), (12, 4), (4, 1), *elements)
        data = fp.record(fields, ("192.0.2.1", "192.0.2.2", 1, *values))
        frame, _ = read(fp.ipfix([fp.part(2, fp.template(300, fields)), fp.part(300, data)]))
        assert frame.select("src_port", "dst_port").row(0) == (3, 0 if len(values) == 1 and values[0] == 3 else 1)


def test_what_cannot_be_read_is_counted() -> None:
    good = fp.v9([fp.part(256, FLOW)])
    damaged = fp.v9([struct.pack(">HH", 256, 2)])
    frame, reasons = read(
        good,
        fp.v9([TEMPLATE]),
        good,
        damaged,
        b"\0\7abcdefghijklmnopqrst",
        b"",
        fp.v5([])[:30],
        b"\0\5" + bytes(18),
        good[:18],
    )
    assert len(frame) == 1
    assert reasons == [
        "a set whose template was not told yet x1",
        "a damaged set x1",
        "no NetFlow version 5, 9 or IPFIX x2",
        "a packet that does not hold the records that it says x1",
        "a packet shorter than its head x2",
    ]


def test_templates_are_of_their_domain_and_may_change() -> None:
    other = ((12, 4), (8, 4), *fp.V4[2:])
    frame, reasons = read(
        fp.v9([TEMPLATE], domain=1),
        fp.v9([fp.part(256, FLOW)], domain=2),
        fp.v9([fp.part(256, FLOW)], domain=1),
        fp.v9([fp.part(0, fp.template(256, other)), fp.part(256, FLOW)], domain=1),
    )
    assert frame["src"].to_list() == ["192.0.2.10", "198.51.100.7"]
    assert frame["sequence"].to_list() == [1, 2]
    assert reasons == ["a set whose template was not told yet x1"]


def test_records_without_addresses_are_no_flows() -> None:
    frame, reasons = read(fp.v9([fp.part(0, fp.template(256, [(1, 4), (2, 4)])), fp.part(256, bytes(80))]))
    assert (len(frame), reasons) == (0, [])


def test_parts_are_read_alone_with_what_was_told_before() -> None:
    option = fp.part(1, fp.options_v9(257, [(34, 4)]))
    packets = [
        fp.v9([TEMPLATE, option, fp.part(257, bytes(4) + struct.pack(">I", 100))]),
        fp.v9([fp.part(256, FLOW)], 1),
        fp.v9([fp.part(256, BACK), fp.part(0, fp.template(258, fp.V6))], 2),
        fp.v9([fp.part(256, FLOW)], 3),
    ]
    expected, _ = read(*packets)
    preamble, rows = MAGIC, []
    for packet in packets:
        piece = preamble + framed(packet, CAME)
        rejects = Rejects("netflow")
        rows.append(pl.concat(read_export(io.BytesIO(piece), rejects)))
        assert not rejects
        preamble = told(piece)
        assert NetFlow.preamble(piece) == preamble
    assert pl.concat(rows).drop("sequence").equals(expected.drop("sequence"))
    assert len(preamble) < 600
    assert next(read_export(io.BytesIO(preamble), Rejects("netflow"))).is_empty()


def test_the_source_reads_them_as_conversations() -> None:
    data = container(fp.v9([TEMPLATE, fp.part(256, FLOW + BACK)]))
    assert NetFlow.sniff(data[:4096], "")
    assert not NetFlow.sniff(data[: len(MAGIC) - 1], "")
    row = tables(read_all(NetFlow, io.BytesIO(data)))[EventClass.NETWORK_ACTIVITY].row(0, named=True)
    assert (row["src_endpoint.ip"], row["dst_endpoint.port"], row["status_code"]) == ("192.0.2.10", 22, "SF")
    assert (row["traffic.bytes_out"], row["traffic.bytes_in"]) == (1410, 7710)
    assert row["metadata.product.name"] == "NetFlow"


def test_a_container_that_ends_early_or_is_none() -> None:
    data = container(fp.v9([TEMPLATE, fp.part(256, FLOW)]), fp.v9([fp.part(256, FLOW)]))
    assert whole(data) == len(data)
    cut = data[:-5]
    assert whole(cut) == len(data) - len(fp.v9([fp.part(256, FLOW)])) - HEAD.size
    assert NetFlow.cut(cut) == whole(cut)
    frames = read_export(io.BytesIO(cut), Rejects("netflow"))
    assert len(next(frames)) == 1
    with pytest.raises(SourceError, match="ends early"):
        next(frames)
    with pytest.raises(SourceError, match="no container"):
        next(read_export(io.BytesIO(b"hello"), Rejects("netflow")))
    assert not is_export(MAGIC[:5])


def _outcome(data: bytes, stream: io.RawIOBase | io.BytesIO) -> list[tuple[str, int, int]]:
    found: list[EventBatch] = []
    try:
        for batch in NetFlow().read(stream):  # type: ignore[arg-type]
            found.append(batch)  # noqa: PERF402 - what was yielded before an error counts
    except SourceError:
        pass
    return [(b.kind.name, len(b) if b.kind is not EventClass.REJECT else 0, b.records) for b in found]


EXAMPLE = container(
    fp.v9(
        [
            TEMPLATE,
            fp.part(256, FLOW + BACK),
            fp.part(1, fp.options_v9(257, [(34, 4), SAMPLER])),
            fp.part(257, bytes(9)),
        ]
    ),
    fp.ipfix([MS_TEMPLATE, fp.part(300, fp.record(fp.MS, (*fp.SSH[:8], 1, 2)))]),
    fp.v5([("192.0.2.10", "198.51.100.7", 9, 1410, 0, 0, 1, 2, 0, 6)]),
)


@pytest.mark.parametrize("seed", range(150))
def test_mutated_packets_give_flows_or_rejects(seed: int) -> None:
    body = mutated(EXAMPLE[len(MAGIC) :], seed)
    data = MAGIC + body
    assert _outcome(data, io.BytesIO(data)) == _outcome(data, ShortReads(data, seed))
    told(data)


@given(st.lists(st.tuples(st.sampled_from([5, 9, 10]), st.binary(min_size=0, max_size=120)), max_size=5))
def test_any_packets(parts: list[tuple[int, bytes]]) -> None:
    read(*(struct.pack(">H", version) + body for version, body in parts))


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 20) | st.just(0xFFFF)), max_size=12),
    st.binary(max_size=300),
    st.sampled_from([9, 10]),
)
def test_any_template_with_any_records(fields: list[tuple[int, int]], data: bytes, version: int) -> None:
    fields = [(8, 4), (12, 4), *fields]
    described = fp.part(0 if version == 9 else 2, fp.template(256, fields))
    frame, _ = read((fp.v9 if version == 9 else fp.ipfix)([described, fp.part(256, data)]))
    assert frame["end"].null_count() == 0
    assert len(frame) <= len(data) // 8 + 1
    assert (frame["start"] <= frame["end"]).all()
    assert (frame["bytes_out"] >= 0).all()


def test_memory_stays_small() -> None:
    """A template of the smallest flows, and templates without end."""
    small = fp.part(2, fp.template(256, [(8, 4), (12, 4)]))
    packets = [fp.ipfix([small])] + [fp.ipfix([fp.part(256, random.Random(n).randbytes(60_000))]) for n in range(12)]
    many = [fp.ipfix([fp.part(2, fp.template(n % 60_000 + 256, [(8, 4)] * 200))], domain=n) for n in range(500)]
    tracemalloc.start()
    try:
        frame, _ = read(*packets)
        assert len(frame) == 12 * 7500
        assert len(told(container(*many))) < 64 * 256 * 900
        assert tracemalloc.get_traced_memory()[1] < 100 << 20
    finally:
        tracemalloc.stop()


def test_frames_that_were_told_before_count_nothing() -> None:
    data = (
        MAGIC
        + framed(fp.v9([TEMPLATE, fp.part(256, FLOW)]), 0, TOLD_BEFORE)
        + framed(fp.v9([fp.part(256, BACK)]), CAME)
    )
    frame = pl.concat(read_export(io.BytesIO(data), Rejects("netflow")))
    assert frame["src"].to_list() == ["198.51.100.7"]
