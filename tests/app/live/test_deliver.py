from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from vedette.abc import Message, Wanted
from vedette.app.live.deliver import Deliverer
from vedette.app.live.outlets import Outlet
from vedette.app.meters import Meters
from vedette.errors import ConfigError, DeliveryError, StoreError
from vedette.events.batch import EventBatch
from vedette.model import Incident
from vedette.response.sinks.ocsf_json import OcsfJson
from vedette.store.state.state import State
from vedette.store.state.work import Work
from vedette.testing.incidents import some_incident
from vedette.testing.receivers import Request, http_receiver
from vedette.testing.sent import KeptDelivery


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    opened = State.open(f"sqlite:///{tmp_path}/state.db")
    yield opened
    opened.close()


def case(number: int) -> Incident:
    known = some_incident(f"case-{number:04}")
    (one,) = known.findings
    return replace(known, findings=(replace(one, uid=f"f-{number:04}"),))


def commit(state: State, numbers: Sequence[int]) -> None:
    cases = [case(n) for n in numbers]
    findings = [f for c in cases for f in c.findings]
    state.commit(Work(max(numbers), findings=findings, final=[f.uid for f in findings], incidents=cases))


def kept(name: str = "kept", **wanted: Any) -> tuple[Outlet, KeptDelivery]:  # noqa: ANN401 - settings
    delivery = KeptDelivery()
    return Outlet(name, Wanted.model_validate(wanted), OcsfJson(), delivery), delivery


@contextmanager
def delivering(state: State, folder: Path, *outlets: Any, meters: Meters | None = None) -> Iterator[Deliverer]:  # noqa: ANN401
    mine = Deliverer(outlets, state, meters or Meters(), folder / "dead", unit_seconds=0.01)
    mine.start()
    try:
        yield mine
    finally:
        mine.stop(5)


def count(registry: CollectorRegistry, sink: str, outcome: str) -> float:
    return registry.get_sample_value("vedette_deliveries_total", {"sink": sink, "outcome": outcome}) or 0.0


def until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


def test_what_is_new_is_sent_and_the_place_moves_on(state: State, tmp_path: Path) -> None:
    outlet, delivery = kept()
    meters = Meters()
    with delivering(state, tmp_path, outlet, meters=meters) as deliverer:
        commit(state, [1, 2])
        deliverer.wake()
        delivery.wait(2)
        commit(state, [3])
        deliverer.wake()
        delivery.wait(3)
        until(lambda: deliverer.health()[0].waiting == 0)
        (health,) = deliverer.health()
    assert delivery.keys() == [f"case-{n:04}.4.new" for n in (1, 2, 3)]
    assert (health.name, health.error) == ("kept", "")
    assert health.last_sent is not None
    assert state.cursor("kept").number == state.last_change()
    assert count(meters.registry, "kept", "sent") == 3
    assert delivery.closed


def test_a_new_sink_begins_here_unless_history_is_wanted(state: State, tmp_path: Path) -> None:
    commit(state, [1])
    new, since_now = kept("new")
    full, all_of_it = kept("full", history=True)
    with delivering(state, tmp_path, new, full) as deliverer:
        commit(state, [2])
        deliverer.wake()
        all_of_it.wait(2)
        since_now.wait(1)
    assert since_now.keys() == ["case-0002.4.new"]


def test_after_a_restart_it_goes_on_where_it_was(state: State, tmp_path: Path) -> None:
    outlet, delivery = kept()
    delivery.refuse = lambda _: DeliveryError("down")
    with delivering(state, tmp_path, outlet):
        commit(state, [1, 2])
        until(lambda: delivery.calls > 1)
    assert delivery.got == []
    again, second = kept()
    with delivering(state, tmp_path, again):
        second.wait(2)
    third_outlet, third = kept()
    with delivering(state, tmp_path, third_outlet):
        commit(state, [1, 2, 3])
        third.wait(1)
    assert second.keys() == ["case-0001.4.new", "case-0002.4.new"]
    assert third.keys() == ["case-0003.4.new"]


def test_a_sink_that_is_down_stops_no_other_and_is_told(state: State, tmp_path: Path) -> None:
    up, well = kept("up")
    down, ill = kept("down")
    ill.refuse = lambda _: DeliveryError("HTTP 503: busy")
    meters = Meters()
    with delivering(state, tmp_path, down, up, meters=meters) as deliverer:
        commit(state, [1])
        deliverer.wake()
        well.wait(1)
        until(lambda: state.cursor("down").failures > 1)
        told = {h.name: h for h in deliverer.health()}
        assert told["down"].error == "HTTP 503: busy"
        assert told["down"].waiting > 0
        assert told["up"].error == ""
        assert state.cursor("down").until is not None
        ill.refuse = lambda _: None
        ill.wait(1)
        until(lambda: not {h.name: h for h in deliverer.health()}["down"].error)
    assert count(meters.registry, "down", "again") >= 2
    assert count(meters.registry, "down", "sent") == 1
    assert state.cursor("down").failures == 0


