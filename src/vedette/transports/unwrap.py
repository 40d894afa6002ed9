"""Takes off what log shippers put around a line: the line itself, with the host and the file that it came from.

``UNWRAP`` says who wraps how. A document of none of these forms is a record itself (Zeek, Suricata, Windows events, clouds) and
stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import orjson

Document = Mapping[str, Any]

DEEPEST = 64
"""Levels that objects and arrays may be nested."""


@dataclass(frozen=True, slots=True)
class Event:
    """One record as a client sent it.

    Attributes:
        line: without a line break.
        host: on which it happened, as the client says; ``file``: in which file it stood. Empty where nothing is said.
        keys: the keys of its outermost object where it is one; None for a line of text.
    """

    line: bytes
    host: str = ""
    file: str = ""
    keys: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Wrap:
    """One way to wrap a line. Names are paths (``log.file.path``): keys inside objects, or keys with dots.

    Attributes:
        who: writes so.
        line: where the line stands, the first that is a text.
        marks: one of these is there as well, or it is another form.
        file: where the name of the file stands; ``host``: that of the host.
        program: for clients that take a line of syslog or of the journal apart: who wrote it. The line is then written anew, with time,
            host, program and number of the process.
        pid: the number of the process.
    """

    who: str
    line: tuple[str, ...]
    marks: tuple[str, ...]
    file: tuple[str, ...] = ()
    host: tuple[str, ...] = ()
    program: tuple[str, ...] = ()
    pid: tuple[str, ...] = ()


_BEAT_HOST = ("host.name", "host.hostname", "agent.hostname", "beat.hostname", "hostname", "host")
_BEAT_FILE = ("log.file.path", "source", "path")

UNWRAP = (
    Wrap(
        "Filebeat's inputs journald and syslog",
        line=("message",),
        marks=("log.syslog.appname", "syslog.identifier", "systemd.unit", "process.program"),
        host=("log.syslog.hostname", *_BEAT_HOST),
        program=("log.syslog.appname", "syslog.identifier", "process.program", "process.name"),
        pid=("log.syslog.procid", "process.pid", "syslog.pid"),
    ),
    Wrap(
        "Filebeat, the Elastic Agent, Logstash",
        line=("event.original", "message"),
        marks=("log.file.path", "agent.type", "beat.name", "@version", "ecs.version", "@metadata.beat"),
        file=_BEAT_FILE,
        host=_BEAT_HOST,
    ),
    Wrap(
        "The systemd journal: Fluent Bit's systemd, Vector's journald",
        line=("MESSAGE", "message"),
        marks=("_SYSTEMD_UNIT", "_COMM", "SYSLOG_IDENTIFIER", "_HOSTNAME"),
        host=("_HOSTNAME", "host"),
        program=("SYSLOG_IDENTIFIER", "_COMM"),
        pid=("_PID", "SYSLOG_PID"),
    ),
    Wrap(
        "syslog-ng: format-json with the scope rfc3164 or rfc5424",
        line=("MESSAGE",),
        marks=("PROGRAM",),
        host=("HOST",),
        program=("PROGRAM",),
        pid=("PID",),
    ),
    Wrap(
        "Vector's syslog",
        line=("message",),
        marks=("appname",),
        host=("hostname", "host"),
        program=("appname",),
        pid=("procid",),
    ),
    Wrap(
        "Fluent Bit's and Fluentd's parsers of syslog",
        line=("message",),
        marks=("ident",),
        host=("host",),
        program=("ident",),
        pid=("pid",),
    ),
    Wrap(
        "rsyslog's templates of JSON",
        line=("message", "msg"),
        marks=("programname", "syslogtag", "app-name", "tag"),
        host=("host", "hostname", "fromhost", "source"),
        program=("programname", "app-name", "syslogtag", "tag"),
        pid=("procid",),
    ),
    Wrap(
        "Vector's file and the like",
        line=("message",),
        marks=("source_type",),
        file=("file",),
        host=("host",),
    ),
    Wrap(
        "Fluent Bit's and Fluentd's tail, Docker",
        line=("log",),
        marks=("log",),
        file=("filename", "file", "path", "tailed_path", "filepath", "kubernetes.container_name", "container_name"),
        host=("hostname", "host", "kubernetes.host"),
    ),
    Wrap("A Splunk forwarder", line=("_raw",), marks=("_raw",), file=("source",), host=("host",)),
)
"""Asked in this order; the first form that fits is taken."""

_BARE = frozenset({"message", "@timestamp", "timestamp", "time", "date", "host", "hostname", "tags", "file", "path"})
"""A document of these keys alone is a line, whoever sent it."""
_PLAIN = Wrap("Anybody", line=("message",), marks=("message",), file=("file", "path"), host=("hostname", "host"))
_NOT = frozenset({"winlog", "event_data", "__CURSOR"})
"""Records that carry a text beside what counts."""
_LINES = frozenset({wrap_line.partition(".")[0] for wrap in UNWRAP for wrap_line in wrap.line})
_TIMES = (
    "@timestamp",
    "timestamp",
    "time",
    "ISODATE",
    "timereported",
    "date",
    "_SOURCE_REALTIME_TIMESTAMP",
    "__REALTIME_TIMESTAMP",
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\Z")
_EPOCH = re.compile(r"\d{9,16}(?:\.\d{1,9})?\Z")
_TAG = re.compile(r"([^\s:\[\]]{1,128})(?:\[(\d{1,10})\])?:?\s*\Z")
_STRINGS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_OPENING, _CLOSING = (np.frombuffer(signs, np.uint8) for signs in (b"{[", b"}]"))


def unwrapped(document: Document, line: bytes, came: datetime, host: str = "", file: str = "") -> Event:
    """Return the record that ``document`` wraps, or the document itself.

    Args:
        document: the object.
        line: as it was written; line breaks in it are only space.
        came: when it was received, for a line that is written anew and of which the client says no time.
        host: what the envelope around it says of the host.
        file: what it says of the file.
    """
    wrap = _wrap(document)
    text = _text(document, wrap.line) if wrap else None
    if wrap is None or text is None:
        return Event(_one_line(line), host, file, frozenset(document))
    host = _name(document, wrap.host) or host
    file = _name(document, wrap.file) or file
    if wrap.program and (program := _name(document, wrap.program)):
        return Event(_syslog(document, wrap, (program, host), text, came), host, file)
    return plain(text, host, file)


def plain(text: str, host: str = "", file: str = "") -> Event:
    """Return a line of text, or the object that it is; a line break inside becomes ``#012``: nobody can write a second line by it."""
    text = text.rstrip("\r\n")
    if text.lstrip().startswith("{") and (document := parsed(line := _one_line(text.encode("utf-8", "replace")))):
        return Event(line, host, file, frozenset(document))
    return Event(_escaped(text).encode("utf-8", "replace"), host, file)


