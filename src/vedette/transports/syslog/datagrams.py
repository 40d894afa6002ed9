"""Syslog in datagrams (RFC 5426): one message each, and whoever sends it is told nothing."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import suppress

from vedette.abc import Inlet
from vedette.transports.syslog.frames import MESSAGE_BYTES, one_line
from vedette.transports.syslog.gather import GATHER_SECONDS, Gather

BURST = 512
"""Datagrams that are read before others have their turn."""
COUNT_SECONDS = 5.0
_SO_MEMINFO, _WORDS, _DROPS = 55, 9, 8
"""Linux since 4.12: nine numbers about a socket's memory, the last of them datagrams dropped for want of room (sock_diag.h)."""
_SO_RCVBUFFORCE = 33


def receive_buffer(opened: socket.socket, size_bytes: int) -> int:
    """Ask for room for datagrams that wait, and return what the system gave; more than its limit takes ``CAP_NET_ADMIN``."""
    for option in (_SO_RCVBUFFORCE, socket.SO_RCVBUF):
        with suppress(OSError):
            opened.setsockopt(socket.SOL_SOCKET, option, size_bytes)
            break
    return opened.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) // 2  # it counts twice: its own bookkeeping


def dropped(opened: socket.socket) -> int:
    """Return how many datagrams the system dropped on this socket; 0 where it does not tell."""
    try:
        data = opened.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, 4 * _WORDS)
    except OSError:
        return 0
    return int(struct.unpack(f"{_WORDS}I", data)[_DROPS]) if len(data) == 4 * _WORDS else 0


class Datagrams:
    """Reads one socket.

    Args:
        opened: bound, not blocking.
        gather: where messages go.
        inlet: that drops are told to.
        transport: the name that they are counted under.
        allows: says whether an address may send.
    """

    def __init__(
        self, opened: socket.socket, gather: Gather, inlet: Inlet, transport: str, allows: Callable[[str], bool]
    ) -> None:
        self._socket, self._gather, self._inlet = opened, gather, inlet
        self._transport, self._allows = transport, allows
        self._came = asyncio.Event()
        self._counted = 0

    async def run(self) -> None:
        """Read until cancelled."""
        loop = asyncio.get_running_loop()
        loop.add_reader(self._socket, self._read)
        counts = loop.time() + COUNT_SECONDS
        try:
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(COUNT_SECONDS):
                        await self._came.wait()
                        await asyncio.sleep(GATHER_SECONDS)
                self._came.clear()
                self._gather.offer_all()
                if loop.time() >= counts:
                    self._count()
                    counts = loop.time() + COUNT_SECONDS
        finally:
            loop.remove_reader(self._socket)
            self._read()
            self._gather.offer_all()
            self._count()

    def _read(self) -> None:
        """Read what is there; a loop over datagrams, as there is no other way to get them."""
        self._came.set()
        for _ in range(BURST):
            try:
                data, sender = self._socket.recvfrom(MESSAGE_BYTES)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:  # an earlier answer of ICMP; nothing of ours was sent
                continue
            address = str(sender[0]).partition("%")[0]
            if self._allows(address) and (message := one_line(data)):
                self._gather.add(address, [message])
            if self._gather.is_full:
                self._gather.offer_all()

    def _count(self) -> None:
        """Tell what the system dropped since the last time."""
        lost = dropped(self._socket)
        if lost != self._counted:
            self._inlet.dropped(self._transport, (lost - self._counted) % (1 << 32))
            self._inlet.say(self._transport, "datagrams come faster than they are read: the system dropped some")
            self._counted = lost
