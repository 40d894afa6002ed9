"""Brings what is found to other systems while the service runs: a thread for each sink, none of which can stop another.

At least once, in order: a sink's place in the change feed of the store moves on after the delivery said that all is there. What is not
there comes again, after a while that grows; what the receiver calls bad is laid aside in a file, and counted.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from vedette.app.api.service import SinkHealth
from vedette.app.live.chosen import Choice, Chosen, Later, Memory
from vedette.app.live.letters import DeadLetters
from vedette.app.live.outlets import Outlet, outlets
from vedette.app.live.written import Item, written
from vedette.app.meters import Meters
from vedette.config.service import Part
from vedette.errors import DeliveryError, StoreError, VedetteError
from vedette.store.state.state import State
from vedette.store.state.stored import Change

LOG = logging.getLogger("vedette.live")
LOOK_SECONDS = 1.0
"""How often the store is asked, where nobody says that something is new."""
CHANGES_AT_ONCE = 200
SENT_AT_ONCE = 50
TRIES = 3
"""How often a message is sent that the receiver calls bad."""
SHORTEST_SECONDS, LONGEST_SECONDS = 1.0, 300.0
"""Waits after a failure; each is up to twice as long as the one before."""
DRAIN_SECONDS = 5.0


class Worker:
    """One sink at work.

    Args:
        outlet: the sink.
        state: the store.
        meters: what is counted.
        letters: where messages go that the receiver calls bad.
        unit_seconds: of waits after failures; tests take a smaller one.
    """

    def __init__(
        self, outlet: Outlet, state: State, meters: Meters, letters: DeadLetters, unit_seconds: float = SHORTEST_SECONDS
    ) -> None:
        self.outlet = outlet
        self._state = state
        self._meters = meters
        self._letters = letters
        self._unit_seconds = unit_seconds
        self._alarm = threading.Event()
        self._stop_at: float | None = None
        self._failures = 0
        self._error = ""
        self._last_sent: datetime | None = None
        self._place = self._seen = _begun(state, outlet)
        self._memory = Memory(state, outlet.name)
        self._choice = Choice(outlet.wanted, state, self._memory)
        self._waiting: dict[tuple[str, str], tuple[Change, float]] = {}
        self._thread = threading.Thread(target=self._run, name=f"sink {outlet.name}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Say that something is new."""
        self._alarm.set()

    def stop(self, until: float) -> None:
        """Ask it to end: it sends what is there, until a time on the monotonic clock; ``join`` waits for it."""
        self._stop_at = until
        self._alarm.set()

    def join(self, until: float) -> bool:
        """Wait for its end, and return whether that came; one that never began has ended."""
        if self._thread.ident is None:
            return True
        self._thread.join(max(0.0, until - time.monotonic()))
        return not self._thread.is_alive()

    def health(self, last_change: int) -> SinkHealth:
        """Say how it is."""
        return SinkHealth(self.outlet.name, max(0, last_change - self._place), self._last_sent, self._error)

    # --------------------------------------------------------------------------------------------------------- thread

    def _run(self) -> None:
        try:
            while not self._is_over():
                if not self._round():
                    self._rest(LOOK_SECONDS)
        finally:
            self.outlet.delivery.close()

    def _is_over(self) -> bool:
        """Whether it was asked to stop, and has sent what there is, or cannot."""
        if self._stop_at is None:
            return False
        idle = self._failures > 0 or self._seen >= self._asked(self._state.last_change, self._seen)
        return idle or time.monotonic() >= self._stop_at

    def _round(self) -> bool:
        """Read on, send, and return whether there may be more at once; a failure is waited out."""
        try:
            more = self._bring()
        except StoreError as error:
            self._fail(DeliveryError(f"the store: {error.message}"))
            return True
        except DeliveryError as error:
            self._fail(error)
            return True
        self._failures, self._error = 0, ""
        return more

    def _bring(self) -> bool:
        changes = self._state.changes(self._seen, CHANGES_AT_ONCE)
        now = time.monotonic()
        due = [change for change, at in self._waiting.values() if at <= now]
        chosen = sorted(self._chosen([*due, *changes]), key=lambda c: c.number)
        if changes:
            self._seen = changes[-1].number
        for at in range(0, len(chosen), SENT_AT_ONCE):
            items = written(self.outlet.sink, chosen[at : at + SENT_AT_ONCE], self._broke)
            self._send([item for item in items if item.message is not None])
        self._memory.save()
        self._move(self._seen)
        return len(changes) == CHANGES_AT_ONCE

    def _chosen(self, changes: Sequence[Change]) -> Iterator[Chosen]:
        """Yield what is to be told; what is too early waits."""
        last = {(c.kind, c.uid): c for c in sorted(changes, key=lambda c: c.number)}
        for thing, change in sorted(last.items(), key=lambda pair: not pair[1].gone):
            self._waiting.pop(thing, None)
            choice = self._choice.item(change)
            if isinstance(choice, Later):
                self._waiting[thing] = change, choice.due
            elif choice is not None:
                yield choice

    def _broke(self, chosen: Chosen) -> None:
        """Count what the format cannot write: it must not keep all that follows."""
        LOG.exception("the format of %s broke on %s", self.outlet.name, chosen.thing.uid)
        self._meters.delivery(self.outlet.name, "lost")

    def _send(self, items: Sequence[Item]) -> None:
        """Send all, in order; what the receiver calls bad is sent by itself, and laid aside after some tries.

        Raises:
            DeliveryError: it is to be tried later.
        """
        try:
            self._give(items)
        except DeliveryError as error:
            self._done(items[: error.arrived])
            if error.again:
                raise
            for item in items[error.arrived :]:
                self._send_one(item)
        else:
            self._done(items)

    def _send_one(self, item: Item) -> None:
        for attempt in range(TRIES):
            try:
                self._give([item])
            except DeliveryError as error:
                if error.again:
                    raise
                if attempt == TRIES - 1:
                    self._lay_aside(item, error)
                    return
                self._pause(self._unit_seconds * (attempt + 1))
            else:
                self._done([item])
                return

    def _give(self, items: Sequence[Item]) -> None:
        try:
            self.outlet.delivery.send([item.message for item in items if item.message is not None])
        except DeliveryError:
            raise
        except VedetteError as error:  # a secret that went away, a certificate
            raise DeliveryError(error.message, where=error.where, hint=error.hint) from error
        except Exception as error:  # the edge of plug-ins: the message is laid aside, and the next ones go out
            LOG.exception("the delivery of %s broke", self.outlet.name)
            raise DeliveryError(f"the delivery broke: {type(error).__name__}: {error}", again=False) from error

    def _lay_aside(self, item: Item, error: DeliveryError) -> None:
        assert item.message is not None  # noqa: S101 - for the reader of types
        self._letters.add(self.outlet.name, item.message, error)
        self._meters.delivery(self.outlet.name, "lost")
        LOG.error("%s does not take %s: %s; laid aside", self.outlet.name, item.message.key, error.message)
        self._remember([item])

    def _done(self, items: Sequence[Item]) -> None:
        if items:
            self._failures = 0
            self._last_sent = datetime.now(UTC)
            self._meters.delivery(self.outlet.name, "sent", len(items))
            self._remember(items)

    def _remember(self, items: Sequence[Item]) -> None:
        for item in items:
            if item.chosen.told is not None:
                self._memory.put(item.chosen.uid, item.chosen.told)
        self._memory.save()
        self._move(items[-1].chosen.number)

    def _move(self, number: int) -> None:
        """Note that all up to a change is there, but for what waits."""
        place = min([number, *(change.number - 1 for change, _ in self._waiting.values())])
        if place > self._place:
            self._state.move(self.outlet.name, place)
            self._place = place

    # -------------------------------------------------------------------------------------------------------- failures

    def _fail(self, error: DeliveryError) -> None:
        """Go back to the last sure place, say what happened, and wait."""
        self._failures += 1
        self._error = error.message
        self._seen = self._place
        self._waiting.clear()
        self._meters.delivery(self.outlet.name, "again")
        longest = min(LONGEST_SECONDS, self._unit_seconds * 2.0 ** min(self._failures - 1, 30))
        seconds = longest * random.uniform(0.5, 1.0)  # noqa: S311 - so that sinks do not all come back at once
        LOG.warning("%s: %s; failure %d, again in %.0f s", self.outlet.name, error.message, self._failures, seconds)
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        self._asked(lambda: self._state.failed(self.outlet.name, error.message[:1_000], until), None)
        self._pause(seconds)

    def _asked(self, ask: Callable[[], Any], otherwise: Any) -> Any:  # noqa: ANN401 - as the question has it
        """Return what the store says, or ``otherwise`` where it is broken: then the service ends for that reason."""
        try:
            return ask()
        except StoreError as error:
            LOG.warning("%s: the store: %s", self.outlet.name, error.message)
            return otherwise

    def _rest(self, seconds: float) -> None:
        """Wait until something is new."""
        dues = [due - time.monotonic() for _, due in self._waiting.values()]
        if self._alarm.wait(max(0.0, min([seconds, *dues]))):
            self._alarm.clear()

    def _pause(self, seconds: float) -> None:
        """Wait, whatever is new; only the end of the service cuts it short."""
        until = time.monotonic() + seconds
        while self._stop_at is None and (left := until - time.monotonic()) > 0:
            self._alarm.wait(left)
            if self._stop_at is None:
                self._alarm.clear()


