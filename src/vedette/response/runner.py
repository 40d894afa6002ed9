"""Carries out what the guard lets through, takes it back in time, and sets straight what a crash left open.

Everything goes through the journal, before and after; what is in force is what the journal says, checked against the world where a crash
or a failure leaves doubt: the world is asked, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from vedette.abc import Action
from vedette.errors import ActionError, Refused
from vedette.incidents.words import visible
from vedette.model import Incident, Plan, Receipt
from vedette.response.guard import Decision, Guard, Verdict
from vedette.response.journal import Journal
from vedette.response.world import Request, Status, World, request, to_data

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

    def world(self) -> World:
        """Return what is in force, what waits and what was done.

        Raises:
            JournalError: the journal is damaged.
        """
        return World.of(self.journal.read())

    def propose(self, plans: Iterable[tuple[Plan, Incident]]) -> list[tuple[Request, Decision]]:
        """Note plans that are new; carry out those that the guard lets through without a person.

        Returns:
            the requests, each with what the guard says of it.
        """
        found = []
        with self.journal.alone():
            world = self.world()
            for plan, incident in plans:
                made = request(plan, incident)
                if made.uid not in world.requests:
                    self._write(world, "proposed", to_data(made))
                found.append((made.uid, self._try(world, made.uid)))
        return [(world.requests[uid], decision) for uid, decision in found]

    def approve(self, uid: str, who: str) -> Decision:
        """Note that a person approves, and carry the plan out where that is enough.

        Raises:
            Refused: there is no such request, or it does not wait for anybody.
            ActionError: it could not be carried out.
        """
        with self.journal.alone():
            world = self.world()
            found = self._waiting(world, uid)
            decision = self.judge(world, found)
            if decision.verdict is Verdict.NO:
                return decision
            self._write(world, "approved", {"uid": found.uid, "who": who})
            return self._try(world, found.uid)

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
        with self.journal.alone():
            world = self.world()
            found = _found(world, uid)
            if found not in world.in_the_world() and found.status is not Status.OVER:
                raise Refused(f"nothing of it is in force: it is {found.status.value}", where=found.uid)
            self._undo(world, found, who, why)
            return world.requests[found.uid]

    def stop(self, who: str) -> list[str]:
        """Throw the kill switch: nothing more is carried out, and everything in force is taken back.

        Returns:
            what could not be taken back, in words.
        """
        with self.journal.alone():
            world = self.world()
            self._write(world, "stopped", {"who": who})
            failed = []
            for found in world.in_the_world():
                try:
                    self._undo(world, found, who, "everything was stopped")
                except (ActionError, Refused) as error:
                    failed.append(f"{found.uid}: {error.message}")
            return failed

    def resume(self, who: str) -> None:
        """Take the kill switch back; what was undone stays undone."""
        with self.journal.alone():
            self._write(self.world(), "resumed", {"who": who})

    def tick(self) -> list[str]:
        """Set straight what a crash left open, take back what is over, and try again what failed; call it often.

        Returns:
            what could not be done, in words.
        """
        problems = []
        with self.journal.alone():
            world, now = self.world(), self._clock()
            for found in world.in_the_world():
                try:
                    self._set_straight(world, found, now)
                except (ActionError, Refused) as error:
                    problems.append(f"{found.uid}: {error.message}")
        return problems

    def judge(self, world: World, found: Request) -> Decision:
        """Say what the guard says of a request now; changes nothing."""
        action = self._actions.get(found.plan.action)
        if action is None:
            return Decision(Verdict.NO, f"no action is called {found.plan.action!r} any more")
        return self._guard().judge(found, type(action), world, self._clock())

    # ------------------------------------------------------------------------------------------------- under the lock

    def _try(self, world: World, uid: str) -> Decision:
        found = world.requests[uid]
        decision = self.judge(world, found)
        if decision.verdict is Verdict.GO:
            self._apply(world, found)
        return decision

    def _apply(self, world: World, found: Request) -> None:
        action = self._actions[found.plan.action]
        self._write(world, "applying", {"uid": found.uid})
        if kept := self._guard().kept_from(type(action), found.plan):  # the settings may have changed since
            self._write(world, "failed", {"uid": found.uid, "details": {"why": kept}})
            raise Refused(kept, where=found.uid)
        try:
            receipt = _edge(action, partial(action.apply, found.plan))
        except (ActionError, Refused) as error:
            self._after_failure(world, found, action, error)
            raise
        self._write(world, "applied", {"uid": found.uid, "details": receipt.details})

    def _after_failure(self, world: World, found: Request, action: Action, error: ActionError | Refused) -> None:
        """Note how the world is after an action failed; where it does not tell, the request stays open."""
        there = False if isinstance(error, Refused) else _in_force(action, found.plan)
        if there is not None:
            kind = "applied" if there else "failed"
            self._write(world, kind, {"uid": found.uid, "details": {"error": error.message}})

    def _undo(self, world: World, found: Request, who: str, why: str) -> None:
        action = self._actions.get(found.plan.action)
        if action is None or not action.reversible:
            raise Refused(f"{found.plan.action} cannot be undone", where=found.uid)
        self._write(world, "undoing", {"uid": found.uid, "who": who, "why": why})
        try:
            receipt = _edge(action, partial(action.undo, Receipt(found.plan, found.status.value, found.details)))
        except (ActionError, Refused) as error:
            if _in_force(action, found.plan) is not False:
                self._write(world, "undo failed", {"uid": found.uid, "details": {"error": error.message}})
                raise
            receipt = Receipt(found.plan, "undone", {"error": error.message})  # gone by itself, or by somebody else
        self._write(world, "undone", {"uid": found.uid, "details": receipt.details})

    def _set_straight(self, world: World, found: Request, now: datetime) -> None:
        action = self._actions.get(found.plan.action)
        if action is None:  # nobody can ask, and nobody can take it back
            return
        if found.status is Status.APPLYING:
            found = self._asked(world, found, action)
        over = found.until is not None and found.until <= now
        if found.status is Status.UNDOING:
            again = action.reversible and (found.tried is None or now - found.tried >= AGAIN)
            if again:
                self._undo(world, found, "vedette", "its time is up" if over else "it could not be taken back before")
        elif over and found in world.in_the_world():
            self._end(world, found, action)

    def _asked(self, world: World, found: Request, action: Action) -> Request:
        """Ask the world how something that was interrupted ended; where it does not tell, the request stays open."""
        there = _in_force(action, found.plan)
        if there is not None:
            kind = "applied" if there else "failed"
            self._write(world, kind, {"uid": found.uid, "details": {"why": "found so after an interruption"}})
        return world.requests[found.uid]

    def _end(self, world: World, found: Request, action: Action) -> None:
        """End what is over: it is taken back, unless it stays or cannot be."""
        if action.reversible and not action.stays:
            self._undo(world, found, "vedette", "its time is up")
        elif found.status is Status.IN_FORCE:
            self._write(world, "over", {"uid": found.uid})

    def _waiting(self, world: World, uid: str) -> Request:
        found = _found(world, uid)
        if found.status not in (Status.PROPOSED, Status.APPROVED):
            raise Refused(f"it waits for nobody: it is {found.status.value}", where=found.uid)
        return found

    def _write(self, world: World, kind: str, data: dict[str, Any]) -> None:
        world.take(self.journal.write(kind, data, self._clock()))


def _edge(action: Action, do: Callable[[], T]) -> T:
    """Call an action; one that breaks fails, and holds up no other."""
    try:
        return do()
    except (ActionError, Refused):
        raise
    except Exception as error:  # the edge of plug-ins
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
