"""HTTP calls to places that the operator names: checked addresses, no redirects, no proxies, everything bounded.

``httpcore`` alone, without a client above it: here we say which address a connection goes to, and how long all of a call may take.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpcore
from pydantic import Field, SecretStr

from vedette.abc import Settings
from vedette.errors import ConfigError, DeliveryError
from vedette.incidents.words import visible
from vedette.response.connection import Checked, Clock
from vedette.response.reach import Place, literally_forbidden, place
from vedette.response.secret import secret

MOST_SENT = 32 << 20
MOST_READ = 1 << 20
"""Bytes of a request, and of an answer: what is beyond is not read."""
KEPT_SECONDS = 30
"""How long a connection stays open for the next call."""
TOLD = 200
"""Characters of an answer that stand in an error."""
_AGAIN = frozenset({401, 403, 404, 405, 407, 408, 421, 423, 425, 429})
"""Answers after which it is worth trying again: the receiver is busy, or its settings or ours will be repaired."""
_ERRORS = 400
_FINE = range(200, 300)


class Endpoint(Settings):
    """Settings of everything that speaks HTTP."""

    url: SecretStr = SecretStr("")
    """Where to: https, or http to this machine or a host in ``plain``."""

    url_env: str = ""
    """Environment variable that holds the URL, where it is a secret."""

    url_file: str = ""
    """File that holds the URL."""

    plain: tuple[str, ...] = ()
    """Hosts that may be spoken to without TLS."""

    proxy: str = ""
    """URL of an HTTP proxy to go through. It looks the name up, so the address is not checked. Those of the environment are not used."""

    ca: str = ""
    """PEM file of the authorities to trust, in place of those of the system."""

    certificate: str = ""
    """PEM file of our certificate, with its key, where the receiver wants one."""

    timeout_seconds: float = Field(default=15, ge=1, le=120)
    """How long one call may take in all."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; of the body at most ``MOST_READ`` bytes, not decompressed."""

    status: int
    body: bytes

    @property
    def is_fine(self) -> bool:
        """Whether the status says that all is well."""
        return self.status in _FINE


