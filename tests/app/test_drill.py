"""A drill is checked before it plays, plays the same twice, and leaves what it says in the files it writes."""

from __future__ import annotations

import hashlib
import struct
from collections import Counter
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from vedette.app.drill import load_drill, play, write_drill
from vedette.app.drill.script import Script, read_script
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
    for hidden in script.expect:
        assert hidden.attacker or hidden.victim
        assert {hidden.attacker, hidden.victim} - {""} <= known


GOOD = """\
title: small
date: 2026-01-02
internal: [10.0.0.0/8]
files: {capture: a.pcap, connections: b.log, auth: c.log}
cast:
  pc: 10.0.0.1-3
  srv: 10.0.0.9
branch: 10.1.0.0/24
resolver: srv
sites: {}
steps:
  - title: one
    do: scan
    who: pc
    to: srv
    ports: [80]
    at: 10:15
    pause: 1s
expect: []
"""

SECOND_STEP = """\
steps:
  - title: two
    do: mistype
    who: pc
    names: [a.example]
    when: {start: 01:00, until: 02:00, every: 10m}
"""


def test_a_small_drill_plays(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(GOOD)
    script = read_script(path)
    assert script.cast["pc"] == ("10.0.0.1", "10.0.0.2", "10.0.0.3")
    assert script.steps[0].model_dump()["at"] == 10 * 3600 + 15 * 60
    assert len(play(script, 1).packets) == 6  # three refused tries


def test_one_step_less_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(GOOD.replace("steps:\n", SECOND_STEP))
    script = read_script(path)
    fewer = script.model_copy(update={"steps": script.steps[1:]})
    two, one = play(script, 7).packets, play(fewer, 7).packets
    assert len(two) > len(one) == 6
    assert set(one) < set(two)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("who: pc", "who: nobody", 14, "nobody in the cast is called 'nobody'"),
        ("at: 10:15", "at: 25:00", 17, "not a time of day"),
        ("pause: 1s", "pause: 1", 18, "not a span"),
        ("ports: [80]", "ports: [80, 70000]", 16, "less than 65536"),
        ("do: scan", "do: dance", 12, "does not match any of the expected tags"),
        ("pc: 10.0.0.1-3", "pc: 10.0.0.300", 6, "10.0.0.300"),
        ("pc: 10.0.0.1-3", "pc: 0.0.0.0/0", 6, "more than 65,536"),
        ("pc: 10.0.0.1-3", "pc: 10.0.0.0/99", 6, "not a valid netmask"),
        ("pc: 10.0.0.1-3", "pc: 10.0.0.1-x", 6, "10.0.0.1-x"),
        ("capture: a.pcap", "capture: ../a.pcap", 4, "pattern"),
        ("resolver: srv", "resolver: ghost", 1, "ghost"),
        ("title: small", "title: small\ncolour: red", 2, "Extra inputs are not permitted"),
        ("title: small", "title: small\ntitle: again", 1, "a key stands twice"),
        ("expect: []", "expect: [", 20, "not YAML"),
        ("expect: []", "expect: [{title: x, techniques: [X1]}]", 19, "pattern"),
        ("expect: []", "expect: " + "[" * 30 + "]" * 30, 19, "nested deeper"),
    ],
)
def test_mistakes_are_told_with_file_and_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(ContentError) as raised:
        read_script(path)
    assert raised.value.where == f"small.yaml:{line}"
    assert said in raised.value.message


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"- a\n- b\n", b"text"])
def test_what_is_no_drill_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "odd.yaml"
    path.write_bytes(data)
    with pytest.raises(ContentError):
        read_script(path)


def test_an_unknown_drill_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError):
        write_drill(tmp_path, "no-such-drill")
    with pytest.raises(ContentError):
        write_drill(tmp_path, "../../pyproject")
