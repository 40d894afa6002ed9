"""Addresses whose loss would cut this machine, or the person at it, off: no plan may touch them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

_LOCAL = re.compile(r"\|--\s+(\d+\.\d+\.\d+\.\d+)\s*\n\s+/32 host LOCAL")
_GATEWAY_FIELDS = 3


def own_addresses(root: Path = Path("/"), environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return address -> what it is to us: of this machine, its gateways, its name servers, and whoever sits at the other end of SSH."""
    found: dict[str, str] = {}
    for text, what in (*_here(root), *_gateways(root), *_name_servers(root), *_session(environment)):
        try:
            found.setdefault(str(ip_address(text)), what)
        except ValueError:
            continue
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def _here(root: Path) -> Iterator[tuple[str, str]]:
    what = "an address of this machine"
    yield from ((text, what) for text in _LOCAL.findall(_read(root / "proc/net/fib_trie")))
    for line in _read(root / "proc/net/if_inet6").splitlines():
        digits = line[:32]
        if re.fullmatch("[0-9a-f]{32}", digits):
            yield str(IPv6Address(int(digits, 16))), what


def _gateways(root: Path) -> Iterator[tuple[str, str]]:
    for line in _read(root / "proc/net/route").splitlines()[1:]:
        fields = line.split()
        if len(fields) > _GATEWAY_FIELDS and re.fullmatch("[0-9A-F]{8}", fields[2]) and fields[2] != "0" * 8:
            yield str(IPv4Address(bytes.fromhex(fields[2])[::-1])), "the gateway of this machine"


def _name_servers(root: Path) -> Iterator[tuple[str, str]]:
    for line in _read(root / "etc/resolv.conf").splitlines():
        words = line.split()
        if len(words) > 1 and words[0] == "nameserver":
            yield words[1], "a name server of this machine"


def _session(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if words := environment.get("SSH_CONNECTION", environment.get("SSH_CLIENT", "")).split():
        yield words[0], "the other end of this SSH session"
