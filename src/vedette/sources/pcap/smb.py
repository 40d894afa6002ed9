"""SMB over TCP: shares and files that are opened, the first write to a file, who logs on, and the calls made through pipes.

A row is a request with its response (status 1 or 2), or one that nobody answered (0); ``time`` is the request's. Of what is written, only
the first bytes of a file are looked at. SMB 3 that is encrypted or compressed is known by its name alone.
"""

from __future__ import annotations

from typing import Final, NamedTuple, TypeVar

from vedette.events.rpc import PIPES
from vedette.events.schema import EventClass
from vedette.sources.pcap import smb1_message, smb2_message, smb_message
from vedette.sources.pcap.messages import Mark, MessageRows
from vedette.sources.pcap.ntlm import Logon, logon
from vedette.sources.pcap.pending import Pending
from vedette.sources.pcap.rpc import Association, Calls
from vedette.sources.pcap.smb_message import Message
from vedette.sources.pcap.streams import MORE, NOT_MINE, Dialogue

PART_BYTES: Final = 8_192
"""Of a longer message, no more is waited for: it carries a file's content."""
TABLE_LIMIT: Final = 256
"""Shares, handles, pipes and requests of one connection that are remembered, each."""
CONNECTION_BYTES, ENTRY_BYTES = 1_500, 700
"""What a connection, and a thing that it remembers, are counted for: about what they take in memory."""
_FRAME_BYTES: Final = 4
_SEALED, _COMPRESSED = b"\xfdSMB", b"\xfcSMB"
_COMPRESSED_BYTES: Final = 16
_MAGICS: Final = (smb1_message.MAGIC, smb2_message.MAGIC, _SEALED, _COMPRESSED)
_BEYOND: Final = "compressed message of an impossible size"
_LARGEST_BYTES: Final = 1 << 28
"""A message has 2^24 bytes at the most (MS-SMB2, 2.1)."""
_OTHER: Final = 99
_LOGON_ACTIVITY, _NETWORK_LOGON = 1, 3

_COLUMNS = (
    *("command", "dialect", "share", "share_type", "file.name", "file.mime_type", "file.size", "actor.user.name"),
    *("activity_id", "status_id", "status_code", "duration", "status_detail"),
)
_LOGON_COLUMNS = (
    *("user.name", "user.domain", "src_endpoint.hostname", "auth_protocol", "service.name", "is_remote"),
    *("logon_type_id", "activity_id", "status_id", "status_code"),
)


class Share(NamedTuple):
    """A share that is connected, and what it is."""

    path: str | None
    kind: str | None


class File(NamedTuple):
    """A handle."""

    name: str | None
    share: Share


class Asked(NamedTuple):
    """A request that waits for its response."""

    message: Message
    mark: Mark
    who: Logon | None = None


_NO_SHARE: Final = Share(None, None)
Rest = tuple[str | None, int | None, int, int, str | None, int | None]
"""Type and size of what is written; activity, status, its name, and the milliseconds it took."""


class Connection:
    """What one connection has shown of itself."""

    __slots__ = ("dialect", "files", "pipes", "shares", "user", "version", "waiting", "written")

    def __init__(self) -> None:
        self.version, self.dialect, self.user = 2, "", ""
        self.shares: dict[int, Share] = {}
        self.files: dict[bytes, File] = {}
        self.pipes: dict[bytes, Association] = {}
        self.waiting: dict[tuple[int, int], Asked] = {}
        self.written: dict[bytes, None] = {}

    def size_bytes(self) -> int:
        """Return about what it takes in memory."""
        held = len(self.shares) + len(self.files) + len(self.waiting) + len(self.written)
        return CONNECTION_BYTES + ENTRY_BYTES * held + sum(p.size_bytes() for p in self.pipes.values())


K = TypeVar("K")
V = TypeVar("V")


def remember(table: dict[K, V], key: K, value: V) -> V | None:
    """Put a thing into a table; return the oldest one where that gave way."""
    table.pop(key, None)
    table[key] = value
    return table.pop(next(iter(table))) if len(table) > TABLE_LIMIT else None


