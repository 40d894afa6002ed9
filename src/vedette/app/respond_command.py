"""``vedette respond``: what was proposed, approved, carried out and taken back."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.padding import Padding
from rich.text import Text

from vedette.abc import Action
from vedette.app import memory
from vedette.app.terminal import OUT, say, warn, write_json
from vedette.config import load
from vedette.errors import Refused, VedetteError
from vedette.incidents.words import visible
from vedette.model import Incident, Plan
from vedette.plugins import discover
from vedette.response.equipped import equipped
from vedette.response.guard import SHELL, Decision, Guard, Verdict
from vedette.response.journal import Journal
from vedette.response.own import own_addresses
from vedette.response.runner import Runner
from vedette.response.world import Request, Status, World, request

DONE, PROBLEMS = 0, 1
_OVER = (Status.REJECTED, Status.FAILED, Status.UNDONE, Status.OVER)


def show(config_file: Path | None, *, everything: bool, as_json: bool) -> int:
    """Show what waits and what is in force, and what the guard says of it."""
    runner, guard = _made(config_file)
    world = runner.world()
    known = {**{r.uid: r for _, _, r in _last()}, **world.requests}
    shown = [r for r in known.values() if everything or r.status not in _OVER]
    rows = [_row(r, guard, world) for r in shown]
    if as_json:
        write_json({"stopped_by": world.stopped, "requests": rows})
        return DONE
    if world.stopped:
        warn(f"everything was stopped by {visible(world.stopped)}: `vedette respond resume` takes that back")
    for row in rows:
        head = Text(f"{row['uid']}  {row['status']}  ", style="bold").append(
            visible(f"{row['action']} {row['target']}"), style=""
        )
        OUT.print(head)
        for word, text in (("for", row["title"]), ("guard", row["guard"])):
            OUT.print(Padding(Text(f"{word:<7}{visible(text)}", style="dim"), (0, 0, 0, 4)))
    if not rows:
        say("Nothing waits, and nothing is in force.")
    return DONE


def approve(uid: str, who: str, config_file: Path | None, *, as_json: bool) -> int:
    """Approve a request; it is carried out where that is enough."""
    runner, _ = _made(config_file)
    noted = _noted(runner, uid)
    there = any(r.uid.startswith(noted) and r.status is Status.IN_FORCE for r in runner.world().requests.values())
    decision = Decision(Verdict.GO, "it is in force") if there else runner.approve(noted, _person(who))
    _tell(runner, uid, decision, as_json=as_json)
    return DONE if decision.verdict is not Verdict.NO else PROBLEMS


def reject(uid: str, who: str, why: str, config_file: Path | None) -> int:
    """Reject a request."""
    runner, _ = _made(config_file)
    runner.reject(_noted(runner, uid), _person(who), why)
    say("Rejected.")
    return DONE


def undo(uid: str, who: str, why: str, config_file: Path | None) -> int:
    """Take back what is in force."""
    runner, _ = _made(config_file)
    found = runner.undo(uid, _person(who), why)
    say(f"Undone: {found.plan.action} on {visible(found.plan.target.value)}.")
    return DONE


def stop(who: str, config_file: Path | None) -> int:
    """Stop everything and take everything back."""
    runner, _ = _made(config_file)
    return _problems(runner.stop(_person(who)), "Stopped: nothing is in force, and nothing is carried out any more.")


def resume(who: str, config_file: Path | None) -> int:
    """Take the kill switch back."""
    runner, _ = _made(config_file)
    runner.resume(_person(who))
    say("Responses may be carried out again. What was undone stays undone.")
    return DONE


def tick(config_file: Path | None) -> int:
    """Take back what is over, and set straight what an interruption left open."""
    runner, _ = _made(config_file)
    return _problems(runner.tick(), "What is over is taken back.")


def verify(*, as_json: bool) -> int:
    """Check the journal, line by line."""
    journal = Journal(_folder())
    lines = list(journal.read())
    World.of(lines)
    last = lines[-1].hash if lines else ""
    if as_json:
        write_json({"lines": len(lines), "last_hash": last, "journal": str(journal.path)})
    elif lines:
        say(f"{len(lines):,} lines, each follows the one before. The last one's hash: {last}")
    else:
        say("There is no journal yet: nothing was ever proposed to be carried out.")
    return DONE


def _made(config_file: Path | None) -> tuple[Runner, Guard]:
    config = load(config_file)
    guard = Guard(config, own_addresses())
    return Runner(Journal(_folder()), lambda: Guard(load(config_file), own_addresses()), equipped(config)), guard


def _folder() -> Path:
    return memory.path().parent / "response"


def _last() -> Iterator[tuple[Plan, Incident, Request]]:
    """Yield what the last scan proposes; nothing where there is none."""
    try:
        last = memory.recall()
    except VedetteError:
        return
    incidents = {i.uid: i for i in last.incidents}
    for uid, plans in last.plans.items():
        for plan in plans:
            yield plan, incidents[uid], request(plan, incidents[uid])


def _noted(runner: Runner, uid: str) -> str:
    """Return the uid of a request that the journal knows; one of the last scan is noted first."""
    if any(r.startswith(uid) for r in runner.world().requests):
        return uid
    found = [(plan, incident) for plan, incident, made in _last() if uid and made.uid.startswith(uid)]
    if len(found) != 1:
        what = "several begin with it" if found else "there is none"
        raise Refused(f"no such request: {uid!r} ({what})", hint="`vedette respond list` names them")
    ((made, _),) = runner.propose(found)
    return made.uid


def _person(who: str) -> str:
    """Return who says so, by default who runs this program; marked as said by the shell, where nothing proves a name."""
    return f"{(who or getpass.getuser()).removesuffix(SHELL)}{SHELL}"


def _row(found: Request, guard: Guard, world: World) -> dict[str, Any]:
    action = discover(Action).get(found.plan.action)
    waiting = found.status in (Status.PROPOSED, Status.APPROVED)
    says = ""
    if waiting and action is not None:
        decision = guard.judge(found, action, world, datetime.now(UTC))
        says = f"{decision.verdict.value}: {decision.why}"
    elif found.until is not None and found.status is Status.IN_FORCE:
        says = f"until {found.until:%Y-%m-%d %H:%M:%S} UTC"
    return {
        "uid": found.uid,
        "status": found.status.value,
        "action": found.plan.action,
        "target": found.plan.target.value,
        "incident": found.incident,
        "title": found.title,
        "steps": list(found.plan.steps),
        "undo": list(found.plan.undo),
        "objections": list(found.plan.objections),
        "approved_by": list(found.people),
        "until": found.until.isoformat() if found.until else None,
        "guard": says,
    }


def _tell(runner: Runner, uid: str, decision: Decision, *, as_json: bool) -> None:
    found = next(r for r in runner.world().requests.values() if r.uid.startswith(uid))
    if as_json:
        write_json(
            {"uid": found.uid, "status": found.status.value, "verdict": decision.verdict.value, "why": decision.why}
        )
    elif found.status is Status.IN_FORCE and found.until is not None:
        say(f"Done: {found.plan.action} on {visible(found.plan.target.value)}, until {found.until:%H:%M:%S} UTC.")
        say(f"`vedette respond undo {found.uid}` takes it back before.")
    else:
        say(f"Not carried out: {decision.why}.")


def _problems(problems: list[str], well: str) -> int:
    for problem in problems:
        warn(visible(problem))
    if not problems:
        say(well)
    return PROBLEMS if problems else DONE
