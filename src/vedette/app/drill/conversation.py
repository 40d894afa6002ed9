"""Who says what to whom: one flow, written down either as packets or as a line of Zeek's conn.log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from vedette.testing.packets import ACK, FIN, ICMP, PSH, RST, SYN, TCP, UDP, ethernet, icmp, ipv4, mac, packed, tcp, udp

MSS = 1460
_OPTIONS = b"\x02\x04\x05\xb4\x01\x03\x03\x07\x01\x01\x04\x02"  # MSS 1460, window scale 7, SACK permitted
_GATEWAY = mac("10.20.0.1")
_NUMBERS = {"tcp": TCP, "udp": UDP, "icmp": ICMP}
_HEADERS = {"tcp": 40, "udp": 28, "icmp": 28}
_HISTORY = {"SF": "ShADadfF", "S0": "S", "REJ": "Sr", "RSTO": "ShR"}


@dataclass(frozen=True, slots=True)
class Turn:
    """One side speaks, ``wait`` seconds after the line fell silent."""

    from_src: bool
    data: bytes
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Conversation:
    """One flow between two addresses.

    Attributes:
        start_us: microseconds since the epoch.
        protocol: ``tcp``, ``udp`` or ``icmp`` (echo; ``sport`` is its identifier).
        state: TCP as Zeek's conn_state: ``SF`` whole, ``S0`` no answer, ``REJ`` refused, ``RSTO`` reset after the handshake.
    """

    start_us: int
    protocol: str
    src: str
    dst: str
    sport: int
    dport: int
    turns: tuple[Turn, ...] = ()
    state: str = "SF"
    service: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """One packet of a conversation, before its headers."""

    time_us: int
    from_src: bool
    flags: int
    seq: int
    ack: int
    data: bytes


@dataclass(slots=True)
class _Tcp:
    """Both ends of a connection: what each has sent so far, and the time."""

    now: int
    half_trip: int
    sent: list[int]
    out: list[Segment] = field(default_factory=list)

    def send(self, from_src: bool, flags: int, data: bytes = b"", wait_us: int = 0) -> None:
        me, peer = (0, 1) if from_src else (1, 0)
        self.now += wait_us
        ack = self.sent[peer] if flags & ACK else 0
        self.out.append(Segment(self.now, from_src, flags, self.sent[me], ack, data))
        self.sent[me] += len(data) + (1 if flags & (SYN | FIN) else 0)

    def say(self, turn: Turn) -> None:
        """Cut what is said into segments; the peer acknowledges every second one, and the last."""
        self.now += self.half_trip + int(turn.wait * 1e6)
        last = max(0, len(turn.data) - 1) // MSS
        for i in range(last + 1):
            self.send(turn.from_src, PSH | ACK if i == last else ACK, turn.data[i * MSS : (i + 1) * MSS], 12)
            if i % 2 or i == last:
                self.send(not turn.from_src, ACK, wait_us=40)


def distant(address: str) -> bool:
    """Tell whether an address lies outside the company (10/8)."""
    return packed(address)[0] != 10  # noqa: PLR2004 - the network of every drill


def half_trip_us(src: str, dst: str) -> int:
    """Return the one-way delay: a stable 5 to 40 ms to an address outside, 0.2 ms within."""
    far = [a for a in (src, dst) if distant(a)]
    return 5_000 + packed(far[0])[-1] * 137 if far else 200


def segments(talk: Conversation, rng: Random) -> list[Segment]:
    """Return the packets of a conversation, in order of time."""
    half = half_trip_us(talk.src, talk.dst)
    if talk.protocol != "tcp":
        return _datagrams(talk, half)
    line = _Tcp(talk.start_us, half, [rng.getrandbits(32), rng.getrandbits(32)])
    line.send(True, SYN)
    if talk.state == "REJ":
        line.send(False, RST | ACK, wait_us=half)
    if talk.state not in ("SF", "RSTO"):
        return line.out
    line.send(False, SYN | ACK, wait_us=half)
    if talk.state == "RSTO":
        line.send(True, RST, wait_us=half)
        return line.out
    line.send(True, ACK, wait_us=half)
    for turn in talk.turns:
        line.say(turn)
    line.send(False, FIN | ACK, wait_us=half)
    line.send(True, FIN | ACK, wait_us=half)
    line.send(False, ACK, wait_us=half)
    return line.out


def _datagrams(talk: Conversation, half: int) -> list[Segment]:
    now, out = talk.start_us, []
    for turn in talk.turns:
        now += int(turn.wait * 1e6) + (0 if turn.from_src else half)
        out.append(Segment(now, turn.from_src, 0, 0, 0, turn.data))
    return out


def frames(talk: Conversation, rng: Random) -> Iterator[tuple[int, bytes]]:
    """Yield (microseconds since the epoch, Ethernet frame) of each packet."""
    number = _NUMBERS[talk.protocol]
    macs = (_hardware(talk.src), _hardware(talk.dst))
    ident = rng.getrandbits(16)
    for i, s in enumerate(segments(talk, rng)):
        src, dst = (talk.src, talk.dst) if s.from_src else (talk.dst, talk.src)
        ttl = 52 if distant(src) else 64
        packet = ipv4(src, dst, number, _transport(talk, s, i), ttl=ttl, ident=ident + i)
        yield s.time_us, ethernet(packet, *(macs if s.from_src else macs[::-1]))


def _hardware(address: str) -> bytes:
    return _GATEWAY if distant(address) else mac(address)


def _transport(talk: Conversation, s: Segment, index: int) -> bytes:
    if talk.protocol == "icmp":
        return icmp(8 if s.from_src else 0, ident=talk.sport, sequence=index // 2, payload=s.data)
    ends = (talk.src, talk.dst, talk.sport, talk.dport) if s.from_src else (talk.dst, talk.src, talk.dport, talk.sport)
    if talk.protocol == "udp":
        return udp(*ends, s.data)
    return tcp(*ends, s.data, seq=s.seq, ack=s.ack, flags=s.flags, options=_OPTIONS if s.flags & SYN else b"")


CONN_FIELDS = {
    "ts": "time",
    "uid": "string",
    "id.orig_h": "addr",
    "id.orig_p": "port",
    "id.resp_h": "addr",
    "id.resp_p": "port",
    "proto": "enum",
    "service": "string",
    "duration": "interval",
    "orig_bytes": "count",
    "resp_bytes": "count",
    "conn_state": "string",
    "local_orig": "bool",
    "local_resp": "bool",
    "missed_bytes": "count",
    "history": "string",
    "orig_pkts": "count",
    "orig_ip_bytes": "count",
    "resp_pkts": "count",
    "resp_ip_bytes": "count",
    "tunnel_parents": "set[string]",
}
"""The columns of conn.log and their types, as Zeek 7 writes them by default."""


def conn_line(talk: Conversation, rng: Random) -> str:
    """Return the conversation as Zeek would log it."""
    packets = segments(talk, rng)
    sides = [[s for s in packets if s.from_src is side] for side in (True, False)]
    out, back = (sum(len(s.data) for s in side) for side in sides)
    state, history = (talk.state, _HISTORY[talk.state]) if talk.protocol == "tcp" else _answered(bool(sides[1]))
    ports = (8, 0) if talk.protocol == "icmp" else (talk.sport, talk.dport)
    span = (packets[-1].time_us - packets[0].time_us) / 1e6
    told = (f"{span:.6f}", out, back) if len(packets) > 1 else ("-", "-", "-")
    ends = (f"{talk.start_us / 1e6:.6f}", f"C{rng.getrandbits(64):016x}", talk.src, ports[0], talk.dst, ports[1])
    local = ("F" if distant(talk.src) else "T", "F" if distant(talk.dst) else "T")
    counts = [n for side in sides for n in (len(side), sum(_ip_bytes(talk, s) for s in side))]
    values = (*ends, talk.protocol, talk.service or "-", *told, state, *local, 0, history, *counts, "-")
    return "\t".join(map(str, values))


def _ip_bytes(talk: Conversation, s: Segment) -> int:
    return _HEADERS[talk.protocol] + len(s.data) + (len(_OPTIONS) if s.flags & SYN else 0)


def _answered(answered: bool) -> tuple[str, str]:
    return ("SF", "Dd") if answered else ("S0", "D")
