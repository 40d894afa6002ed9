"""Remote Desktop: the connection request and its answer (MS-RDPBCGR, 2.2.1.1 and 2.2.1.2); the rest is encrypted.

A row is a request with what the server chose (status 1), its refusal (2), or nothing (0). ``identifier_cookie`` is the user's name as the
client gives it for load balancing.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from vedette.events.schema import EventClass
from vedette.sources.pcap.messages import Mark, MessageRows
from vedette.sources.pcap.ntlm import readable
from vedette.sources.pcap.pending import Pending

_REQUEST, _CONFIRM = 0xE0, 0xD0
_COOKIE: Final = b"Cookie: mstshash="
_COOKIE_LIMIT: Final = 128
_HEAD_BYTES: Final = 11
_NEGOTIATION_BYTES: Final = 8
_CHOSEN, _REFUSED = 2, 3
SECURITY: Final = {0: "RDP", 1: "TLS", 2: "CredSSP", 4: "RDSTLS", 8: "CredSSP early", 16: "RDS-AAD"}
_COLUMNS = ("identifier_cookie", "vedette.security", "activity_id", "status_id", "status_code", "duration")


class Asked(NamedTuple):
    """A request that waits."""

    mark: Mark
    cookie: str | None


class Rdp:
    """Pairs the first packets of both sides."""

    def __init__(self) -> None:
        self.rows = MessageRows(EventClass.RDP_ACTIVITY, "rdp", _COLUMNS)
        self._waiting: Pending[Asked] = Pending()

    def packet(self, flow: int, raw: bytes, mark: Mark) -> None:
        """Take a connection request or confirm: a segment that begins with TPKT."""
        self.expire(mark.time)
        kind = raw[5] if len(raw) > 5 else 0  # noqa: PLR2004
        if kind == _REQUEST:
            for lost in (self._waiting.pop(flow), *self._waiting.put(flow, Asked(mark, _cookie(raw)), mark.time)):
                if lost:
                    self._emit(lost)
        elif kind == _CONFIRM and (asked := self._waiting.pop(flow)):
            answer = raw[_HEAD_BYTES : _HEAD_BYTES + _NEGOTIATION_BYTES]
            code = int.from_bytes(answer[4:8], "little") if len(answer) == _NEGOTIATION_BYTES else 0
            refused = answer[:1] == bytes([_REFUSED])
            security = None if refused else SECURITY.get(code, str(code))
            waited = max(mark.time - asked.mark.time, 0) // 1000
            self._emit(asked, security, 2 if refused else 1, f"failure {code}" if refused else None, waited)

    def _emit(
        self,
        asked: Asked,
        security: str | None = None,
        status: int = 0,
        code: str | None = None,
        duration: int | None = None,
    ) -> None:
        self.rows.add((asked.cookie, security, 1, status, code, duration, asked.mark))

    def expire(self, now: int) -> None:
        """Give up what waits since too long before ``now``, in microseconds."""
        for asked in self._waiting.expire(now):
            self._emit(asked)

    def close(self) -> None:
        """Give up all that waits."""
        for asked in self._waiting.drain():
            self._emit(asked)


def _cookie(raw: bytes) -> str | None:
    """Return the user of the cookie."""
    part = raw[_HEAD_BYTES : _HEAD_BYTES + _COOKIE_LIMIT]
    if not part.startswith(_COOKIE):
        return None
    return readable(part[len(_COOKIE) :].partition(b"\r")[0], wide=False) or None
