"""What the first bytes of payloads promise, for all packets at once.

Bulk data costs two gathers and a table look-up; everything else runs on the few packets that pass. A first word in segments of one to three
bytes (an old way past detectors) is chosen by what it may become.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

HTTP: Final = 1
TLS: Final = 2
SSH: Final = 3
DNS: Final = 4
SMB: Final = 5
RPC: Final = 6
KERBEROS: Final = 7
GREETING: Final = 8
"""``220``: the first word of FTP and SMTP servers alike."""
LOGIN: Final = 9
"""``USER``: the first word of FTP and IRC clients alike."""
TPKT: Final = 10
"""Remote Desktop, or another protocol over ISO transport (RFC 1006)."""

NAMES: Final = (
    *("", "http", "tls", "ssh", "dns", "smb", "dce_rpc", "kerberos", "", "", ""),
    *("smtp", "ftp", "rdp", "irc", "bittorrent", "ntp", "pop3", "imap", "sip", "ssdp", "vnc", "telnet", "rtsp"),
    *("netbios-ns", "stun", "mysql", "postgresql", "socks", "iso-transport"),
)
"""``app_protocol_name`` by code; empty where the dialogue must show more."""
CODES: Final = {name: code for code, name in enumerate(NAMES) if name}

_METHODS = (
    "GET |POST|PUT |HEAD|OPTI|DELE|TRAC|CONN|PATC|PROP|MKCO|COPY|MOVE|LOCK|UNLO|REPO|SEAR|MERG|CHEC|MKAC|DEBU|TRACK|"
    "BDEL|BPRO|RPC_|SUBS|POLL|PURG|LINK|UNLI|BASE|BIND|REBI|ACL |MKWO|VERS|LABE|BCOP|BMOV|UNSU|CCM_"
)
_TCP_WORDS: Final[dict[bytes, int]] = {
    **{m[:4].encode(): HTTP for m in _METHODS.split("|")},
    **{m[:n].encode().ljust(4, b"\0"): HTTP for m in [*_METHODS.split("|")[:9], "HTTP"] for n in (1, 2, 3)},
    **{b"SSH-"[:n].ljust(4, b"\0"): SSH for n in (1, 2, 3)},
    b"HTTP": HTTP,
    b"SSH-": SSH,
    b"220 ": GREETING,
    b"220-": GREETING,
    b"USER": LOGIN,
    b"EHLO": CODES["smtp"],
    b"HELO": CODES["smtp"],
    b"ehlo": CODES["smtp"],
    b"helo": CODES["smtp"],
    b"NICK": CODES["irc"],
    b":irc": CODES["irc"],
    b"CAP ": CODES["irc"],
    b"\x13Bit": CODES["bittorrent"],
    b"+OK ": CODES["pop3"],
    b"* OK": CODES["imap"],
    b"SIP/": CODES["sip"],
    b"INVI": CODES["sip"],
    b"REGI": CODES["sip"],
    b"RTSP": CODES["rtsp"],
    b"RFB ": CODES["vnc"],
    **{bytes((255, verb, option, 255)): CODES["telnet"] for verb in range(251, 255) for option in range(40)},
}
_UDP_WORDS: Final[dict[bytes, int]] = {
    b"SIP/": CODES["sip"],
    b"INVI": CODES["sip"],
    b"REGI": CODES["sip"],
    b"OPTI": CODES["sip"],
    b"M-SE": CODES["ssdp"],
    b"NOTI": CODES["ssdp"],
    b"HTTP": CODES["ssdp"],
    b"d1:a": CODES["bittorrent"],
    b"d1:r": CODES["bittorrent"],
    b"d1:e": CODES["bittorrent"],
    b"\x17\x00\x03\x2a": CODES["ntp"],
    b"\x97\x00\x03\x2a": CODES["ntp"],
    b"\xd7\x00\x03\x2a": CODES["ntp"],
}

DNS_PORTS: Final = (53, 5353, 5355)
_NETBIOS_NAMES = 137
_DNS_HEADER_BYTES = 12
_DNS_QUERY_BYTES = 17
_NTP_BYTES = (48, 68, 72)
_LAST_STRATUM, _LAST_POLL = 16, 17
_LAST_OPERATION, _FEW_RECORDS, _LENGTH_BYTES = 6, 32, 2
_TLS_HANDSHAKE, _TLS_ALERT, _ALERT_BYTES = 0x1603, 0x1503, 2
_CLIENT_HELLO, _SERVER_HELLO, _FATAL, _HELLO_BYTES = 1, 2, 2, 6
_TPKT_VERSION, _CONNECTION_TPDUS = 0x0300, (0xE0, 0xD0)
_STUN_COOKIE = 0x2112A442
_SMB_WORDS = (0xFF534D42, 0xFE534D42, 0xFD534D42, 0xFC534D42)
"""SMB 1, SMB 2 and 3, encrypted, compressed."""
KERBEROS_PORT: Final = 88
_KERBEROS_TAGS = (0x6A, 0x6B, 0x6C, 0x6D, 0x7E)
"""Application tags of the messages (RFC 4120, 5.10)."""
_RPC_TYPES = (0, 2, 3, 11, 12, 13, 14, 15, 16)
_RPC_VERSION, _RPC_HEADER_BYTES = 0x0500, 16


class FirstBytes:
    """The first sixteen bytes of each payload as two big-endian words, zero beyond its end."""

    def __init__(self, data: U8, start: I64, length: I64) -> None:
        self.length = length
        self.first = _words(data, start, length)
        self._data, self._start = data, start

    def second(self, rows: I64) -> U64:
        """Return bytes 8 to 15 of some rows."""
        return _words(self._data, self._start[rows] + 8, np.maximum(self.length[rows] - 8, 0))


def _words(data: U8, start: I64, length: I64) -> U64:
    """Return eight bytes from each start as one word; an overlapping view makes it a single gather."""
    if data.size < 8:  # noqa: PLR2004 - a word
        data = np.concatenate([data, np.zeros(8, np.uint8)])
    view = np.ndarray((data.size - 7,), ">u8", data, strides=(1,))
    at = np.minimum(start, data.size - 8)
    words = view[at].astype(np.uint64) << ((start - at).clip(0, 7) * 8).astype(np.uint64)
    short = np.flatnonzero(length < 8)  # noqa: PLR2004
    if short.size:
        empty = (8 - length[short].clip(0, 8)).astype(np.uint64) * np.uint64(8)
        kept = np.where(empty >= 64, np.uint64(0), ~np.uint64(0) << np.minimum(empty, np.uint64(63)))  # noqa: PLR2004
        words[short] &= kept
    return words


class _Words:
    """A set of four-byte beginnings: two bytes by table, then the whole by search."""

    def __init__(self, words: dict[bytes, int]) -> None:
        ordered = sorted((int.from_bytes(w, "big"), code) for w, code in words.items())
        self._words = np.array([w for w, _ in ordered], np.uint32)
        self._codes = np.array([c for _, c in ordered], np.uint8)
        self.heads = np.zeros(65_536, np.bool_)
        self.heads[self._words >> 16] = True

    def codes(self, first: U64, rows: I64) -> tuple[I64, U8]:
        """Return those of ``rows`` whose first word is in the set, and their codes."""
        rows = rows[self.heads[(first[rows] >> np.uint64(48)).astype(np.intp)]]
        words = (first[rows] >> np.uint64(32)).astype(np.uint32)
        at = np.searchsorted(self._words, words).clip(0, self._words.size - 1)
        hit = self._words[at] == words
        return rows[hit], self._codes[at[hit]]


_TCP, _UDP = _Words(_TCP_WORDS), _Words(_UDP_WORDS)
_TCP_HEADS: Final = _TCP.heads | np.isin(np.arange(65_536) >> 8, (_TLS_HANDSHAKE >> 8, 0))
"""The first two bytes of any segment that is chosen, but for DNS: an SMB message begins with a zero, a cut-off TLS record with 0x16."""
_TCP_HEADS[[_TLS_ALERT, _TPKT_VERSION, _RPC_VERSION, _RPC_VERSION | 1]] = True


def tcp_codes(payloads: FirstBytes, rows: I64, on_dns_port: Mask, on_kerberos_port: Mask) -> U8:
    """Return the code of every packet; other than 0 only at ``rows``, which are TCP segments."""
    codes = np.zeros(payloads.first.size, np.uint8)
    dns = rows[on_dns_port[rows]]
    rows = rows[_TCP_HEADS[(payloads.first[rows] >> np.uint64(48)).astype(np.intp)]]
    first = payloads.first[rows]
    head, low = (first >> np.uint64(48)), first & np.uint64(0xFFFF_FFFF)
    fifth = (first >> np.uint64(16)) & np.uint64(0xFF)
    hello = (head == _TLS_HANDSHAKE) & ((fifth == _CLIENT_HELLO) | (fifth == _SERVER_HELLO))
    tiny = ((first >> np.uint64(56)) == _TLS_HANDSHAKE >> 8) & (payloads.length[rows] < _HELLO_BYTES)
    codes[rows[hello | tiny | _is_alert(first)]] = TLS
    codes[rows[(head == _TPKT_VERSION) & np.isin(fifth, _CONNECTION_TPDUS)]] = TPKT
    codes[rows[((first >> np.uint64(56)) == 0) & np.isin(low, _SMB_WORDS)]] = SMB
    codes[rows[_is_rpc(first, payloads.length[rows])]] = RPC
    tag = (first >> np.uint64(24)) & np.uint64(0xFF)
    codes[rows[(head == 0) & on_kerberos_port[rows] & np.isin(tag, _KERBEROS_TAGS)]] = KERBEROS
    found, kinds = _TCP.codes(payloads.first, rows)
    codes[found] = kinds
    codes[dns[_dns_over_tcp(payloads.first[dns], payloads.length[dns])]] = DNS
    return codes


def _is_alert(first: U64) -> Mask:
    """Say which begin with a plain TLS alert record: two bytes, a level of 1 or 2 (RFC 8446, 6)."""
    level, size = (first >> np.uint64(16)) & np.uint64(0xFF), (first >> np.uint64(24)) & np.uint64(0xFFFF)
    is_level = (level == 1) | (level == _FATAL)
    return np.asarray(((first >> np.uint64(48)) == _TLS_ALERT) & (size == _ALERT_BYTES) & is_level)


def _is_rpc(first: U64, length: I64) -> Mask:
    """Say which begin with a DCE/RPC header: version 5, a type of connections, integers and characters as all write them."""
    version, kind = (first >> np.uint64(48)) & np.uint64(0xFFFE), (first >> np.uint64(40)) & np.uint64(0xFF)
    representation = first & np.uint64(0xFFFF_FFFF)
    big_endian = (representation == 0) & (
        length >= _RPC_HEADER_BYTES
    )  # a short answer of SOCKS looks like its beginning
    usual = (representation == 0x1000_0000) | big_endian  # noqa: PLR2004 - little endian
    return np.asarray((version == _RPC_VERSION) & np.isin(kind, _RPC_TYPES) & usual)


def _dns_over_tcp(first: U64, length: I64) -> Mask:
    """A length of at least a header, then id, flags with a known operation, one question at the most (RFC 1035, 4.2.2)."""
    size, flags = first >> np.uint64(48), (first >> np.uint64(16)) & np.uint64(0xFFFF)
    operation, questions = (flags >> np.uint64(11)) & np.uint64(15), first & np.uint64(0xFFFF)
    sane = (operation <= _LAST_OPERATION) & (questions <= 1)
    alone = length == _LENGTH_BYTES  # the length in a segment of its own
    return np.asarray((size >= _DNS_HEADER_BYTES) & (alone | sane))


def udp_codes(payloads: FirstBytes, rows: I64, low_port: I64, high_port: I64) -> U8:
    """Return the code of every packet; other than 0 only at ``rows``, which are UDP datagrams."""
    codes = np.zeros(payloads.first.size, np.uint8)
    found, kinds = _UDP.codes(payloads.first, rows)
    codes[found] = kinds
    codes[rows[_ntp(payloads, rows)]] = CODES["ntp"]
    codes[rows[(payloads.first[rows] & np.uint64(0xFFFF_FFFF)) == _STUN_COOKIE]] = CODES["stun"]
    named = np.isin(low_port[rows], DNS_PORTS) | np.isin(high_port[rows], DNS_PORTS)
    codes[rows[named & (payloads.length[rows] >= _DNS_HEADER_BYTES)]] = DNS
    kerberos = (low_port[rows] == KERBEROS_PORT) | (high_port[rows] == KERBEROS_PORT)
    codes[rows[kerberos & np.isin(payloads.first[rows] >> np.uint64(56), _KERBEROS_TAGS)]] = KERBEROS
    rest = rows[~named & ~kerberos]
    rest = rest[_dns_elsewhere(payloads, rest)]
    netbios = (low_port[rest] == _NETBIOS_NAMES) | (high_port[rest] == _NETBIOS_NAMES)
    codes[rest] = np.where(netbios, CODES["netbios-ns"], DNS)
    return codes


def _ntp(payloads: FirstBytes, rows: I64) -> Mask:
    """Versions 2 to 4, modes 1 to 5, a stratum up to 16, a poll of 0 to 17, and one of the usual sizes (RFC 5905, 7.3)."""
    first = payloads.first[rows]
    version, mode = (first >> np.uint64(59)) & np.uint64(7), (first >> np.uint64(56)) & np.uint64(7)
    stratum, poll = (first >> np.uint64(48)) & np.uint64(255), (first >> np.uint64(40)) & np.uint64(255)
    sane = (
        np.isin(version, (2, 3, 4)) & np.isin(mode, (1, 2, 3, 4, 5)) & (stratum <= _LAST_STRATUM) & (poll <= _LAST_POLL)
    )
    return np.asarray(sane & np.isin(payloads.length[rows], _NTP_BYTES))


def _dns_elsewhere(payloads: FirstBytes, rows: I64) -> Mask:
    """One question, a plain query or answer, and small counts: the dialogue then wants a question that is in order."""
    first = payloads.first[rows]
    flags, questions = (first >> np.uint64(32)) & np.uint64(0xFFFF), (first >> np.uint64(16)) & np.uint64(0xFFFF)
    answers = first & np.uint64(0xFFFF)
    reply, plain = (flags & np.uint64(0x8000)) != 0, (flags & np.uint64(0x7840)) == 0
    few = answers <= np.where(reply, np.uint64(128), np.uint64(0))
    sane = np.asarray((questions == 1) & plain & few & (payloads.length[rows] >= _DNS_QUERY_BYTES))
    hits = np.flatnonzero(sane)
    counts = payloads.second(rows[hits])
    authority, additional = counts >> np.uint64(48), (counts >> np.uint64(32)) & np.uint64(0xFFFF)
    sane[hits[(authority > _FEW_RECORDS) | (additional > _FEW_RECORDS)]] = False
    return sane
