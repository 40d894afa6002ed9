"""Tells many listeners that something changed, with one thread for all of them and nothing queued for any."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator
from http import HTTPStatus

from vedette.app.api.refusals import BUSY_SECONDS, Denied
from vedette.app.api.service import Service

LOG = logging.getLogger("vedette.live")
MOST = 64
"""Listeners at once."""
LOOK_SECONDS = 1.0
"""How long one wait on the service lasts: so soon a stop is noticed."""


class Feed:
    """Waits on the service in one thread while anybody listens, and wakes all listeners.

    A listener keeps a number alone: what it has read up to. A slow one holds nobody up and fills no queue: it reads on from the store.

    Args:
        service: what is waited on.
        newest: returns the last change of the store. It is asked each time too: a verdict is a change that the service does not make.
        most: listeners at once.

    Attributes:
        last: the last change that is known of.
        closed: the service ends, and so should every listener.
    """

    def __init__(self, service: Service, newest: Callable[[], int], most: int = MOST) -> None:
        self._service, self._newest, self._most = service, newest, most
        self.last, self.closed = -1, False
        self._listeners = 0
        self._moved = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Count a listener in, and out again; the first one sets the watch going, the last one ends it."""
        self._listeners += 1
        if self._pump is None:
            self._loop = asyncio.get_running_loop()
            self._pump = self._loop.create_task(self._watch())
        try:
            yield
        finally:
            self._listeners -= 1
            if not self._listeners:
                self._pump.cancel()
                self._pump = None

    def room(self) -> None:
        """Refuse one more listener where there are too many.

        Raises:
            Denied: there are too many.
        """
        if self.closed or self._listeners >= self._most:
            raise Denied(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "no more can listen",
                hint=f"{self._most} may at once: close one, or ask for lists instead",
                headers={"Retry-After": BUSY_SECONDS},
            )

    async def wait(self, after: int, seconds: float) -> bool:
        """Wait until there is a change above ``after``, or the end; False: ``seconds`` went by."""
        try:
            async with asyncio.timeout(seconds):
                while self.last <= after and not self.closed:
                    await self._moved.wait()
        except TimeoutError:
            return False
        return True

    def open(self) -> None:
        """Let listeners in, again."""
        self.closed = False

    def close(self) -> None:
        """Wake all listeners for the last time; from any thread."""
        self.closed = True
        with contextlib.suppress(RuntimeError):  # the loop is over already, and its listeners with it
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self._moved.set()  # all who wait now
        self._moved = asyncio.Event()

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        while not self.closed:
            try:
                last = await loop.run_in_executor(None, self._look)
            except Exception:  # the edge: a broken store must not end the feed for good
                LOG.exception("the feed of changes broke; it goes on")
                await asyncio.sleep(LOOK_SECONDS)
                continue
            if last != self.last:
                self.last = last
                self._wake()

    def _look(self) -> int:
        """Wait a while for a change, and return the last one; in a thread."""
        return max(self._service.wait(self.last, LOOK_SECONDS), self._newest())
