from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from vedette.abc import Action
from vedette.app.live.respond import Responder
from vedette.app.meters import Meters
from vedette.config import Config, parse
from vedette.errors import ActionError
from vedette.model import Entity, EntityKind, Incident, Plan, Receipt
from vedette.response.guard import Guard
from vedette.response.journal import Journal
from vedette.response.runner import Runner
from vedette.store.state.work import Work
from vedette.testing.incidents import some_incident


class Wall(Action):
    """A wall in memory."""

    name = "wall"
    targets = (EntityKind.ADDRESS,)
    reversible = True
    disruptive = False
    fails = False

    def plan(self, incident: Incident, target: Entity, *_: object) -> Plan:
        return Plan("wall", target, ("wall",), ("unwall",), ttl_seconds=1)

    def apply(self, plan: Plan) -> Receipt:
        if self.fails:
            raise ActionError("the wall fell")
        return Receipt(plan, "done")

    def undo(self, receipt: Receipt) -> Receipt:
        return Receipt(receipt.plan, "undone")

    def in_force(self, plan: Plan) -> bool | None:
        return False if self.fails else None


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _responder(folder: Path, config: Config) -> tuple[Responder, Runner, Wall]:
    wall = Wall()
    actions: Mapping[str, Action] = {"wall": wall}
    runner = Runner(Journal(folder), lambda: Guard(config), actions)
    return Responder(runner, actions, config, Meters()), runner, wall


def _work() -> Work:
    one = some_incident("i1", "203.0.113.7")
    plan = Plan("wall", Entity(EntityKind.ADDRESS, "203.0.113.7"), ("wall",), ("unwall",), ttl_seconds=1)
    return Work(1, incidents=(one,), plans={one.uid: (plan,)})


def _states(runner: Runner) -> list[str]:
    return [r.status.value for r in runner.world().requests.values()]


def test_what_may_be_done_alone_is_done_and_taken_back_in_time(tmp_path: Path) -> None:
    responder, runner, _ = _responder(tmp_path, parse('[response]\nmode = "autonomous"\n'))
    responder.start()
    responder.take(_work())
    _until(lambda: _states(runner) == ["in force"])
    _until(lambda: _states(runner) == ["undone"])
    responder.stop()


def test_in_mode_suggest_nothing_is_noted(tmp_path: Path) -> None:
    responder, runner, _ = _responder(tmp_path, Config())
    responder.start()
    responder.take(_work())
    responder.stop()
    assert _states(runner) == []


def test_what_needs_a_person_waits(tmp_path: Path) -> None:
    responder, runner, _ = _responder(tmp_path, parse('[response]\nmode = "approve"\n'))
    responder.start()
    responder.take(_work())
    _until(lambda: _states(runner) == ["proposed"])
    responder.stop()
    assert _states(runner) == ["proposed"]


def test_an_action_that_fails_is_told_and_stops_nothing(tmp_path: Path) -> None:
    responder, runner, wall = _responder(tmp_path, parse('[response]\nmode = "autonomous"\n'))
    wall.fails = True
    responder.start()
    responder.take(_work())
    _until(lambda: _states(runner) == ["failed"])
    responder.stop()


def test_what_waits_about_an_incident_that_is_no_more_is_rejected(tmp_path: Path) -> None:
    responder, runner, _ = _responder(tmp_path, parse('[response]\nmode = "approve"\n'))
    responder.start()
    responder.take(_work())
    _until(lambda: _states(runner) == ["proposed"])
    responder.take(Work(2, replaced={"i1": "i2"}))
    _until(lambda: _states(runner) == ["rejected"])
    responder.stop()
