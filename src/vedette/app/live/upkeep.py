"""Upkeep while the service runs: what was kept for long enough goes, and many small files of the lake become few."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from vedette.config.service import Retention
from vedette.errors import StoreError
from vedette.store.lake import Lake
from vedette.store.state.state import State

LOG = logging.getLogger("vedette.live")
FIRST_SECONDS = 60.0
"""After the start: what waits since a stop is judged first."""
EVERY_SECONDS = 3_600.0
STOP_SECONDS = 30.0


def _now() -> datetime:
    return datetime.now(UTC)


class Upkeep:
    """A thread of its own; what it does is done in small steps, so that nobody waits for it.

    Args:
        state: the store of findings.
        lake: that of events; None where none is kept.
        behind: tells which records of the log lie behind every checkpoint.
        retention: how long what is kept is kept.
        clock: what the time is.

    Attributes:
        trouble: what could not be done last, in words; empty: nothing.
    """

    def __init__(
        self,
        state: State,
        lake: Lake | None,
        behind: Callable[[], int],
        retention: Retention,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.trouble = ""
        self._state, self._lake, self._behind, self._retention, self._clock = state, lake, behind, retention, clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="vedette-upkeep", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the step that is being done."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def tidy(self, now: datetime) -> None:
        """Do all of it once; a step that fails is told, and stops no other."""
        troubles = []
        for step in (self._prune_findings, self._prune_events, self._compact):
            try:
                step(now)
            except StoreError as error:
                troubles.append(error.message)
                LOG.warning("upkeep: %s", error.message)
        self.trouble = "; ".join(troubles)

    def _run(self) -> None:
        wait = FIRST_SECONDS
        while not self._stopping.wait(wait):
            self.tidy(self._clock())
            wait = EVERY_SECONDS

    def _prune_findings(self, now: datetime) -> None:
        if count := self._state.prune(now - timedelta(days=self._retention.findings_days)):
            LOG.info("findings and incidents were kept for long enough", extra={"removed": count})

    def _prune_events(self, now: datetime) -> None:
        if self._lake is not None and (count := self._lake.prune(now)):
            LOG.info("events were kept for long enough", extra={"files": count})

    def _compact(self, _now: datetime) -> None:
        if self._lake is not None and (count := self._lake.compact(self._behind())):
            LOG.info("small files of the lake became one", extra={"fewer": count})
