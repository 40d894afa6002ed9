"""Remote procedure calls, over TCP or an SMB pipe: requests and their responses as rows.

A row is a call with its response (status 1, 2 by the code it returned, 0 where that is encrypted), a call that met a fault (2), or one
that nobody answered (0); ``time`` is the request's. The interface is that of the bind; where that was not seen, the pipe's, or null. A
call of an object whose interface has no name here is ``DCOM``, ``call``.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from vedette.events.rpc import CALLS, INTERFACES, PIPES
from vedette.events.schema import EventClass
from vedette.sources.pcap import rpc_pdu
from vedette.sources.pcap.messages import SEPARATOR, Mark, MessageRows
from vedette.sources.pcap.ntlm import logon
from vedette.sources.pcap.pending import Pending
from vedette.sources.pcap.rpc_pdu import Pdu
from vedette.sources.pcap.streams import MORE, NOT_MINE, Dialogue

WAITING_LIMIT: Final = 64
"""Calls of one association that may wait for their responses."""
CONTEXTS_LIMIT: Final = 64
ASSOCIATION_BYTES, CALL_BYTES = 800, 600
"""What an association, and a call that waits, are counted for: about what they take in memory."""
_UUIDS: Final = {name: uuid for uuid, name in INTERFACES.items()}
_UNNAMED: Final = (None, None)
_ACTIVATION: Final = {3: "RemoteGetClassObject", 4: "RemoteCreateInstance"}
_MORE_TO_COME: Final = frozenset((0xEA, 0x103, 0x105, 0x3E5))
"""Codes that are no failure: there is more of it (Win32 234, NTSTATUS 0x105), no more of it, it takes time."""
_SECRETS: Final = ("Password", "SetInformation", "Secret", "PrivateData")
"""Operations whose arguments hold passwords: they are left alone."""
_NULL_CHALLENGE: Final = "null challenge"

_COLUMNS = (
    *("dce_rpc.rpc_interface.uuid", "dce_rpc.opnum", "vedette.interface", "vedette.operation", "vedette.arguments"),
    *("file.name", "actor.user.name", "dce_rpc.command", "dce_rpc.command_response"),
    *("status_id", "status_code", "status_detail", "duration", "activity_id"),
)


class Call(NamedTuple):
    """A request that waits: its values in the order of the columns, and what is odd."""

    mark: Mark
    values: tuple[object, ...]
    detail: str | None


class Association:
    """One client's dealings with one server process: what contexts mean, and which calls wait."""

    __slots__ = ("contexts", "pipe", "user", "waiting")

    def __init__(self, pipe: str | None = None, user: str | None = None) -> None:
        self.pipe, self.user = pipe, user
        self.contexts: dict[int, str] = {}
        self.waiting: dict[int, Call] = {}

    def size_bytes(self) -> int:
        """Return about what it takes in memory."""
        return ASSOCIATION_BYTES + CALL_BYTES * len(self.waiting)


class Calls:
    """Turns messages into rows."""

    def __init__(self) -> None:
        self.rows = MessageRows(EventClass.RPC_ACTIVITY, "dce_rpc", _COLUMNS)

    def take(self, association: Association, raw: bytes, mark: Mark) -> int:
        """Read all messages in ``raw``; return how many there were."""
        count = 0
        for pdu in rpc_pdu.pdus(raw):
            count += 1
            if pdu.kind in (rpc_pdu.BIND, rpc_pdu.ALTER, rpc_pdu.AUTH3):
                self._bind(association, pdu, raw)
            elif pdu.kind == rpc_pdu.REQUEST and pdu.first:
                self._ask(association, pdu, mark)
            elif pdu.kind in (rpc_pdu.RESPONSE, rpc_pdu.FAULT) and pdu.first:
                self._answer(association, pdu, mark)
        return count

    def _bind(self, association: Association, pdu: Pdu, raw: bytes) -> None:
        association.contexts.update(pdu.bound)
        while len(association.contexts) > CONTEXTS_LIMIT:
            del association.contexts[next(iter(association.contexts))]
        if found := logon(raw):
            association.user = found.user or association.user

    def _ask(self, association: Association, pdu: Pdu, mark: Mark) -> None:
        if lost := association.waiting.pop(pdu.call, None):
            self.lose(lost)
        association.waiting[pdu.call] = _call(association, pdu, mark)
        if len(association.waiting) > WAITING_LIMIT:
            self.lose(association.waiting.pop(next(iter(association.waiting))))

    def _answer(self, association: Association, pdu: Pdu, mark: Mark) -> None:
        call = association.waiting.pop(pdu.call, None)
        if call is None:
            return
        fault = pdu.kind == rpc_pdu.FAULT
        code = pdu.code if fault else rpc_pdu.returned(pdu)
        status = 2 if fault else 0 if code is None else 1 if succeeded(code) else 2
        text = None if code is None else f"0x{code:08x}"
        duration = max(mark.time - call.mark.time, 0) // 1000
        answer = "FAULT" if fault else "RESPONSE"
        self.rows.add((*call.values, answer, status, text, call.detail, duration, 1, call.mark))

    def lose(self, call: Call) -> None:
        """Give up waiting for a response."""
        self.rows.add((*call.values, None, 0, None, call.detail, None, 1, call.mark))

    def close(self, association: Association) -> None:
        """Give up all that waits."""
        for call in association.waiting.values():
            self.lose(call)
        association.waiting.clear()


