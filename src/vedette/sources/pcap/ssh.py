"""SSH banners and key exchange offers, on any port (RFC 4253, 4.2 and 7.1).

A row is a connection on which at least one side sent its banner; ``time`` is that of the first. HASSH where the offer was seen.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from vedette.events.schema import EventClass
from vedette.sources.pcap.fingerprints import hassh
from vedette.sources.pcap.messages import Mark, MessageRows
from vedette.sources.pcap.pending import Pending
from vedette.sources.pcap.printable import printable
from vedette.sources.pcap.streams import DONE, MORE, NOT_MINE, Dialogue

BANNER_LIMIT: Final = 255
OFFER_LIMIT: Final = 35_000
_BEGINNING: Final = b"SSH-"
_OFFER_MESSAGE: Final = 20
_LISTS = 8
_CLIENT_LISTS, _SERVER_LISTS = (0, 2, 4, 6), (0, 3, 5, 7)
_COLUMNS = (
    *("protocol_ver", "vedette.client_banner", "vedette.server_banner"),
    *("client_hassh.fingerprint.value", "server_hassh.fingerprint.value", "activity_id", "status_id"),
)


class Side(NamedTuple):
    """What one side said."""

    banner: str
    version: str
    hassh: str | None


class Pair(NamedTuple):
    """A connection, half or whole."""

    mark: Mark
    client: Side | None
    server: Side | None


class Ssh(Dialogue):
    """Joins the two sides of a connection."""

    def __init__(self) -> None:
        self.rows = MessageRows(EventClass.SSH_ACTIVITY, "ssh", _COLUMNS)
        self._waiting: Pending[Pair] = Pending()

    def take(self, connection: int, from_orig: bool, buffer: bytes, mark: Mark, final: bool) -> int:
        if not buffer.startswith(_BEGINNING[: len(buffer)]):
            return NOT_MINE
        end = buffer.find(b"\n", 0, BANNER_LIMIT + 1)
        if end < 0 and not final and len(buffer) <= BANNER_LIMIT:
            return MORE
        banner = buffer[: end if end >= 0 else BANNER_LIMIT].rstrip(b"\r")
        version = banner[4:].partition(b"-")[0]
        if not version[:1].isdigit():
            return NOT_MINE
        offer = buffer[end + 1 :] if end >= 0 else b""
        if end >= 0 and not final and _unfinished(offer) and version.startswith(b"2"):
            return MORE
        lists = read_offer(offer)
        chosen = [lists[i] for i in (_CLIENT_LISTS if from_orig else _SERVER_LISTS)] if lists else None
        self._join(
            connection, from_orig, Side(printable(banner), printable(version), hassh(chosen) if chosen else None), mark
        )
        return DONE

    def _join(self, connection: int, from_orig: bool, side: Side, mark: Mark) -> None:
        before = self._waiting.pop(connection) or Pair(mark, None, None)
        pair = before._replace(client=side) if from_orig else before._replace(server=side)
        if mark.time < pair.mark.time:
            pair = pair._replace(mark=mark)
        if pair.client and pair.server:
            self._emit(pair)
        else:
            for lost in self._waiting.put(connection, pair, mark.time):
                self._emit(lost)

    def _emit(self, pair: Pair) -> None:
        mark, client, server = pair
        version = (server or client or Side("", "", None)).version
        banners = client.banner if client else None, server.banner if server else None
        prints = client.hassh if client else None, server.hassh if server else None
        self.rows.add((version, *banners, *prints, 1, 1 if client and server else 0, mark))

    def ends_other(self, connection: int) -> bool:
        return False

    def expire(self, now: int) -> None:
        for pair in self._waiting.expire(now):
            self._emit(pair)

    def close(self) -> None:
        for pair in self._waiting.drain():
            self._emit(pair)


def _unfinished(offer: bytes) -> bool:
    """Say whether more bytes would complete a key exchange offer."""
    if len(offer) < 6:  # noqa: PLR2004 - length, padding, message number
        return True
    size = int.from_bytes(offer[:4], "big")
    return offer[5] == _OFFER_MESSAGE and size <= OFFER_LIMIT and len(offer) < 4 + size


def read_offer(offer: bytes) -> list[str] | None:
    """Return the ten name lists' first eight, or None when this is no whole SSH_MSG_KEXINIT."""
    if _unfinished(offer) or offer[5] != _OFFER_MESSAGE:
        return None
    lists, offset = [], 22
    for _ in range(_LISTS):
        size = int.from_bytes(offer[offset : offset + 4], "big")
        if offset + 4 + size > len(offer):
            return None
        lists.append(offer[offset + 4 : offset + 4 + size].decode("ascii", "backslashreplace"))
        offset += 4 + size
    return lists
