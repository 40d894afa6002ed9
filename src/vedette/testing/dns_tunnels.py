"""Sessions of DNS tunnels, made up after the public descriptions of their protocols: what a sensor would see of each tool.

Nothing here talks to a network: every session is a list of questions with their answers. Data are random bytes, as of an encrypted or
compressed stream. Sources of the forms are the public descriptions of the protocols of dnscat2, iodine, dns2tcp, DNSExfiltrator, godoh,
Sliver and Cobalt Strike's DNS listener; forms only, no code.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.testing.events import START

LABEL, NAME = 63, 253
_BASE32 = "abcdefghijklmnopqrstuvwxyz012345"
_ALPHABETS: dict[str, tuple[tuple[str, ...], int]] = {
    "base32": (tuple(_BASE32), 5),
    "base64": (tuple(_BASE32 + _BASE32.upper()), 6),
    "base128": ((*_BASE32, *_BASE32.upper(), *(f"\\x{c:02x}" for c in range(0xBC, 0xFC))), 7),
}
"""Alphabet -> its characters, as sensors write them, and bits."""

Exchange = tuple[float, str, str, tuple[str, ...]]
"""Second, name, type, answers."""


@dataclass(frozen=True, slots=True)
class Session:
    """What a session has to carry.

    Attributes:
        domain: below it the tunnel's names lie.
        up, down: bytes to carry either way.
        seconds: how long it takes; the exchanges are spread over it.
    """

    rng: Random
    domain: str = "t.relay-example.net"
    up: int = 4_000
    down: int = 8_000
    seconds: float = 600.0

    def over(self, asked: Sequence[tuple[str, str, tuple[str, ...]]]) -> list[Exchange]:
        """Spread exchanges over the time, in their order."""
        moments = sorted(self.rng.uniform(0, self.seconds) for _ in asked)
        return [(at, *each) for at, each in zip(moments, asked, strict=True)]

    def data(self, size: int) -> bytes:
        """Return random bytes."""
        return self.rng.randbytes(size)


def dnscat2(of: Session, kinds: Sequence[str] = ("TXT", "CNAME", "MX")) -> list[Exchange]:
    """Hexadecimal of packets: id, kind, session, two sequence numbers, data; answers of the same form."""
    session, asked = of.data(2).hex(), []
    for up, down in _portions(of, 100, 100):
        head = f"{of.data(2).hex()}01{session}{of.data(4).hex()}"
        kind = of.rng.choice(kinds)
        back = _labels(f"{of.data(2).hex()}01{session}{of.data(4).hex()}{of.data(down).hex()}")
        answer = back.replace(".", "") if kind == "TXT" else f"{back}.{of.domain}"
        asked.append((f"{_labels(head + of.data(up).hex())}.{of.domain}", kind, (answer,)))
    return of.over(asked)


def iodine(of: Session, kind: str = "NULL", alphabet: str = "base32") -> list[Exchange]:
    """Version and login, then fragments in labels of 57 characters behind a header of five; pings while there is nothing to send."""
    room = NAME - len(of.domain) - 12
    chars = room * 57 // 58
    letters, bits = _ALPHABETS[alphabet]
    upstream = chars * bits // 8
    downstream = {"NULL": 1000, "TXT": 180, "SRV": 150, "CNAME": 140, "MX": 300, "A": 140}[kind]
    asked = [
        (f"{start}{_of(of.rng, _BASE32, 11)}.{of.domain}", kind, (_answer(of, kind, 10),))
        for start in ("v", "l", "z", "s", "o")
    ]
    for up, down in _portions(of, upstream, downstream):
        if up:
            head = of.rng.choice("0123456789abcdef") + _of(of.rng, _BASE32, 4)
            coded = of.rng.choices(letters, k=-(-up * 8 // bits))
            asked.append((f"{_labels([*head, *coded], 57)}.{of.domain}", kind, (_answer(of, kind, max(down, 2)),)))
        else:
            asked.append((f"p{_of(of.rng, _BASE32, 8)}.{of.domain}", kind, (_answer(of, kind, max(down, 2)),)))
    return of.over(asked)


def dns2tcp(of: Session, kind: str = "TXT") -> list[Exchange]:
    """Base64 of session, acknowledgement, sequence and data; authentication and connection are labels of their own."""
    asked = [
        (f"{_base64(of.data(8))}.=auth.{of.domain}", kind, (_base64(of.data(16)),)),
        (f"{_base64(of.data(24))}.=auth.{of.domain}", kind, (_base64(of.data(8)),)),
        (f"{_base64(of.data(10))}.=connect.{of.domain}", kind, (_base64(of.data(8)),)),
    ]
    session = of.data(2)
    for k, (up, down) in enumerate(_portions(of, 130, 180)):
        head = session + k.to_bytes(4, "big") + b"\x02"
        asked.append((f"{_labels(_base64(head + of.data(up)))}.{of.domain}", kind, (_base64(head + of.data(down)),)))
    return of.over(asked)


def dns_exfiltrator(of: Session, kind: str = "TXT", coding: str = "base32") -> list[Exchange]:
    """A file in numbered chunks of base32 or base64; the answers say that each has come."""
    encode = _base64 if coding == "base64" else _base32
    asked = [(f"init.{encode(b'customers.zip|' + of.data(4))}.{coding}.{of.domain}", kind, ("OK",))]
    for k, (up, _) in enumerate(_portions(of, 110, 1 << 30)):
        asked.append((f"{k}.{_labels(encode(of.data(up)))}.{of.domain}", kind, (str(k),)))
    return of.over(asked)


def cobalt_strike(of: Session, kind: str = "A") -> list[Exchange]:
    """Check-ins with the beacon's number; orders by A or TXT records; output as hexadecimal behind a label that counts."""
    beacon = of.data(4).hex()
    asked: list[tuple[str, str, tuple[str, ...]]] = [(f"{beacon}.{of.domain}", "A", ("0.0.0.0",))] * 10  # noqa: S104
    for what, size, total in (("www", 56, 128), ("post", 56, of.up)):
        task = of.data(4).hex()
        for k in range(-(-total // size)):
            halves = _labels(of.data(size).hex(), 56)
            asked.append((f"{what}.2{halves}.{k:x}{task}.{beacon}.{of.domain}", "A", ("0.0.0.0",)))  # noqa: S104
    task, step = of.data(4).hex(), 189 if kind == "TXT" else 4
    for k in range(min(-(-of.down // step), 400)):
        answer = _base64(of.data(step)) if kind == "TXT" else ".".join(map(str, of.data(4)))
        asked.append((f"{'api' if kind == 'TXT' else 'cdn'}.{k:x}{task}.{beacon}.{of.domain}", kind, (answer,)))
    return of.over(asked)


def godoh(of: Session) -> list[Exchange]:
    """Identity, kind, number, sum and three labels of hexadecimal; polls for orders by TXT."""
    who, asked = of.data(3).hex()[:5], []
    for k, (up, down) in enumerate(_portions(of, 90, 120)):
        parts = _labels(of.data(max(up, 1)).hex(), 60)
        asked.append((f"{who}.ef.{k}.{of.data(4).hex()}.1.{parts}.{of.domain}", "A", ("1.1.1.1",)))
        if down:
            asked.append((f"{who}.{of.domain}", "TXT", (f"v=B2B3FE1C{of.data(down).hex()}",)))
    return of.over(asked)


def sliver(of: Session) -> list[Exchange]:
    """Base32 or base58 of whole messages, as long as a name may be; answers as TXT, or as addresses that say nothing."""
    asked = []
    for up, down in _portions(of, 120, 150):
        coded = _of(of.rng, "abcdefghjkmnpqrstuvwxyz0123456789", 10 + up * 8 // 5)
        kind = "TXT" if down else "A"
        asked.append((f"{_labels(coded)}.{of.domain}", kind, (_base64(of.data(down)) if down else "198.51.100.7",)))
    return of.over(asked)


def slow(of: Session, every: float = 60.0, size: int = 20) -> list[Exchange]:
    """Exfiltration at leisure: one question a minute, half a minute earlier or later, for addresses."""
    out: list[Exchange] = []
    at = 0.0
    while at < of.seconds:
        out.append((at, f"{_labels(_base32(of.data(size)))}.{of.domain}", "A", ("198.51.100.7",)))
        at += every * of.rng.uniform(0.5, 1.5)
    return out


def orders(of: Session) -> list[Exchange]:
    """Orders and programs in TXT records of short numbered names, then polling for the next one."""
    pieces = -(-of.down // 180)
    asked: list[tuple[str, str, tuple[str, ...]]] = [
        (f"s.{k}.{of.domain}", "TXT", (_base64(of.data(180)),)) for k in range(pieces)
    ]
    polls = [(f"c.{k // 6}.{of.domain}", "TXT", ()) for k in range(60)]
    return of.over([*asked, *polls])


TOOLS: dict[str, Callable[[Session], list[Exchange]]] = {
    "dnscat2": dnscat2,
    "iodine, NULL, base32": iodine,
    "iodine, NULL, base128": lambda of: iodine(of, "NULL", "base128"),
    "iodine, TXT, base64": lambda of: iodine(of, "TXT", "base64"),
    "iodine, SRV, base32": lambda of: iodine(of, "SRV"),
    "iodine, CNAME, base64": lambda of: iodine(of, "CNAME", "base64"),
    "iodine, A, base32": lambda of: iodine(of, "A"),
    "dns2tcp, TXT": dns2tcp,
    "dns2tcp, KEY": lambda of: dns2tcp(of, "KEY"),
    "DNSExfiltrator, base32": dns_exfiltrator,
    "DNSExfiltrator, base64": lambda of: dns_exfiltrator(of, coding="base64"),
    "Cobalt Strike, A": cobalt_strike,
    "Cobalt Strike, TXT": lambda of: cobalt_strike(of, "TXT"),
    "godoh": godoh,
    "Sliver": sliver,
    "slow exfiltration": slow,
    "orders in TXT": orders,
}
"""Tool, record type, coding -> its sessions."""


def seen(exchanges: Iterable[Exchange], *, src: str = "10.0.0.5", rcode: int = 0, log: str = "dns") -> EventBatch:
    """Return the exchanges of one client as DNS activity; a question without an answer was answered with nothing."""
    ordered, kind = sorted(exchanges), EventClass.DNS_ACTIVITY
    data = {
        "time": [START + timedelta(seconds=at) for at, *_ in ordered],
        "metadata.log_name": [log] * len(ordered),
        "metadata.sequence": list(range(len(ordered))),
        "src_endpoint.ip": [src] * len(ordered),
        "dst_endpoint.port": [53] * len(ordered),
        "activity_id": [6] * len(ordered),
        "rcode_id": [rcode] * len(ordered),
        "query.hostname": [name for _, name, *_ in ordered],
        "query.type": [what for _, _, what, _ in ordered],
        "answers.rdata": [list(told) or None for *_, told in ordered],
    }
    return EventBatch(kind, pl.DataFrame(data, schema={c: SCHEMAS[kind][c] for c in data}))


def _portions(of: Session, up: int, down: int) -> Iterator[tuple[int, int]]:
    """Yield how many bytes go up and down in each exchange, until all are carried."""
    left_up, left_down = of.up, of.down
    while left_up > 0 or (left_down > 0 and down < 1 << 29):
        yield min(max(left_up, 0), up), min(max(left_down, 0), down)
        left_up, left_down = left_up - up, left_down - down


def _labels(text: str | Sequence[str], size: int = LABEL) -> str:
    return ".".join("".join(text[i : i + size]) for i in range(0, len(text), size))


def _of(rng: Random, alphabet: str, size: int) -> str:
    return "".join(rng.choices(alphabet, k=size))


def _answer(of: Session, kind: str, size: int) -> str:
    if kind == "NULL":
        return of.data(size).hex()
    if kind == "TXT":
        return _base64(of.data(size))
    name = f"{_labels('h' + _of(of.rng, _BASE32, size * 8 // 5), 57)}.{of.domain}"
    return {"SRV": f"10 10 5060 {name}", "MX": f"10 {name}"}.get(kind, name)


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()