def parsed(line: bytes) -> Document | None:
    """Return the object that ``line`` is; None where it is none, or nested too deep."""
    try:
        found = None if too_deep(line) else orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


def too_deep(line: bytes) -> bool:
    """Say whether objects and arrays are nested deeper than ``DEEPEST``."""
    if line.count(b"{") + line.count(b"[") <= DEEPEST:
        return False
    signs = np.frombuffer(_STRINGS.sub(b"", line), np.uint8)
    steps = np.isin(signs, _OPENING).astype(np.int32) - np.isin(signs, _CLOSING)
    return bool(np.cumsum(steps).max(initial=0) > DEEPEST)


def _wrap(document: Document) -> Wrap | None:
    if _LINES.isdisjoint(document) or not _NOT.isdisjoint(document):
        return None
    for wrap in UNWRAP:
        if any(_at(document, mark) is not None for mark in wrap.marks) and _text(document, wrap.line) is not None:
            return wrap
    return _PLAIN if document.keys() <= _BARE else None


def _at(document: Document, path: str) -> Any:  # noqa: ANN401 - whatever the client wrote
    """Return what stands at a path, or None."""
    found: Any = document.get(path)
    if found is None and "." in path:
        found = document
        for step in path.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _text(document: Document, paths: tuple[str, ...]) -> str | None:
    return next((found for path in paths if isinstance(found := _at(document, path), str)), None)


def _name(document: Document, paths: tuple[str, ...]) -> str:
    """Return the first that is a word or a number."""
    for path in paths:
        found = _at(document, path)
        if isinstance(found, (str, int)) and not isinstance(found, bool) and found != "":
            return str(found)
    return ""


def _syslog(document: Document, wrap: Wrap, who: tuple[str, str], text: str, came: datetime) -> bytes:
    """Return a line as syslog writes it, with an ISO 8601 stamp."""
    program, host = who
    tag = _TAG.match(program)
    program, pid = (tag[1], tag[2]) if tag else (re.sub(r"[\s:\[\]]+", "_", program)[:128], None)
    pid = pid or _name(document, wrap.pid)
    number = f"[{pid}]" if re.fullmatch(r"\d{1,10}", pid) else ""
    host = re.sub(r"[^!-9;-Z^-~]+", "_", host) or "-"
    return f"{_stamp(document, came)} {host} {program}{number}: {_escaped(text.strip())}".encode("utf-8", "replace")


def _stamp(document: Document, came: datetime) -> str:
    for path in _TIMES:
        word = str(document.get(path) or "")
        if _ISO.match(word):
            return word.replace(" ", "T").replace(",", ".")
        if _EPOCH.match(word):
            seconds = float(word)
            for unit in (1e14, 1e11):  # microseconds, milliseconds
                if seconds >= unit:
                    seconds /= 1e6 if unit == 1e14 else 1e3  # noqa: PLR2004 - as above
            return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")
    return came.isoformat(timespec="microseconds")


def _escaped(text: str) -> str:
    if "\n" in text or "\r" in text:
        return text.replace("\r\n", "#012").replace("\n", "#012").replace("\r", "#015")
    return text


def _one_line(line: bytes) -> bytes:
    """Return JSON on one line: a line break can only stand between its parts."""
    line = line.strip()
    return line.replace(b"\r", b" ").replace(b"\n", b" ") if b"\n" in line or b"\r" in line else line
