from __future__ import annotations

import io
import tarfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import polars as pl
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.abc import Origin
from vedette.errors import SourceError
from vedette.events.schema import EventClass
from vedette.sources.netflow import NetFlow
from vedette.testing.laws import Law, laws_of
from vedette.testing.laws.source import ShortReads, mutated, read_all, tables

FLOW = EventClass.NETWORK_ACTIVITY


def read(data: bytes) -> pl.DataFrame:
    return tables(NetFlow().read(io.BytesIO(data)))[FLOW]


@pytest.mark.parametrize("law", laws_of(NetFlow), ids=lambda law: law.name)
def test_law(law: Law) -> None:
    law.check()


@pytest.mark.parametrize(
    ("head", "taken"),
    [
        (
            b"StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes,Label\n",
            True,
        ),
        (b"StartTime\tDur\tProto\tSrcAddr\tSport\tDir\tDstAddr\tDport\tState\tTotPkts\tTotBytes\tSrcBytes\r\n", True),
        (b"ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt\n", True),
        (b"firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,bps,bpp,flows\n", True),
        (
            b"cnt,af,firstSeen,lastSeen,proto,srcAddr,srcPort,dstAddr,dstPort,srcAS,dstAS,input,output,flags,srcTos,packets,bytes\n",
            True,
        ),
        (b"\x0c\xa5\x01\x00" + bytes(300), True),
        (b"\xa5\x0c\x00\x02" + bytes(300), True),
        (b"ts,uid,proto\n", False),
        (b"#fields\tts\tuid\tid.orig_h\tid.orig_p\tproto\tduration\torig_bytes\n", False),
        (b"Flow ID,Src IP,Src Port,Dst IP,Dst Port,Protocol,Timestamp\n", False),
    ],
)
def test_sniffs_flow_tables_and_files_only(head: bytes, taken: bool) -> None:
    assert NetFlow.sniff(head, "flows") is taken


def test_the_example_in_columns() -> None:
    rows = read(NetFlow.example().data).select(
        "src_endpoint.ip",
        "src_endpoint.port",
        "dst_endpoint.port",
        "connection_info.protocol_name",
        "status_code",
        "duration",
        "traffic.bytes_out",
        "traffic.bytes_in",
        "traffic.packets_out",
        "traffic.packets_in",
        "connection_info.tcp_flags",
    )
    assert rows.rows() == [
        ("192.0.2.10", 50122, 443, "tcp", "SF", 120, 1410, 7710, 3, 15, 27),
        ("192.0.2.10", 51900, 53, "udp", "SF", 0, 74, 140, 1, 1, None),
        ("203.0.113.9", 40001, 23, "tcp", "S0", 3000, 186, 0, 3, 0, 2),
        ("192.0.2.1", 3, 3, "icmp", "OTH", 0, 102, 0, 1, 0, None),
    ]


def test_times_are_in_the_zone_of_the_input() -> None:
    origin = Origin("x", zone=timezone(timedelta(hours=2)))
    (batch,) = NetFlow(origin).read(io.BytesIO(NetFlow.example().data))
    assert batch.frame["start_time"][0] == datetime(2026, 3, 5, 6, 0, 1, 500_000, tzinfo=UTC)


def test_a_label_is_kept_and_not_used() -> None:
    plain = NetFlow.example().data
    labelled = plain.replace(b"1410,\n", b'1410,flow="Botnet"\\\n')
    before, after = read(plain), read(labelled)
    assert before.drop("unmapped").equals(after.drop("unmapped"))
    assert '"label":"flow=\\"Botnet\\"\\\\"' in after["unmapped"][0]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1 << 30), st.integers(0, 100))
def test_hostile_bytes_give_the_same_however_they_are_split(seed: int, split: int) -> None:
    data = mutated(NetFlow.example().data, seed)
    try:
        whole = tables(read_all(NetFlow, io.BytesIO(data)))
    except SourceError:
        with pytest.raises(SourceError):
            read_all(NetFlow, ShortReads(data, split))
        return
    parts = tables(read_all(NetFlow, ShortReads(data, split)))
    assert [f.rows() for k, f in whole.items() if k] == [f.rows() for k, f in parts.items() if k]


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "rows", "records", "packets", "bytes_"),
    [("test1-malicious.nfdump", 2398, 4593, 4652, 241_025), ("test11-portscan.binetflow", 66, 66, 712, 181_904)],
)
def test_public_records(shared_data: Path, name: str, rows: int, records: int, packets: int, bytes_: int) -> None:
    packed = (shared_data / "net/slips-dataset/slips-dataset.tar.zst").open("rb")
    with packed, tarfile.open(fileobj=zstandard.ZstdDecompressor().stream_reader(packed), mode="r|") as archive:
        file = next(archive.extractfile(m) for m in archive if m.name.endswith(f"/{name}"))
        assert file
        batches = list(NetFlow().read(io.BytesIO(file.read())))
    frame = tables(batches)[FLOW]
    assert (len(frame), sum(b.records for b in batches)) == (rows, records)
    totals = frame.select(
        packets=pl.sum("traffic.packets_out") + pl.sum("traffic.packets_in"),
        size=pl.sum("traffic.bytes_out") + pl.sum("traffic.bytes_in"),
    )
    assert totals.row(0) == (packets, bytes_)
