"""Who logs on by NTLM (MS-NLMP, 2.2.1.3): the user of an AUTHENTICATE message, wherever it is embedded."""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

_SIGNATURE: Final = b"NTLMSSP\0\x03\0\0\0"
_FIELDS = struct.Struct("<HHIHHIHHI")
_UNICODE: Final = 1
_FLAGS_AT: Final = 60
NAME_BYTES: Final = 512


class Logon(NamedTuple):
    """Whose password a client says it knows; empty for an anonymous session."""

    user: str
    domain: str
    workstation: str


def logon(raw: bytes) -> Logon | None:
    """Return the logon in ``raw``, or None where there is none."""
    at = raw.find(_SIGNATURE)
    if at < 0 or len(raw) < at + _FLAGS_AT + 4:
        return None
    message = raw[at:]
    fields = _FIELDS.unpack_from(message, 28)
    wide = int.from_bytes(message[_FLAGS_AT : _FLAGS_AT + 4], "little") & _UNICODE
    names = []
    for size, offset in ((fields[0], fields[2]), (fields[3], fields[5]), (fields[6], fields[8])):
        part = message[offset : offset + min(size, NAME_BYTES)]
        names.append(readable(part, wide=bool(wide)))
    domain, user, workstation = names
    return Logon(user, domain, workstation)


def readable(raw: bytes, *, wide: bool = True) -> str:
    """Return UTF-16 (else one byte a character) up to a zero as text; what is not printable is a question mark."""
    text = (raw.decode("utf-16-le", "replace") if wide else raw.decode("latin-1")).partition("\0")[0]
    return text if text.isprintable() else "".join(c if c.isprintable() else "?" for c in text)
