"""Connections of calls: to checked addresses alone, and each step ends with the clock of the call."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore

from vedette.response.reach import reachable

WRITTEN_AT_ONCE = 1 << 16
"""Bytes between two looks at the clock."""


class Clock:
    """How long a call may still take."""

    def __init__(self) -> None:
        self._until = 0.0

    def start(self, seconds: float) -> None:
        """Begin a call."""
        self._until = time.monotonic() + seconds

    def left(self, wanted: float | None = None) -> float:
        """Return the seconds that are left, at most ``wanted``."""
        rest = self._until - time.monotonic()
        return rest if wanted is None else min(rest, wanted)


class Timed(httpcore.NetworkStream):
    """A connection whose every step ends with the clock: a receiver that trickles does not hold a call."""

    def __init__(self, stream: httpcore.NetworkStream, clock: Clock) -> None:
        self._stream = stream
        self._clock = clock

    def _left(self, wanted: float | None) -> float:
        if (left := self._clock.left(wanted)) <= 0:
            raise httpcore.ReadTimeout("the call took too long")
        return left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for at in range(0, len(buffer), WRITTEN_AT_ONCE):
            self._stream.write(buffer[at : at + WRITTEN_AT_ONCE], self._left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return Timed(self._stream.start_tls(ssl_context, server_hostname, self._left(timeout)), self._clock)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as httpcore has it
        return self._stream.get_extra_info(info)


class Checked(httpcore.NetworkBackend):
    """Looks a name up once, checks its addresses, and connects to one of these."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        address = reachable(host, port)
        stream = httpcore.SyncBackend().connect_tcp(
            address, port, self._clock.left(timeout), local_address=local_address, socket_options=socket_options
        )
        return Timed(stream, self._clock)
