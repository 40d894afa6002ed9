from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from vedette.app.ask import ask, get_json
from vedette.errors import VedetteError


class _Says(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        allowed = self.headers.get("Authorization") == "Bearer t"
        body = b'{"a": 1}' if allowed else b"no"
        self.send_response(200 if allowed else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Says) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_what_the_api_says_is_returned_and_an_error_is_told(url: str) -> None:
    assert get_json(url, "/x", "t") == {"a": 1}
    with pytest.raises(VedetteError, match="HTTP 401") as caught:
        get_json(url, "/x")
    assert "--token" in caught.value.hint


def test_nobody_there_is_a_clear_error() -> None:
    with pytest.raises(VedetteError, match="nobody answers"):
        ask("GET", "http://127.0.0.1:9/", {})
