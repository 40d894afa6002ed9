"""Which addresses a call to a webhook may go to: never one that only this machine or its cloud should reach.

A name is looked up once, here; the connection goes to the address that was checked, so a second answer of the name (DNS rebinding)
is never asked for.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from vedette.errors import ConfigError, DeliveryError

NEVER = tuple(
    ip_network(n)
    for n in (
        "0.0.0.0/8",
        "169.254.0.0/16",  # link-local: the metadata service of most clouds
        "100.100.100.200/32",  # metadata of Alibaba
        "168.63.129.16/32",  # of Azure: its wire server
        "192.0.0.192/32",  # of Oracle
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/128",
        "fe80::/10",
        "fd00:ec2::/32",  # of Amazon
        "fd20:ce::/64",  # of Google
        "ff00::/8",
    )
)
"""Link-local, metadata services, multicast, and what is no host."""
_NAT64 = ip_network("64:ff9b::/96")  # RFC 6052
_COMPATIBLE = ip_network("::/96")  # RFC 4291, 2.5.5.1
_LOCAL = ("localhost", "127.0.0.1", "::1")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|[0-9A-Fa-f:.]{2,45}")
_PORTS = {"https": 443, "http": 80}

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call goes: scheme, host, port, and the path with its query."""

    scheme: str
    host: str
    port: int
    path: str

    def __str__(self) -> str:
        """Return it without path and query: these may be secrets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def place(url: str, plain: Collection[str] = (), where: str = "") -> Place:
    """Return the parts of a URL that may be called.

    Args:
        url: of the scheme https; http to this machine or to one of ``plain``.
        plain: hosts that may be spoken to without TLS.
        where: the setting that it comes from.

    Raises:
        ConfigError: it is no such URL. The message does not tell it: it may be a secret.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise ConfigError(f"not a URL: {error}", where=where) from error
    fault = _fault(url, parts.scheme, host, plain)
    if not fault and (parts.username is not None or parts.fragment):
        fault = "a name, a password or a fragment stands in it: use the settings for these"
    if fault:
        raise ConfigError(f"this URL cannot be called: {fault}", where=where)
    query = f"?{parts.query}" if parts.query else ""
    return Place(parts.scheme, host, port or _PORTS[parts.scheme], f"{parts.path or '/'}{query}")


def _fault(url: str, scheme: str, host: str, plain: Collection[str]) -> str:
    if not url.isascii() or not url.isprintable() or " " in url:
        return "it holds characters that must be escaped"
    if scheme not in _PORTS:
        return "it must begin with https://"
    if not _HOST.fullmatch(host):
        return "it names no host"
    if scheme == "http" and host not in _LOCAL and host not in plain:
        return f"http to {host} would be readable on the way: use https, or name the host in `plain`"
    return ""


def reachable(host: str, port: int) -> str:
    """Return an address of ``host`` that a connection may go to.

    Raises:
        DeliveryError: the name has none, or one that must not be called: then none of its addresses is.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise DeliveryError(f"no address for {host!r}: {error}", where=host) from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if bad := forbidden(address, local=host in _LOCAL):
            raise DeliveryError(f"{host!r} is {address}, {bad}: not called", where=host, hint="correct its name or URL")
    return addresses[0]


def forbidden(address: str, *, local: bool = False) -> str:
    """Return why an address must not be called; empty where it may be.

    Args:
        address: as text.
        local: the settings name this machine itself.

    Example:
        >>> forbidden("169.254.169.254"), forbidden("192.0.2.7")
        ('of a kind that is never called', '')
    """
    try:
        outer = ip_address(address.partition("%")[0])
    except ValueError:
        return "no address"
    for one in (outer, *_inner(outer)):
        if any(one in network for network in NEVER if network.version == one.version):
            return "of a kind that is never called"
        if one.is_loopback and not local:
            return "this machine, which the settings do not name"
    return ""


def literally_forbidden(host: str) -> str:
    """Return why a host that is an address must not be called, or that is this machine by name; empty where it may be, or is a name."""
    if host == "localhost":
        return "this machine, which a proxy must not reach"
    try:
        ip_address(host)
    except ValueError:
        return ""
    return forbidden(host)


def _inner(address: Address) -> list[Address]:
    """Return the IPv4 addresses that an IPv6 address stands for."""
    if isinstance(address, IPv4Address):
        return []
    found: list[Address | None] = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [a for a in found if a is not None]
