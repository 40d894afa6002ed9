"""A drill is checked whole before it plays; a mistake is told with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from vedette.app.drill import play
from vedette.app.drill.script import read_script
from vedette.errors import ContentError

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
        ("sites: {}", "sites: {a.example: 2001:db8::1}", 10, "Expected 4 octets"),
        ("sites: {}", "sites: {a..example: 192.0.2.1}", 10, "pattern"),
        ("sites: {}", "open: {srv: [0]}\nsites: {}", 10, "greater than 0"),
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


def test_nobody_browses_where_there_is_nothing(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(
        GOOD.replace("steps:\n", SECOND_STEP.replace("mistype", "browse").replace("    names: [a.example]\n", ""))
    )
    with pytest.raises(ContentError, match="no sites"):
        read_script(path)


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"- a\n- b\n", b"text"])
def test_what_is_no_drill_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "odd.yaml"
    path.write_bytes(data)
    with pytest.raises(ContentError):
        read_script(path)
