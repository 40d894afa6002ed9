"""Fingerprints of TLS hellos and SSH key exchanges: JA3, JA3S (Salesforce, 2017), JA4 (FoxIO, 2023), HASSH (Salesforce, 2018)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

_SNI, _ALPN = 0x0000, 0x0010
_JA4_VERSIONS: Final = {0x0304: "13", 0x0303: "12", 0x0302: "11", 0x0301: "10", 0x0300: "s3", 0x0002: "s2"}
_NOTHING: Final = "0" * 12
_MOST: Final = 99
_GREASE: Final = 0x0A0A


def without_grease(values: Iterable[int]) -> list[int]:
    """Return the values that are not 0x?A?A with equal bytes: noise that clients add on purpose (RFC 8701)."""
    return [v for v in values if v & 0x0F0F != _GREASE or v >> 8 != v & 0xFF]


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def ja3(
    version: int, ciphers: Sequence[int], extensions: Sequence[int], groups: Sequence[int], formats: Sequence[int]
) -> str:
    """Return a client's JA3: MD5 of the hello's five lists in decimal."""
    lists = (without_grease(v) for v in (ciphers, extensions, groups, formats))
    return _md5(",".join((str(version), *("-".join(map(str, v)) for v in lists))))


def ja3s(version: int, cipher: int, extensions: Sequence[int]) -> str:
    """Return a server's JA3S."""
    return _md5(f"{version},{cipher},{'-'.join(map(str, without_grease(extensions)))}")


def ja4(
    version: int, ciphers: Sequence[int], extensions: Sequence[int], signatures: Sequence[int], alpn: Sequence[bytes]
) -> str:
    """Return a client's JA4 over TCP: ``version`` is the highest that it supports."""
    ciphers, extensions = without_grease(ciphers), without_grease(extensions)
    head = (
        f"t{_JA4_VERSIONS.get(version, '00')}{'d' if _SNI in extensions else 'i'}"
        f"{min(len(ciphers), _MOST):02}{min(len(extensions), _MOST):02}{_alpn_ends(alpn)}"
    )
    kinds = _hex_list(sorted(e for e in extensions if e not in (_SNI, _ALPN)))
    schemes = _hex_list(without_grease(signatures))
    return f"{head}_{_sha(_hex_list(sorted(ciphers)))}_{_sha(f'{kinds}_{schemes}' if schemes else kinds)}"


def _alpn_ends(alpn: Sequence[bytes]) -> str:
    """Return the first and last character of the first protocol, in hexadecimal when they are not alphanumeric ASCII."""
    if not alpn or not alpn[0]:
        return "00"
    ends = bytes((alpn[0][0], alpn[0][-1]))
    if ends.isalnum():
        return ends.decode("ascii")
    digits = alpn[0].hex()
    return digits[0] + digits[-1]


def _hex_list(values: Iterable[int]) -> str:
    return ",".join(f"{v:04x}" for v in values)


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12] if text else _NOTHING


def hassh(lists: Sequence[str]) -> str:
    """Return the HASSH of key exchange, encryption, authentication and compression algorithms, each a comma-separated list."""
    return _md5(";".join(lists))
