"""Any log of text lines with times: what no other source reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from typing import BinaryIO, ClassVar, cast

import polars as pl
from polars import col

from vedette.abc import Example, Source
from vedette.errors import SourceError
from vedette.events.batch import EventBatch, Rejects
from vedette.events.dates import Calendar
from vedette.events.lines import blocks
from vedette.events.schema import EventClass
from vedette.sources.logline.log_rows import PRIORITY, LogRows
from vedette.sources.logline.log_stamps import stamped

SNIFF_LINES = 40
SNIFF_SHARE = 0.5
CUT_LINES = 64
"""Where none of so many last lines has a time, a growing input is cut behind them."""

_OTHERS = re.compile(
    rb"\A\s*[{\[]\s*[{\"]|\A\s*<(?![0-9]{1,3}>)|\A#(?:Software|Fields|Version|separator)|^#Fields:|\x00|\A%PDF|\AFrom |^Received: |"
    rb"^(?:<[0-9]{1,3}>)?(?:[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[^ ]{8,35}) [^ ]+ [^ :\[\]]+(?:\[[0-9]+\])?:",
    re.MULTILINE,
)
"""What others read: objects, documents, tables with heads, mail, syslog."""
_TABLE = r"^(?:,[^ ,]*,|\t|;[^;]*;|,\")"
"""What follows the time in a row of a table."""
_NEXT = r"^[ \t]|^(?:Caused by|Traceback|\.\.\.|\}|\)|--+|==+|\*\*+)"
"""How a line begins that goes on with the one before."""

_EXAMPLE = b"""\
2026-01-05 08:00:00,123 INFO [main] org.example.shop.App: listening on port 8443
2026-01-05 08:00:04,518 WARN [worker-3] org.example.shop.Store: slow query, 1204 ms
2026-01-05 08:00:09,020 ERROR [worker-1] org.example.shop.Till: cannot charge card of order 50122
java.net.SocketTimeoutException: Read timed out
\tat org.example.shop.Till.charge(Till.java:88)
2026-01-05 08:01:00,001 INFO [main] org.example.shop.App: 12 orders a minute
"""


class LogLine(Source):
    """Reads any log of text lines in which times stand: programs' own logs, of which nobody wrote a reader.

    Asked only when no other source takes an input. A time is found at the start of a line or behind its first words, in some twenty ways to
    write it (ISO 8601, with and without a year or a zone, as Apache, Java, Android, Go and Kubernetes write it, seconds since 1970); a
    missing year and zone are filled in, and `unmapped` says so. Severity, program, number of the process and host are found where a line
    says them. A line without a time has that of the line before, and its program: `unmapped.continued`; before the first, or where a file
    has none, the time when the file was last written: `unmapped.undated`. Syslog in forms of its own (`<189>29: %LINK-3-UPDOWN: ...`) is
    read line by line: severity by its priority, and without a time it counts as of when it came. Everything is Event Log Activity.
    """

    name = "logline"
    emits: ClassVar[tuple[EventClass, ...]] = (EventClass.EVENT_LOG,)
    fallback = True

    @classmethod
    def example(cls) -> Example:
        return Example(_EXAMPLE, "shop.log", records=6)

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        head = head.removeprefix(b"\xef\xbb\xbf")
        if _OTHERS.search(head):
            return False
        text = head.decode("utf-8", "replace").replace("\r", "")
        lines = pl.Series("line", text.split("\n")[:SNIFF_LINES], pl.String)
        lines = lines.filter((lines.str.strip_chars() != "") & ~lines.str.contains(_NEXT))
        if lines.is_empty():
            return False
        frame = lines.to_frame().with_row_index("row").select(col("row").cast(pl.Int64), "line")
        told = lines.str.contains(PRIORITY)
        if told.sum() >= SNIFF_SHARE * len(lines):
            return True
        dated = stamped(frame, Calendar.of(None, UTC))
        return dated.height >= SNIFF_SHARE * len(lines) and not dated["rest"].str.contains(_TABLE).any()

    @classmethod
    def cut(cls, data: bytes) -> int:
        """Lines without a time belong to the one before, so the last line with a time may not be whole."""
        whole = data.rfind(b"\n") + 1
        lines = data[:whole].rsplit(b"\n", CUT_LINES + 1)[-CUT_LINES - 1 : -1]
        texts = [line.decode("utf-8", "replace").rstrip("\r") for line in lines]
        frame = pl.DataFrame({"row": range(len(texts)), "line": texts}, schema={"row": pl.Int64, "line": pl.String})
        dated = stamped(frame, Calendar.of(None, UTC))["row"].max()
        return whole - sum(len(line) + 1 for line in lines[cast("int", dated) :]) if dated is not None else whole

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        rejects, rows = Rejects(self.name), LogRows(self.origin)
        cut: SourceError | None = None
        try:
            for block in blocks(stream):
                yield from rows.batches(block, rejects)
        except SourceError as error:
            cut = error
        if rejects:
            yield rejects.batch()
        if cut:
            raise cut
