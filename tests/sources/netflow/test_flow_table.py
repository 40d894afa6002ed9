from __future__ import annotations

import io
from datetime import UTC, datetime

import polars as pl
import pytest

from vedette.errors import SourceError
from vedette.events.batch import Rejects
from vedette.events.lines import blocks
from vedette.sources.netflow.flow_table import read_table

ARGUS = "StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes,Label"
NFDUMP = "ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt"


def table(*lines: str, rejects: Rejects | None = None) -> pl.DataFrame:
    data = "\n".join(lines).encode()
    return pl.concat(
        list(read_table(blocks(io.BytesIO(data)), UTC, Rejects("netflow") if rejects is None else rejects))
    )


def argus(middle: str, counts: str = "10,1000,600", dur: str = "1.5") -> dict[str, object]:
    return table(ARGUS, f"2011/08/18 09:56:29.149668,{dur},{middle},0,0,{counts},x").to_dicts()[0]


@pytest.mark.parametrize(
    ("middle", "want"),
    [
        (
            "tcp,192.0.2.1,5000,   ->,192.0.2.2,80,FSPA_SRPA",
            {"src": "192.0.2.1", "dst_port": 80, "flags_out": 27, "flags_in": 30},
        ),
        (
            "tcp,192.0.2.1,80,   <-,192.0.2.2,5000,SRPA_FSPA",
            {"src": "192.0.2.2", "dst_port": 80, "flags_out": 27, "bytes_out": 400},
        ),
        ("tcp,192.0.2.1,5000,  <?>,192.0.2.2,80,PA_PA", {"src": "192.0.2.1", "flags_out": 24}),
        ("udp,192.0.2.1,5000,  <->,192.0.2.2,53,CON", {"protocol": 17, "flags_out": 0}),
        ("rtp,192.0.2.1,5000,   ->,192.0.2.2,5004,INT", {"protocol": 17, "protocol_name": "rtp"}),
        ("icmp,192.0.2.1,0x0103,   ->,192.0.2.2,0x1234,URH", {"src_port": 3, "dst_port": 1, "protocol": 1}),
        ("icmp,192.0.2.1,0x0008,  <->,192.0.2.2,0x2f00,ECO", {"src_port": 8, "dst_port": 0}),
        (
            "ipv6-icmp,2001:DB8::1,0x0087,   ->,ff02::1,,NNS",
            {"src": "2001:db8::1", "src_port": 135, "protocol_name": "icmp6"},
        ),
        ("igmp,192.0.2.1,,   ->,224.0.0.1,,INT", {"protocol": 2, "src_port": None, "dst_port": None}),
        ("arp,192.0.2.1,,  who,192.0.2.2,,CON", {"protocol": None, "protocol_name": "arp"}),
        ("llc,00:11:22:33:44:55,*,   ->,01:80:c2:00:00:00,0x42,INT", {"src": "00:11:22:33:44:55", "dst_port": 66}),
        ("tcp,192.0.2.1,70000,   ->,192.0.2.2,http,S_", {"src_port": None, "dst_port": None}),
    ],
)
def test_argus_records(middle: str, want: dict[str, object]) -> None:
    row = argus(middle)
    assert {key: row[key] for key in want} == want


@pytest.mark.parametrize(
    ("counts", "packets", "sizes"),
    [
        ("10,1000,600", (6, 4), (600, 400)),
        ("2,1000,999", (1, 1), (999, 1)),  # who sent bytes sent a packet
        ("3,180,180", (3, 0), (180, 0)),
        ("3,180,0", (0, 3), (0, 180)),
        ("1,60,120", (1, 0), (120, 0)),  # more than all: all
        (",1000,600", (None, None), (600, 400)),
    ],
)
def test_packets_are_split_as_the_bytes_are(counts: str, packets: tuple[object, ...], sizes: tuple[int, int]) -> None:
    row = argus("udp,192.0.2.1,5000,  <->,192.0.2.2,53,CON", counts)
    assert (row["packets_out"], row["packets_in"]) == packets
    assert (row["bytes_out"], row["bytes_in"]) == sizes


