"""A capture of two gigabytes through the whole product: what matters is the memory."""

from __future__ import annotations

import struct
from pathlib import Path

from bench import capture
from vedette.app.local import scan
from vedette.config import Config

NAME = "a 2 GB capture, scanned whole"
GOAL = "below 1,000 MB of memory"
BYTES = 2_000_000_000
_FILE_HEADER, _RECORD_HEADER = 24, 16


def make_input(path: Path) -> None:
    """Write the capture of ``bench.capture`` again and again, each time half a minute of traffic later, up to two gigabytes."""
    capture.make_input(path)
    data = bytearray(path.read_bytes())
    seconds, at = [], _FILE_HEADER
    while at < len(data):
        seconds.append(at)
        at += _RECORD_HEADER + struct.unpack_from("<I", data, at + 8)[0]
    first, last = (struct.unpack_from("<I", data, o)[0] for o in (seconds[0], seconds[-1]))
    span = last - first + 30
    with path.open("wb") as out:
        out.write(data[:_FILE_HEADER])
        while out.tell() < BYTES:
            out.write(memoryview(data)[_FILE_HEADER:])
            for at in seconds:
                struct.pack_into("<I", data, at, struct.unpack_from("<I", data, at)[0] + span)


def ours(path: Path) -> int:
    """Return the packets that a scan accounted for."""
    with scan([str(path)], Config()) as result:
        return sum(i.account.records for i in result.inputs)
