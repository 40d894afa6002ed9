"""Command lines as text, one a line: histories of shells, and lists that somebody wants judged."""

# ruff: noqa: E501, SIM905 - a list of words is read as a whole

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO, ClassVar

import polars as pl
from polars import col

from vedette.abc import Example, Source
from vedette.errors import SourceError
from vedette.events.batch import EventBatch, Rejects
from vedette.events.jsonlines import TOO_LONG
from vedette.events.lines import Block, blocks
from vedette.events.schema import SCHEMAS, EventClass

SNIFF_LINES = 60
SNIFF_SHARE, NAMED_SHARE = 0.6, 0.2
"""Share of lines that begin with a known command, from which on the bytes alone tell; where the file is called like a history."""
FEWEST = 2
"""Lines that must begin so, where the file's name does not help."""

_COMMANDS = frozenset(
    (
        "ls cd cat cp mv rm mkdir rmdir touch chmod chown grep egrep find xargs awk sed cut sort uniq head tail less more vi vim nano echo export"
        " source sudo su ssh scp rsync curl wget tar gzip gunzip unzip ps top htop kill pkill df du free mount umount systemctl service"
        " journalctl apt apt-get yum dnf pip pip3 npm git make gcc python python3 perl ruby node docker kubectl crontab useradd usermod passwd id"
        " whoami uname hostname ifconfig ip ping netstat ss nc ncat iptables ufw bash sh zsh history exit clear man screen tmux nohup openssl"
        " base64 dd ln stat file diff tee wc date env set unset alias which whereis last w who dig nslookup nmap tcpdump"
        " cmd powershell pwsh dir copy move del type net net1 netsh ipconfig tasklist taskkill systeminfo reg sc schtasks wmic wevtutil"
        " certutil bitsadmin rundll32 regsvr32 mshta wscript cscript msiexec vssadmin nltest icacls attrib robocopy xcopy start cls quser"
        " gpupdate gpresult get-childitem get-process get-service set-location invoke-webrequest import-module get-content"
    ).split()
)
_NAME = re.compile(r"(?:_history|history|consolehost_history\.txt|commands?(?:\.txt|\.list|\.cmds))$", re.IGNORECASE)
_STAMP = r"^#(\d{9,11})$"
_ZSH = r"^: (\d{9,11}):\d+;"
_FIRST = re.compile(
    r"^(?:: \d{9,11}:\d+;)?(?:sudo\s+)?[\"']?(?:[A-Za-z]:)?(?:[^\s\"']*[\\/])?([A-Za-z][\w-]*)(?:\.exe)?[\"']?(?=\s|$)(.*)"
)
_ARGUMENTS = re.compile(r"[-/\\.=|>&;$*~:@\"'0-9]|^\s*\w*$|^\s*\w+$")
"""What follows a command is options, paths or one word; a sentence goes on with words."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EXAMPLE = b"""\
#1767600000
sudo apt update
#1767600042
tail -n 50 /var/log/syslog
#1767600050
git commit -m 'first words'
"""


class ShellHistory(Source):
    """Reads commands, one a line: histories of bash (with or without times), zsh and PowerShell, and lists of command lines to be judged.

    A line is a process of Process Activity: ``process.cmd_line``. Times are those of the history (``#1767600000`` before a line in bash,
    ``: 1767600000:0;`` in zsh); without them, when the file was last written. A history holds what was typed, not whether it ran. Blank
    lines are no records.
    """

    name = "shell_history"
    emits: ClassVar[tuple[EventClass, ...]] = (EventClass.PROCESS_ACTIVITY,)

    @classmethod
    def example(cls) -> Example:
        return Example(_EXAMPLE, ".bash_history", records=3)

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        text = head.decode("utf-8", "replace")
        if "\0" in text or "\ufffd" in text[:-4] or text.lstrip()[:1] in {"{", "[", "<"}:
            return False
        lines = [x.strip() for x in text.split("\n")[:SNIFF_LINES]]
        said = [x for x in lines if x and not re.match(_STAMP, x)]
        if not said:
            return False
        known = sum(_is_command(x) for x in said)
        if _NAME.search(filename):
            return known >= max(1, NAMED_SHARE * len(said))
        return known >= max(FEWEST, SNIFF_SHARE * len(said))

    @classmethod
    def preamble(cls, data: bytes) -> bytes:
        last = re.search(rb".*(?:^|\n)(?:#|: )([0-9]{9,11})(?=\r?\n|:[0-9]+;)", data, re.DOTALL)
        return b"#" + last[1] + b"\n" if last else b""

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        rejects = Rejects(self.name)
        number, stamp = 0, None
        cut: SourceError | None = None
        try:
            for block in blocks(stream):
                if block.overlong:
                    rejects.add(sequence=number, offset=block.offset, reason=TOO_LONG, raw=block.data)
                    number += 1
                    continue
                rows, stamp = self._rows(block, number, stamp)
                number += rows.height
                for part in rows.iter_slices(ROWS):
                    yield EventBatch(EventClass.PROCESS_ACTIVITY, part)
        except SourceError as error:
            cut = error
        if rejects:
            yield rejects.batch()
        if cut:
            raise cut

    def _rows(self, block: Block, number: int, stamp: int | None) -> tuple[pl.DataFrame, int | None]:
        """Return the commands of a block, and the last time that stood before a line."""
        text = block.data.decode("utf-8", "replace").replace("\r", "")
        frame = pl.DataFrame({"line": text.split("\n")}).with_columns(line=col("line").str.strip_chars())
        seconds = pl.coalesce(col("line").str.extract(_STAMP), col("line").str.extract(_ZSH)).cast(
            pl.Int64, strict=False
        )
        frame = frame.with_columns(at=seconds)
        frame = frame.with_columns(at=col("at").forward_fill().fill_null(pl.lit(stamp, pl.Int64)))
        last = frame["at"].drop_nulls()
        kept = frame.filter((col("line") != "") & ~col("line").str.contains(_STAMP))
        usual = pl.lit(self.origin.modified or _EPOCH).cast(SCHEMAS[EventClass.PROCESS_ACTIVITY]["time"])
        rows = kept.select(
            pl.coalesce(pl.from_epoch("at").dt.replace_time_zone("UTC").cast(pl.Datetime("us", "UTC")), usual).alias(
                "time"
            ),
            pl.int_range(number, number + pl.len(), dtype=pl.Int64).alias("metadata.sequence"),
            pl.lit(1, pl.Int32).alias("activity_id"),
            col("line").str.replace(_ZSH, "").alias("process.cmd_line"),
        )
        return rows, (int(last[-1]) if len(last) else stamp)


ROWS = 1 << 16


def _is_command(line: str) -> bool:
    """Return whether a line begins with a known command and goes on as one."""
    match = _FIRST.match(line[:400])
    return match is not None and match[1].lower() in _COMMANDS and _ARGUMENTS.search(match[2]) is not None
