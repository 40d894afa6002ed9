"""The Linux audit log: records of one event joined."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, ClassVar

from vedette.abc import Example, Source
from vedette.errors import SourceError
from vedette.events.batch import EventBatch, Rejects
from vedette.events.lines import blocks
from vedette.events.schema import EventClass
from vedette.sources.auditd.audit_events import AuditEvents
from vedette.sources.auditd.audit_forms import EMITS
from vedette.sources.auditd.audit_lines import STARTS, read_lines, whole_events

_EXAMPLE = b"""\
type=SYSCALL msg=audit(1767261600.123:41): arch=c000003e syscall=59 success=yes exit=0 a0=55d0 a1=55d8 items=2 ppid=801 pid=845 \
auid=1000 uid=0 gid=0 euid=0 tty=pts0 ses=3 comm="tar" exe="/usr/bin/tar" key="programs"
type=EXECVE msg=audit(1767261600.123:41): argc=3 a0="tar" a1="-cf" a2=2F746D702F6D7920646F63732E746172
type=USER_AUTH msg=audit(1767261600.127:42): pid=850 uid=33 auid=4294967295 ses=4294967295 msg='op=PAM:authentication acct="ada" \
exe="/usr/bin/su" hostname=? addr=? terminal=/dev/pts/1 res=failed'
type=CWD msg=audit(1767261600.123:41): cwd="/home/ada"
type=PROCTITLE msg=audit(1767261600.123:41): proctitle=746172002D6366
type=ADD_USER msg=audit(1767261601.004:43): pid=877 uid=0 auid=1000 ses=3 msg='op=adding user acct="grace" exe="/usr/sbin/useradd" \
hostname=mail addr=192.0.2.7 terminal=pts/0 res=success'
type=CONFIG_CHANGE msg=audit(1767261602.350:44): audit_enabled=0 old=1 auid=1000 ses=3 res=1
"""


class AuditD(Source):
    """Reads `/var/log/audit/audit.log` of Linux machines, raw or enriched, and joins the records of an event.

    Programs that start become Process Activity (the whole command line out of EXECVE, its folder, who logged on and who it runs as); other
    system calls Process Activity with `vedette.syscall`, those on files File Activity, connections Host Connection Activity. Attempts to
    log on become Authentication, account tools Account Change and Group Management, `sudo` Process Activity; everything else is kept as
    Event Log Activity. PAM's record of an attempt counts, and the program's own of a logon that succeeded: a failure is in both. Keys
    without a path are `unmapped.NAME`; `unmapped.type` lists the kinds of the records that were joined. A row's number is that of its
    first line.
    """

    name = "auditd"
    emits: ClassVar[tuple[EventClass, ...]] = EMITS

    @classmethod
    def example(cls) -> Example:
        return Example(_EXAMPLE, "audit.log", records=7)

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        return STARTS.search(head) is not None

    @classmethod
    def cut(cls, data: bytes) -> int:
        return whole_events(data)

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        rejects, events = Rejects(self.name), AuditEvents()
        cut: SourceError | None = None
        try:
            for lines in read_lines(blocks(stream), rejects):
                yield from events.batches(lines)
        except SourceError as error:
            cut = error
        yield from events.rest()
        if rejects:
            yield rejects.batch()
        if cut:
            raise cut
