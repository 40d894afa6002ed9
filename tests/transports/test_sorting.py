"""Records are sorted into inputs of one format each."""

from __future__ import annotations

import json

import pytest

from vedette.abc import Source
from vedette.abc.transport import MOST_BYTES
from vedette.plugins import discover, readers
from vedette.transports import sorting
from vedette.transports.sorting import Sorter, cut, reader
from vedette.transports.unwrap import Event, plain

AUTH = b"Mar  5 08:01:12 mail sshd[801]: Failed password for ada from 192.0.2.7 port 50122 ssh2"
AUDIT = b"type=USER_LOGIN msg=audit(1767261600.123:41): pid=1 uid=0"
WEB = b'192.0.2.7 - - [05/Mar/2026:08:01:12 +0100] "GET / HTTP/1.1" 200 1 "-" "-"'


def objects(source: str) -> list[Event]:
    lines = discover(Source)[source].example().data.splitlines()
    return [Event(line, keys=frozenset(json.loads(line))) for line in lines if line]


def test_a_host_and_a_file_are_an_input() -> None:
    events = [
        Event(b"a", "h1", "/x/a.log"),
        Event(b"b", "h2", "/x/a.log"),
        Event(b"c", "h1", "C:\\x\\b.log"),
        Event(b"d", "h1", "/x/a.log"),
    ]
    chunks = Sorter("http").chunks("192.0.2.1", events)
    assert [(c.input, c.data, c.filename) for c in chunks] == [
        ("http 192.0.2.1 h1 /x/a.log", b"a\nd\n", "a.log"),
        ("http 192.0.2.1 h2 /x/a.log", b"b\n", "a.log"),
        ("http 192.0.2.1 h1 C:\\x\\b.log", b"c\n", "b.log"),
    ]


def test_texts_without_a_file_are_told_apart() -> None:
    chunks = Sorter("http").chunks(
        "c", [plain(x.decode()) for x in (AUTH, WEB, AUDIT, b"2026-01-05 08:00:00,1 INFO x: y", AUTH)]
    )
    assert {c.input: c.data.count(b"\n") for c in chunks} == {
        "http c syslog": 2,
        "http c web": 1,
        "http c auditd": 1,
        "http c text": 1,
    }
    found = {c.input.split()[-1]: [s.name for s in readers(c.data)] for c in chunks}
    assert found == {"syslog": ["authlog"], "web": ["weblog"], "auditd": ["auditd"], "text": ["logline"]}


def test_objects_are_told_apart_by_their_source() -> None:
    mixed = [e for pair in zip(objects("winlog"), objects("okta"), objects("suricata"), strict=False) for e in pair]
    chunks = Sorter("http").chunks("c", mixed)
    assert {c.input: c.source for c in chunks} == {f"http c {n}": n for n in ("winlog", "okta", "suricata")}


@pytest.mark.parametrize("name", ["gcp", "github", "kubernetes", "m365", "okta", "suricata", "winlog"])
def test_a_source_knows_each_of_its_records(name: str) -> None:
    events = objects(name)
    chunks = Sorter("http").chunks("c", events)
    assert [(c.source, c.data.count(b"\n")) for c in chunks] == [(name, len(events))]


def test_an_object_that_nobody_reads_is_kept_apart() -> None:
    (chunk,) = Sorter("http").chunks("c", [Event(b'{"a":1}', keys=frozenset("a"))])
    assert (chunk.input, chunk.source) == ("http c", "")


def test_names_are_bounded_and_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorting, "MOST_INPUTS", 3)
    sorter = Sorter("http")
    events = [Event(AUTH, f"h{n}", "/a\n/b" + "x" * 999) for n in range(9)]
    names = {c.input for c in sorter.chunks("c", events)}
    assert len(names) == 4
    assert "http other authlog" in names
    assert max(map(len, names)) < 300
    assert not any("\n" in name for name in names)


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorting, "MOST_REMEMBERED", 5)
    sorter = Sorter("http")
    for n in range(20):
        sorter.chunks("c", [Event(b"{}", keys=frozenset({f"k{n}"}))])
        assert len(sorter._kinds) <= 5


def test_pieces_end_between_lines() -> None:
    assert list(cut([b"aa", b"bb", b"c"], 6)) == [b"aa\nbb\n", b"c\n"]
    assert list(cut([])) == []
    long = [b"x" * (MOST_BYTES // 2 - 1)] * 3
    pieces = list(cut(long))
    assert [len(p) for p in pieces] == [MOST_BYTES, MOST_BYTES // 2]


def test_reader_asks_fallbacks_last() -> None:
    found = reader(b"2026-01-05 08:00:00,123 INFO x: y\n")
    assert found is not None
    assert found.name == "logline"
    assert reader(b"\0\1\2") is None