def test_what_a_receiver_calls_bad_is_laid_aside_and_all_else_arrives(state: State, tmp_path: Path) -> None:
    outlet, delivery = kept()

    def picky(messages: Sequence[Message]) -> DeliveryError | None:
        bad = [m.key for m in messages if m.key.startswith("case-0002")]
        return DeliveryError(f"HTTP 422: {bad}", again=False) if bad else None

    delivery.refuse = picky
    meters = Meters()
    with delivering(state, tmp_path, outlet, meters=meters) as deliverer:
        commit(state, [1, 2, 3])
        deliverer.wake()
        delivery.wait(2)
        until(lambda: state.cursor("kept").number == state.last_change())
    assert delivery.keys() == ["case-0001.4.new", "case-0003.4.new"]
    (letter,) = map(json.loads, (tmp_path / "dead" / "kept.jsonl").read_text().splitlines())
    assert letter["key"] == "case-0002.4.new"
    assert "HTTP 422" in letter["why"]
    assert count(meters.registry, "kept", "lost") == 1
    assert delivery.calls == 1 + 1 + 3 + 1


def test_a_delivery_that_breaks_is_laid_aside_too(state: State, tmp_path: Path) -> None:
    outlet, delivery = kept()

    def broken(messages: Sequence[Message]) -> None:
        raise ZeroDivisionError("a bug")

    delivery.refuse = broken
    with delivering(state, tmp_path, outlet) as deliverer:
        commit(state, [1])
        deliverer.wake()
        until((tmp_path / "dead" / "kept.jsonl").exists)
    assert "ZeroDivisionError" in (tmp_path / "dead" / "kept.jsonl").read_text()


def test_a_format_that_breaks_does_not_keep_what_follows(state: State, tmp_path: Path) -> None:
    class Picky(OcsfJson):
        def encode(self, batch: EventBatch) -> bytes:
            if batch.frame["metadata.uid"][0] == "case-0001":
                raise ValueError("a bug")
            return super().encode(batch)

    delivery = KeptDelivery()
    meters = Meters()
    with delivering(state, tmp_path, Outlet("kept", Wanted(), Picky(), delivery), meters=meters) as deliverer:
        commit(state, [1, 2])
        deliverer.wake()
        delivery.wait(1)
    assert delivery.keys() == ["case-0002.4.new"]
    assert count(meters.registry, "kept", "lost") == 1


def test_what_waits_holds_the_place_back(state: State, tmp_path: Path) -> None:
    """An incident that may still change is told later; a stop before that does not lose it."""
    outlet, delivery = kept()
    with delivering(state, tmp_path, outlet) as deliverer:
        young = case(1)
        state.commit(Work(1, findings=young.findings, incidents=[young]))
        before = state.last_change()
        commit(state, [2])
        deliverer.wake()
        delivery.wait(1)
        until(lambda: deliverer.health()[0].waiting > 0)
    assert delivery.keys() == ["case-0002.4.new"]
    assert state.cursor("kept").number < before
    state.commit(Work(3, final=[f.uid for f in young.findings]))
    again, second = kept()
    with delivering(state, tmp_path, again):
        second.wait(1)
    assert second.keys() == ["case-0001.4.new"]


def test_a_stop_sends_what_there_is_and_does_not_wait_for_what_hangs(state: State, tmp_path: Path) -> None:
    fine, well = kept("fine")
    hung, stuck = kept("hung")
    release = threading.Event()

    def hang(_: Sequence[Message]) -> None:
        release.wait(10)

    stuck.refuse = hang
    mine = Deliverer([hung, fine], state, Meters(), tmp_path, unit_seconds=0.01)
    mine.start()
    commit(state, list(range(1, 300)))
    began = time.monotonic()
    mine.stop(4)
    assert time.monotonic() - began < 6
    assert len(well.got) == 299
    release.set()
    until(lambda: stuck.closed)


def test_health_is_told_while_the_store_is_broken(
    state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> int:
        raise StoreError("the disk is gone")

    outlet, _ = kept()
    mine = Deliverer([outlet], state, Meters(), tmp_path)
    monkeypatch.setattr(state, "last_change", broken)
    assert [h.name for h in mine.health()] == ["kept"]


def test_one_that_never_began_can_be_stopped(state: State, tmp_path: Path) -> None:
    outlet, _ = kept()
    Deliverer([outlet], state, Meters(), tmp_path).stop(1)


def test_bad_settings_stop_the_start(state: State, tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        Deliverer([{"delivery": "pigeon"}], state, Meters(), tmp_path)


@pytest.mark.parametrize("seed", range(3))
def test_every_message_arrives_though_sink_and_service_fail_at_random(state: State, tmp_path: Path, seed: int) -> None:
    """A receiver that fails, half of the time after it took the message, and a service that is stopped at random: none is lost."""
    chance = random.Random(seed)
    got: list[str] = []

    def answer(request: Request) -> tuple[int, bytes]:
        takes, admits = chance.random() < 0.7, chance.random() < 0.7
        if takes:
            got.append(request.headers["idempotency-key"])
        return (200 if takes and admits else 503), b""

    with http_receiver() as server:
        server.answer = answer
        table = {"delivery": "webhook", "url": f"http://127.0.0.1:{server.port}/", "name": "hook"}
        wanted: list[str] = []
        for turn in range(4):
            with delivering(state, tmp_path, table) as deliverer:
                numbers = range(turn * 6, turn * 6 + 6)
                commit(state, list(numbers))
                wanted += [f"case-{n:04}.4.new" for n in numbers]
                deliverer.wake()
                time.sleep(chance.random() * 0.1)
        with delivering(state, tmp_path, table):
            until(lambda: set(wanted) <= set(got) and state.cursor("hook").number == state.last_change(), 20)
    assert set(got) == set(wanted)
    firsts = list(dict.fromkeys(got))
    assert firsts == wanted, "out of order"
