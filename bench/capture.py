"""Capture to flows and events, against nfstream: the same file, one thread, CPU time."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from vedette.app.collector import rare_collections
from vedette.sources.pcap import Pcap
from vedette.testing import packets as p

NAME = "capture -> flows, DNS, HTTP, TLS, SSH events"
GOAL = ">= 5x nfstream 6.6 (goal 10x), packets/s"
PACKETS = 1_000_000
START_US = 1_750_000_000_000_000
_PAGE = bytes(range(32, 127)) * 16


def make_input(path: Path) -> None:
    """Write a capture of a million packets: web, TLS, DNS, SSH, bulk transfers, pings, ARP and some scanning; always the same bytes."""
    rng = random.Random(7)
    with path.open("wb") as stream:
        writer = p.PcapWriter(stream)
        written, clock = 0, START_US
        open_: list[list[bytes]] = []
        while written < PACKETS:
            while len(open_) < 200:
                open_.append(rng.choices(_KINDS, _WEIGHTS)[0](rng)[::-1])
            place = rng.randrange(len(open_))
            clock += rng.randrange(1, 400)
            writer.write(clock, open_[place].pop())
            written += 1
            if not open_[place]:
                open_.pop(place)


def ours(path: Path) -> int:
    """Return the packets of all flows, rejects and summaries; the collector is set as ``vedette scan`` sets it."""
    with rare_collections(), path.open("rb") as stream:
        return sum(batch.records for batch in Pcap().read(stream))


def peer(path: Path) -> int:
    """Return the packets of all flows of nfstream, as it comes: with application names, as ours; it leaves ARP out."""
    from nfstream import NFStreamer  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415 - only the benchmark needs it

    with rare_collections():  # as for ours
        flows = NFStreamer(source=str(path), statistical_analysis=False, n_meters=1)
        return sum(flow.bidirectional_packets for flow in flows)


def _hosts(rng: random.Random) -> tuple[str, str]:
    inside = f"10.{rng.randrange(4)}.{rng.randrange(8)}.{rng.randrange(1, 255)}"
    return inside, f"{rng.randrange(20, 200)}.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(1, 255)}"


def _conversation(rng: random.Random, port: int, turns: list[tuple[bool, bytes]]) -> list[bytes]:
    """Return the frames of a TCP connection: handshake, the turns (from the client?, payload) each acknowledged, FINs."""
    client, server = _hosts(rng)
    source = rng.randrange(32768, 60999)
    numbers = {True: rng.randrange(1 << 32), False: rng.randrange(1 << 32)}
    frames: list[bytes] = []

    def send(outward: bool, flags: int, payload: bytes = b"") -> None:
        ends = (client, server, source, port) if outward else (server, client, port, source)
        segment = p.tcp(*ends, payload, seq=numbers[outward], ack=numbers[not outward], flags=flags)
        frames.append(p.ethernet(p.ipv4(ends[0], ends[1], p.TCP, segment)))
        numbers[outward] += len(payload) + bool(flags & (p.SYN | p.FIN))

    send(True, p.SYN)
    send(False, p.SYN | p.ACK)
    send(True, p.ACK)
    for number, (outward, payload) in enumerate(turns):
        send(outward, p.ACK | p.PSH, payload)
        if number % 2:
            send(not outward, p.ACK)
    send(True, p.FIN | p.ACK)
    send(False, p.FIN | p.ACK)
    send(True, p.ACK)
    return frames


def _web(rng: random.Random) -> list[bytes]:
    head = f"GET /page/{rng.randrange(10**6)} HTTP/1.1\r\nHost: www{rng.randrange(500)}.example.com\r\n"
    asked = f"{head}User-Agent: bench/1.0\r\n\r\n".encode()
    body = _PAGE[: rng.randrange(200, 1400)]
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % (len(body) * 3) + body
    return _conversation(rng, 80, [(True, asked), (False, answer[:1448]), (False, body), (False, body)])


def _tls(rng: random.Random) -> list[bytes]:
    name = f"host{rng.randrange(2000)}.example.net".encode()
    listed = b"\0" + len(name).to_bytes(2, "big") + name
    extension = b"\0\0" + (len(listed) + 2).to_bytes(2, "big") + len(listed).to_bytes(2, "big") + listed
    hello = (
        b"\x03\x03"
        + rng.randbytes(32)
        + b"\0\0\x04\x13\x01\x13\x02\x01\0"
        + len(extension).to_bytes(2, "big")
        + extension
    )
    record = b"\x16\x03\x01" + (len(hello) + 4).to_bytes(2, "big") + b"\x01" + len(hello).to_bytes(3, "big") + hello
    data = [(rng.random() < 0.3, b"\x17\x03\x03\x04\x00" + rng.randbytes(1024)) for _ in range(rng.randrange(4, 40))]
    return _conversation(rng, 443, [(True, record), *data])


def _bulk(rng: random.Random) -> list[bytes]:
    return _conversation(rng, 8443, [(False, rng.randbytes(1448)) for _ in range(rng.randrange(100, 600))])


def _ssh(rng: random.Random) -> list[bytes]:
    talk = [(n % 2 == 0, rng.randbytes(rng.randrange(36, 200))) for n in range(rng.randrange(10, 60))]
    return _conversation(rng, 22, [(True, b"SSH-2.0-OpenSSH_9.6\r\n"), (False, b"SSH-2.0-OpenSSH_9.2p1\r\n"), *talk])


def _dns(rng: random.Random) -> list[bytes]:
    client, server = _hosts(rng)
    port, ident = rng.randrange(32768, 60999), rng.randbytes(2)
    label = f"name{rng.randrange(10**5)}".encode()
    name = bytes([len(label)]) + label + b"\x07example\x03org\0\0\x01\0\x01"
    asked = ident + b"\x01\0\0\x01\0\0\0\0\0\0" + name
    told = ident + b"\x81\x80\0\x01\0\x01\0\0\0\0" + name + b"\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04" + rng.randbytes(4)
    return [
        p.ethernet(p.ipv4(client, server, p.UDP, p.udp(client, server, port, 53, asked))),
        p.ethernet(p.ipv4(server, client, p.UDP, p.udp(server, client, 53, port, told))),
    ]


def _ping(rng: random.Random) -> list[bytes]:
    client, server = _hosts(rng)
    ends = ((8, client, server), (0, server, client))
    return [
        p.ethernet(p.ipv4(a, b, p.ICMP, p.icmp(kind, 0, 7, n, _PAGE[:48]))) for n in range(4) for kind, a, b in ends
    ]


def _arp(rng: random.Random) -> list[bytes]:
    here, there = f"10.0.0.{rng.randrange(1, 255)}", f"10.0.0.{rng.randrange(1, 255)}"
    return [p.arp(here, there), p.arp(there, here, reply=True)]


def _scan(rng: random.Random) -> list[bytes]:
    scanner, victim = _hosts(rng)[::-1]
    source = rng.randrange(32768, 60999)
    frames = []
    for port in rng.sample(range(1, 10000), 50):
        frames.append(p.ethernet(p.ipv4(scanner, victim, p.TCP, p.tcp(scanner, victim, source, port, flags=p.SYN))))
        answer = p.tcp(victim, scanner, port, source, flags=p.RST | p.ACK, ack=1)
        frames.append(p.ethernet(p.ipv4(victim, scanner, p.TCP, answer)))
    return frames


_KINDS: tuple[Callable[[random.Random], list[bytes]], ...] = (_web, _tls, _bulk, _ssh, _dns, _ping, _arp, _scan)
_WEIGHTS = (20, 20, 2, 2, 40, 4, 4, 1)
