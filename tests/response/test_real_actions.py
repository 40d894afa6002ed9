"""The runner with actions that change this machine for real: killed before or after, and begun anew, journal and world agree."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from vedette.abc import Action
from vedette.config import Config
from vedette.model import Entity, EntityKind, Plan
from vedette.response.actions.quarantine_file import QuarantineFile, QuarantineSettings
from vedette.response.actions.run_script import RunScript
from vedette.response.actions.sinkhole_domain import SinkholeDomain, SinkholeSettings
from vedette.response.guard import Guard
from vedette.response.journal import Journal
from vedette.response.runner import Runner
from vedette.response.script import ScriptSettings
from vedette.response.world import IN_THE_WORLD, Status
from vedette.testing.incidents import some_incident
from vedette.testing.responses import Killed

SCRIPT = """\
#!/usr/bin/env python3
import json, pathlib, sys
told, held = json.load(sys.stdin), pathlib.Path("{folder}/held")
if told["do"] == "ask":
    raise SystemExit(not held.exists())
held.touch() if told["do"] == "apply" else held.unlink(missing_ok=True)
"""


def sinkhole(folder: Path) -> tuple[Action, Plan]:
    action = SinkholeDomain(SinkholeSettings(file=str(folder / "zone"), reload=(sys.executable, "-c", "")))
    return action, action.plan(some_incident(), Entity(EntityKind.DOMAIN, "bad.example"))


def quarantine(folder: Path) -> tuple[Action, Plan]:
    (folder / "home").mkdir()
    (folder / "home" / "x").write_bytes(b"MZ")
    action = QuarantineFile(QuarantineSettings(folder=str(folder / "sealed"), below=(str(folder / "home"),)))
    rows = [{"device.hostname": platform.node()}]
    return action, action.plan(some_incident(), Entity(EntityKind.FILE, str(folder / "home" / "x")), rows)


def script(folder: Path) -> tuple[Action, Plan]:
    (folder / "script").write_text(SCRIPT.replace("{folder}", str(folder)))
    digest = hashlib.sha256((folder / "script").read_bytes()).hexdigest()
    action = RunScript(ScriptSettings(path=str(folder / "script"), sha256=digest, answers=True))
    return action, action.plan(some_incident(), Entity(EntityKind.ADDRESS, "198.51.100.7"))


MADE: list[Callable[[Path], tuple[Action, Plan]]] = [sinkhole, quarantine, script]


@pytest.mark.parametrize("step", ["apply", "undo"])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("make", MADE, ids=lambda make: make.__name__)
def test_killed_and_begun_anew_journal_and_world_agree(
    make: Callable[[Path], tuple[Action, Plan]], when: str, step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    action, plan = make(tmp_path)
    now = datetime(2026, 1, 5, 12, tzinfo=UTC)
    config = Config.model_validate({"response": {"mode": "approve"}})

    def begun() -> Runner:
        return Runner(Journal(tmp_path / "journal"), lambda: Guard(config), {action.name: action}, lambda: now)

    def told(runner: Runner) -> Status:
        (found,) = runner.world().requests.values()
        return found.status

    ((found, _),) = begun().propose([(plan, some_incident())])
    if step == "undo":
        begun().approve(found.uid, "ada")
    real = getattr(action, step)

    def killed(*args: object) -> None:
        if when == "after":
            real(*args)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(action, step, killed)
        with pytest.raises(Killed):
            begun().approve(found.uid, "ada") if step == "apply" else begun().undo(found.uid, "ada")
    now += timedelta(minutes=2)
    assert begun().tick() == []
    status = told(begun())
    assert action.in_force(plan) is (status in IN_THE_WORLD)
    assert status is {"apply": {"before": Status.FAILED, "after": Status.IN_FORCE}}.get(step, {}).get(
        when, Status.UNDONE
    )
    if status is Status.IN_FORCE:  # on the word of the journal alone: the receipt was lost
        begun().undo(found.uid, "ada")
    assert action.in_force(plan) is False
    assert begun().world().in_the_world() == []
