"""Responses: what waits for a person, what is in force, and the switch that takes everything back."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query

from vedette.app.api.access import Admin, Caller, Responder, Viewer
from vedette.app.api.incidents import found_in
from vedette.app.api.parts import Have, Parts
from vedette.app.api.refusals import Denied
from vedette.app.api.shapes import MOST, NewAction, PlanShape, Shape, Uid, Words, plan_shape
from vedette.response.guard import Decision
from vedette.response.world import Request, Status, World, request

router = APIRouter(prefix="/actions", tags=["actions"])
Named = Annotated[Uid, Path(description="The uid of a request, or its first letters.")]
OVER = (Status.REJECTED, Status.FAILED, Status.UNDONE, Status.OVER)


class ActionShape(Shape):
    """A plan that was asked for, and where it stands."""

    uid: str
    status: Status
    plan: PlanShape
    incident: str
    title: str
    """Of the incident."""
    approved_by: list[str]
    since: datetime | None
    until: datetime | None
    """When it is taken back by itself."""
    guard: str
    """While it waits: ``go``, ``ask a person`` or ``no``, by the guard's rules now."""
    guard_why: str


class ActionList(Shape):
    """What waits, and what is in force."""

    stopped_by: str
    """Who threw the kill switch; empty: nobody."""
    items: list[ActionShape]


class Outcome(Shape):
    """What became of a request."""

    action: ActionShape
    verdict: str
    """Of the guard: ``go``, ``ask a person`` or ``no``."""
    why: str


class Stopped(Shape):
    """What the kill switch did."""

    problems: list[str]
    """What could not be taken back, in words; it is tried again."""


@router.get("")
def actions(
    have: Have,
    _: Viewer,
    everything: Annotated[bool, Query(alias="all", description="Also what is over: rejected, failed, undone.")] = False,
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many.")] = MOST,
) -> ActionList:
    """List requests, the newest first: what waits and what is in force."""
    world = have.runner.world()
    shown = [r for r in reversed(world.requests.values()) if everything or r.status not in OVER][:limit]
    return ActionList(stopped_by=world.stopped, items=[_shape(have, r, world) for r in shown])


@router.post("")
def propose(have: Have, caller: Responder, asked: NewAction) -> Outcome:
    """Turn a plan of an incident into a request. Where the settings let it go without a person, it is carried out."""
    incident = found_in(have, asked.incident)
    plan = next((p for p in incident.plans if request(p, incident.incident).uid == asked.plan), None)
    if plan is None:
        raise Denied(HTTPStatus.NOT_FOUND, "the incident has no such plan", where="body.plan")
    ((made, decision),) = have.runner.propose([(plan, incident.incident)])
    have.note(caller, "propose", made.uid, f"{plan.action} {plan.target}")
    return _outcome(have, made.uid, decision)


@router.post("/stop")
def stop(have: Have, caller: Responder) -> Stopped:
    """Throw the kill switch: everything in force is taken back, and nothing more is carried out."""
    have.note(caller, "stop", "responses")
    return Stopped(problems=have.runner.stop(caller.name))


@router.post("/resume", status_code=HTTPStatus.NO_CONTENT)
def resume(have: Have, caller: Admin) -> None:
    """Take the kill switch back. What was undone stays undone."""
    have.note(caller, "resume", "responses")
    have.runner.resume(caller.name)


@router.get("/{uid}")
def action(have: Have, _: Viewer, uid: Named) -> ActionShape:
    """Tell where a request stands."""
    world = have.runner.world()
    return _shape(have, _found(world, uid), world)


@router.post("/{uid}/approve")
def approve(have: Have, caller: Responder, uid: Named) -> Outcome:
    """Approve a request; where the guard agrees, it is carried out before this returns."""
    named = _noted(have, caller, "approve", uid)
    return _outcome(have, named, have.runner.approve(named, caller.name))


@router.post("/{uid}/reject")
def reject(have: Have, caller: Responder, uid: Named, said: Words) -> ActionShape:
    """Reject a request, for good."""
    named = _noted(have, caller, "reject", uid)
    have.runner.reject(named, caller.name, said.why)
    return action(have, caller, named)


@router.post("/{uid}/undo")
def undo(have: Have, caller: Responder, uid: Named, said: Words) -> ActionShape:
    """Take back what is in force."""
    named = _noted(have, caller, "undo", uid)
    have.runner.undo(named, caller.name, said.why)
    return action(have, caller, named)


def _noted(have: Parts, caller: Caller, what: str, uid: str) -> str:
    """Write down what is about to be done, and return the whole uid of its request."""
    named = _found(have.runner.world(), uid).uid
    have.note(caller, what, named)
    return named


def _found(world: World, uid: str) -> Request:
    found = [r for r in world.requests.values() if r.uid == uid or r.uid.startswith(uid)]
    if len(found) != 1:
        hint = "several begin with it" if found else "POST /api/v1/actions turns a plan into a request"
        raise Denied(HTTPStatus.NOT_FOUND, "there is no such request", where="path.uid", hint=hint)
    return found[0]


def _outcome(have: Parts, uid: str, decision: Decision) -> Outcome:
    world = have.runner.world()
    shown = _shape(have, world.requests[uid], world)
    have.meters.action(shown.plan.action, shown.status.value)
    return Outcome(action=shown, verdict=decision.verdict.value, why=decision.why)


def _shape(have: Parts, found: Request, world: World) -> ActionShape:
    waits = found.status in (Status.PROPOSED, Status.APPROVED)
    decision = have.runner.judge(world, found) if waits else None
    return ActionShape(
        uid=found.uid,
        status=found.status,
        plan=plan_shape(found.plan, found.uid),
        incident=found.incident,
        title=found.title,
        approved_by=list(found.people),
        since=found.since,
        until=found.until if found.status is Status.IN_FORCE else None,
        guard=decision.verdict.value if decision else "",
        guard_why=decision.why if decision else "",
    )