def _call(association: Association, pdu: Pdu, mark: Mark) -> Call:
    pipe = association.pipe
    uuid = association.contexts.get(pdu.context)
    if uuid is None and pipe in PIPES:
        uuid = _UUIDS[PIPES[pipe]]
    interface, operation = CALLS.get(f"{uuid}:{pdu.number}", _UNNAMED)
    if uuid is None and pdu.number in _ACTIVATION and rpc_pdu.is_activation(pdu):
        interface, operation = "IRemoteSCMActivator", _ACTIVATION[pdu.number]
    elif uuid is not None:
        interface = interface or INTERFACES.get(uuid)
    if operation is None and pdu.has_object:
        interface, operation = interface or "DCOM", "call"
    secret = operation is not None and any(word in operation for word in _SECRETS)
    found = rpc_pdu.texts(pdu) if operation and not secret else []
    detail = _NULL_CHALLENGE if operation == "NetrServerReqChallenge" and _is_null(pdu) else None
    arguments = SEPARATOR.join(found)
    values = (uuid, pdu.number, interface, operation, arguments, pipe, association.user, "REQUEST")
    return Call(mark, values, detail)


def _is_null(pdu: Pdu) -> bool:
    """Say whether a client's challenge, the last eight bytes, is all zero: a random one is so once in 2^64 times (CVE-2020-1472)."""
    return pdu.whole and pdu.level < rpc_pdu.PRIVACY and len(pdu.stub) > 8 and not any(pdu.stub[-8:])  # noqa: PLR2004


def succeeded(code: int) -> bool:
    """Say whether a returned NTSTATUS, HRESULT or Win32 code means success."""
    if code in _MORE_TO_COME:
        return True
    if code >= 0xC000_0000:  # noqa: PLR2004 - NTSTATUS error
        return False
    if code >= 0x8000_0000:  # noqa: PLR2004 - an HRESULT's failure, but for an NTSTATUS warning
        return code in (0x8000_0005, 0x8000_001A)
    return code in (0, 1) or code >= 0x1_0000  # noqa: PLR2004 - S_OK and S_FALSE; beyond Win32's codes it is no code at all


class Rpc(Dialogue):
    """DCE/RPC over TCP, on any port."""

    stays = True

    def __init__(self) -> None:
        self._calls = Calls()
        self.rows = self._calls.rows
        self._open: Pending[Association] = Pending()

    def take(self, connection: int, from_orig: bool, buffer: bytes, mark: Mark, final: bool) -> int:
        if len(buffer) < rpc_pdu.HEADER_BYTES and not final:
            return MORE
        if not rpc_pdu.begins(buffer):
            return NOT_MINE
        size = rpc_pdu.size_of(buffer)
        if len(buffer) < size and not final:
            return MORE
        association = self._open.get(connection) or Association()
        self._calls.take(association, buffer[:size], mark)
        for lost in self._open.put(connection, association, mark.time, association.size_bytes()):
            self._calls.close(lost)
        return size

    def ends_other(self, connection: int) -> bool:
        return False

    def expire(self, now: int) -> None:
        for association in self._open.expire(now):
            self._calls.close(association)

    def close(self) -> None:
        for association in self._open.drain():
            self._calls.close(association)