class Caller:
    """Calls one endpoint; for one thread at a time. Connections stay open between calls.

    Args:
        endpoint: where to, and how.
        where: the name of the setting or plug-in, for errors.

    Raises:
        ConfigError: the URL is none that may be called; a certificate cannot be read.
    """

    def __init__(self, endpoint: Endpoint, where: str = "") -> None:
        self._endpoint = endpoint
        self._where = where
        self._tls = tls_of(endpoint.ca, endpoint.certificate, where)
        self._pool: httpcore.ConnectionPool | None = None
        self._clock = Clock()
        self._proxy = proxy_of(endpoint.proxy, where)
        self.place()

    def place(self) -> Place:
        """Return where calls go now.

        Raises:
            ConfigError: the URL is none that may be called.
        """
        url = secret(self._endpoint, "url", self._where)
        if not url:
            raise ConfigError("no URL", where=self._where, hint="set url, url_env or url_file")
        return place(url, self._endpoint.plain, self._where)

    def post(self, body: bytes, headers: Mapping[str, str], path: str = "") -> Answer:
        """Send a body and return the answer, whatever its status.

        Args:
            body: at most ``MOST_SENT`` bytes.
            headers: names and values without line breaks; ``Host`` and ``Content-Length`` are ours.
            path: what follows the path of the URL.

        Raises:
            DeliveryError: nothing came back, or what did was no HTTP.
        """
        return self.call("POST", body, headers, path)

    def call(self, method: str, body: bytes, headers: Mapping[str, str], path: str = "") -> Answer:
        """Do the same with another method."""
        to = self.place()
        if len(body) > MOST_SENT:
            raise DeliveryError(f"{len(body):,} bytes are more than a call may have", where=str(to), again=False)
        if self._proxy is not None and (bad := literally_forbidden(to.host)):
            raise DeliveryError(f"{to.host!r} is {bad}: not called", where=str(to), hint="correct its URL")
        self._clock.start(self._endpoint.timeout_seconds)
        url = httpcore.URL(scheme=to.scheme, host=to.host, port=to.port, target=_joined(to.path, path))
        told = [(k.encode("ascii"), _value(v).encode("utf-8")) for k, v in {**_OURS, **headers}.items()]
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), self._endpoint.timeout_seconds)
        try:
            with self._connections().stream(
                method, url, headers=told, content=body, extensions={"timeout": timeouts}
            ) as response:
                return Answer(response.status, self._read(response.iter_stream()))
        except (
            httpcore.TimeoutException,
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.ProxyError,
            ssl.SSLError,
            OSError,
        ) as e:
            told_as = visible(str(e), TOLD) or type(e).__name__
            raise DeliveryError(f"no answer: {told_as}", where=str(to)) from e

    def close(self) -> None:
        """Close what is open."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()

    def _connections(self) -> httpcore.ConnectionPool:
        if self._pool is None:
            backend = Checked(self._clock)
            if self._proxy is None:
                self._pool = httpcore.ConnectionPool(
                    ssl_context=self._tls, max_connections=1, keepalive_expiry=KEPT_SECONDS, network_backend=backend
                )
            else:
                url = httpcore.URL(scheme=self._proxy.scheme, host=self._proxy.host, port=self._proxy.port, target="/")
                self._pool = httpcore.HTTPProxy(
                    url,
                    ssl_context=self._tls,
                    proxy_ssl_context=self._tls if self._proxy.scheme == "https" else None,
                    max_connections=1,
                    keepalive_expiry=KEPT_SECONDS,
                    network_backend=backend,
                )
        return self._pool

    def _read(self, stream: Iterable[bytes]) -> bytes:
        read = bytearray()
        for piece in stream:
            read += piece[: MOST_READ - len(read)]
            if len(read) >= MOST_READ or self._clock.left() <= 0:
                break
        return bytes(read)


_OURS = {"User-Agent": "vedette", "Accept-Encoding": "identity"}


def _joined(path: str, more: str) -> str:
    """Return the path of a URL with ``more`` at its end, before the query."""
    base, mark, query = path.partition("?")
    return f"{base.rstrip('/')}/{more}{mark}{query}" if more else path


def _value(text: str) -> str:
    """Return a value of a header that stays one header."""
    return visible(text)


def proxy_of(url: str, where: str = "") -> Place | None:
    """Return where a proxy is; None where none is named.

    Raises:
        ConfigError: it is no URL of a proxy.
    """
    if not url:
        return None
    try:
        host = urlsplit(url).hostname or ""
    except ValueError as error:
        raise ConfigError(f"the proxy is no URL: {error}", where=where) from error
    return place(url, (host,), where)  # a proxy in our own network is spoken to without TLS as a rule


def tls_of(ca: str, certificate: str = "", where: str = "") -> ssl.SSLContext:
    """Return how TLS is spoken: the receiver's certificate and name are always verified.

    Args:
        ca: PEM file of the authorities to trust; empty: those of the system.
        certificate: PEM file of our certificate and its key.
        where: the setting that names them.

    Raises:
        ConfigError: a file cannot be read, or is no certificate.
    """
    try:
        context = ssl.create_default_context(cafile=ca or None)
        if certificate:
            context.load_cert_chain(certificate)
    except (OSError, ssl.SSLError) as error:
        named = " or ".join(repr(n) for n in (ca, certificate) if n)
        raise ConfigError(f"cannot use {named}: {error.strerror or error}", where=where) from error
    return context


def expect_fine(answer: Answer, to: Place | str) -> None:
    """Return where the status says that all is well.

    Raises:
        DeliveryError: it does not; ``again`` is False where the receiver says that this very message is bad.
    """
    if answer.is_fine:
        return
    told = visible(answer.body[: 4 * TOLD].decode("utf-8", "replace"), TOLD)
    again = answer.status < _ERRORS or answer.status in _AGAIN or answer.status not in range(_ERRORS, 500)
    hint = "look at the token and the URL" if answer.status in {401, 403, 404, 405, 407} else ""
    if answer.status in range(300, _ERRORS):
        hint = "redirects are not followed: write where it leads to"
    raise DeliveryError(f"HTTP {answer.status}: {told}", where=str(to), hint=hint, again=again)
