"""Protocols that share their first word with another."""

from __future__ import annotations

from vedette.sources.pcap import firstbytes
from vedette.sources.pcap.firstbytes import CODES

HINT_LIMIT = 65_536
_IRC_WORDS = 4
_NEGOTIATIONS = (b"\x01", b"\x02", b"\x03")
_COOKIE = b"Cookie: mstshash="


class Greetings:
    """Tells FTP from SMTP by the banner or the client's first word, FTP from IRC by a greeting, Remote Desktop from other ISO transport."""

    def __init__(self) -> None:
        self._greeted: dict[int, None] = {}

    def name(self, flow: int, code: int, raw: bytes) -> int:
        """Return the code of a protocol with a name, or 0 as long as it is open."""
        if code == firstbytes.GREETING:
            return self._banner(flow, raw[:512].upper())
        if code == firstbytes.LOGIN:
            return self._login(flow, raw)
        if code == firstbytes.TPKT:
            return CODES["rdp"] if _is_remote_desktop(raw) else CODES["iso-transport"]
        return code

    def _login(self, flow: int, raw: bytes) -> int:
        """Behind a greeting it is FTP; IRC gives three words and a real name (RFC 2812, 3.1.3)."""
        if flow in self._greeted:
            del self._greeted[flow]
            return CODES["ftp"]
        return CODES["irc"] if raw.count(b" ", 0, 512) >= _IRC_WORDS else 0

    def _banner(self, flow: int, line: bytes) -> int:
        if b"SMTP" in line:
            return CODES["smtp"]
        if b"FTP" in line:
            return CODES["ftp"]
        self._greeted[flow] = None
        if len(self._greeted) > HINT_LIMIT:
            del self._greeted[next(iter(self._greeted))]
        return 0


def _is_remote_desktop(raw: bytes) -> bool:
    """A connection TPDU with the cookie, a negotiation, or nothing behind its seven bytes (MS-RDPBCGR, 2.2.1.1 and 2.2.1.2)."""
    variable = raw[11:]
    return (
        not variable or variable.startswith(_COOKIE) or (variable[:1] in _NEGOTIATIONS and variable[2:4] == b"\x08\x00")
    )
