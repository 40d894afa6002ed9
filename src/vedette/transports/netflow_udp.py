"""NetFlow 5 and 9 and IPFIX over UDP: packets are kept as they come, with the templates that describe them."""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import socket
import struct
import time
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast

from pydantic import Field, field_validator

from vedette.abc import Chunk, Inlet, Settings, Transport
from vedette.errors import TransportError
from vedette.events.flow_export import (
    FIRST_DATA_SET,
    HEAD,
    IPFIX,
    MAGIC,
    TOLD_BEFORE,
    V5,
    V5_HEAD_BYTES,
    V9,
    Templates,
    framed,
    head_bytes,
    sets,
)
from vedette.transports.listening import listening

FULL_BYTES = 1 << 20
"""What one exporter sent is handed on at this size, or after ``flush_seconds``; what found no room beyond it is dropped."""
RECEIVE_BYTES = 8 << 20
"""What the kernel is asked to hold while we are busy."""
FARTHEST = 1 << 20
"""A gap of more records than this is an exporter that began anew, not loss."""
MOST_STREAMS = 256
"""Domains of one exporter whose numbers are followed."""
MOST_AT_END = 10_000
"""Packets that are still taken from the kernel when it ends."""
MOST_REMEMBERED_BYTES = 1 << 16
"""Templates of one exporter, packed, that go over a restart."""
_LARGEST = 1 << 16
_WRAP = 1 << 32

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class NetflowSettings(Settings):
    """Settings of ``netflow``."""

    listen: str = "127.0.0.1:2055"
    """Address and port; ``[::]:2055`` for every address of both versions. UDP knows no token: see ``exporters``."""

    exporters: tuple[Network, ...] = ()
    """Networks that exporters are in; packets of others are dropped and counted. Needed where ``listen`` is other than loopback."""

    flush_seconds: float = Field(default=1.0, ge=0.05, le=60)
    """How long packets of one exporter are gathered; both directions of a flow meet within one part."""

    most_exporters: int = Field(default=256, ge=1, le=10_000)
    """Exporters at the same time; packets of further ones are dropped and counted."""

    @field_validator("listen")
    @classmethod
    def _place(cls, value: str) -> str:
        listening(value)
        return value

    @field_validator("exporters")
    @classmethod
    def _named(cls, value: tuple[Network, ...], info: Any) -> tuple[Network, ...]:  # noqa: ANN401 - pydantic's
        listen = info.data.get("listen")
        if listen and not value and not ipaddress.ip_address(listening(listen)[0]).is_loopback:
            raise ValueError(f"{listen} is open to others: name the networks of your exporters")
        return value

    model_config = Settings.model_config | {"validate_default": True}


class Netflow(Transport):
    """Receives NetFlow 5, NetFlow 9 and IPFIX over UDP.

    Each exporter is an input, `netflow 10.0.0.1`, read by the source of the same name. Templates of versions 9 and 10 are remembered
    for each exporter and go with every part, also after a restart; an exporter tells them again every few minutes, and what comes
    before the first ones cannot be read. Sampled flows are multiplied by what the exporter says of its sampling. What UDP loses is
    known by the numbers of the packets, and counted.
    """

    name: ClassVar[str] = "netflow"
    options: ClassVar[type[Settings]] = NetflowSettings
    lossless: ClassVar[bool] = False

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.port = 0
        """On which it listens, once it runs."""

    async def run(self, inlet: Inlet) -> None:
        settings = cast("NetflowSettings", self.settings)
        host, port = listening(settings.listen)
        sock = _bound(host, port)
        self.port = sock.getsockname()[1]
        inlet.say(self.name, f"listens on UDP {settings.listen.rpartition(':')[0]}:{self.port}")
        listener = _Listener(settings, inlet)
        endpoint, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: listener, sock=sock)
        try:
            while True:
                await asyncio.sleep(settings.flush_seconds)
                listener.flush()
        finally:
            with suppress(OSError):  # what the kernel holds already came
                for _ in range(MOST_AT_END):
                    listener.datagram_received(*sock.recvfrom(_LARGEST))
            endpoint.close()
            listener.flush()


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        with suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
        sock.setblocking(False)
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        raise TransportError(
            f"cannot listen on {host} port {port}: {error.strerror or error}", where="netflow.listen"
        ) from error
    return sock


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


