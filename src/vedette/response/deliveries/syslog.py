"""Syslog, to a server."""

from __future__ import annotations

import contextlib
import fcntl
import socket
import ssl
import sys
import termios
from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from vedette.abc import Delivery, Message, Settings
from vedette.errors import ConfigError, DeliveryError
from vedette.response.http import tls_of
from vedette.response.syslog import counted, lined, message

LONGEST_DATAGRAM = 65_000
"""Bytes; what is longer does not fit into one."""
_NAMES = {"text/x-cef": "cef", "text/x-leef": "leef"}


class SyslogSettings(Settings):
    """Which server, and how it is spoken to."""

    host: str = Field(min_length=1)
    """Name or address of the server."""

    port: int = Field(default=0, ge=0, le=65_535)
    """Its port; 0: 6514 with TLS, else 514."""

    protocol: Literal["tls", "tcp", "udp"] = "tls"
    """``tls``; or ``tcp`` or ``udp``, which everybody on the way can read and change."""

    framing: Literal["octets", "lines"] = "octets"
    """How messages stand in a stream: each behind its length (RFC 6587), or a line each, for servers that do not count."""

    ca: str = ""
    """PEM file of the authorities to trust, in place of those of the system."""

    certificate: str = ""
    """PEM file of our certificate, with its key, where the server wants one."""

    hostname: str = Field(default="", pattern=r"^[!-~]{0,255}$")
    """The name of this machine in messages; by default what it calls itself."""

    confirm: bool = True
    """Of tcp and tls: a batch has arrived when the server closes the connection after it. Syslog has no other sign."""

    timeout_seconds: float = Field(default=15, ge=1, le=120)
    """How long a step may take."""


class Syslog(Delivery):
    """RFC 5424 messages to a syslog server: over TLS (RFC 5425), TCP or UDP.

    The format ``syslog_json`` brings its own head; ``cef``, ``leef`` and others get one, with the severity of the incident. Each batch
    has a connection of its own, at whose end the server's closing says that all was read; a server that does not close it gets the
    batch again. UDP has no such sign: what is lost on the way is lost.
    """

    name = "syslog"
    formats = ("syslog_json", "cef", "leef", "ocsf_json", "ecs_json", "stix")
    options: ClassVar[type[Settings]] = SyslogSettings

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        assert isinstance(settings, SyslogSettings)  # noqa: S101 - for the reader of types
        self._own = settings
        self._host = settings.hostname or socket.gethostname() or "-"
        if settings.protocol != "tls" and (settings.ca or settings.certificate):
            raise ConfigError("a certificate without TLS", where=f"{self.name}.protocol", hint='set protocol = "tls"')
        self._tls = tls_of(settings.ca, settings.certificate, self.name) if settings.protocol == "tls" else None

    def send(self, messages: Sequence[Message]) -> None:
        told = [message(m.data, m.severity_id, self._host, _NAMES.get(m.media_type, "-")) for m in messages]
        if self._own.protocol == "udp":
            self._send_datagrams(told)
        else:
            self._send_stream(counted(told) if self._own.framing == "octets" else lined(told))

    @property
    def _port(self) -> int:
        return self._own.port or (6514 if self._own.protocol == "tls" else 514)

    @property
    def _where(self) -> str:
        return f"{self._own.protocol}://{self._own.host}:{self._port}"

    def _send_datagrams(self, messages: Sequence[bytes]) -> None:
        try:
            found = socket.getaddrinfo(self._own.host, self._port, type=socket.SOCK_DGRAM)
        except OSError as error:
            raise DeliveryError(f"no address: {error}", where=self._where) from error
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as line:
            for arrived, data in enumerate(messages):
                if len(data) > LONGEST_DATAGRAM:
                    said = f"{len(data):,} bytes do not fit into a datagram"
                    raise DeliveryError(said, where=self._where, again=False, arrived=arrived)
                try:
                    line.sendto(data, address)
                except OSError as error:
                    raise DeliveryError(f"not sent: {error}", where=self._where, arrived=arrived) from error

    def _send_stream(self, data: bytes) -> None:
        try:
            with self._connected() as line:
                line.sendall(data)
                if self._own.confirm:
                    _confirm(line)
        except OSError as error:
            raise DeliveryError(f"not sent: {error}", where=self._where) from error

    def _connected(self) -> socket.socket:
        plain = socket.create_connection((self._own.host, self._port), timeout=self._own.timeout_seconds)
        try:
            return self._tls.wrap_socket(plain, server_hostname=self._own.host) if self._tls else plain
        except OSError:
            plain.close()
            raise


def _confirm(line: socket.socket) -> None:
    """Say that no more comes, and wait until the other side has read all and closes.

    Raises:
        OSError: it does not, or it breaks the connection.
    """
    if isinstance(line, ssl.SSLSocket):
        _say_goodbye(line)
    else:
        line.shutdown(socket.SHUT_WR)
        while line.recv(4_096):
            pass
    unread = int.from_bytes(fcntl.ioctl(line, termios.TIOCOUTQ, bytes(4)), sys.byteorder)
    if unread:  # it closed while some of it was on the way
        raise ConnectionAbortedError(f"the server closed before it had the last {unread:,} bytes")


def _say_goodbye(line: ssl.SSLSocket) -> None:
    """Close TLS on our side, and wait for the other. It should answer (RFC 5425, 4.4); rsyslog just ends the connection."""
    with contextlib.suppress(ssl.SSLEOFError):
        line.unwrap()
