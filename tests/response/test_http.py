from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest
import trustme

from vedette.errors import ConfigError, DeliveryError
from vedette.response.http import MOST_READ, MOST_SENT, Answer, Caller, Endpoint, expect_fine
from vedette.testing.receivers import http_receiver


def caller(port: int, scheme: str = "http", host: str = "127.0.0.1", **changes: object) -> Caller:
    settings = {"url": f"{scheme}://{host}:{port}/in?a=b", **changes}
    return Caller(Endpoint.model_validate(settings), "sinks[0]")


def test_a_body_arrives_with_its_headers_over_one_connection() -> None:
    with http_receiver() as server:
        server.answers = [(202, b"thanks"), 200]
        mine = caller(server.port)
        assert mine.post(b"one", {"X-A": "b"}) == Answer(202, b"thanks")
        assert mine.post(b"two", {}, path="more").is_fine
        mine.close()
    first, second = server.requests
    assert (first.method, first.path, first.body) == ("POST", "/in?a=b", b"one")
    assert first.headers["x-a"] == "b"
    assert first.headers["content-length"] == "3"
    assert second.path == "/in/more?a=b"


def test_a_header_stays_one_header() -> None:
    with http_receiver() as server:
        mine = caller(server.port)
        mine.post(b"", {"X-Title": "a\r\nX-Evil: 1"})
        mine.close()
    assert server.requests[0].headers["x-title"] == "a\\r\\nX-Evil: 1"
    assert "x-evil" not in server.requests[0].headers


def test_redirects_are_not_followed() -> None:
    with http_receiver() as server:
        server.headers = {"Location": "http://169.254.169.254/latest"}
        server.answers = [302]
        mine = caller(server.port)
        answer = mine.post(b"x", {})
        mine.close()
    assert len(server.requests) == 1
    with pytest.raises(DeliveryError, match="HTTP 302") as caught:
        expect_fine(answer, mine.place())
    assert "redirects" in caught.value.hint


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with http_receiver() as server:
        mine = caller(server.port)
        assert mine.post(b"x", {}).is_fine
        mine.close()


def test_nobody_there_is_worth_another_try() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(DeliveryError) as caught:
            caller(taken.getsockname()[1]).post(b"x", {})
    assert caught.value.again