class Deliverer:
    """All sinks of a service.

    Args:
        sinks: the tables ``[[sinks]]``, or what ``outlets`` made of them.
        state: the store.
        meters: what is counted.
        folder: for what receivers call bad: a file ``<sink>.jsonl`` each.

    Raises:
        ConfigError: a setting of a sink is unknown, missing or bad.
    """

    def __init__(
        self,
        sinks: Sequence[Part | Mapping[str, Any] | Outlet],
        state: State,
        meters: Meters,
        folder: Path,
        unit_seconds: float = SHORTEST_SECONDS,
    ) -> None:
        tables = [s for s in sinks if not isinstance(s, Outlet)]
        made = [s for s in sinks if isinstance(s, Outlet)] + outlets(tables)
        letters = DeadLetters(folder)
        self._state = state
        self._workers = [Worker(o, state, meters, letters, unit_seconds) for o in made]

    def start(self) -> None:
        """Begin to send; call it before the store changes, so that a new sink knows where it began."""
        for worker in self._workers:
            worker.start()

    def wake(self) -> None:
        """Say that the store changed: sinks need not wait for their next look."""
        for worker in self._workers:
            worker.wake()

    def stop(self, seconds: float = DRAIN_SECONDS) -> None:
        """Send what is there, for a few seconds, and end; what is left is sent after the next start."""
        until = time.monotonic() + seconds
        for worker in self._workers:
            worker.stop(until)
        for worker in self._workers:
            if not worker.join(until):
                LOG.warning("%s did not end in time; it goes on after the next start", worker.outlet.name)

    def health(self) -> tuple[SinkHealth, ...]:
        """Say how every sink is; while the store is broken, how it was."""
        try:
            last = self._state.last_change()
        except StoreError:
            last = 0
        return tuple(worker.health(last) for worker in self._workers)


def _begun(state: State, outlet: Outlet) -> int:
    """Return the place of a sink; one that is new begins here, unless history is wanted."""
    key = f"sink.{outlet.name}.begun"
    if not state.value(key):
        if not outlet.wanted.history:
            state.move(outlet.name, state.last_change())
        state.set_value(key, datetime.now(UTC).isoformat(timespec="seconds"))
    return state.cursor(outlet.name).number
