"""A drill is checked before it plays, plays the same twice, and leaves what it says in the files it writes."""

from __future__ import annotations

import hashlib
import struct
from collections import Counter
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from vedette.app.drill import load_drill, write_drill
from vedette.app.drill.script import Script
from vedette.errors import ContentError

DOCUMENTATION = [ip_network(n) for n in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]
INSIDE = [ip_network("10.0.0.0/8"), ip_network("224.0.0.251/32")]


@pytest.fixture(scope="module")
def script() -> Script:
    return load_drill()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_drill(tmp_path_factory.mktemp("drill"))


def ipv4_packets(data: bytes) -> list[tuple[int, str, str, int, bytes]]:
    """Return (microseconds, source, destination, protocol, transport segment) of each IPv4 packet of a pcap file."""
    at, found = 24, []
    while at < len(data):
        seconds, micros, kept, whole = struct.unpack_from("<IIII", data, at)
        frame = data[at + 16 : at + 16 + kept]
        assert kept == whole
        if frame[12:14] == b"\x08\x00":
            src, dst = (str(ip_address(frame[i : i + 4])) for i in (26, 30))
            found.append((seconds * 1_000_000 + micros, src, dst, frame[23], frame[34:]))
        at += 16 + kept
    return found


def test_same_seed_same_bytes_other_seed_other_bytes(files: list[Path], tmp_path: Path) -> None:
    def digests(paths: list[Path]) -> list[str]:
        return [hashlib.sha256(p.read_bytes()).hexdigest() for p in paths]

    assert digests(write_drill(tmp_path / "a")) == digests(files)
    assert not set(digests(write_drill(tmp_path / "b", seed=8))) & set(digests(files))


def test_times_rise_and_stay_within_the_day(files: list[Path], script: Script) -> None:
    packets = ipv4_packets(files[0].read_bytes())
    times = [p[0] for p in packets]
    assert times == sorted(times)
    assert 100_000 < len(times) < 300_000
    assert files[2].read_text().splitlines() == sorted(files[2].read_text().splitlines())
    assert {line[:10] for line in files[2].read_text().splitlines()} == {script.date.isoformat()}


def test_every_address_is_inside_or_kept_for_documentation(files: list[Path]) -> None:
    packets = ipv4_packets(files[0].read_bytes())
    lines = [line.split("\t") for line in files[1].read_text().splitlines() if not line.startswith("#")]
    used = {a for p in packets for a in p[1:3]} | {a for line in lines for a in (line[2], line[4])}
    assert len(used) > 500
    assert [a for a in used if not any(ip_address(a) in net for net in DOCUMENTATION + INSIDE)] == []


def test_conn_log_rows_have_the_columns_of_the_header(files: list[Path]) -> None:
    lines = files[1].read_text().splitlines()
    fields = next(line for line in lines if line.startswith("#fields")).split("\t")[1:]
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    assert {len(row) for row in rows} == {len(fields)}
    assert {row[fields.index("conn_state")] for row in rows} == {"SF", "S0", "REJ", "RSTO"}
    branch = (ip_network("10.30.1.0/24"), ip_network("10.30.10.0/24"))
    assert all(any(ip_address(row[i]) in net for i in (2, 4) for net in branch) for row in rows)


def test_the_attack_is_in_the_files(files: list[Path]) -> None:
    packets = ipv4_packets(files[0].read_bytes())
    syns = [
        (src, dst, int.from_bytes(s[2:4], "big"), t) for t, src, dst, n, s in packets if n == 6 and s[13] & 0x12 == 2
    ]
    assert len({port for src, dst, port, _ in syns if (src, dst) == ("203.0.113.66", "10.20.9.10")}) >= 1000
    assert len({dst for src, dst, port, _ in syns if src == "10.20.9.22" and port == 22}) > 200
    slow = sorted(t for src, _, _, t in syns if src == "198.51.100.201")
    assert len(slow) > 100
    assert slow[-1] - slow[0] > 4 * 3600 * 1_000_000
    seconds = Counter(t // 1_000_000 for _, dst, _, t in syns if dst == "10.20.9.10")
    assert sum(n > 500 for n in seconds.values()) >= 20
    log = files[2].read_text()
    assert log.count("Failed password for backup-svc from 203.0.113.66") > 150
    assert "Accepted password for backup-svc from 203.0.113.66" in log
    assert "USER=root ; COMMAND=/usr/bin/truncate -s 0 /var/log/wtmp" in log


def test_expectations_name_somebody_of_the_cast(script: Script) -> None:
    known = {a for group in script.cast.values() for a in group} | set(script.cast)
    known |= {getattr(step, "user", "") for step in script.steps}
    assert script.expect
    for hidden in (*script.expect, *script.harmless):
        assert hidden.attacker or hidden.victim
        assert {hidden.attacker, hidden.victim} - {""} <= known


def test_an_unknown_drill_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError):
        write_drill(tmp_path, "no-such-drill")
    with pytest.raises(ContentError):
        write_drill(tmp_path, "../../pyproject")
