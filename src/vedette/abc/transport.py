"""Transports: how bytes arrive, apart from what they are."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from vedette.abc.plugin import Plugin
from vedette.abc.settings import Settings


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole records of one input, as they came.

    Attributes:
        input: where they came from, as the operator would say it: ``/var/log/auth.log``, ``syslog udp 10.0.0.5``. Becomes
            ``metadata.log_name``. All chunks of one input are of one format, or of formats that are told by their first bytes.
        data: the bytes, decompressed; at most ``MOST_BYTES``. Empty where ``path`` is given, and where ``position`` alone counts: nothing
            was read.
        source: the name of the source that reads them; empty: the sources are asked.
        filename: a usual name for such a file; helps the sources to know their own.
        preamble: what must stand before ``data`` so that it can be read alone (a header); counted as no record.
        path: a file that is complete and is read where it lies, in place of ``data``. It must stay until it was read.
        position: where the transport goes on after this chunk, in words of its own; the last of each input is handed back at the next
            start.
    """

    input: str
    data: bytes = b""
    source: str = ""
    filename: str = ""
    preamble: bytes = b""
    path: Path | None = None
    position: str = ""


MOST_BYTES = 4 << 20
"""Bytes of one chunk at the most; transports cut what is larger, between records."""


class Inlet(Protocol):
    """What a transport gives to: the durable log of what came in."""

    @property
    def positions(self) -> Mapping[str, str]:
        """Input -> the last position that is durable."""

    async def put(self, *chunks: Chunk) -> None:
        """Return once the chunks are durable: only then may the sender be told so. Waits while the log is full.

        Raises:
            InletError: they cannot be kept (the disk is full); nothing may be acknowledged.
        """

    def offer(self, chunk: Chunk) -> bool:
        """Take a chunk from a sender that cannot wait (UDP); False where there is no room: then count it as dropped."""

    def dropped(self, transport: str, records: int) -> None:
        """Count records that could not be kept."""

    def say(self, transport: str, text: str) -> None:
        """Tell the operator something, once: it goes to the service's log."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How to try a transport on this machine alone: for laws.

    Attributes:
        settings: that listen on loopback, or read in a folder that was given.
        send: brings these records, each a line without its break, as a sender would; returns once the sender has no more to do, raises
            ``OSError`` where it was told that they were not taken.
    """

    settings: Settings
    send: Callable[[Sequence[bytes]], Awaitable[None]]


class Transport(Plugin):
    """Receives from one place that the settings name: a table ``[[inputs]]`` with ``transport = "<name>"``.

    Attributes:
        options: the settings it takes besides ``transport``.
        lossless: a sender is told what was kept, or it is read again: nothing is lost while the sender or the file stays.
    """

    options: ClassVar[type[Settings]]
    lossless: ClassVar[bool]

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @classmethod
    def rehearsal(cls, folder: Path) -> Rehearsal | None:
        """Return how to try it, with files in ``folder`` if it needs any; None where it needs another system (a broker)."""
        return None

    @abstractmethod
    async def run(self, inlet: Inlet) -> None:
        """Receive until cancelled, in bounded memory; when cancelled, release ports and files and put what is whole.

        Trouble that passes (a file that is not there yet, a broker that is down) is waited out and said; a bad message is counted and said.

        Raises:
            TransportError: it can never begin: the port is taken, the folder is no folder.
        """
