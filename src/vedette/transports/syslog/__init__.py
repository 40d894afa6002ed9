"""Syslog from other machines."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import ClassVar, cast
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from vedette.abc import Inlet, Rehearsal, Settings, Transport
from vedette.errors import TransportError
from vedette.transports.source_name import SourceName
from vedette.transports.syslog.connections import READ_BYTES, Bounds, Connections
from vedette.transports.syslog.datagrams import Datagrams, receive_buffer
from vedette.transports.syslog.gather import Gather

BACKLOG = 128
_PRIVILEGED = 1024


class SyslogSettings(Settings):
    """Where to listen, and to whom."""

    listen: str = "udp://127.0.0.1:5514"
    """`udp://`, `tcp://` or `tls://`, address and port: `tcp://0.0.0.0:5514`, `udp://[::]:514`. Port 0 takes any that is free."""

    certificate: str = ""
    """PEM file of the certificate for `tls://`, with those between it and its root."""

    key: str = ""
    """PEM file of its private key."""

    client_ca: str = ""
    """PEM file of the authority whose certificates senders must show (mutual TLS); without it none is asked for."""

    senders: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks that may send. Needed on other than loopback, without `client_ca`; `["0.0.0.0/0", "::/0"]` stands for all."""

    source: SourceName = ""
    """The source that reads the messages; by default they tell it."""

    connections: int = Field(default=256, ge=1, le=10_000)
    """Connections at the same time; further ones are closed at once."""

    connections_per_sender: int = Field(default=64, ge=1, le=10_000)
    """Connections at the same time from one address."""

    idle_seconds: float = Field(default=3600, ge=0.1, le=604_800)
    """A connection that is silent for so long is closed."""

    message_seconds: float = Field(default=30, ge=0.1, le=3600)
    """Seconds after which a message that has begun must be whole; else it is taken as it is, and the connection closed."""

    buffer_mb: float = Field(default=8, ge=0.1, le=1024)
    """Megabytes of datagrams that may wait in the system; it may give less (`net.core.rmem_max`), which is told."""

    @field_validator("listen")
    @classmethod
    def _address(cls, value: str) -> str:
        scheme, host, port = parted(value)
        ip_address(host)
        if scheme not in ("udp", "tcp", "tls") or port is None:
            raise ValueError(f"must be udp://, tcp:// or tls://, an address and a port: {value!r}")
        return value

    @model_validator(mode="after")
    def _whole(self) -> SyslogSettings:
        tls = self.listen.startswith("tls:")
        if tls and not (self.certificate and self.key):
            raise ValueError("tls:// needs certificate and key")
        if not tls and (self.certificate or self.key or self.client_ca):
            raise ValueError("certificate, key and client_ca are for tls://")
        if not (self.senders or self.client_ca or ip_address(parted(self.listen)[1]).is_loopback):
            raise ValueError("on other than loopback, senders must say who may send")
        return self


def parted(listen: str) -> tuple[str, str, int | None]:
    """Return scheme, address and port; the port is None where there is none.

    Raises:
        ValueError: the port is no number of one.
    """
    parts = urlsplit(listen)
    return parts.scheme, parts.hostname or "", parts.port


