"""What the made-up programs say over TCP: payloads of real shape, with nothing real in them."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from vedette.app.drill.conversation import Turn

_FILLER = Random(0).randbytes(1 << 16)  # noqa: S311 - filler, not a secret
_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
_CIPHERS = (
    0x1301,
    0x1303,
    0x1302,
    0xC02B,
    0xC02F,
    0xCCA9,
    0xCCA8,
    0xC02C,
    0xC030,
    0xC013,
    0xC014,
    0x9C,
    0x9D,
    0x2F,
    0x35,
)
_GROUPS, _SIGNATURES = (0x1D, 0x17, 0x18), (0x0403, 0x0503, 0x0804, 0x0805, 0x0401, 0x0501)
_PATHS = (
    "/",
    "/news",
    "/about",
    "/img/logo.svg",
    "/css/site.css",
    "/js/app.js",
    "/prices",
    "/contact",
    "/jobs?page=2",
    "/map",
)
_KEX = (
    b"curve25519-sha256,ecdh-sha2-nistp256",
    b"ssh-ed25519,rsa-sha2-512",
    b"chacha20-poly1305@openssh.com,aes256-gcm@openssh.com",
    b"chacha20-poly1305@openssh.com,aes256-gcm@openssh.com",
    b"hmac-sha2-256-etm@openssh.com",
    b"hmac-sha2-256-etm@openssh.com",
    b"none",
    b"none",
    b"",
    b"",
)
FAST = 0.004


@dataclass(frozen=True, slots=True)
class Ask:
    """What a client wants.

    Attributes:
        name: the server's name, or the name looked up.
        size: bytes handed over in all.
        requests: in how many requests.
        address: what the name resolves to; empty when it does not exist.
    """

    rng: Random
    name: str = ""
    size: int = 0
    requests: int = 1
    address: str = ""


def filler(rng: Random, size: int) -> bytes:
    """Return bytes that look encrypted."""
    start = rng.randrange(len(_FILLER))
    whole = _FILLER if start + size <= len(_FILLER) else _FILLER * (1 + (start + size) // len(_FILLER))
    return whole[start : start + size]


# -------------------------------------------------------------------------------------------------------------------- TLS


def vector(width: int, data: bytes) -> bytes:
    """Return ``data`` after its length."""
    return len(data).to_bytes(width, "big") + data


def _extension(number: int, data: bytes) -> bytes:
    return number.to_bytes(2, "big") + vector(2, data)


def _shorts(values: tuple[int, ...]) -> bytes:
    return struct.pack(f">{len(values)}H", *values)


def client_hello(rng: Random, name: str) -> bytes:
    """Return a TLS 1.3 client hello record (RFC 8446) that asks for ``name``."""
    extensions = (
        (0, vector(2, b"\0" + vector(2, name.encode()))),
        (23, b""),
        (10, vector(2, _shorts(_GROUPS))),
        (16, vector(2, vector(1, b"h2") + vector(1, b"http/1.1"))),
        (13, vector(2, _shorts(_SIGNATURES))),
        (43, vector(1, _shorts((0x0304, 0x0303)))),
        (45, vector(1, b"\x01")),
        (51, vector(2, b"\0\x1d" + vector(2, rng.randbytes(32)))),
    )
    body = b"\x03\x03" + rng.randbytes(32) + vector(1, rng.randbytes(32)) + vector(2, _shorts(_CIPHERS)) + b"\x01\0"
    body += vector(2, b"".join(_extension(n, d) for n, d in extensions))
    return b"\x16\x03\x01" + vector(2, b"\x01" + vector(3, body))


def server_hello(rng: Random) -> bytes:
    """Return a TLS 1.3 server hello record, then the encrypted rest of the handshake."""
    extensions = _extension(43, b"\x03\x04") + _extension(51, b"\0\x1d" + vector(2, rng.randbytes(32)))
    body = b"\x03\x03" + rng.randbytes(32) + vector(1, rng.randbytes(32)) + b"\x13\x01\0" + vector(2, extensions)
    return b"\x16\x03\x03" + vector(2, b"\x02" + vector(3, body)) + _sealed(rng, 2600)


def _sealed(rng: Random, size: int) -> bytes:
    """Return ``size`` bytes as TLS application data records."""
    return b"".join(b"\x17\x03\x03" + vector(2, filler(rng, min(16_000, size - i))) for i in range(0, size, 16_000))


def tls(ask: Ask) -> list[Turn]:
    """Talk TLS: a handshake, then requests that share an answer."""
    turns = [
        Turn(True, client_hello(ask.rng, ask.name)),
        Turn(False, server_hello(ask.rng), FAST),
        Turn(True, _sealed(ask.rng, 74)),
    ]
    for _ in range(ask.requests):
        turns += (
            Turn(True, _sealed(ask.rng, ask.rng.randint(90, 700)), ask.rng.random()),
            Turn(False, _sealed(ask.rng, ask.size // ask.requests), 0.02),
        )
    return turns


def tunnel(ask: Ask) -> list[Turn]:
    """Keep a TLS tunnel open: now and then data, every 25 seconds a sign of life."""
    turns = tls(Ask(ask.rng, ask.name, ask.size, 1))
    for _ in range(ask.requests):
        turns += Turn(True, _sealed(ask.rng, 40), 25.0), Turn(False, _sealed(ask.rng, 40))
    return turns


# ------------------------------------------------------------------------------------------------------------- clear text


def http(ask: Ask) -> list[Turn]:
    """Ask for pages over HTTP/1.1; one in thirty is not found."""
    turns: list[Turn] = []
    for _ in range(ask.requests):
        head = (
            f"GET {ask.rng.choice(_PATHS)} HTTP/1.1\r\nHost: {ask.name}\r\nUser-Agent: {_AGENT}\r\nAccept: */*\r\n\r\n"
        )
        status = "404 Not Found" if ask.rng.random() < 1 / 30 else "200 OK"
        body = filler(ask.rng, ask.size // ask.requests)
        answer = f"HTTP/1.1 {status}\r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
        turns += Turn(True, head.encode(), ask.rng.random()), Turn(False, answer.encode() + body, 0.01)
    return turns


def update(ask: Ask) -> list[Turn]:
    """Ask whether there are updates: mostly not."""
    head = f"HEAD /stable/InRelease HTTP/1.1\r\nHost: {ask.name}\r\nUser-Agent: updater/3.2\r\n\r\n"
    answer = b"HTTP/1.1 304 Not Modified\r\nServer: nginx\r\nContent-Length: 0\r\n\r\n"
    return [Turn(True, head.encode()), Turn(False, answer, FAST)] * ask.requests


def smtp(ask: Ask) -> list[Turn]:
    """Hand over mail."""
    lines = ("EHLO relay.example", "MAIL FROM:<post@relay.example>", f"RCPT TO:<office@{ask.name}>", "DATA")
    turns = [Turn(False, b"220 mail ESMTP\r\n", FAST)]
    for line in lines:
        turns += (
            Turn(True, f"{line}\r\n".encode()),
            Turn(False, b"354 go on\r\n" if line == "DATA" else b"250 ok\r\n", FAST),
        )
    text = filler(ask.rng, ask.size).hex().encode()
    return [*turns, Turn(True, text + b"\r\n.\r\nQUIT\r\n"), Turn(False, b"250 queued\r\n221 bye\r\n", FAST)]


def print_job(ask: Ask) -> list[Turn]:
    """Send a page to a printer (port 9100); it says nothing but its state."""
    job = (
        b"\x1b%-12345X@PJL JOB\r\n@PJL ENTER LANGUAGE=PCL\r\n" + filler(ask.rng, ask.size) + b"\x1b%-12345X@PJL EOJ\r\n"
    )
    return [Turn(True, job), Turn(False, b"@PJL USTATUS JOB\r\nEND\r\n", 1.5)]


def _smb_head(command: int, answer: bool, number: int) -> bytes:
    return (
        b"\xfeSMB"
        + struct.pack("<HHIHHIIQIIQ", 64, 1, 0, command, 1, int(answer), 0, number, 0xFEFF, 0, 0)
        + b"\0" * 16
    )


def _smb_sealed(ask: Ask, size: int) -> bytes:
    head = b"\xfdSMB" + ask.rng.randbytes(32) + struct.pack("<IHHQ", size, 0, 1, 77)
    return b"\0" + vector(3, head + filler(ask.rng, size))


def smb(ask: Ask) -> list[Turn]:
    """Negotiate SMB 3.0.2 (MS-SMB2), then read files in encrypted messages."""
    wanted = struct.pack("<HHHHI16sQH", 36, 1, 1, 0, 0x40, ask.rng.randbytes(16), 0, 0x0302)
    agreed = struct.pack(
        "<HHHH16sIIIIQQHHI", 65, 1, 0x0302, 0, ask.rng.randbytes(16), 0x40, *(1 << 20,) * 3, 0, 0, 128, 0, 0
    )
    turns = [
        Turn(True, b"\0" + vector(3, _smb_head(0, False, 0) + wanted)),
        Turn(False, b"\0" + vector(3, _smb_head(0, True, 0) + agreed), FAST),
    ]
    for _ in range(ask.requests):
        turns.append(Turn(True, _smb_sealed(ask, 113), ask.rng.random() * 4))
        turns.append(Turn(False, _smb_sealed(ask, 80 + ask.size // ask.requests), FAST))
    return turns


def backup(ask: Ask) -> list[Turn]:
    """Push bytes one way, answered briefly: a backup."""
    turns = [Turn(True, filler(ask.rng, 120)), Turn(False, filler(ask.rng, 80))]
    for _ in range(ask.requests):
        turns += (
            Turn(True, filler(ask.rng, ask.size // ask.requests), 2 * ask.rng.random()),
            Turn(False, filler(ask.rng, 24)),
        )
    return turns


def ssh(ask: Ask) -> list[Turn]:
    """Greet, agree on keys (RFC 4253), and go on in secret."""
    turns = [Turn(True, b"SSH-2.0-OpenSSH_10.0\r\n"), Turn(False, b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u7\r\n", FAST)]
    for from_src in (True, False):
        body = b"\x14" + ask.rng.randbytes(16) + b"".join(vector(4, names) for names in _KEX) + b"\0" * 5
        pad = 8 - (len(body) + 5) % 8 + 4
        turns.append(Turn(from_src, vector(4, bytes([pad]) + body + b"\0" * pad)))
    for _ in range(ask.requests):
        turns += (
            Turn(True, filler(ask.rng, 60), 0.3 + ask.rng.random()),
            Turn(False, filler(ask.rng, max(52, ask.size // ask.requests)), 0.02),
        )
    return turns


TCP_PROTOCOLS: dict[str, Callable[[Ask], list[Turn]]] = {
    "tls": tls,
    "tunnel": tunnel,
    "http": http,
    "update": update,
    "smtp": smtp,
    "print": print_job,
    "smb": smb,
    "backup": backup,
    "ssh": ssh,
}
"""Name in YAML -> what is said."""
