"""Heads of syslog messages (RFC 5424), and how messages stand in a stream (RFC 6587)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

MEDIA_TYPE = "application/x-syslog"
"""Of a sink whose lines begin with a head already."""
NIL = "-"
FACILITY = 16
"""local0."""
PRIORITIES = {n: FACILITY * 8 + level for n, level in {0: 5, 1: 6, 2: 5, 3: 4, 4: 3, 5: 2, 6: 1}.items()}
"""OCSF ``severity_id`` -> the priority of a message: informational is 6, critical 2."""
_HEAD = re.compile(rb"(<\d{1,3}>1 \S{1,32} )-( vedette )")
"""The head that a sink makes: it does not know this machine's name."""


def head(priority: str, at: str, host: str, name: str) -> str:
    """Return the head of a message, without structured data."""
    return f"<{priority}>1 {at} {host} vedette {NIL} {name} {NIL}"


def message(data: bytes, severity_id: int, host: str, name: str) -> bytes:
    """Return a line as a message: what has no head gets one; what has one gets the name of this machine. Line ends go.

    Args:
        data: one line of a sink.
        severity_id: OCSF.
        host: the name of this machine.
        name: of what the line is: its format.
    """
    line = data.rstrip(b"\r\n").replace(b"\n", b" ")
    if known := _HEAD.match(line):
        return b"".join((known[1], host.encode("ascii", "replace"), known[2], line[known.end() :]))
    now = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    priority = PRIORITIES.get(severity_id, PRIORITIES[0])
    return f"{head(str(priority), now, host, name)} ".encode("ascii", "replace") + line


def counted(messages: list[bytes]) -> bytes:
    """Return messages for a stream, each behind its length: whatever stands in one, it ends where it ends."""
    return b"".join(b"%d %b" % (len(m), m) for m in messages)


def lined(messages: list[bytes]) -> bytes:
    """Return messages for a stream, a line each, for receivers that do not count."""
    return b"".join(m + b"\n" for m in messages)
