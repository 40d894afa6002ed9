from __future__ import annotations

import http.client
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from tests.app.api.served import Served

from vedette.app.api.application import create
from vedette.app.api.listener import Listener, check
from vedette.config import Config, parse
from vedette.config.service import Api
from vedette.errors import ConfigError, TransportError


def api_of(text: str) -> Api:
    return parse(f"[api]\n{text}\n").api


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """Return a certificate for localhost that was signed by itself, and its key."""
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    words += f" -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout {key} -out {certificate}"
    try:
        subprocess.run(["openssl", *words.split()], check=True, capture_output=True)  # noqa: S603, S607 - made for the test
    except FileNotFoundError:
        pytest.skip("there is no openssl here")
    return certificate, key


@pytest.fixture
def listener(api: Served) -> Iterator[Listener]:
    made = Listener(api.app, api_of("port = 0"))
    made.start()
    yield made
    made.stop()


def test_it_answers_until_it_is_stopped(listener: Listener) -> None:
    assert listener.url.startswith("http://127.0.0.1:")
    answer = httpx2.get(f"{listener.url}/api/v1/me")
    assert answer.json()["name"] == "loopback"
    assert "server" not in answer.headers
    assert listener.alive()
    listener.stop()
    assert not listener.alive()
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"{listener.url}/api/v1/me")


def test_small_answers_are_not_held_back(listener: Listener) -> None:
    """Where the socket does not name its protocol, asyncio leaves Nagle's algorithm on: 40 ms for every answer."""
    assert listener._socket is not None
    assert listener._socket.proto == socket.IPPROTO_TCP


def test_from_this_machine_by_another_name_it_is_another_site(listener: Listener) -> None:
    assert httpx2.get(f"{listener.url}/api/v1/me", headers={"Host": "evil.example"}).status_code == 421


def test_a_port_that_is_taken_is_said(api: Served, listener: Listener) -> None:
    port = listener.url.rpartition(":")[2]
    with pytest.raises(TransportError, match=f"cannot listen on 127.0.0.1 port {port}"):
        Listener(api.app, api_of(f"port = {port}")).start()
    with pytest.raises(TransportError, match=r"no such address: 'no\.such\.host\.invalid'"):
        Listener(api.app, api_of('host = "no.such.host.invalid"\nbehind_proxy = true')).start()


@pytest.mark.parametrize(
    "settings", ["", 'host = "::1"', 'host = "localhost"', 'host = "0.0.0.0"\nbehind_proxy = true']
)
def test_where_it_may_listen(settings: str) -> None:
    check(api_of(settings))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "vedette.example"])
def test_it_does_not_listen_where_tokens_could_be_read(api: Served, host: str) -> None:
    with pytest.raises(ConfigError, match="in the clear") as refused:
        Listener(api.app, api_of(f'host = "{host}"'))
    assert refused.value.where == "api.host"
    assert "api.certificate" in refused.value.hint


def test_a_certificate_that_cannot_be_used_is_said(tmp_path: Path, pair: tuple[Path, Path]) -> None:
    certificate, key = pair
    with pytest.raises(ConfigError, match=r"api\.certificate is set, and api\.key is not"):
        check(api_of(f'certificate = "{certificate}"'))
    with pytest.raises(ConfigError, match=r"api\.key is set, and api\.certificate is not"):
        check(api_of(f'key = "{key}"'))
    with pytest.raises(ConfigError, match="no such file"):
        check(api_of(f'certificate = "{certificate}"\nkey = "{tmp_path / "none"}"'))
    with pytest.raises(ConfigError, match="cannot be used"):
        check(api_of(f'certificate = "{certificate}"\nkey = "{certificate}"'))


def test_it_speaks_tls(api: Served, pair: tuple[Path, Path]) -> None:
    certificate, key = pair
    listener = Listener(api.app, api_of(f'port = 0\ncertificate = "{certificate}"\nkey = "{key}"'))
    url = listener.start()
    try:
        assert url.startswith("https://")
        trusted = ssl.create_default_context(cafile=str(certificate))
        assert httpx2.get(f"{url}/healthz", verify=trusted).status_code == 200
        old = ssl.create_default_context(cafile=str(certificate))
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_2
        old.set_ciphers("DEFAULT:@SECLEVEL=0")
        assert httpx2.get(f"{url}/healthz", verify=old).status_code == 200
        with pytest.raises(httpx2.ConnectError):
            httpx2.get(f"{url}/healthz", verify=ssl.create_default_context())
    finally:
        listener.stop()


def test_a_proxys_word_on_who_asks_counts_only_where_there_is_one(api: Served) -> None:
    listener = Listener(api.app, api_of("port = 0"))
    url = listener.start()
    try:
        headers = {"X-Forwarded-For": "127.0.0.1"}
        assert httpx2.get(f"{url}/api/v1/me", headers=headers).status_code == 401
        assert [n.about for n in api.state.audit().items] == ["127.0.0.1"]
    finally:
        listener.stop()


def test_behind_a_proxy_who_asks_is_who_it_says(api: Served) -> None:
    settings = api_of("port = 0\nbehind_proxy = true")
    app = create(api.state, api.service, api.config.model_copy(update={"api": settings}), api.meters, api.runner)
    listener = Listener(app, settings)
    url = listener.start()
    try:
        headers = {"X-Forwarded-For": "192.0.2.44", "Host": "vedette.example"}
        assert httpx2.get(f"{url}/api/v1/me", headers=headers).status_code == 401
        assert httpx2.get(f"{url}/api/v1/me").status_code == 401, "all come from this machine: nobody is at home"
        assert [n.about for n in api.state.audit().items] == ["127.0.0.1", "192.0.2.44"]
    finally:
        listener.stop()


def test_headers_without_end_are_refused(listener: Listener) -> None:
    host, port = listener.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 100_000)
        assert b"400" in line.recv(1_000)


def test_an_open_stream_does_not_hold_it_back(api: Served, listener: Listener) -> None:
    host, port = listener.url.removeprefix("http://").split(":")
    line = http.client.HTTPConnection(host, int(port), timeout=20)
    line.request("GET", "/api/v1/events")
    answer = line.getresponse()
    assert answer.read(5) == b"retry"
    began = time.monotonic()
    stopping = threading.Thread(target=listener.stop)
    stopping.start()
    answer.read()
    stopping.join(10)
    assert time.monotonic() - began < 8
    assert not listener.alive()
    line.close()


def test_a_start_that_fails_is_said(api: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Listener(api.app, Config().api.model_copy(update={"port": 0}))
    monkeypatch.setattr(made, "_serve", lambda: None)
    made._thread = threading.Thread(target=made._serve)
    with pytest.raises(TransportError, match="did not start"):
        made.start()
