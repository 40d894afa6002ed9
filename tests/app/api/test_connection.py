from __future__ import annotations

import contextlib
import re
import socket
import time
from collections.abc import Iterator

import httpx2
import pytest
from tests.app.api.served import Served

from vedette.app.api import connection
from vedette.app.api.listener import Listener
from vedette.config import parse

ASK = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.fixture
def place(api: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    monkeypatch.setattr(connection, "HEADER_SECONDS", 0.4)
    listener = Listener(api.app, parse("[api]\nport = 0\n").api)
    host, port = listener.start().removeprefix("http://").split(":")
    yield host, int(port)
    listener.stop()


def ended(line: socket.socket) -> bool:
    """Say whether the other side closes, soon."""
    line.settimeout(5)
    try:
        return line.recv(1) == b""
    except ConnectionResetError:
        return True


def answer(line: socket.socket) -> bytes:
    """Return a whole answer: its headers and its body come as they like, together or apart."""
    head = b""
    while b"\r\n\r\n" not in head:
        head += line.recv(1)
    length = int(re.search(rb"content-length: (\d+)", head.lower())[1])  # type: ignore[index]
    while length:
        length -= len(line.recv(length))
    return head


def test_who_says_nothing_is_not_waited_for(place: tuple[str, int]) -> None:
    began = time.monotonic()
    with socket.create_connection(place) as line:
        assert ended(line)
    assert time.monotonic() - began < 4


def test_who_says_it_a_letter_at_a_time_neither(place: tuple[str, int]) -> None:
    with socket.create_connection(place) as line, contextlib.suppress(ConnectionError):
        for letter in ASK:
            line.sendall(bytes([letter]))
            time.sleep(0.05)
        raise AssertionError(line.recv(100))


def test_nor_in_their_second_request(place: tuple[str, int]) -> None:
    with socket.create_connection(place, timeout=5) as line:
        line.sendall(ASK)
        assert answer(line).startswith(b"HTTP/1.1 200")
        line.sendall(ASK[:10])
        assert ended(line)


def test_who_thinks_between_requests_may(place: tuple[str, int]) -> None:
    with httpx2.Client(base_url=f"http://{place[0]}:{place[1]}") as client:
        for _ in range(2):
            assert client.get("/healthz").status_code == 200
            time.sleep(0.7)


def test_a_long_answer_is_not_cut(place: tuple[str, int]) -> None:
    with httpx2.stream("GET", f"http://{place[0]}:{place[1]}/api/v1/events", timeout=1.5) as answer:
        began = time.monotonic()
        with pytest.raises(httpx2.ReadTimeout):
            list(answer.iter_bytes())
    assert time.monotonic() - began > 1


def test_a_body_may_take_longer_than_headers(place: tuple[str, int]) -> None:
    with socket.create_connection(place, timeout=5) as line:
        line.sendall(b"POST /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 20\r\n\r\n")
        for _ in range(20):
            line.sendall(b"x")
            time.sleep(0.04)
        assert line.recv(100).startswith(b"HTTP/1.1 405")


def test_no_more_than_so_many(place: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "MOST", 3)
    monkeypatch.setattr(connection, "HEADER_SECONDS", 30)
    with contextlib.ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(socket.create_connection(place))
        time.sleep(0.1)
        assert ended(stack.enter_context(socket.create_connection(place)))
    time.sleep(0.2)
    assert httpx2.get(f"http://{place[0]}:{place[1]}/healthz").status_code == 200