class Syslog(Transport):
    """Receives syslog over UDP, TCP and TLS, in the forms of RFC 3164 and RFC 5424.

    Each sender is an input: `syslog tcp 10.0.0.5`. Messages are kept as they came; a line break inside one becomes `#012`, so that a
    message stays a line. Over TCP and TLS (RFC 6587, RFC 5425) counted octets and line breaks are told apart message by message. A message
    over 64 KB is cut, and counted. Messages are gathered for 50 milliseconds, or 256 KB, before they are written to the log.

    Syslog has no acknowledgement: what a sender has handed to the network is lost if the service is killed in that moment. Over TCP and
    TLS nothing is read while the log is full, so senders wait; datagrams are then dropped, and counted, as are those that the system
    itself dropped for want of room (Linux tells). Connections are bounded in number, in all and for one address, and in the time that they
    may be silent or take for a message. Beyond 4,096 addresses senders share one input. A sender that must not lose anything sends over
    `http`, or writes a file that `tail` follows.
    """

    name = "syslog"
    options: ClassVar[type[Settings]] = SyslogSettings
    lossless: ClassVar[bool] = False

    @classmethod
    def rehearsal(cls, folder: Path) -> Rehearsal:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = int(free.getsockname()[1])

        async def send(records: Sequence[bytes]) -> None:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.writelines(b"%d %s" % (len(r), r) if r.startswith(b"<") else r + b"\n" for r in records)
            await writer.drain()
            writer.close()
            await writer.wait_closed()

        return Rehearsal(SyslogSettings(listen=f"tcp://127.0.0.1:{port}"), send)

    async def run(self, inlet: Inlet) -> None:
        settings = cast("SyslogSettings", self.settings)
        scheme = parted(settings.listen)[0]
        gather = Gather(inlet, self.name, f"syslog {scheme}", settings.source)
        with self._bound(settings) as opened:
            address, port = opened.getsockname()[:2]
            inlet.say(self.name, f"listens on {scheme}://{f'[{address}]' if ':' in address else address}:{port}")
            if scheme == "udp":
                given = receive_buffer(opened, int(settings.buffer_mb * (1 << 20)))
                if given < settings.buffer_mb * (1 << 20):
                    inlet.say(
                        self.name, f"the system gives room for {given >> 10:,} KB of datagrams; see net.core.rmem_max"
                    )
                await Datagrams(opened, gather, inlet, self.name, self._allows).run()
            else:
                await self._serve(opened, gather, inlet)

    async def _serve(self, opened: socket.socket, gather: Gather, inlet: Inlet) -> None:
        settings = cast("SyslogSettings", self.settings)
        bounds = Bounds(
            settings.connections,
            settings.connections_per_sender,
            settings.idle_seconds,
            settings.message_seconds,
            certified(settings),
            self._allows,
        )
        connections = Connections(gather, inlet, self.name, bounds)
        server = await asyncio.start_server(connections.connected, sock=opened, limit=READ_BYTES, backlog=BACKLOG)
        putting = asyncio.create_task(gather.put_on())
        try:
            await asyncio.shield(putting)
        finally:
            server.close()
            await connections.close()
            putting.cancel()
            await asyncio.wait([putting])

    def _allows(self, address: str) -> bool:
        senders = cast("SyslogSettings", self.settings).senders
        if not senders:
            return True
        found = ip_address(address)
        mapped = getattr(found, "ipv4_mapped", None)
        return any(a in network for network in senders for a in (found, mapped) if a is not None)

    def _bound(self, settings: SyslogSettings) -> socket.socket:
        scheme, host, port = parted(settings.listen)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        opened = socket.socket(family, socket.SOCK_DGRAM if scheme == "udp" else socket.SOCK_STREAM)
        try:
            opened.setblocking(False)
            if scheme != "udp":
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.bind((host, port or 0))
        except OSError as error:
            opened.close()
            low = isinstance(error, PermissionError) and (port or 0) < _PRIVILEGED
            hint = "ports below 1024 need CAP_NET_BIND_SERVICE; or send to a port above" if low else ""
            raise TransportError(f"cannot listen on {settings.listen}: {error.strerror}", hint=hint) from error
        return opened


def certified(settings: SyslogSettings) -> ssl.SSLContext | None:
    """Return what TLS needs, None without it.

    Raises:
        TransportError: a file cannot be read, or is not what it should be.
    """
    if not settings.certificate:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(settings.certificate, settings.key)
        if settings.client_ca:
            context.load_verify_locations(settings.client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
    except (OSError, ssl.SSLError) as error:
        raise TransportError(f"certificate, key or client_ca cannot be used: {error.strerror or error}") from error
    return context
