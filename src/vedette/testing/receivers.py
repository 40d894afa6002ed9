"""Small real servers on this machine, for tests of what sends: they keep what they were sent."""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """One call that a server got; names of headers are in small letters."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class HttpReceiver:
    """What the server got, and what it answers: a status, or a status with a body, for each request in turn; 200 when none is left."""

    port: int = 0
    requests: list[Request] = field(default_factory=list)
    answers: list[int | tuple[int, bytes]] = field(default_factory=list)
    answer: Callable[[Request], tuple[int, bytes]] | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def reply(self, request: Request) -> tuple[int, bytes]:
        """Keep a request and return the answer to it."""
        self.requests.append(request)
        if self.answer is not None:
            return self.answer(request)
        said = self.answers.pop(0) if self.answers else 200
        return said if isinstance(said, tuple) else (said, b"{}")


@contextmanager
def http_receiver(tls: ssl.SSLContext | None = None) -> Iterator[HttpReceiver]:
    """Serve HTTP on a free port of 127.0.0.1."""
    kept = HttpReceiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 5

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            told = {k.lower(): v for k, v in self.headers.items()}
            status, answer = kept.reply(Request(self.command, self.path, told, body))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(answer)), **kept.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_PUT = do_DELETE = do_PATCH = do_POST  # noqa: N815 - names of http.server

        def log_message(self, *args: Any, **kwargs: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """Say nothing: a client that leaves is part of the test."""

    with Server(("127.0.0.1", 0), Handler) as server:
        kept.port = server.server_address[1]
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        with _running(server):
            yield kept


@dataclass(slots=True)
class ByteReceiver:
    """What a server of plain TCP, TLS or UDP got: the bytes of each connection that was closed well, or each datagram."""

    port: int = 0
    got: list[bytes] = field(default_factory=list)
    connections: int = 0


@contextmanager
def tcp_receiver(
    tls: ssl.SSLContext | None = None, rude: Callable[[int], int | None] | None = None
) -> Iterator[ByteReceiver]:
    """Read connections to their end on a free port of 127.0.0.1.

    Args:
        tls: how TLS is spoken; without, it is not.
        rude: given the number of a connection, after how many bytes it is cut off; None: never.
    """
    kept = ByteReceiver()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            kept.connections += 1
            most = rude(kept.connections) if rude else None
            self.request.settimeout(5)
            got = bytearray()
            kept.got.append(b"")
            mine = len(kept.got) - 1
            while most is None or len(got) < most:
                piece = self.request.recv(65_536 if most is None else most - len(got))
                if not piece:
                    break
                got += piece
                kept.got[mine] = bytes(got)
            if most is None and isinstance(self.request, ssl.SSLSocket):
                self.request.unwrap()  # the answer to the other side's close (RFC 5425, 4.4)
            elif most is not None and len(got) >= most:
                self.request.setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0"
                )  # a reset, as of a crash

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

        def get_request(self) -> tuple[Any, Any]:
            request, address = super().get_request()
            request.settimeout(5)
            return (tls.wrap_socket(request, server_side=True) if tls else request), address

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Say nothing: a client that leaves is part of the test."""

    with Server(("127.0.0.1", 0), Handler) as server:
        kept.port = server.server_address[1]
        with _running(server):
            yield kept


@contextmanager
def udp_receiver() -> Iterator[ByteReceiver]:
    """Keep datagrams on a free port of 127.0.0.1."""
    kept = ByteReceiver()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            kept.got.append(self.request[0])

    class Server(socketserver.UDPServer):
        max_packet_size = 65_535

    with Server(("127.0.0.1", 0), Handler) as server:
        kept.port = server.server_address[1]
        with _running(server):
            yield kept


@contextmanager
def _running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(5)
