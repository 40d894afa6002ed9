"""Authentication logs of Unix machines: syslog files and the systemd journal as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, ClassVar

import polars as pl

from vedette.abc import Example, Source
from vedette.errors import SourceError
from vedette.events.batch import EventBatch, Rejects
from vedette.events.dates import Calendar
from vedette.events.lines import Block, blocks
from vedette.events.schema import EventClass
from vedette.sources.authlog.auth_rows import AuthRows
from vedette.sources.authlog.journald import read_journal
from vedette.sources.authlog.syslog_lines import SHAPES, read_lines

SNIFF_LINES = 10
_JOURNAL_KEYS = b'"__REALTIME_TIMESTAMP"', b'"__CURSOR"', b'"SYSLOG_IDENTIFIER"'

_EXAMPLE = b"""\
Mar  5 08:01:12 mail sshd[801]: Accepted publickey for ada from 192.0.2.7 port 50122 ssh2: ED25519 SHA256:c29tZSBrZXkgb2Ygb3Vycw
Mar  5 08:01:12 mail sshd[801]: pam_unix(sshd:session): session opened for user ada(uid=1000) by (uid=0)
Mar  5 08:14:55 mail sshd[845]: Failed password for invalid user guest from 203.0.113.9 port 41002 ssh2
Mar  5 08:15:02 mail sudo:      ada : TTY=pts/0 ; PWD=/home/ada ; USER=root ; COMMAND=/usr/bin/systemctl restart nginx
Mar  5 08:17:01 mail CRON[860]: (root) CMD (   cd / && run-parts --report /etc/cron.hourly)
Mar  5 08:20:44 mail useradd[877]: new user: name=grace, UID=1001, GID=1001, home=/home/grace, shell=/bin/bash, from=/dev/pts/0
Mar  5 08:31:09 mail kernel: [ 7201.118822] eth0: link is up
"""


class AuthLog(Source):
    """Reads sshd, sudo, su, PAM, account tools, cron and logind from syslog (RFC 3164, RFC 5424, ISO 8601 stamps) and `journalctl -o json`.

    Logins become Authentication, account tools Account Change, commands by sudo and cron Process Activity; every other line is
    kept as Event Log Activity. ``auth_forms`` says which line counts where two programs report one attempt; ``syslog_lines`` how a
    missing year and zone are filled in. ``count`` is how often a line says that it happened.
    """

    name = "authlog"
    emits: ClassVar[tuple[EventClass, ...]] = (
        EventClass.AUTHENTICATION,
        EventClass.ACCOUNT_CHANGE,
        EventClass.PROCESS_ACTIVITY,
        EventClass.EVENT_LOG,
    )

    @classmethod
    def example(cls) -> Example:
        return Example(_EXAMPLE, "auth.log", records=7)

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        head = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\x1e")
        if head.startswith(b"{"):
            return sum(key in head for key in _JOURNAL_KEYS) > 1
        if b"<Event><System>" in head:  # Sysmon for Linux
            return False
        lines = pl.DataFrame({"line": head.decode("utf-8", "replace").replace("\r", "").split("\n")[:SNIFF_LINES]})
        shapes = [s for s in SHAPES if "(?P<program>" in s]  # all in one go: every input of a scan is asked
        return bool(lines.select(pl.any_horizontal(pl.col("line").str.contains(s).any() for s in shapes)).item())

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        rejects = Rejects(self.name)
        cut: SourceError | None = None
        try:
            yield from self._batches(blocks(stream), rejects)
        except SourceError as error:
            cut = error
        if rejects:
            yield rejects.batch()
        if cut:
            raise cut

    def _batches(self, whole: Iterator[Block], rejects: Rejects) -> Iterator[EventBatch]:
        first = next(whole, None)
        if first is None:
            return
        again = chain((first,), whole)
        if first.data.lstrip(b"\xef\xbb\xbf\x1e \r\n").startswith(b"{"):
            rows, frames = AuthRows("journald"), read_journal(again, rejects)
        else:
            rows, frames = (
                AuthRows("syslog"),
                read_lines(again, Calendar.of(self.origin.modified, self.origin.zone), rejects),
            )
        yield from chain.from_iterable(map(rows.batches, frames))
