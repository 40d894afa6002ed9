from __future__ import annotations

import socket
import time

from vedette.testing.receivers import http_receiver, tcp_receiver, udp_receiver


def test_http_keeps_what_it_is_sent() -> None:
    with http_receiver() as server:
        server.answers = [503]
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            client.sendall(b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")
            assert client.recv(100).startswith(b"HTTP/1.1 503")
    assert server.requests[0].body == b"hi"


def test_tcp_reads_to_the_end_and_closes() -> None:
    with tcp_receiver() as server, socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(b"hello")
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1) == b""
    assert server.got == [b"hello"]


def test_a_rude_server_resets() -> None:
    with (
        tcp_receiver(rude=lambda _: 2) as server,
        socket.create_connection(("127.0.0.1", server.port)) as client,
    ):
        client.sendall(b"hello")
        try:
            ended = client.recv(1) == b""
        except ConnectionResetError:
            ended = True
    assert ended
    assert server.got == [b"he"]


def test_udp_keeps_datagrams() -> None:
    with udp_receiver() as server, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(b"one", ("127.0.0.1", server.port))
        until = time.monotonic() + 5
        while not server.got and time.monotonic() < until:
            time.sleep(0.01)
    assert server.got == [b"one"]
