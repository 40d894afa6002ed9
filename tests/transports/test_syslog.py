"""Syslog from the settings to the log; framing, gathering and bounds stand in ``syslog/``."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import trustme
from pydantic import ValidationError
from tests.transports.syslog.clients import clients

from vedette.errors import TransportError
from vedette.testing.transports import FakeInlet
from vedette.transports.syslog import Syslog, SyslogSettings, parted


def run(inlet: FakeInlet, settings: SyslogSettings, play: Callable[[int], Awaitable[None]]) -> None:
    """Run the transport while ``play`` does something with its port."""

    async def both() -> None:
        task = asyncio.create_task(Syslog(settings).run(inlet))
        while not inlet.said and not task.done():
            await asyncio.sleep(0.005)
        if not task.done():
            await asyncio.wait_for(play(parted(inlet.said[0][1].removeprefix("listens on "))[2] or 0), 20)
        task.cancel()
        await asyncio.gather(task, return_exceptions=not task.done())

    asyncio.run(both())


@pytest.mark.parametrize("address", ["127.0.0.1", "[::1]"])
def test_datagrams_come_in(address: str) -> None:
    inlet = FakeInlet()

    async def play(port: int) -> None:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as mouth:
            mouth.sendto(b"<34>Mar  5 08:01:12 mail su: 'su root' failed\n", (address.strip("[]"), port))
        await inlet.until(1)

    run(inlet, SyslogSettings(listen=f"udp://{address}:0", buffer_mb=0.1), play)
    assert inlet.chunks[0].input == f"syslog udp {address.strip('[]')}"
    assert inlet.lines == [b"<34>Mar  5 08:01:12 mail su: 'su root' failed"]


def authority(folder: Path) -> tuple[trustme.CA, dict[str, str]]:
    ca = trustme.CA()
    own = ca.issue_cert("127.0.0.1")
    own.private_key_pem.write_to_path(folder / "key.pem")
    for blob in own.cert_chain_pems:
        blob.write_to_path(folder / "cert.pem", append=True)
    ca.cert_pem.write_to_path(folder / "ca.pem")
    return ca, {"certificate": str(folder / "cert.pem"), "key": str(folder / "key.pem")}


def context(ca: trustme.CA, client: trustme.LeafCert | None = None) -> ssl.SSLContext:
    made = ssl.create_default_context(ssl.Purpose.SERVER_AUTH)
    ca.configure_trust(made)
    if client:
        client.configure_cert(made)
    return made


def test_tls(tmp_path: Path) -> None:
    inlet = FakeInlet()
    ca, files = authority(tmp_path)

    async def play(port: int) -> None:
        async with clients(port) as opened:
            _, writer = await opened(context(ca))
            writer.writelines(b"%d <13>%05d" % (9, n) for n in range(20_000))
            await writer.drain()
            await inlet.until(20_000)
            _, plain = await opened()
            plain.write(b"<13>no TLS at all\n" * 20)
            await plain.drain()
            while len(inlet.said) < 2:
                await asyncio.sleep(0.01)

    run(inlet, SyslogSettings.model_validate({"listen": "tls://127.0.0.1:0", **files}), play)
    assert {c.input for c in inlet.chunks} == {"syslog tls 127.0.0.1"}
    assert inlet.lines == [b"<13>%05d" % n for n in range(20_000)]
    assert "no TLS with 127.0.0.1" in inlet.said[1][1]


def test_mutual_tls_wants_a_certificate_of_its_authority(tmp_path: Path) -> None:
    inlet = FakeInlet()
    ca, files = authority(tmp_path)
    other = trustme.CA()

    async def play(port: int) -> None:
        async with clients(port) as opened:
            for client in (None, other.issue_cert("sender")):
                try:
                    reader, writer = await opened(context(ca, client))
                    writer.write(b"<13>from a stranger\n")
                    await reader.read()
                except OSError:
                    continue  # refused in the handshake, or right behind it
            _, writer = await opened(context(ca, ca.issue_cert("sender")))
            writer.write(b"<13>from a friend\n")
            await writer.drain()
            await inlet.until(1)

    settings = {"listen": "tls://127.0.0.1:0", **files, "client_ca": str(tmp_path / "ca.pem")}
    run(inlet, SyslogSettings.model_validate(settings), play)
    assert inlet.lines == [b"<13>from a friend"]


def test_networks_that_may_send() -> None:
    allows = Syslog(SyslogSettings.model_validate({"senders": ["10.0.0.0/8", "2001:db8::/32"]}))._allows
    assert [allows(a) for a in ("10.1.2.3", "::ffff:10.1.2.3", "2001:db8::7")] == [True] * 3
    assert [allows(a) for a in ("11.1.2.3", "::1", "::ffff:11.0.0.1")] == [False] * 3
    assert Syslog(SyslogSettings())._allows("192.0.2.1")


def test_a_port_that_is_taken_stops_the_start() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = SyslogSettings(listen=f"tcp://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(TransportError, match="cannot listen on tcp://127"):
            asyncio.run(Syslog(settings).run(FakeInlet()))


def test_a_certificate_that_is_none_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("no certificate")
    bad = str(tmp_path / "x.pem")
    for files in ({"certificate": bad, "key": bad}, {"certificate": "/nowhere/a.pem", "key": "/nowhere/b.pem"}):
        settings = SyslogSettings.model_validate({"listen": "tls://127.0.0.1:0", **files})
        with pytest.raises(TransportError, match="cannot be used"):
            asyncio.run(Syslog(settings).run(FakeInlet()))


@pytest.mark.parametrize(
    "settings",
    [
        {"listen": "udp://0.0.0.0:514", "senders": ["10.0.0.0/8"]},
        {"listen": "tls://[::]:6514", "certificate": "a", "key": "b", "client_ca": "c"},
        {"listen": "tcp://127.0.0.9:514"},
    ],
)
def test_who_may_send_is_said_where_others_could(settings: dict[str, object]) -> None:
    assert SyslogSettings.model_validate(settings)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"listen": "http://127.0.0.1:1"}, "udp://, tcp:// or tls://"),
        ({"listen": "udp://127.0.0.1"}, "a port"),
        ({"listen": "udp://somewhere:514"}, "IPv4 or IPv6"),
        ({"listen": "udp://127.0.0.1:99999"}, "Port out of range"),
        ({"listen": "tls://127.0.0.1:6514"}, "needs certificate and key"),
        ({"listen": "tcp://127.0.0.1:514", "client_ca": "x"}, "are for tls"),
        ({"listen": "tcp://0.0.0.0:514"}, "senders must say"),
        ({"source": "nothing"}, "no such source"),
        ({"connections": 0}, "greater than or equal"),
    ],
)
def test_bad_settings_are_told(settings: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        SyslogSettings.model_validate(settings)
