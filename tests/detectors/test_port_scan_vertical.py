from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import zstandard

from vedette.detectors.port_scan_vertical import PortScanVertical
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.model import Severity
from vedette.sources.pcap import Pcap
from vedette.sources.zeek import Zeek
from vedette.testing import packets
from vedette.testing.flows import flows
from vedette.testing.packets import ACK, FIN, PSH, RST, SYN, URG
from vedette.testing.rows import hits_of

HOUR = 3600.0
OUTSIDE: dict[str, Any] = {"src": "203.0.113.9", "direction": 1}

CASES: dict[str, tuple[list[EventBatch], bool]] = {
    "connect scan, nearly all refused": (
        [flows(1000, every=0.002, port=range(1, 1001), state=["SF"] + ["REJ"] * 999)],
        True,
    ),
    "SYN scan, silence": ([flows(100, every=0.01, port=range(1, 101), state="S0")], True),
    "half-open scan of a tar pit": ([flows(60, every=0.01, port=range(1, 61), state="RSTO")], True),
    "FIN scan": ([flows(30, port=range(1, 31), state="SH")], True),
    "FIN scan, closed ports": (
        [flows(30, port=range(1, 31), state="RSTR", history="Fr", payload_out=0, payload_in=0)],
        True,
    ),
    "Xmas scan": ([flows(30, port=range(1, 31), state="SH", flags=41)], True),
    "NULL scan": ([flows(30, port=range(1, 31), state="OTH", flags=0)], True),
    "ACK scan": ([flows(30, port=range(1, 31), state="RSTRH", history="Ar")], True),
    "UDP scan": ([flows(200, every=1.0, port=range(1, 201), proto="udp", state="S0")], True),
    "slow scan: a port every half an hour": ([flows(30, every=HOUR / 2, port=range(1, 31), state="REJ")], True),
    "scan in NetFlow: SYN, nothing back": (
        [flows(50, port=range(1, 51), state=None, flags=2, packets_out=1, bytes_out=44, packets_in=0, bytes_in=0)],
        True,
    ),
    "scan in NetFlow: refused": (
        [flows(50, port=range(1, 51), state=None, flags=22, packets_out=1, bytes_out=44, packets_in=1, bytes_in=40)],
        True,
    ),
    "scan in one-way NetFlow": ([flows(50, port=range(1, 51), state=None, flags=2, packets_out=1, bytes_out=44)], True),
    "scan in flows without flags": (
        [flows(50, port=range(1, 51), state=None, packets_out=1, bytes_out=44, bytes_in=0)],
        True,
    ),
    "five ports": ([flows(5, port=[21, 22, 23, 80, 443], state="REJ")], False),
    "a dead service, asked again and again": ([flows(5000, every=1.0, port=8443, state="S0")], False),
    "a busy server's clients": (
        [flows(3000, every=0.1, src=[f"198.51.{i % 30}.{i % 200}" for i in range(3000)])],
        False,
    ),
    "passive FTP": ([flows(300, every=1.0, port=range(50_000, 50_300))], False),
    "RPC, now and then refused": ([flows(200, port=range(49_152, 49_352), state=["REJ"] + ["SF"] * 199)], False),
    "traceroute": ([flows(90, every=0.1, port=range(33_434, 33_524), proto="udp", state="S0")], False),
    "late DNS answers": ([flows(400, sport=53, port=range(40_000, 40_400), proto="udp", state="S0")], False),
    "SSDP and mDNS": ([flows(50, dst="239.255.255.250", port=range(1900, 1950), proto="udp", state="S0")], False),
    "backscatter: SYN-ACK": ([flows(500, sport=80, port=range(20_000, 20_500), state="SHR")], False),
    "backscatter: RST": ([flows(500, sport=80, port=range(20_000, 20_500), state="RSTOS0")], False),
    "backscatter of a spoofed victim, reset by us": (
        [flows(500, sport=80, port=range(20_000, 20_500), state="RSTRH")],
        False,
    ),
    "mid-stream": ([flows(500, sport=80, port=range(20_000, 20_500), state="OTH", history="DdA", flags=24)], False),
    "mid-stream ends of a server": ([flows(500, sport=80, port=range(20_000, 20_500), state="SH", history="F")], False),
    "one-way NetFlow of a server": ([flows(500, sport=443, port=range(20_000, 20_500), state=None, flags=27)], False),
    "spoofed flood on one port": (
        [flows(2000, src=[f"9.{i % 250}.{i // 250}.1" for i in range(2000)], port=80, state="S0")],
        False,
    ),
    "spoofed flood on random ports": (
        [flows(2000, src=[f"9.{i % 250}.{i // 250}.1" for i in range(2000)], port=range(2000), state="S0")],
        False,
    ),
    "UDP flood on random ports": (
        [flows(900, port=range(1000, 1900), proto="udp", state="S0", packets_out=40, bytes_out=40_000)],
        False,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_scans_and_what_looks_like_them(case: str) -> None:
    batches, hostile = CASES[case]
    hits = hits_of(PortScanVertical, *batches)
    assert bool(hits.height) is hostile, hits.to_dicts()


def test_a_summary_names_who_what_and_how() -> None:
    states = ["REJ"] * 40 + ["RSTO"]
    hit = hits_of(PortScanVertical, flows(41, every=1.0, port=range(1, 42), state=states)).row(0, named=True)
    assert hit["summary"] == (
        "10.0.0.5 tried 41 ports of 10.0.0.9 in 40.0 s, such as 5, 10, 13, 18, 26: 41 led nowhere. Kind: TCP SYN, TCP half-open."
    )


def test_a_scanner_inside_is_worse() -> None:
    scan: dict[str, Any] = {"port": range(1, 201), "state": "S0"}
    inside, wide, narrow = (
        flows(200, **scan),
        flows(200, **scan, **OUTSIDE),
        flows(20, port=range(20), state="S0", **OUTSIDE),
    )
    found = [hits_of(PortScanVertical, batch)["severity"][0] for batch in (inside, wide, narrow)]
    assert found == [Severity.HIGH, Severity.MEDIUM, Severity.LOW]


SCANNER, VICTIM = "10.0.0.5", "10.0.0.9"

# flags sent, flags of the answer (None: silence) -> kind
SEGMENTS: list[tuple[int, int | None, str]] = [
    (SYN, None, "TCP SYN"),
    (SYN, RST | ACK, "TCP SYN"),
    (SYN, SYN | ACK, "TCP half-open"),
    (FIN, None, "TCP FIN"),
    (FIN, RST | ACK, "TCP FIN"),
    (FIN | PSH | URG, None, "TCP Xmas"),
    (FIN | PSH | URG, RST | ACK, "TCP Xmas"),
    (0, None, "TCP NULL"),
    (0, RST | ACK, "TCP NULL"),
    (ACK, RST, "TCP ACK"),
]


def _capture(sent: int, answer: int | None) -> list[EventBatch]:
    """Flows of forty probes, each answered alike; a SYN that is accepted is reset."""
    stream = io.BytesIO()
    writer = packets.PcapWriter(stream)

    def write(at: int, src: str, dst: str, ports: tuple[int, int], flags: int) -> None:
        writer.write(
            at, packets.ethernet(packets.ipv4(src, dst, packets.TCP, packets.tcp(src, dst, *ports, flags=flags)))
        )

    for port in range(1, 41):
        at = port * 10_000
        write(at, SCANNER, VICTIM, (50_000, port), sent)
        if answer is not None:
            write(at + 100, VICTIM, SCANNER, (port, 50_000), answer)
        if answer == SYN | ACK:
            write(at + 200, SCANNER, VICTIM, (50_000, port), RST)
    stream.seek(0)
    return [b for b in Pcap().read(stream) if b.kind is EventClass.NETWORK_ACTIVITY]


@pytest.mark.parametrize(("sent", "answer", "kind"), SEGMENTS)
def test_every_kind_of_scan_is_named_from_its_packets(sent: int, answer: int | None, kind: str) -> None:
    hit = hits_of(PortScanVertical, *_capture(sent, answer)).row(0, named=True)
    assert hit["src_endpoint.ip"] == SCANNER
    assert hit["summary"].endswith(f": 40 led nowhere. Kind: {kind}.")


@pytest.mark.parametrize("answer", [SYN | ACK, RST | ACK, RST, FIN | ACK, PSH | ACK])
def test_a_flooded_victims_answers_are_no_scan(answer: int) -> None:
    assert not hits_of(PortScanVertical, *_capture(answer, None)).height


def _labelled_logs(archive: Path) -> list[bytes]:
    with archive.open("rb") as packed:
        plain = zstandard.ZstdDecompressor().stream_reader(packed).read()
    with tarfile.open(fileobj=io.BytesIO(plain)) as members:
        files = [members.extractfile(m) for m in members if m.name.endswith("conn.log.labeled")]
    return [file.read() for file in files if file]


def _sources_by_label(log: bytes) -> pl.DataFrame:
    """Source, label and how many pairs of host and port it met."""
    lines = log.decode().splitlines()
    names = next(line for line in lines if line.startswith("#fields")).split("\t")[1:]
    rows = pl.DataFrame([line.split("\t") for line in lines if not line.startswith("#")], schema=names, orient="row")
    return rows.group_by("id.orig_h", "label").agg(pl.struct("id.resp_h", "id.resp_p").n_unique().alias("pairs"))


@pytest.mark.data
def test_scanners_of_real_hosts_are_found_and_nobody_else(shared_data: Path) -> None:
    logs = _labelled_logs(shared_data / "net/zeek-labelled/zeek-labelled.tar.zst")
    assert len(logs) == 2
    for log in logs:
        labels = _sources_by_label(log)
        found = hits_of(
            PortScanVertical, *(b for b in Zeek().read(io.BytesIO(log)) if b.kind is EventClass.NETWORK_ACTIVITY)
        )
        sources = labels.filter(pl.col("id.orig_h").is_in(found["src_endpoint.ip"].unique().to_list()))
        assert sources["label"].unique().to_list() == ["Malicious"]
        many = labels.filter(pl.col("pairs") >= 25, label="Malicious")["id.orig_h"]
        assert set(many) <= set(found["src_endpoint.ip"])
