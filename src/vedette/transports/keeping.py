"""What transports that can wait have in common: they put until it is kept, and they work on files in a thread of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

from vedette.abc import Chunk, Inlet
from vedette.errors import InletError

T = TypeVar("T")

AGAIN_SECONDS = 1.0
"""After the log could not keep something."""
LEAVE_SECONDS = 3.0
"""How long the end waits for a file system that hangs."""


async def keep(inlet: Inlet, transport: str, chunks: Sequence[Chunk]) -> None:
    """Put ``chunks``, all at once; where they cannot be kept, say so and try again until they can."""
    said = False
    while True:
        try:
            await inlet.put(*chunks)
        except InletError as error:
            if not said:
                inlet.say(transport, f"waits: {error.message}")
            said = True
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            return


class Aside:
    """A thread for what may block (files, above all on a network); one call at a time, in order."""

    def __init__(self, name: str, leave: Callable[[], object]) -> None:
        """Take the thread's name, and what it does last."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._leave = leave

    async def __aenter__(self) -> Self:
        return self

    async def __call__(self, work: Callable[[], T]) -> T:
        """Return what ``work`` returns."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        left = asyncio.get_running_loop().run_in_executor(self._thread, self._leave)
        await asyncio.wait([left], timeout=LEAVE_SECONDS)
        self._thread.shutdown(wait=False)