class _Listener(asyncio.DatagramProtocol):
    def __init__(self, settings: NetflowSettings, inlet: Inlet) -> None:
        self._settings, self._inlet = settings, inlet
        self._exporters: dict[str, Exporter] = {}
        self._said: set[str] = set()
        before = f"{Netflow.name} "
        for name, position in inlet.positions.items():
            exporter = self._known(name.removeprefix(before)) if _is_address(name.removeprefix(before)) else None
            if exporter:
                exporter.restore(position)

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        exporter = self._exporter(str(addr[0]).partition("%")[0])
        if exporter is None:
            return
        lost = exporter.take(data, time.time_ns() // 1000)
        if lost:
            self._inlet.dropped(Netflow.name, lost)
        if exporter.size >= FULL_BYTES:
            self._hand(exporter)

    def flush(self) -> None:
        """Hand on what was gathered."""
        for exporter in self._exporters.values():
            if exporter.size:
                self._hand(exporter)

    def _exporter(self, address: str) -> Exporter | None:
        found = self._exporters.get(address)
        if found is None:
            address = str(getattr(ipaddress.ip_address(address), "ipv4_mapped", None) or address)
            found = self._exporters.get(address) or self._known(address)
        return found

    def _known(self, address: str) -> Exporter | None:
        """Return a new exporter, or None where it is not let in."""
        number = ipaddress.ip_address(address)
        networks = self._settings.exporters
        if networks and not any(number.version == n.version and number in n for n in networks):
            self._tell("packets come from addresses that are in none of `exporters`; they are dropped")
        elif len(self._exporters) >= self._settings.most_exporters:
            self._tell("more exporters than `most_exporters`; packets of the others are dropped")
        else:
            return self._exporters.setdefault(address, Exporter(address))
        self._inlet.dropped(Netflow.name, 1)
        return None

    def _tell(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            self._inlet.say(Netflow.name, text)

    def _hand(self, exporter: Exporter) -> None:
        """Offer what was gathered; where there is no room, it waits until it is too much."""
        if self._inlet.offer(exporter.chunk()):
            exporter.clear()
        elif exporter.size >= FULL_BYTES:
            self._inlet.dropped(Netflow.name, exporter.records)
            self._tell("the log is full: packets are dropped")
            exporter.clear()


@dataclass(slots=True)
class Exporter:
    """What came from one address since it was last handed on.

    Attributes:
        size: bytes gathered; ``records``: how many flows, as far as they are known.
    """

    address: str
    size: int = 0
    records: int = 0
    _templates: Templates = field(default_factory=Templates)
    _parts: list[bytes] = field(default_factory=list)
    _preamble: bytes = MAGIC
    _changes: int = 0
    _kept: int = 0
    _expected: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def take(self, data: bytes, came: int) -> int:
        """Keep a packet; return how many records were lost before it, as far as numbers tell, and itself where it is none."""
        version = struct.unpack_from(">H", data)[0] if len(data) >= V5_HEAD_BYTES - 8 else 0
        if version not in (V5, V9, IPFIX) or len(data) < (V5_HEAD_BYTES if version == V5 else head_bytes(version)):
            return 1
        if not self._parts:
            self._told()
        part = framed(data, came)
        self._parts.append(part)
        self.size += len(part)
        return self._numbered(version, data)

    def chunk(self) -> Chunk:
        """Return what was gathered; its position is what was told so far, where that is new."""
        return Chunk(
            f"netflow {self.address}",
            b"".join(self._parts),
            Netflow.name,
            "",
            self._preamble,
            position=self._position(),
        )

    def clear(self) -> None:
        """Forget what was handed on, not the templates."""
        self.size = self.records = 0
        self._parts = []
        self._kept = self._templates.changes

    def restore(self, position: str) -> None:
        """Take the templates of a position, which an earlier run wrote; one that is damaged is none."""
        with suppress(ValueError, zlib.error, struct.error):
            packed = base64.b64decode(position, validate=True)
            told = zlib.decompressobj().decompress(packed, 64 * MOST_REMEMBERED_BYTES)
            at = len(MAGIC)
            while at + HEAD.size <= len(told):  # a packet's place depends on those before
                data = told[at + HEAD.size : at + HEAD.size + HEAD.unpack_from(told, at)[0]]
                at += HEAD.size + len(data)
                version = struct.unpack_from(">H", data)[0]
                if version in (V9, IPFIX):
                    self._learn(version, struct.unpack_from(">I", data, head_bytes(version) - 4)[0], data)
        self._kept = self._templates.changes

    def _told(self) -> None:
        """Write the templates told so far before what comes now; what comes later may change them."""
        if self._changes != self._templates.changes:
            self._changes = self._templates.changes
            self._preamble = self._written()

    def _written(self) -> bytes:
        return MAGIC + b"".join(framed(d, 0, TOLD_BEFORE) for d in self._templates.datagrams())

    def _position(self) -> str:
        if self._kept == self._templates.changes:
            return ""
        packed = zlib.compress(self._written())
        return base64.b64encode(packed).decode() if len(packed) <= MOST_REMEMBERED_BYTES else ""

    def _numbered(self, version: int, data: bytes) -> int:
        """Return how many records were lost, by the number in the packet's head: of records (5, IPFIX), or of packets (9)."""
        if version == V5:
            count, sequence, domain = (
                struct.unpack_from(f, data, at)[0] for f, at in ((">H", 2), (">I", 16), (">H", 20))
            )
            return self._gap((version, domain), sequence, (count, count), count)
        if version == V9:
            count, sequence, domain = (
                struct.unpack_from(f, data, at)[0] for f, at in ((">H", 2), (">I", 12), (">I", 16))
            )
            self._learn(version, domain, data)
            return int(count) * self._gap((version, domain), sequence, (1, 1), count)
        sequence, domain = struct.unpack_from(">II", data, 8)
        flows, told = self._learn(version, domain, data)
        return self._gap((version, domain), sequence, (flows + told, flows) if flows >= 0 else None, max(flows, 0))

    def _learn(self, version: int, domain: int, data: bytes) -> tuple[int, int]:
        """Remember templates; return how many records of flows and of options there are, -1 of flows where that is not known."""
        flows = told = 0
        for part in sets(data, head_bytes(version), len(data)):
            if part.number < 0:
                return -1, 0
            self._templates.learn(version, domain, data, part)
            if part.number < FIRST_DATA_SET:
                continue
            template = self._templates.of(version, domain).get(part.number)
            if template is None or not template.record_bytes or template.varies:
                return -1, 0
            count = (part.end - part.start) // template.record_bytes
            flows, told = (flows, told + count) if template.options else (flows + count, told)
        return flows, told

    def _gap(self, key: tuple[int, int], sequence: int, steps: tuple[int, int] | None, records: int) -> int:
        """Return how far the number lies beyond what was expected.

        Args:
            key: version and domain.
            sequence: the number.
            steps: how much it grows by this packet; and by the next one as some have it, who count themselves before they write it
                (softflowd's IPFIX). None: it is not known.
            records: flows that the packet holds.
        """
        self.records += records
        before = self._expected.pop(key, None)
        if steps and len(self._expected) < MOST_STREAMS:
            self._expected[key] = sequence, steps[0]
        if before is None:
            return 0
        grown = (sequence - before[0]) % _WRAP
        if grown > _WRAP - FARTHEST:  # late: it was counted when it was missing
            self._expected[key] = before
            return 0
        ahead = max(0, grown - max(before[1], steps[1] if steps else 0))
        return ahead if ahead <= FARTHEST else 0