class Smb(Dialogue):
    """Follows what clients open, on any port."""

    stays = True

    def __init__(self) -> None:
        self._calls = Calls()
        self._files = MessageRows(EventClass.SMB_ACTIVITY, "smb", _COLUMNS)
        self._logons = MessageRows(EventClass.AUTHENTICATION, "smb", _LOGON_COLUMNS)
        self.rows, self.also = self._files, (self._calls.rows, self._logons)
        self._open: Pending[Connection] = Pending()

    def take(self, connection: int, from_orig: bool, buffer: bytes, mark: Mark, final: bool) -> int:
        if len(buffer) < _FRAME_BYTES + 4 and not final:
            return MORE
        magic = buffer[_FRAME_BYTES : _FRAME_BYTES + 4]
        size = _FRAME_BYTES + int.from_bytes(buffer[1:4], "big")
        if buffer[:1] != b"\0" or size <= _FRAME_BYTES + 4 or magic not in _MAGICS:
            return NOT_MINE
        if len(buffer) < min(size, PART_BYTES) and magic != _SEALED and not final:
            return MORE
        self._frame(connection, magic, buffer[_FRAME_BYTES : min(size, PART_BYTES)], size, mark)
        return size

    def _frame(self, connection: int, magic: bytes, raw: bytes, size: int, mark: Mark) -> None:
        if magic == _COMPRESSED:
            self._compressed(raw, size, mark)
        if magic in (_SEALED, _COMPRESSED):
            return
        state = self._open.get(connection) or Connection()
        state.version = 2 if magic == smb2_message.MAGIC else 1
        one = smb1_message.read(raw)
        for message in smb2_message.messages(raw) if one is None else (one,):
            self._message(state, message, mark)
        for lost in self._open.put(connection, state, mark.time, state.size_bytes()):
            self._close(lost)

    def _compressed(self, head: bytes, size: int, mark: Mark) -> None:
        """Tell of a compressed message that claims a size which no message has (MS-SMB2, 2.2.42; CVE-2020-0796)."""
        chained = int.from_bytes(head[10:12], "little") & 1
        claimed, begins = int.from_bytes(head[4:8], "little"), int.from_bytes(head[12:16], "little")
        if len(head) >= _COMPRESSED_BYTES and (claimed > _LARGEST_BYTES or (begins > size and not chained)):
            row = ("SMB2_COMPRESSION_TRANSFORM", *(None,) * 7, _OTHER, 0, None, None, _BEYOND)
            self._files.add((*row, mark))

    def _message(self, state: Connection, message: Message, mark: Mark) -> None:
        if message.is_response:
            if message.status != smb_message.PENDING:
                asked = state.waiting.pop((message.command, message.ident), None)
                self._answered(state, message, asked, mark)
            return
        if message.command in (smb_message.LOGON, smb_message.CONNECT, smb_message.CREATE, smb_message.READ):
            who = logon(message.raw) if message.command == smb_message.LOGON else None
            asked = Asked(message._replace(raw=b""), mark, who)
            remember(state.waiting, (message.command, message.ident), asked)
        elif message.command == smb_message.CLOSE:
            self._forget(state, message.file)
        elif message.command in (smb_message.WRITE, smb_message.PIPE):
            self._written(state, message, mark)

    def _answered(self, state: Connection, message: Message, asked: Asked | None, mark: Mark) -> None:
        """Take a response; ``asked`` is None where its request was not seen."""
        if message.command in (smb_message.READ, smb_message.PIPE):
            self._call(state, asked.message.file if asked else message.file, message.data, mark)
        elif message.command == smb_message.NEGOTIATE:
            state.dialect = message.name
        elif asked and message.command == smb_message.LOGON:
            self._logged_on(state, message, asked)
        elif asked and message.command == smb_message.CONNECT:
            share = Share(asked.message.name, message.share_type)
            if not message.status:
                remember(state.shares, message.tree, share)
            self._row(state, asked, share, None, message, mark)
        elif asked:
            share = state.shares.get(asked.message.tree, _NO_SHARE)
            if not message.status and message.file:
                remember(state.files, message.file, File(asked.message.name, share))
            self._row(state, asked, share, asked.message.name, message, mark)

    def _written(self, state: Connection, message: Message, mark: Mark) -> None:
        """Read what goes into a pipe; the first bytes of a file make a row."""
        if self._call(state, message.file, message.data, mark) or message.command == smb_message.PIPE:
            return
        file = state.files.get(message.file, File(None, state.shares.get(message.tree, _NO_SHARE)))
        if message.offset or message.file in state.written or file.share.kind == "pipe":
            return
        remember(state.written, message.file, None)
        kind = "application/x-dosexec" if message.data.startswith(b"MZ") else None
        self._add(state, message, file.share, file.name, (kind, message.size, _OTHER, 0, None, None), mark)

    def _call(self, state: Connection, file: bytes, data: bytes, mark: Mark) -> int:
        """Read data of a pipe; return the number of messages of remote procedure calls in it."""
        if data[:1] != b"\5":
            return 0
        association = state.pipes.get(file)
        if association is None:
            name = (state.files[file].name or "").lower().lstrip("\\") if file in state.files else None
            association = Association(name if name in PIPES else name or None)
        association.user = association.user or state.user or None
        count = self._calls.take(association, data, mark)
        if count and file not in state.pipes and (lost := remember(state.pipes, file, association)):
            self._calls.close(lost)
        return count

    def _logged_on(self, state: Connection, message: Message, asked: Asked) -> None:
        """Tell of a logon that was let in or refused; a session without a name is none."""
        who = asked.who
        if who is None or message.status == smb_message.MORE_PROCESSING or not who.user:
            return
        if not message.status:
            state.user = who.user
        elif message.status not in smb_message.REFUSED:
            return
        status = 2 if message.status else 1
        values = (who.user, who.domain or None, who.workstation or None, "NTLM", "smb", True, _NETWORK_LOGON)
        self._logons.add((*values, _LOGON_ACTIVITY, status, smb_message.spelled(message.status), asked.mark))

    def _row(
        self, state: Connection, asked: Asked, share: Share, name: str | None, message: Message, mark: Mark
    ) -> None:
        status, code = (2 if message.status else 1), smb_message.spelled(message.status)
        duration = max(mark.time - asked.mark.time, 0) // 1000
        rest: Rest = (None, None, asked.message.activity or _OTHER, status, code, duration)
        self._add(state, asked.message, share, name, rest, asked.mark)

    def _add(self, state: Connection, message: Message, share: Share, name: str | None, rest: Rest, mark: Mark) -> None:
        command = f"SMB{state.version}_COMMAND_{smb_message.COMMANDS[message.command]}"
        kind, size, *outcome = rest
        user = state.user or None
        values = (command, state.dialect or None, share.path, share.kind, name, kind, size, user, *outcome, None)
        self._files.add((*values, mark))

    def _forget(self, state: Connection, file: bytes) -> None:
        state.files.pop(file, None)
        state.written.pop(file, None)
        association = state.pipes.pop(file, None)
        if association:
            self._calls.close(association)

    def _close(self, state: Connection) -> None:
        """Give up what waits: what was asked for and not answered is a row of its own."""
        for asked in state.waiting.values():
            if asked.message.command == smb_message.CREATE:
                share = state.shares.get(asked.message.tree, _NO_SHARE)
                rest: Rest = (None, None, asked.message.activity, 0, None, None)
                self._add(state, asked.message, share, asked.message.name, rest, asked.mark)
        for association in state.pipes.values():
            self._calls.close(association)

    def ends_other(self, connection: int) -> bool:
        return False

    def expire(self, now: int) -> None:
        for state in self._open.expire(now):
            self._close(state)

    def close(self) -> None:
        for state in self._open.drain():
            self._close(state)
