from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from vedette.abc import Chunk
from vedette.app.drill import live
from vedette.app.drill.live import EXPECTED, LOOKED_AT, Cast, events, play
from vedette.app.limits import Limits
from vedette.app.live.reader import LiveReader
from vedette.config import Config
from vedette.errors import VedetteError

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


class _Service(BaseHTTPRequestHandler):
    """Receives, and answers as the API would: what is expected is there from the third question on."""

    asked = 0
    taken: list[bytes]
    speaks: tuple[str, ...]

    def do_POST(self) -> None:
        self.taken.append(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(200, {})

    def do_GET(self) -> None:
        if "incidents" in self.path:
            type(self).asked += 1
            items = [{"uid": "u1", "title": "It happened", "gone": False, "finding_count": self.asked}]
        else:
            items = [{"detector": name} for name in self.speaks[: max(0, self.asked - 2) * 4]]
        self._answer(200, {"items": items, "next": ""})

    def _answer(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[tuple[str, type[_Service]]]:
    handler = type("Handler", (_Service,), {"taken": [], "speaks": EXPECTED})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", handler
        server.shutdown()


def test_events_are_read_as_what_they_pretend_to_be() -> None:
    reader, kinds = LiveReader(Config(), Limits()), set()
    bodies = [body for bodies in events(Cast(0), random.Random(0), lambda: NOON) for body in bodies]
    rows = 0
    for body in bodies:
        for _, batch in reader.read(Chunk("drill", body), NOON):
            kinds.add(batch.kind.name)
            rows += len(batch)
    assert kinds == {"AUTHENTICATION", "NETWORK_ACTIVITY", "ACCOUNT_CHANGE"}
    assert reader.troubles == {}
    assert rows == sum(body.count(b"\n") for body in bodies) > LOOKED_AT
    assert b"useradd" in bodies[-1]
    assert b"useradd" not in b"".join(bodies[:-1])


def test_rounds_have_nothing_in_common() -> None:
    one, two = (
        b"".join(b for bodies in events(Cast(n), random.Random(n), lambda: NOON) for b in bodies) for n in (0, 1)
    )
    for cast, other in ((Cast(0), two), (Cast(1), one)):
        assert not any(f"{name} ".encode() in other for name in (cast.intruder, cast.bastion, cast.address))


def test_an_attack_is_seen_once_everything_expected_spoke(
    service: tuple[str, type[_Service]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "ASK_SECONDS", 0.01)
    url, handler = service
    (found,) = play(url, url, seconds=0, say=lambda _: None)
    assert (found.incident, set(found.found)) == (("u1", "It happened"), set(EXPECTED))
    assert found.first_seconds is not None
    assert found.whole_seconds is not None
    assert found.whole_seconds > found.first_seconds
    assert handler.taken[-1].startswith(b"20")


def test_what_does_not_speak_in_time_is_missed(
    service: tuple[str, type[_Service]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "ASK_SECONDS", 0.01)
    monkeypatch.setattr(live, "PATIENCE_SECONDS", 0.3)
    url, handler = service
    handler.speaks = EXPECTED[:2]
    (found,) = play(url, url, seconds=0, say=lambda _: None)
    assert found.whole_seconds is None
    assert set(found.found) == set(EXPECTED[:2])


def test_nobody_there_is_a_clear_error() -> None:
    with pytest.raises(VedetteError, match="nobody answers") as caught:
        play("http://127.0.0.1:9", "http://127.0.0.1:9", seconds=0, say=lambda _: None)
    assert "vedette serve" in caught.value.hint
