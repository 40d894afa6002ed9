"""What clients wrap comes out as the line that it was."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.plugins import readers
from vedette.transports.unwrap import DEEPEST, UNWRAP, Event, parsed, plain, too_deep, unwrapped

CAME = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)
LINE = "Mar  5 08:01:12 mail sshd[801]: Failed password for ada from 192.0.2.7 port 50122 ssh2"
SAID = "Failed password for ada from 192.0.2.7 port 50122 ssh2"
STAMP = "2026-03-05T08:01:12.500Z"
ANEW = f"{STAMP} web-1 sshd[801]: {SAID}"


def take(document: dict[str, Any]) -> Event:
    return unwrapped(document, json.dumps(document).encode(), CAME)


@pytest.mark.parametrize(
    ("document", "line", "host", "file"),
    [
        (
            {
                "@timestamp": STAMP,
                "message": LINE,
                "log": {"file": {"path": "/var/log/auth.log"}, "offset": 3},
                "host": {"name": "web-1"},
                "agent": {"type": "filebeat"},
            },
            LINE,
            "web-1",
            "/var/log/auth.log",
        ),
        (
            {"message": "parsed", "event": {"original": LINE}, "@version": "1", "host": {"name": "web-1"}},
            LINE,
            "web-1",
            "",
        ),
        (
            {
                "@timestamp": STAMP,
                "message": SAID,
                "log": {"syslog": {"appname": "sshd", "hostname": "web-1"}},
                "process": {"pid": 801},
                "agent": {"type": "filebeat"},
            },
            ANEW,
            "web-1",
            "",
        ),
        (
            {"@timestamp": STAMP, "MESSAGE": SAID, "_HOSTNAME": "web-1", "SYSLOG_IDENTIFIER": "sshd", "_PID": "801"},
            ANEW,
            "web-1",
            "",
        ),
        (
            {
                "PROGRAM": "sshd",
                "PID": "801",
                "MESSAGE": SAID,
                "HOST": "web-1",
                "ISODATE": STAMP,
                "PRIORITY": "info",
            },
            ANEW,
            "web-1",
            "",
        ),
        (
            {"appname": "sshd", "hostname": "web-1", "message": SAID, "procid": 801, "timestamp": STAMP},
            ANEW,
            "web-1",
            "",
        ),
        (
            {"pri": "86", "time": STAMP, "host": "web-1", "ident": "sshd", "pid": "801", "message": SAID},
            ANEW,
            "web-1",
            "",
        ),
        ({"@timestamp": STAMP, "host": "web-1", "syslogtag": "sshd[801]:", "message": " " + SAID}, ANEW, "web-1", ""),
        (
            {"message": LINE, "source_type": "file", "file": "/var/log/auth.log", "host": "web-1"},
            LINE,
            "web-1",
            "/var/log/auth.log",
        ),
        (
            {"date": 1.5, "log": LINE + "\n", "filename": "/var/log/auth.log", "hostname": "web-1"},
            LINE,
            "web-1",
            "/var/log/auth.log",
        ),
        ({"date": 1.5, "log": LINE}, LINE, "", ""),
        ({"_raw": LINE, "source": "/var/log/auth.log", "host": "web-1"}, LINE, "web-1", "/var/log/auth.log"),
        ({"message": LINE, "@timestamp": STAMP, "host": "web-1"}, LINE, "web-1", ""),
        ({"log.file.path": "C:\\logs\\a.log", "message": LINE, "host.name": "web-1"}, LINE, "web-1", "C:\\logs\\a.log"),
    ],
)
def test_forms(document: dict[str, Any], line: str, host: str, file: str) -> None:
    assert take(document) == Event(line.encode(), host, file)


@pytest.mark.parametrize(
    "document",
    [
        {
            "@timestamp": STAMP,
            "winlog": {"channel": "Security"},
            "message": "An account",
            "agent": {"type": "winlogbeat"},
        },
        {"ts": 1.5, "uid": "C1", "id.orig_h": "192.0.2.1", "msg": "a notice", "note": "Scan::Port_Scan"},
        {"event": {"original": 5}, "message": ["not a text"]},
        {"message": "a text", "level": "info", "service": "shop"},
        {},
    ],
)
def test_records_stay_whole(document: dict[str, Any]) -> None:
    assert take(document) == Event(json.dumps(document).encode(), keys=frozenset(document))


def test_an_envelope_says_host_and_file_where_the_document_does_not() -> None:
    found = unwrapped({"log": LINE}, b"", CAME, "web-2", "/var/log/b.log")
    assert (found.host, found.file) == ("web-2", "/var/log/b.log")


@pytest.mark.parametrize(
    ("stamp", "written"),
    [
        ({"__REALTIME_TIMESTAMP": "1772697672500000"}, "2026-03-05T08:01:12.500000+00:00"),
        ({"date": 1772697672.5}, "2026-03-05T08:01:12.500000+00:00"),
        ({"timestamp": 1772697672500}, "2026-03-05T08:01:12.500000+00:00"),
        ({"time": "yesterday"}, "2026-03-05T08:00:00.000000+00:00"),
        ({}, "2026-03-05T08:00:00.000000+00:00"),
    ],
)
def test_times_of_lines_that_are_written_anew(stamp: dict[str, Any], written: str) -> None:
    line = take({"MESSAGE": SAID, "_HOSTNAME": "web-1", "_COMM": "sshd", **stamp}).line
    assert line == f"{written} web-1 sshd: {SAID}".encode()
    assert [s.name for s in readers(line + b"\n")] == ["authlog"]


def test_a_message_makes_no_second_line() -> None:
    forged = "hello\nMar  5 08:01:12 mail sshd[801]: Accepted password for root from 192.0.2.7 port 1 ssh2\r\n"
    for document in (
        {"MESSAGE": forged, "_COMM": "a"},
        {"log": forged},
        {"MESSAGE": "x", "_COMM": forged, "_HOSTNAME": forged},
    ):
        line = take(document).line
        assert b"\n" not in line
        assert b"\r" not in line
    assert plain(forged).line.startswith(b"hello#012Mar")


def test_an_object_inside_a_line_is_an_object() -> None:
    found = take({"log": '{"ts": 1,\n "uid": "C1"}\n', "stream": "stdout"})
    assert found == Event(b'{"ts": 1,  "uid": "C1"}', keys=frozenset({"ts", "uid"}))
    assert plain("{not json").keys is None


def test_depth() -> None:
    def nested(levels: int) -> bytes:
        return b'{"a":' * levels + b"1" + b"}" * levels

    assert parsed(nested(DEEPEST)) is not None
    assert parsed(nested(DEEPEST + 1)) is None
    assert parsed(nested(100_000)) is None
    assert not too_deep(b'{"a": "' + b"{[" * 1000 + b'\\""}')
    assert not too_deep(b"[" + b"{}," * 1000 + b"{}]")


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers(-(2**60), 2**60) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(
    [
        "message",
        "MESSAGE",
        "log",
        "event",
        "_raw",
        "msg",
        "host",
        "agent",
        "source",
        "file",
        "path",
        "time",
        "date",
        "@timestamp",
        "PROGRAM",
        "_COMM",
        "appname",
        "ident",
        "pid",
        "tag",
    ]
)


@given(st.dictionaries(KEYS, VALUES, max_size=8))
def test_any_document_gives_one_line(document: dict[str, Any]) -> None:
    found = take(document)
    assert b"\n" not in found.line
    assert isinstance(found.host, str)
    assert isinstance(found.file, str)


def test_every_form_is_told() -> None:
    page = (Path(__file__).parents[2] / "docs/how-to/receive-http.md").read_text("utf-8")
    rows = [row for row in page.splitlines() if row.startswith("| ")]
    for wrap in UNWRAP:
        assert any(all(f"`{path}`" in row for path in wrap.line) for row in rows), wrap.who
