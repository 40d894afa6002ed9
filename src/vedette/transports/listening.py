"""The setting of transports that listen: an address and a port."""

from __future__ import annotations

import ipaddress

_LAST_PORT = 65_535


def listening(listen: str) -> tuple[str, int]:
    """Return address and port; an address of IPv6 stands in brackets.

    Raises:
        ValueError: it is none.

    Example:
        >>> listening("[::1]:8751")
        ('::1', 8751)
    """
    host, _, port = listen.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    ipaddress.ip_address(host)
    if not (port.isascii() and port.isdigit()) or int(port) > _LAST_PORT:
        raise ValueError(f"no port: {port!r}")
    return host, int(port)
