"""Responses while the service runs: what was found is proposed to the guard, and what is over is taken back, in a thread of its own."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Mapping
from functools import partial

from vedette.abc import Action
from vedette.app.meters import Meters
from vedette.config import Config, Mode
from vedette.errors import ActionError, JournalError, Refused
from vedette.model import Incident, Plan
from vedette.response.guard import Guard
from vedette.response.runner import Runner
from vedette.response.world import Status
from vedette.store.state.work import Work

LOG = logging.getLogger("vedette.live")

TICK_SECONDS = 1.0
"""How often it is looked whether something is over."""

WAITING = 1_000
"""Looks whose plans may wait; more are told by the store alone."""


class Responder:
    """Gives plans to the runner; an action that is slow or fails holds up no other part of the service.

    Args:
        runner: carries out what the guard lets through.
        actions: by name.
        config: the settings.
        meters: what is counted.
    """

    def __init__(self, runner: Runner, actions: Mapping[str, Action], config: Config, meters: Meters) -> None:
        self._runner, self._actions, self._meters = runner, actions, meters
        self._guard = Guard(config)
        self.trouble = ""
        """What could not be done last, in words; empty: nothing."""
        self._queue: queue.Queue[Work | None] = queue.Queue(WAITING)
        self._thread = threading.Thread(target=self._run, name="vedette-respond", daemon=True)

    def start(self) -> None:
        """Set straight what an interruption left open, and begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is being done; what is in force stays until its time is up or the next start takes it back."""
        try:
            self._queue.put(None, timeout=TICK_SECONDS)
        except queue.Full:
            return
        self._thread.join(30)

    def take(self, work: Work) -> None:
        """Take the plans of one look, and which incidents are no more."""
        if work.replaced or any(work.plans.values()):
            try:
                self._queue.put_nowait(work)
            except queue.Full:
                self._meters.shed("responses")

    def _run(self) -> None:
        while True:
            try:
                work = self._queue.get(timeout=TICK_SECONDS)
            except queue.Empty:
                self._guarded(self._tick)
                continue
            if work is None:
                return
            self._guarded(partial(self._drop, work))
            incidents = {i.uid: i for i in work.incidents}
            for uid, plans in work.plans.items():
                for plan in plans:
                    if uid in incidents and self._may(plan):
                        self._guarded(partial(self._propose, plan, incidents[uid]))
            self._guarded(self._tick)

    def _may(self, plan: Plan) -> bool:
        """Return whether the settings let anything be done with a plan; others are told, and not noted in the journal."""
        action = self._actions.get(plan.action)
        return action is not None and self._guard.mode(type(action), plan) in (Mode.APPROVE, Mode.AUTONOMOUS)

    def _propose(self, plan: Plan, incident: Incident) -> None:
        before = {uid for uid, r in self._runner.world().requests.items() if r.since is not None}
        for request, decision in self._runner.propose([(plan, incident)]):
            if request.uid not in before:
                self._meters.action(plan.action, request.status.value)
                LOG.info("%s on %s: %s", plan.action, plan.target, decision.why, extra={"incident": incident.uid})

    def _drop(self, work: Work) -> None:
        """Reject what still waits for an answer about incidents that are no more: it is proposed anew for those they went into."""
        if not work.replaced:
            return
        waiting = (Status.PROPOSED, Status.APPROVED)
        for request in self._runner.world().requests.values():
            if request.incident in work.replaced and request.status in waiting:
                into = work.replaced[request.incident]
                self._runner.reject(
                    request.uid, "vedette", f"its incident went into {into}" if into else "its incident came to nothing"
                )

    def _tick(self) -> None:
        problems = self._runner.tick()
        self.trouble = "; ".join(problems)

    def _guarded(self, do: Callable[[], None]) -> None:
        try:
            do()
        except (ActionError, Refused, JournalError) as error:
            self.trouble = error.message
            LOG.warning("a response: %s", error.message)
        except Exception:  # the edge of plug-ins: the thread that takes back must live on
            self.trouble = "a response broke: the log says more"
            LOG.exception("a response broke")
