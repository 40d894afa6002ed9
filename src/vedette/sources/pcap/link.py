"""Link layers, as columns: where the network header of each packet starts and which protocol it is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vedette.sources.pcap.container import Chunk, Ints, Octets, gather

IPV4, IPV6, ARP, BRIDGED = 0x0800, 0x86DD, 0x0806, 0x6558
CUT = -1
"""The packet ends within its link header."""
LLC = 0
"""IEEE 802.3 with a length instead of an EtherType, and no SNAP header."""
UNKNOWN_LINK = 0x10000
"""Added to the link type where that has no reader here."""

_VLAN = (0x8100, 0x88A8, 0x9100)
_PPPOE, _MPLS = 0x8864, (0x8847, 0x8848)
_LENGTH_LIMIT = 0x0600
_TAGS, _LABELS = 4, 8
_PPP_IPV4, _PPP_IPV6 = 0x0021, 0x0057
_FAMILIES = {2: IPV4, 10: IPV6, 24: IPV6, 28: IPV6, 30: IPV6}
"""BSD and Linux address families in the null and loop headers."""

_TWO = np.dtype([("value", ">u2")])
_FOUR = np.dtype([("value", ">u4")])
_SNAP = np.dtype([("sap", ">u2"), ("control", "u1"), ("vendor", "V3"), ("type", ">u2")])

Located = tuple[Ints, Ints]


def locate(chunk: Chunk) -> Located:
    """Return (n,) offsets of the network headers and (n,) EtherTypes, ``CUT``, ``LLC`` or ``UNKNOWN_LINK`` + link type."""
    first = int(chunk.link[0])
    if first in READERS and (chunk.link == first).all():
        return READERS[first](chunk.data, chunk.start, chunk.end)
    offset, kind = chunk.start.copy(), chunk.link + UNKNOWN_LINK
    for link in np.unique(chunk.link).tolist():
        if link in READERS:
            rows = np.flatnonzero(chunk.link == link)
            offset[rows], kind[rows] = READERS[link](chunk.data, chunk.start[rows], chunk.end[rows])
    return offset, kind


def ethernet(data: Octets, start: Ints, end: Ints) -> Located:
    """Read Ethernet II and 802.3 headers with their tags, labels and PPPoE sessions."""
    return _ethertype(data, start + 14, end, _short(data, np.minimum(start + 12, end)))


def _ethertype(data: Octets, offset: Ints, end: Ints, kind: Ints) -> Located:
    """Follow what stands between an EtherType and the network header; mostly nothing does."""
    odd = np.flatnonzero((kind != IPV4) & (kind != IPV6))
    if len(odd):
        offset[odd], kind[odd] = _wrapped(data, offset[odd], end[odd], kind[odd])
    return offset, np.where(offset > end, CUT, kind)


def _wrapped(data: Octets, offset: Ints, end: Ints, kind: Ints) -> Located:
    for _ in range(_TAGS):
        tagged = np.flatnonzero(np.isin(kind, _VLAN))
        if not len(tagged):
            break
        kind[tagged] = _short(data, np.minimum(offset[tagged] + 2, end[tagged]))
        offset[tagged] += 4
    for matches, step in ((kind < _LENGTH_LIMIT, _llc), (kind == _PPPOE, _pppoe), (np.isin(kind, _MPLS), _mpls)):
        rows = np.flatnonzero(matches)
        if len(rows):
            offset[rows], kind[rows] = step(data, offset[rows], end[rows])
    return offset, kind


def _llc(data: Octets, offset: Ints, end: Ints) -> Located:
    head = gather(data, np.minimum(offset, end), _SNAP)
    snap = (head["sap"] == 0xAAAA) & (head["control"] == 3) & (offset + 8 <= end)  # noqa: PLR2004 - IEEE 802.1 SNAP
    return offset + np.where(snap, 8, 0), np.where(snap, head["type"].astype(np.int64), LLC)


def _pppoe(data: Octets, offset: Ints, end: Ints) -> Located:
    point = _short(data, np.minimum(offset + 6, end))
    kind = np.where(point == _PPP_IPV4, IPV4, np.where(point == _PPP_IPV6, IPV6, _PPPOE))
    return offset + 8, kind


def _mpls(data: Octets, offset: Ints, end: Ints) -> Located:
    """Pass the label stack (RFC 3032); what follows is told by its first four bits."""
    open_ = np.ones(len(offset), np.bool_)
    offset = offset.copy()
    for _ in range(_LABELS):
        label = gather(data, np.minimum(offset, end), _FOUR)["value"]
        offset[open_] += 4
        open_ &= (label >> 8) & 1 == 0
    return offset, np.where(open_, _MPLS[0], _by_version(data, offset, end, _MPLS[0]))


def _by_version(data: Octets, offset: Ints, end: Ints, other: int) -> Ints:
    nibble = data[np.minimum(offset, end)] >> 4
    kind: Ints = np.where(nibble == 4, IPV4, np.where(nibble == 6, IPV6, other)).astype(np.int64)  # noqa: PLR2004
    return kind


def _raw(data: Octets, start: Ints, end: Ints) -> Located:
    kind = _by_version(data, start, end, LLC)
    return start, np.where(start < end, kind, CUT)


def _fixed(kind: int) -> Callable[[Octets, Ints, Ints], Located]:
    return lambda _data, start, end: (start, np.where(start < end, kind, CUT))


def _cooked(type_at: int, header_bytes: int) -> Callable[[Octets, Ints, Ints], Located]:
    """Linux cooked capture: the EtherType stands at ``type_at``."""

    def read(data: Octets, start: Ints, end: Ints) -> Located:
        return _ethertype(data, start + header_bytes, end, _short(data, np.minimum(start + type_at, end)))

    return read


def _loopback(data: Octets, start: Ints, end: Ints) -> Located:
    """BSD null and loop: an address family, in the byte order of the host that captured, or of the network."""
    value = gather(data, np.minimum(start, end), _FOUR)["value"].astype(np.uint32)
    value = np.where(value > 0xFFFF, value.byteswap(), value)  # noqa: PLR2004 - families are small numbers
    kind: Ints = np.full(len(start), LLC, np.int64)
    for family, ethertype in _FAMILIES.items():
        kind[value == family] = ethertype
    return start + 4, np.where(start + 4 > end, CUT, kind)


def _ppp(data: Octets, start: Ints, end: Ints) -> Located:
    """PPP with or without its HDLC address and control bytes (RFC 1662)."""
    framed = _short(data, np.minimum(start, end)) == 0xFF03  # noqa: PLR2004
    offset = start + np.where(framed, 2, 0)
    point = _short(data, np.minimum(offset, end))
    kind = np.where(point == _PPP_IPV4, IPV4, np.where(point == _PPP_IPV6, IPV6, LLC))
    return offset + 2, np.where(offset + 2 > end, CUT, kind)


def _short(data: Octets, offset: Ints) -> Ints:
    return gather(data, offset, _TWO)["value"].astype(np.int64)


READERS: dict[int, Callable[[Octets, Ints, Ints], Located]] = {
    0: _loopback,
    1: ethernet,
    9: _ppp,
    12: _raw,
    14: _raw,
    50: _ppp,
    101: _raw,
    104: _cooked(2, 4),  # Cisco HDLC
    108: _loopback,
    113: _cooked(14, 16),
    228: _fixed(IPV4),
    229: _fixed(IPV6),
    276: _cooked(0, 20),
}
"""By the registry of link types at tcpdump.org."""
