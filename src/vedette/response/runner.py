"""Carries out what the guard lets through, takes it back in time, and sets straight what a crash left open.

Everything goes through the journal, before and after; what is in force is what the journal says, checked against the world where a crash
or a failure leaves doubt: the world is asked, never guessed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from vedette.abc import Action
from vedette.errors import ActionError, Busy, Refused
from vedette.incidents.words import visible
from vedette.model import Incident, Plan, Receipt
from vedette.response.guard import Decision, Guard, Verdict
from vedette.response.held import PATIENCE_SECONDS, held
from vedette.response.journal import NOWHERE, Journal
from vedette.response.world import IN_THE_WORLD, Request, Status, World, request, to_data

T = TypeVar("T")

AGAIN = timedelta(minutes=1)
"""After this an undo that failed is tried again."""


def _now() -> datetime:
    return datetime.now(UTC)


class Runner:
    """The one place from which actions are applied and undone.

    Args:
        journal: what was decided and done.
        guard: gives the guard by the settings as they are now; asked before a decision and again at the last moment.
        actions: by name.
        clock: the time.
    """

    def __init__(
        self,
        journal: Journal,
        guard: Callable[[], Guard],
        actions: Mapping[str, Action],
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.journal = journal
        self._guard = guard
        self._actions = actions
        self._clock = clock
        self._reading = threading.Lock()
        self._world, self._place = World(), NOWHERE
        """The journal as far as it was read, summed up."""

    def world(self) -> World:
        """Return what is in force, what waits and what was done.

        Raises:
            JournalError: the journal is damaged.
        """
        with self._reading:
            entries, self._place, anew = self.journal.since(self._place)
            if anew:
                self._world = World()
            try:
                for entry in entries:
                    self._world.take(entry)
            except BaseException:
                self._place = NOWHERE
                raise
            return self._world.copy()

    def propose(self, plans: Iterable[tuple[Plan, Incident]]) -> list[tuple[Request, Decision]]:
        """Note plans that are new; carry out those that the guard lets through without a person.

        Returns:
            the requests, each with what the guard says of it.
        """
        found = []
        for plan, incident in plans:
            made = request(plan, incident)
            with self._busy(made.uid):
                with self.journal.alone():
                    world = self.world()
                    if made.uid not in world.requests:
                        self._write(world, "proposed", to_data(made))
                    decision = self._decide(world, made.uid)
                self._carry_out(made.uid, decision)
            found.append((made.uid, decision))
        now = self.world().requests
        return [(now[uid], decision) for uid, decision in found]

    def approve(self, uid: str, who: str) -> Decision:
        """Note that a person approves, and carry the plan out where that is enough.

        Raises:
            Refused: there is no such request, or it does not wait for anybody.
            ActionError: it could not be carried out.
        """
        uid = _found(self.world(), uid).uid
        with self._busy(uid):
            with self.journal.alone():
                world = self.world()
                found = self._waiting(world, uid)
                decision = self.judge(world, found)
                if decision.verdict is Verdict.NO:
                    return decision
                self._write(world, "approved", {"uid": uid, "who": who})
                decision = self._decide(world, uid)
            self._carry_out(uid, decision)
        return decision

    def reject(self, uid: str, who: str, why: str = "") -> None:
        """Note that a person does not want it.

        Raises:
            Refused: there is no such request, or it does not wait for anybody.
        """
        with self.journal.alone():
            world = self.world()
            found = self._waiting(world, uid)
            self._write(world, "rejected", {"uid": found.uid, "who": who, "why": why})

    def undo(self, uid: str, who: str, why: str = "") -> Request:
        """Take back what is in force.

        Raises:
            Refused: there is no such request, nothing of it is in force, or it cannot be undone.
            ActionError: it could not be taken back; it is tried again by ``tick``.
        """
        uid = _found(self.world(), uid).uid
        with self._busy(uid):
            found = self.world().requests[uid]
            if found.status not in (*IN_THE_WORLD, Status.OVER):
                raise Refused(f"nothing of it is in force: it is {found.status.value}", where=uid)
            self._undo(found, who, why)
        return self.world().requests[uid]

    def stop(self, who: str) -> list[str]:
        """Throw the kill switch: nothing more is carried out, and everything in force is taken back.

        Returns:
            what could not be taken back, in words.
        """
        self._note("stopped", {"who": who})
        failed = []
        for uid in [r.uid for r in self.world().in_the_world()]:
            try:
                with self._busy(uid):
                    found = self.world().requests[uid]
                    if found.status in IN_THE_WORLD:
                        self._undo(found, who, "everything was stopped")
            except (ActionError, Refused) as error:
                failed.append(f"{uid}: {error.message}")
        return failed

    def resume(self, who: str) -> None:
        """Take the kill switch back; what was undone stays undone."""
        self._note("resumed", {"who": who})

    def tick(self) -> list[str]:
        """Set straight what a crash left open, take back what is over, and try again what failed; call it often.

        Returns:
            what could not be done, in words.
        """
        problems, now = [], self._clock()
        for uid in [r.uid for r in self.world().in_the_world() if _due(r, now)]:
            try:
                with self._busy(uid, patience=0):
                    self._set_straight(self.world().requests[uid], now)
            except Busy:
                continue  # somebody is at it
            except (ActionError, Refused) as error:
                problems.append(f"{uid}: {error.message}")
        return problems

    def judge(self, world: World, found: Request) -> Decision:
        """Say what the guard says of a request now; changes nothing."""
        action = self._actions.get(found.plan.action)
        if action is None:
            return Decision(Verdict.NO, f"no action is called {found.plan.action!r} any more")
        return self._guard().judge(found, type(action), world, self._clock())

    # ---------------------------------------------------------------------------------------- one request at a time

    def _busy(self, uid: str, patience: float = PATIENCE_SECONDS) -> AbstractContextManager[None]:
        """Let nobody else act on a request; taken before the journal's lock, never after.

        It ends with its process: what is begun in the journal, and held by nobody, was interrupted.
        """
        return held(self.journal.path.parent / "acting", uid, patience)

    def _decide(self, world: World, uid: str) -> Decision:
        """Judge a request; where it may go, say so in the journal: from then on it counts."""
        decision = self.judge(world, world.requests[uid])
        if decision.verdict is Verdict.GO:
            self._write(world, "applying", {"uid": uid})
        return decision

    def _carry_out(self, uid: str, decision: Decision) -> None:
        if decision.verdict is not Verdict.GO:
            return
        found = self.world().requests[uid]
        action = self._actions[found.plan.action]
        if kept := self._guard().kept_from(type(action), found.plan):  # the settings may have changed since
            self._note("failed", {"uid": uid, "details": {"why": kept}})
            raise Refused(kept, where=uid)
        try:
            receipt = _edge(action, partial(action.apply, found.plan))
        except (ActionError, Refused) as error:
            self._after_failure(found, action, error)
            raise
        self._note("applied", {"uid": uid, "details": receipt.details})
        world = self.world()
        if world.stopped and action.reversible:  # meanwhile
            self._undo(world.requests[uid], world.stopped, "everything was stopped")

    def _after_failure(self, found: Request, action: Action, error: ActionError | Refused) -> None:
        """Note how the world is after an action failed; where it does not tell, the request stays open."""
        there = False if isinstance(error, Refused) else _in_force(action, found.plan)
        if there is not None:
            self._note("applied" if there else "failed", {"uid": found.uid, "details": {"error": error.message}})

    def _undo(self, found: Request, who: str, why: str) -> None:
        action = self._actions.get(found.plan.action)
        if action is None or not action.reversible:
            raise Refused(f"{found.plan.action} cannot be undone", where=found.uid)
        self._note("undoing", {"uid": found.uid, "who": who, "why": why})
        try:
            receipt = _edge(action, partial(action.undo, Receipt(found.plan, found.status.value, found.details)))
        except (ActionError, Refused) as error:
            if _in_force(action, found.plan) is not False:
                self._note("undo failed", {"uid": found.uid, "details": {"error": error.message}})
                raise
            receipt = Receipt(found.plan, "undone", {"error": error.message})  # gone by itself, or by somebody else
        self._note("undone", {"uid": found.uid, "details": receipt.details})

    def _set_straight(self, found: Request, now: datetime) -> None:
        action = self._actions.get(found.plan.action)
        if action is None:  # nobody can ask, and nobody can take it back
            return
        if found.status is Status.APPLYING:
            found = self._asked(found, action)
        over = found.until is not None and found.until <= now
        if found.status is Status.UNDOING:
            again = action.reversible and (found.tried is None or now - found.tried >= AGAIN)
            if again:
                self._undo(found, "vedette", "its time is up" if over else "it could not be taken back before")
        elif over and found.status in IN_THE_WORLD:
            self._end(found, action)

    def _asked(self, found: Request, action: Action) -> Request:
        """Ask the world how something that was interrupted ended; where it does not tell, the request stays open."""
        there = _in_force(action, found.plan)
        if there is None:
            return found
        kind = "applied" if there else "failed"
        self._note(kind, {"uid": found.uid, "details": {"why": "found so after an interruption"}})
        return self.world().requests[found.uid]

    def _end(self, found: Request, action: Action) -> None:
        """End what is over: it is taken back, unless it stays or cannot be."""
        if action.reversible and not action.stays:
            self._undo(found, "vedette", "its time is up")
        elif found.status is Status.IN_FORCE:
            self._note("over", {"uid": found.uid})

    def _waiting(self, world: World, uid: str) -> Request:
        found = _found(world, uid)
        if found.status not in (Status.PROPOSED, Status.APPROVED):
            raise Refused(f"it waits for nobody: it is {found.status.value}", where=found.uid)
        return found

    def _note(self, kind: str, data: dict[str, Any]) -> None:
        """Write one line, alone."""
        with self.journal.alone():
            self.journal.write(kind, data, self._clock())

    def _write(self, world: World, kind: str, data: dict[str, Any]) -> None:
        world.take(self.journal.write(kind, data, self._clock()))


def _due(found: Request, now: datetime) -> bool:
    """Return whether something is to be done about a request that has, or may have, an effect."""
    return found.status is not Status.IN_FORCE or (found.until is not None and found.until <= now)


def _edge(action: Action, do: Callable[[], T]) -> T:
    """Call an action; one that breaks fails, and holds up no other."""
    try:
        return do()
    except (ActionError, Refused):
        raise
    except (
        Exception
    ) as error:  # the edge of plug-ins: an action may break in any way, and the journal must say how it ended
        raise ActionError(f"it broke: {type(error).__name__}: {visible(str(error), 200)}", where=action.name) from error


def _in_force(action: Action, plan: Plan) -> bool | None:
    """Ask the world; an action that breaks does not know."""
    try:
        return _edge(action, partial(action.in_force, plan))
    except (ActionError, Refused):
        return None


def _found(world: World, uid: str) -> Request:
    """Return the request whose uid is, or alone begins with, ``uid``."""
    found = [r for r in world.requests.values() if r.uid == uid or (uid and r.uid.startswith(uid))]
    if len(found) != 1:
        what = "several begin with it" if found else "there is none"
        raise Refused(f"no such request: {uid!r} ({what})", hint="`vedette respond list` names them")
    return found[0]
