"""The transport over real sockets, and its settings."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import trustme

from vedette.abc import Transport
from vedette.errors import ConfigError, TransportError
from vedette.plugins import configured
from vedette.testing.laws import Law, laws_of
from vedette.testing.transports import FakeInlet
from vedette.transports.http import Http, HttpSettings

HASH = "sha256:" + hashlib.sha256(b"word").hexdigest()
LINES = b'{"log":"a"}\n{"log":"b"}\n'


@contextlib.asynccontextmanager
async def running(inlet: FakeInlet, **settings: object) -> AsyncIterator[Http]:
    http = Http(HttpSettings.model_validate({"listen": "127.0.0.1:0", **settings}))
    task = asyncio.create_task(http.run(inlet))
    while not http.port and not task.done():
        await asyncio.sleep(0.01)
    try:
        yield http
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def test_a_client_over_a_socket() -> None:
    async def run() -> None:
        inlet = FakeInlet()
        async with running(inlet, tokens=[HASH]) as http, httpx2.AsyncClient(trust_env=False) as client:
            base = f"http://127.0.0.1:{http.port}"
            assert inlet.said == [("http", f"listens on {base}")]
            refused = await client.post(base + "/v1/ingest", content=LINES)
            assert refused.status_code == 401
            done = await client.post(base + "/v1/ingest", content=LINES, headers={"authorization": "Bearer word"})
            assert done.json() == {"records": 2, "rejected": 0}
            assert inlet.data == b"a\nb\n"
            assert [c.input for c in inlet.chunks] == ["http 127.0.0.1 text"]

    asyncio.run(run())


def test_a_body_in_chunks_of_its_own() -> None:
    async def run() -> None:
        async def parts() -> AsyncIterator[bytes]:
            for n in range(200):
                yield b'{"log":"%d"}\n' % n

        inlet = FakeInlet()
        async with running(inlet) as http, httpx2.AsyncClient(trust_env=False) as client:
            done = await client.post(f"http://127.0.0.1:{http.port}/v1/ingest", content=parts())
            assert done.json()["records"] == 200
        assert inlet.lines == [b"%d" % n for n in range(200)]

    asyncio.run(run())


def test_tls_with_certificates_of_clients(tmp_path: Path) -> None:
    ca = trustme.CA()
    server, mine = ca.issue_cert("127.0.0.1"), ca.issue_cert("shipper@site.example")
    files = {name: tmp_path / f"{name}.pem" for name in ("certificate", "key", "client_ca")}
    server.cert_chain_pems[0].write_to_path(str(files["certificate"]))
    server.private_key_pem.write_to_path(str(files["key"]))
    ca.cert_pem.write_to_path(str(files["client_ca"]))

    async def run() -> None:
        inlet = FakeInlet()
        async with running(inlet, **{name: str(path) for name, path in files.items()}) as http:
            url = f"https://127.0.0.1:{http.port}/v1/ingest"
            context = ssl.create_default_context()
            ca.configure_trust(context)
            async with httpx2.AsyncClient(verify=context, trust_env=False) as client:
                with pytest.raises(httpx2.TransportError):
                    await client.post(url, content=LINES)
            mine.configure_cert(context)
            async with httpx2.AsyncClient(verify=context, trust_env=False) as client:
                assert (await client.post(url, content=LINES)).status_code == 200
        assert inlet.data == b"a\nb\n"

    asyncio.run(run())


def test_a_rehearsal(tmp_path: Path) -> None:
    async def run() -> None:
        trial = Http.rehearsal(tmp_path)
        inlet = FakeInlet()
        task = asyncio.create_task(Http(trial.settings).run(inlet))
        await asyncio.sleep(0.3)
        await trial.send([b"one", b"two"])
        assert inlet.lines == [b"one", b"two"]
        inlet.broken = True
        with pytest.raises(OSError, match="503"):
            await trial.send([b"three"])
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        with pytest.raises(ConnectionRefusedError):
            await trial.send([b"four"])

    asyncio.run(run())


def test_a_port_that_is_taken_stops_the_start() -> None:
    async def run() -> None:
        async with running(FakeInlet()) as http:
            with pytest.raises(TransportError, match="cannot listen"):
                await Http(HttpSettings(listen=f"127.0.0.1:{http.port}")).run(FakeInlet())

    asyncio.run(run())


@pytest.mark.parametrize(
    "settings",
    [
        {"listen": "0.0.0.0:8751"},
        {"listen": "0.0.0.0:8751", "tokens": [HASH]},
        {"listen": "0.0.0.0:8751", "certificate": "a", "key": "b"},
        {"listen": "0.0.0.0:8751", "behind_proxy": True},
        {"behind_proxy": True},
        {"listen": "localhost:8751"},
        {"listen": "127.0.0.1"},
        {"listen": "127.0.0.1:65536"},
        {"certificate": "a"},
        {"client_ca": "a"},
        {"tokens": ["word"]},
        {"tokens": [HASH.upper()]},
        {"elastic_version": "9\n.1"},
        {"verify": False},
    ],
)
def test_settings_that_are_not_safe_stop_the_start(settings: dict[str, object]) -> None:
    with pytest.raises(ConfigError) as error:
        configured(Transport, {"transport": "http", **settings}, "transport", "inputs[0]")
    assert error.value.where.startswith("inputs[0]")


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"listen": "[::1]:0"},
        {"listen": "0.0.0.0:8751", "tokens": [HASH], "certificate": "a", "key": "b"},
        {"listen": "0.0.0.0:8751", "certificate": "a", "key": "b", "client_ca": "c"},
        {"listen": "0.0.0.0:8751", "token_file": "t", "behind_proxy": True},
    ],
)
def test_settings_that_are_safe(settings: dict[str, object]) -> None:
    cls, checked = configured(Transport, {"transport": "http", **settings}, "transport", "inputs[0]")
    assert cls is Http
    assert isinstance(checked, HttpSettings)


@pytest.mark.parametrize("law", laws_of(Http), ids=lambda law: law.name)
def test_law(law: Law) -> None:
    law.check()
