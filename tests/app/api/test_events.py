"""What is new, over a real connection."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from tests.app.api.served import Served, incidents

from vedette.app.api import events
from vedette.app.api.listener import Listener
from vedette.app.api.roles import Role
from vedette.config import parse


@pytest.fixture
def url(api: Served) -> Iterator[str]:
    listener = Listener(api.app, parse("[api]\nport = 0\n").api)
    yield listener.start()
    listener.stop()


class Told:
    """Reads events from a stream."""

    def __init__(self, answer: httpx2.Response) -> None:
        self.answer, self.kept, self.parts = answer, "", answer.iter_text()

    def next(self) -> dict[str, str]:
        """Return the next event with its fields; a comment has none."""
        while "\n\n" not in self.kept:
            self.kept += next(self.parts)
        event, _, self.kept = self.kept.partition("\n\n")
        return dict(re.findall(r"^(\w+): (.*)$", event, re.M))

    def data(self) -> dict[str, Any]:
        while "data" not in (event := self.next()):
            pass
        found: dict[str, Any] = json.loads(event["data"])
        assert event["id"] == str(found["number"])
        return {"event": event["event"], **found}


@contextlib.contextmanager
def listening(url: str, headers: dict[str, str] | None = None, **params: Any) -> Iterator[Told]:  # noqa: ANN401
    with httpx2.stream("GET", f"{url}/api/v1/events", headers=headers, params=params, timeout=20) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        told = Told(answer)
        assert told.next() == {"retry": "3000"}
        yield told


def test_what_is_new_is_told_as_it_happens(api: Served, url: str) -> None:
    with listening(url) as told:
        time.sleep(0.2)
        api.add(incidents(13)[-1])
        began = time.monotonic()
        found = [told.data(), told.data()]
        assert time.monotonic() - began < 2
    assert [(f["event"], f["uid"], f["gone"]) for f in found] == [
        ("finding", "finding-0012", False),
        ("incident", "incident-0012", False),
    ]


def test_who_comes_again_goes_on_where_they_were(api: Served, url: str) -> None:
    everything = [c.number for c in api.state.changes(0)]
    assert len(everything) == 24
    with listening(url, after=0) as told:
        assert [told.data()["number"] for _ in range(24)] == everything
    with listening(url, {"Last-Event-ID": str(everything[-3])}) as told:
        assert [told.data()["number"] for _ in range(2)] == everything[-2:]
    with listening(url, {"Last-Event-ID": str(everything[-2])}, after=0) as told:
        assert told.data()["number"] == everything[-1], "what a browser sends counts more than the address"


def test_one_kind_alone(api: Served, url: str) -> None:
    with listening(url, after=0, kind="incident") as told:
        assert {told.data()["event"] for _ in range(12)} == {"incident"}


def test_a_number_of_another_store_is_not_waited_for(api: Served, url: str) -> None:
    with listening(url, {"Last-Event-ID": "999999"}) as told:
        time.sleep(0.2)
        api.add(incidents(13)[-1])
        assert told.data()["uid"] == "finding-0012"
    with listening(url, {"Last-Event-ID": "nonsense"}) as told:
        time.sleep(0.2)
        api.add(incidents(14)[-1])
        assert told.data()["uid"] == "finding-0013"


def test_many_changes_are_read_in_parts(api: Served, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "AT_ONCE", 5)
    with listening(url, after=0) as told:
        assert len({told.data()["number"] for _ in range(24)}) == 24


def test_a_silent_stream_beats_and_ends(api: Served, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "BEAT_SECONDS", 0.1)
    monkeypatch.setattr(events, "LONGEST_SECONDS", 0.6)
    text = httpx2.get(f"{url}/api/v1/events", timeout=20).text
    assert 3 <= text.count(": beat\n\n") <= 6


def test_who_leaves_makes_room(api: Served, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = api.app.state.parts.feed
    feed._most = 2
    with listening(url), listening(url):
        answer = httpx2.get(f"{url}/api/v1/events")
        assert answer.status_code == 503
        assert answer.json()["error"]["message"] == "no more can listen"
    until = time.monotonic() + 5
    while feed._listeners and time.monotonic() < until:
        time.sleep(0.02)
    assert feed._listeners == 0
    with listening(url):
        pass


def test_a_token_is_needed_from_elsewhere(api: Served) -> None:
    assert api.client().get("/api/v1/events").status_code == 401
    assert api.client(Role.VIEWER).get("/api/v1/events", params={"kind": "x"}).status_code == 422
