"""Kerberos: requests to the key distribution centre and its answers (RFC 4120, 5.4 and 5.9).

A row is a request for a ticket (activity 3, to a service 4) with the ticket (status 1), the error (2), or nothing (0). That a client must
first prove itself, or come again over TCP, is no failure: activity 6, status 0. ``status_code`` is the error's name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from vedette.events.schema import EventClass
from vedette.sources.pcap.messages import Ends, Mark, MessageRows
from vedette.sources.pcap.ntlm import readable
from vedette.sources.pcap.pending import Pending
from vedette.sources.pcap.streams import MORE, NOT_MINE, Dialogue

MESSAGE_BYTES: Final = 65_536
NAME_BYTES: Final = 512
ELEMENTS_LIMIT: Final = 64
AS_REQ, AS_REP, TGS_REQ, TGS_REP, ERROR = 0x6A, 0x6B, 0x6C, 0x6D, 0x7E
TAGS: Final = (AS_REQ, AS_REP, TGS_REQ, TGS_REP, ERROR)
"""First bytes of the messages: application tags 10 to 13 and 30."""
_LENGTH_BYTES: Final = 4
_TICKET, _SERVICE_TICKET, _PREAUTH = 3, 4, 6
_NO_FAILURE: Final = {25: "KDC_ERR_PREAUTH_REQUIRED", 52: "KRB_ERR_RESPONSE_TOO_BIG"}
_ERRORS: Final = {
    1: "KDC_ERR_NAME_EXP",
    6: "KDC_ERR_C_PRINCIPAL_UNKNOWN",
    7: "KDC_ERR_S_PRINCIPAL_UNKNOWN",
    12: "KDC_ERR_POLICY",
    14: "KDC_ERR_ETYPE_NOSUPP",
    18: "KDC_ERR_CLIENT_REVOKED",
    23: "KDC_ERR_KEY_EXPIRED",
    24: "KDC_ERR_PREAUTH_FAILED",
    32: "KRB_AP_ERR_TKT_EXPIRED",
    37: "KRB_AP_ERR_SKEW",
    60: "KRB_ERR_GENERIC",
    68: "KDC_ERR_WRONG_REALM",
    **_NO_FAILURE,
}

_COLUMNS = (
    *("user.name", "user.domain", "service.name", "auth_protocol", "activity_id", "status_id", "status_code"),
    "vedette.etype",
)
_Mark = Mark | tuple[int, int, Ends]


class Request(NamedTuple):
    """A request that waits."""

    mark: _Mark
    user: str | None
    realm: str | None
    service: str | None
    activity: int


class Kerberos(Dialogue):
    """Pairs requests and answers by connection."""

    stays = True

    def __init__(self) -> None:
        self.rows = MessageRows(EventClass.AUTHENTICATION, "kerberos", _COLUMNS)
        self._waiting: Pending[Request] = Pending()

    def take(self, connection: int, from_orig: bool, buffer: bytes, mark: Mark, final: bool) -> int:
        size = int.from_bytes(buffer[:_LENGTH_BYTES], "big") + _LENGTH_BYTES
        if size > MESSAGE_BYTES:
            return NOT_MINE
        if len(buffer) < size and not final:
            return MORE
        return size if self.message(connection, buffer[_LENGTH_BYTES:size], mark) else NOT_MINE

    def message(self, connection: int, raw: bytes, mark: _Mark) -> bool:
        """Take one message; return whether it was one."""
        if not raw or raw[0] not in TAGS:
            return False
        fields = _fields(_inside(raw))
        if not fields:
            return False
        if raw[0] in (AS_REQ, TGS_REQ):
            body = _fields(fields.get(4, b""))
            activity = _TICKET if raw[0] == AS_REQ else _SERVICE_TICKET
            request = Request(mark, _name(body.get(1)), _text(body.get(2)), _name(body.get(3)), activity)
            if lost := self._waiting.pop(connection):
                self._emit(lost)
            for lost in self._waiting.put(connection, request, mark[0]):
                self._emit(lost)
            return True
        self._answer(connection, raw[0], fields, mark)
        return True

    def _answer(self, connection: int, tag: int, fields: dict[int, bytes], mark: _Mark) -> None:
        asked = self._waiting.pop(connection)
        if tag == ERROR:
            code = int.from_bytes(_content(fields.get(6, b""))[:4], "big")
            asked = asked or Request(mark, _name(fields.get(8)), _text(fields.get(7)), _name(fields.get(10)), _TICKET)
            if code in _NO_FAILURE:
                asked = asked._replace(activity=_PREAUTH)
            self._emit(asked, 0 if code in _NO_FAILURE else 2, _ERRORS.get(code, f"error {code}"))
            return
        activity = _TICKET if tag == AS_REP else _SERVICE_TICKET
        sealed = _fields(_inside(fields.get(5, b""))).get(3, b"")
        etype = int.from_bytes(_content(_fields(sealed).get(0, b""))[:4], "big", signed=True)
        asked = asked or Request(mark, _name(fields.get(4)), _text(fields.get(3)), None, activity)
        self._emit(asked._replace(activity=activity), 1, None, etype or None)

    def _emit(self, asked: Request, status: int = 0, code: str | None = None, etype: int | None = None) -> None:
        mark, user, realm, service, activity = asked
        self.rows.add((user, realm, service, "Kerberos", activity, status, code, etype, mark))

    def ends_other(self, connection: int) -> bool:
        return False

    def expire(self, now: int) -> None:
        for request in self._waiting.expire(now):
            self._emit(request)

    def close(self) -> None:
        for request in self._waiting.drain():
            self._emit(request)


def _element(raw: bytes, at: int) -> tuple[int, int, int] | None:
    """Return tag, and where the content of the DER element at ``at`` begins and ends; None where there is none."""
    if at + 2 > len(raw):
        return None
    tag, size, begin = raw[at], raw[at + 1], at + 2
    if size & 0x80:
        count = size & 0x7F
        if not 0 < count <= 4 or begin + count > len(raw):  # noqa: PLR2004 - more would not fit a message
            return None
        size = int.from_bytes(raw[begin : begin + count], "big")
        begin += count
    return tag, begin, begin + size


def _elements(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (tag, content) of the elements that follow each other; the last may be cut off."""
    at = 0
    for _ in range(ELEMENTS_LIMIT):
        if (found := _element(raw, at)) is None:
            return
        tag, begin, at = found
        yield tag, raw[begin:at]


def _content(raw: bytes) -> bytes:
    """Return what the first element holds."""
    found = next(_elements(raw), None)
    return found[1] if found else b""


def _inside(raw: bytes) -> bytes:
    """Return the sequence inside of an application tag."""
    return _content(raw)


def _fields(sequence: bytes) -> dict[int, bytes]:
    """Return a sequence's context tags -> what they hold."""
    found = next(_elements(sequence), None)
    return {tag & 0x1F: value for tag, value in _elements(found[1]) if tag & 0xE0 == 0xA0} if found else {}  # noqa: PLR2004


def _name(raw: bytes | None) -> str | None:
    """Return a PrincipalName's parts, joined as people write them."""
    if not raw:
        return None
    parts = [readable(value[:NAME_BYTES], wide=False) for _, value in _elements(_content(_fields(raw).get(1, b"")))]
    return "/".join(parts) or None


def _text(raw: bytes | None) -> str | None:
    return readable(_content(raw)[:NAME_BYTES], wide=False) or None if raw else None
