"""EVTX: the files in which Windows keeps its event logs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, ClassVar

from vedette.abc import Example, Origin, Source
from vedette.errors import SourceError
from vedette.events.batch import EventBatch, Rejects
from vedette.events.schema import EventClass
from vedette.events.windows.element import parts
from vedette.events.windows.emitted import EMITTED
from vedette.events.windows.rows import WindowsRows
from vedette.sources.evtx.chunks import Chunks, Rows
from vedette.sources.evtx.evtx_writer import Written, evtx

TAKEN_AT_ONCE = 4096
"""Records of several chunks: columns are made of many at once."""
MAGIC = b"ElfFile\0"
_SYSMON, _CHANNEL = "Microsoft-Windows-Sysmon", "Microsoft-Windows-Sysmon/Operational"


class Evtx(Source):
    """Reads event log files of Windows Vista and later, chunk by chunk of 64 KiB.

    Each chunk is parsed for itself (PyPI `evtx`), so a file may be as large as it likes, cut off, copied while it was written to (its
    header is then behind its chunks and not believed), or damaged in parts: a record or a chunk that cannot be read is a reject with its
    place, and the next chunk is read. Chunks that were never written to are passed over. Provider and event id decide on the class
    (``events.windows``).
    """

    name: ClassVar[str] = "evtx"
    emits: ClassVar[tuple[EventClass, ...]] = EMITTED

    def __init__(self, origin: Origin | None = None) -> None:
        super().__init__(origin)
        self._rows = WindowsRows(self.origin.modified)
        self._rejects = Rejects(self.name)

    @classmethod
    def example(cls) -> Example:
        start = datetime(2026, 3, 2, 8, tzinfo=UTC)
        host = "ws7.corp.example"
        fields = {
            "Image": r"C:\Windows\System32\whoami.exe",
            "CommandLine": "whoami /groups",
            "ProcessId": "4120",
            "User": r"CORP\ada",
        }
        cleared = {"SubjectUserName": "ada", "SubjectDomainName": "CORP"}
        events = [
            Written(start, _SYSMON, 1, _CHANNEL, host, fields),
            Written(
                start + timedelta(seconds=9),
                _SYSMON,
                5,
                _CHANNEL,
                host,
                {"Image": fields["Image"], "ProcessId": "4120"},
            ),
            Written(
                start + timedelta(seconds=60),
                "Microsoft-Windows-Eventlog",
                1102,
                "Security",
                host,
                cleared,
                "LogFileCleared",
            ),
        ]
        return Example(evtx(events, per_chunk=2), "Security.evtx", records=3)

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        return head.startswith(MAGIC)

    @classmethod
    def cut(cls, data: bytes) -> int:
        return -1

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        cut: SourceError | None = None
        chunks = Chunks(stream, self._rejects)
        waiting: list[Rows] = []
        try:
            for found in chunks.read():
                waiting.append(found)
                if sum(len(rows) for _, _, rows in waiting) >= TAKEN_AT_ONCE:
                    self._take(waiting)
                    waiting = []
                    yield from self._rows.full()
        except SourceError as error:
            cut = error
        self._take(waiting)
        yield from self._rows.batches()
        if self._rejects:
            yield self._rejects.batch()
        if cut:
            raise cut

    def _take(self, found: list[Rows]) -> None:
        """Give the records of some chunks to the collector."""
        numbers = [n for first, _, rows in found for n in range(first, first + len(rows))]
        taken = parts([row for _, _, rows in found for row in rows])
        for reason, odd in self._rows.take(taken, numbers).items():
            for first, offset, rows in found:
                if bad := odd & set(range(first, first + len(rows))):
                    self._rejects.add(sequence=min(bad), offset=offset, reason=reason, count=len(bad))