@contextmanager
def speaking(words: bytes, *, between: float = 0.0) -> Iterator[int]:
    """Answer one connection with bytes, a piece at a time; for ever where ``between`` is set."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        over = threading.Event()

        def speak() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                try:
                    connection.sendall(words)
                    while between and not over.wait(between):
                        connection.sendall(b"x")
                except OSError:
                    return

        thread = threading.Thread(target=speak, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        over.set()
        thread.join(5)


@pytest.mark.parametrize(
    "words", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"], ids=["head", "body"]
)
def test_a_receiver_that_trickles_does_not_hold_a_call(words: bytes) -> None:
    with speaking(words, between=0.1) as port:
        began = time.monotonic()
        mine = caller(port, timeout_seconds=1)
        with pytest.raises(DeliveryError, match=r"too long|no answer"):
            mine.post(b"x", {})
        mine.close()
    assert time.monotonic() - began < 3


def test_what_is_no_http_is_an_error() -> None:
    with speaking(b"220 mail.example ESMTP\r\n") as port, pytest.raises(DeliveryError, match="no answer"):
        caller(port).post(b"x", {})


def test_of_an_endless_answer_a_part_is_read() -> None:
    with http_receiver() as server:
        server.answers = [(200, b"x" * (MOST_READ + 70_000))]
        mine = caller(server.port)
        assert len(mine.post(b"x", {}).body) == MOST_READ
        assert mine.post(b"y", {}).is_fine
        mine.close()


def test_a_body_has_its_bounds() -> None:
    with pytest.raises(DeliveryError, match="more than") as caught:
        caller(9).post(b"x" * (MOST_SENT + 1), {})
    assert not caught.value.again


# ------------------------------------------------------------------------------------------------------------------ TLS


def served(names: str, authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(names).configure_cert(context)
    return context


def test_the_certificate_and_its_name_are_verified(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with http_receiver(served("localhost", authority)) as server:
        trusting = caller(server.port, "https", "localhost", ca=str(tmp_path / "ca.pem"))
        assert trusting.post(b"x", {}).is_fine
        trusting.close()
        for wrong in (
            caller(server.port, "https", "localhost"),  # nobody told us of that authority
            caller(server.port, "https", "127.0.0.1", ca=str(tmp_path / "ca.pem")),  # it is for another name
        ):
            with pytest.raises(DeliveryError, match="certificate"):
                wrong.post(b"x", {})
            wrong.close()
    assert len(server.requests) == 1


def test_a_name_keeps_its_certificate_though_the_connection_goes_to_a_checked_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is looked up once; what a second look-up would say does not count."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    asked: list[str] = []
    real = socket.getaddrinfo

    def once(host: str, port: int, *args: int, **kwargs: int) -> list[Any]:
        if host == "127.0.0.1":  # the connection itself: an address stays what it is
            return real(host, port, *args, **kwargs)
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "169.254.169.254"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", once)
    with http_receiver(served("localhost", authority)) as server:
        mine = caller(server.port, "https", "localhost", ca=str(tmp_path / "ca.pem"))
        assert mine.post(b"x", {}).is_fine
        mine.close()
        with pytest.raises(DeliveryError, match="never called"):
            mine.post(b"y", {})
    assert asked == ["localhost", "localhost"]
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "bad",
    [
        {"proxy": "ftp://proxy.example"},
        {"proxy": "http://u:p@proxy.example"},
        {"ca": "/nowhere.pem"},
        {"certificate": "/nowhere.pem"},
        {"url": ""},
        {"url": "http://hooks.example/"},
    ],
)
def test_bad_settings_stop_the_start(bad: dict[str, str]) -> None:
    with pytest.raises(ConfigError):
        Caller(Endpoint.model_validate({"url": "https://127.0.0.1/x", **bad}), "sinks[0]")


# --------------------------------------------------------------------------------------------------------------- proxies


class Tunnel(socketserver.BaseRequestHandler):
    """A proxy that knows CONNECT, and leads every name to one port of this machine."""

    asked: ClassVar[list[bytes]] = []
    port: ClassVar[int] = 0

    def handle(self) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += self.request.recv(4_096)
        self.asked.append(head.split(b"\r\n")[0])
        with socket.create_connection(("127.0.0.1", self.port)) as there:
            self.request.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=self._pass, args=(there, self.request), daemon=True)
            back.start()
            self._pass(self.request, there)
            back.join(5)

    @staticmethod
    def _pass(one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := one.recv(65_536):
                other.sendall(piece)
            other.shutdown(socket.SHUT_WR)


def test_through_a_proxy_that_the_settings_name(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with (
        http_receiver(served("hooks.example", authority)) as server,
        socketserver.ThreadingTCPServer(("127.0.0.1", 0), Tunnel) as proxy,
    ):
        Tunnel.port = server.port
        thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        way = {"ca": str(tmp_path / "ca.pem"), "proxy": f"http://127.0.0.1:{proxy.server_address[1]}"}
        mine = caller(443, "https", "hooks.example", **way)
        assert mine.post(b"x", {}).is_fine
        mine.close()
        with pytest.raises(DeliveryError, match="never called"):
            caller(443, "https", "169.254.169.254", **way).post(b"x", {})
        proxy.shutdown()
        thread.join(5)
    assert Tunnel.asked == [b"CONNECT hooks.example:443 HTTP/1.1"]
    assert server.requests[0].body == b"x"


def test_a_proxy_that_refuses_is_an_error() -> None:
    with speaking(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n") as port:
        mine = caller(443, "https", "hooks.example", proxy=f"http://127.0.0.1:{port}")
        with pytest.raises(DeliveryError, match="407") as caught:
            mine.post(b"x", {})
        mine.close()
    assert caught.value.again


# ------------------------------------------------------------------------------------------------------------- statuses


@pytest.mark.parametrize(
    ("status", "again"),
    [
        *((status, False) for status in (400, 409, 413, 422)),
        *((status, True) for status in (101, 301, 401, 403, 404, 408, 429, 500, 503, 599)),
    ],
)
def test_what_a_status_means(status: int, again: bool) -> None:
    with pytest.raises(DeliveryError) as caught:
        expect_fine(Answer(status, b"why\n\x1b[31m" + b"x" * 9_000), "https://hooks.example:443")
    assert caught.value.again is again
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("status", [200, 202, 204])
def test_all_is_well(status: int) -> None:
    expect_fine(Answer(status, b""), "x")
