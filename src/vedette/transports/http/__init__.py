"""Receives over HTTP: JSON lines and files, Splunk's event collector, Elastic's bulk interface."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import ClassVar, cast

from pydantic import Field, field_validator, model_validator

from vedette.abc import Inlet, Rehearsal, Settings, Transport
from vedette.transports.http.http_app import App, Bounds
from vedette.transports.http.http_door import HASH, Door, from_file
from vedette.transports.http.http_server import bound, certified, serve
from vedette.transports.listening import listening


class HttpSettings(Settings):
    """Settings of ``http``."""

    listen: str = "127.0.0.1:8751"
    """Address and port, ``[::1]:8751`` for IPv6; port 0 takes any that is free and says which. Other than loopback it needs tokens, and
    ``certificate`` and ``key``, or ``behind_proxy``."""

    certificate: str = ""
    """PEM file of the TLS certificate, with those between it and its root."""

    key: str = ""
    """PEM file of the private key."""

    client_ca: str = ""
    """PEM file of the authority whose certificates clients must show; without it, none is asked for."""

    behind_proxy: bool = False
    """A proxy that speaks TLS stands before it, and says in ``X-Forwarded-For`` who the client is."""

    tokens: tuple[str, ...] = ()
    """What may send: ``sha256:`` and the SHA-256 of each token in hexadecimal digits. A token is long and random."""

    token_file: str = ""
    """File with more of them, one a line, each perhaps with a name before it; read at the start."""

    body_mb: int = Field(default=32, ge=1, le=512)
    """Megabytes of one body at the most, also unpacked."""

    memory_mb: int = Field(default=256, ge=1, le=16_384)
    """Megabytes of bodies that may wait at the same time; beyond it, clients are told to come again."""

    connections: int = Field(default=256, ge=1, le=10_000)
    """Connections at the same time; further ones are closed at once."""

    header_seconds: float = Field(default=15, ge=0.1, le=600)
    """A connection that is in no request is closed after this time to twice as long."""

    body_seconds: float = Field(default=60, ge=0.1, le=3600)
    """Seconds in which a body must have come."""

    wait_seconds: float = Field(default=10, ge=0.1, le=600)
    """Seconds that a request waits while the log or the disk is full; then its client is told to come again (429, 503). Take 600 for
    rsyslog, which drops what is refused."""

    elastic_version: str = Field(default="9.9.0", pattern=r"^\d{1,3}\.\d{1,3}\.\d{1,3}$")
    """Version of Elasticsearch that Beats and others are told; they refuse one older than themselves."""

    @field_validator("tokens")
    @classmethod
    def _hashed(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(HASH.match(v) for v in value):
            raise ValueError('not "sha256:" and 64 hexadecimal digits; make one by: printf %s "$TOKEN" | sha256sum')
        return value

    @model_validator(mode="after")
    def _safe(self) -> HttpSettings:
        host, _ = self.address
        if bool(self.certificate) != bool(self.key):
            raise ValueError("certificate and key go together")
        if self.client_ca and not self.certificate:
            raise ValueError("client_ca needs certificate and key")
        if ipaddress.ip_address(host).is_loopback and not self.behind_proxy:
            return self
        if not (self.certificate or self.behind_proxy):
            raise ValueError(f"{host} is not loopback: set certificate and key, or behind_proxy")
        if not (self.tokens or self.token_file or self.client_ca):
            raise ValueError(f"{host} is open to others: set tokens or token_file")
        return self

    @property
    def address(self) -> tuple[str, int]:
        """Address and port to listen on.

        Raises:
            ValueError: ``listen`` is none.
        """
        return listening(self.listen)


class Http(Transport):
    """Receives JSON lines and files, and speaks as Splunk's event collector and as Elasticsearch's bulk interface do.

    | path | who sends |
    |---|---|
    | `POST /v1/ingest` | any body that a source reads: JSON lines, a JSON array, a log, a capture |
    | `POST /v1/ingest/{source}` | the same, for the source of this name |
    | `/services/collector`, `/event`, `/raw`, `/health`, `/ack` | clients of Splunk's event collector |
    | `/_bulk`, `/{index}/_bulk`, and what is asked before | Filebeat, Winlogbeat, Logstash, Vector, Fluent Bit, rsyslog |

    Bodies may be packed by gzip, deflate or zstd. A line that a client has wrapped in a document is taken out again; each host, file
    and kind is an input: `http 10.0.0.5 web-1 /var/log/auth.log`. Nothing is answered with success before it is on disk. While the
    log or the disk is full, requests wait a little; then they are answered 429 or 503 with `Retry-After`. A client that tries again
    after its connection broke sends twice: HTTP has no word against it.
    """

    name: ClassVar[str] = "http"
    options: ClassVar[type[Settings]] = HttpSettings
    lossless: ClassVar[bool] = True

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.port = 0
        """On which it listens, once it runs."""

    @classmethod
    def rehearsal(cls, folder: Path) -> Rehearsal:
        with closing(bound("127.0.0.1", 0)) as sock:
            port = int(sock.getsockname()[1])

        async def send(records: Sequence[bytes]) -> None:
            body = b"".join(record + b"\n" for record in records)
            head = f"POST /v1/ingest/logline HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            with closing(writer):
                writer.write(head.encode() + body)
                answer = await reader.read()
            if b" 200 " not in answer.partition(b"\r\n")[0]:
                raise OSError(answer.partition(b"\r\n")[0].decode("latin-1") or "no answer")

        return Rehearsal(HttpSettings(listen=f"127.0.0.1:{port}", wait_seconds=1), send)

    async def run(self, inlet: Inlet) -> None:
        settings = cast("HttpSettings", self.settings)
        hashes = [*settings.tokens, *(from_file(settings.token_file) if settings.token_file else ())]
        context = certified(settings.certificate, settings.key, settings.client_ca) if settings.certificate else None
        sock = bound(*settings.address)
        self.port = sock.getsockname()[1]
        inlet.say(
            self.name, f"listens on {'https' if context else 'http'}://{settings.listen.rpartition(':')[0]}:{self.port}"
        )
        bounds = Bounds(settings.body_mb << 20, settings.memory_mb << 20, settings.body_seconds, settings.wait_seconds)
        app = App(
            inlet,
            Door(hashes),
            bounds,
            behind_proxy=settings.behind_proxy,
            elastic_version=settings.elastic_version,
        )
        await serve(app, sock, context, settings.connections, settings.header_seconds)