@pytest.mark.parametrize(
    ("start", "want"),
    [
        ("2011/08/18 09:56:29.149668", "2011-08-18T09:56:29.149668"),
        ("2011-08-18T09:56:29", "2011-08-18T09:56:29"),
        ("1313661389.149668", "2011-08-18T09:56:29.149668"),
        ("1313661389149", "2011-08-18T09:56:29.149"),
    ],
)
def test_times(start: str, want: str) -> None:
    frame = table(ARGUS, f"{start},0.25,udp,192.0.2.1,5000,->,192.0.2.2,53,CON,0,0,2,100,50,")
    when = datetime.fromisoformat(f"{want}+00:00")
    assert frame["start"][0] == when
    assert (frame["end"][0] - when).total_seconds() == 0.25


def test_tabs_a_repeated_header_comments_and_line_ends() -> None:
    line = "2011/08/18 09:56:29.1\t1\tudp\t192.0.2.1\t5000\t->\t192.0.2.2\t53\tCON\t0\t0\t2\t100\t50\t\r"
    head = ARGUS.replace(",", "\t") + "\r"
    frame = table("\ufeff" + head, line, head, "# a comment", line)
    assert frame["sequence"].to_list() == [0, 3]


def test_nfdump_tables_of_three_versions() -> None:
    old = table(
        NFDUMP, "2018-01-12 15:37:30,2018-01-12 15:37:31,1.000,192.0.2.1,192.0.2.2,5000,80,TCP,...AP.SF,0,0,5,500,0,0"
    )
    new = table(
        "firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,bps,bpp,flows",
        "2018-01-12 15:37:30.000,1.000,6,192.0.2.1,5000,192.0.2.2,80,5,500,0,0,1",
    )
    fast = table(
        "cnt,af,firstSeen,lastSeen,proto,srcAddr,srcPort,dstAddr,dstPort,srcAS,dstAS,input,output,flags,srcTos,packets,bytes",
        "1,2,1515771450000,1515771451000,6,192.0.2.1,5000,192.0.2.2,80,0,0,0,0,0x1b,0,5,500",
    )
    same = ["start", "end", "protocol", "src", "src_port", "dst", "dst_port", "packets_out", "bytes_out", "both_ways"]
    assert old.select(same).rows() == new.select(same).rows() == fast.select(same).rows()
    assert old["flags_out"].to_list() == fast["flags_out"].to_list() == [27]
    assert not old["both_ways"][0]


def test_nfdump_icmp_and_replies_in_one_record() -> None:
    icmp = "2018-01-12 15:37:30,2018-01-12 15:37:31,1.000,192.0.2.1,192.0.2.2,0,{},ICMP,......,0,0,5,500,{},0"
    frame = table(NFDUMP, icmp.format("3.1", 0), icmp.format("769", 2))
    assert frame.select("src_port", "dst_port", "both_ways").rows() == [(3, 1, False), (3, 1, True)]


def test_the_summary_ends_the_records() -> None:
    line = "2018-01-12 15:37:30,2018-01-12 15:37:31,1.000,192.0.2.1,192.0.2.2,5000,80,TCP,S,0,0,5,500,0,0"
    rejects = Rejects("netflow")
    assert len(table(NFDUMP, line, "Summary", "flows,bytes,packets", "1,500,5", rejects=rejects)) == 1
    assert not rejects


def test_bad_lines_are_rejects_with_their_place() -> None:
    good = "2011/08/18 09:56:29.1,1,udp,192.0.2.1,5000,->,192.0.2.2,53,CON,0,0,2,100,50,"
    bad = [
        "x",
        "",
        good.replace("192.0.2.2", "300 apples"),
        good.replace("2011/08/18", "2011/02/31"),
        good.replace(",50,", ",-5,"),
    ]
    rejects = Rejects("netflow")
    assert table(ARGUS, good, *bad, good, rejects=rejects)["sequence"].to_list() == [0, 6]
    (row,) = rejects.batch().frame.to_dicts()
    assert (row["count"], row["raw_data"], row["metadata.sequence"]) == (5, "x", 1)
    assert row["status_detail"].endswith(f"(first at byte {len(ARGUS) + len(good) + 2})")


def test_no_header_is_no_flow_table() -> None:
    with pytest.raises(SourceError, match="names no columns"):
        table("a,b,c", "1,2,3")
