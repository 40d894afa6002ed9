"""A delivery that keeps what it is given, and fails as it is told, for tests of what sends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import ClassVar

from vedette.abc import Delivery, Message, Settings
from vedette.errors import DeliveryError


class KeptDelivery(Delivery):
    """Keeps every message that arrived, in order.

    Attributes:
        refuse: asked before each call; what it returns is raised, and nothing of the call arrives.
    """

    name = "kept"
    options: ClassVar[type[Settings]] = Settings

    def __init__(self) -> None:
        super().__init__(Settings())
        self.got: list[Message] = []
        self.calls = 0
        self.closed = False
        self.refuse: Callable[[Sequence[Message]], DeliveryError | None] = lambda _: None
        self._more = threading.Condition()

    def send(self, messages: Sequence[Message]) -> None:
        self.calls += 1
        if error := self.refuse(messages):
            raise error
        with self._more:
            self.got += messages
            self._more.notify_all()

    def close(self) -> None:
        self.closed = True

    def keys(self) -> list[str]:
        """Return the keys of what arrived."""
        return [m.key for m in self.got]

    def wait(self, count: int, seconds: float = 10.0) -> list[Message]:
        """Return what arrived as soon as it is so many; fail when it takes too long."""
        until = time.monotonic() + seconds
        with self._more:
            while len(self.got) < count:
                left = until - time.monotonic()
                assert left > 0, f"{len(self.got)} of {count} messages after {seconds} s"
                self._more.wait(left)
            return list(self.got)
