"""What the API asks of the running service, beside the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class Condition(StrEnum):
    """How a service is."""

    OK = "ok"
    DEGRADED = "degraded"
    """It works, and something of it does not: an input, a sink; ``problems`` says what."""
    BROKEN = "broken"
    """Nothing that comes in is judged or kept."""


@dataclass(frozen=True, slots=True)
class InputHealth:
    """One input, as the settings name it.

    Attributes:
        name: of the input; ``transport``: how it comes.
        last_seen: when something last came; None: never.
        error: what is wrong now; empty: nothing.
        dropped: pieces that were lost before they were kept, since the start.
    """

    name: str
    transport: str
    last_seen: datetime | None = None
    error: str = ""
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class SinkHealth:
    """One sink, as the settings name it.

    Attributes:
        name: of the sink; ``waiting``: changes that it has not got yet.
        last_sent: when something last arrived there; None: never.
        error: what is wrong now; empty: nothing.
    """

    name: str
    waiting: int = 0
    last_sent: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """How the service is.

    Attributes:
        position: in the log of what came in, judged up to here.
        lag_seconds: age of the oldest input that is not judged yet.
        backlog_bytes: how much waits.
        checkpoint_age_seconds: since the state of all windows was written; None: never.
        started: when the service began.
        problems: what is wrong, in words.
    """

    status: Condition
    position: int
    lag_seconds: float
    backlog_bytes: int
    started: datetime
    inputs: tuple[InputHealth, ...] = ()
    sinks: tuple[SinkHealth, ...] = ()
    checkpoint_age_seconds: float | None = None
    problems: tuple[str, ...] = ()


class Service(Protocol):
    """The running service, as the API sees it. Safe in any thread."""

    @property
    def baselines(self) -> Path:
        """The folder of what was learned to be normal, as it was last written."""

    def health(self) -> Health:
        """Say how it is; at once."""

    def erase(self, value: str) -> int:
        """Remove every kept event that names somebody; may take minutes. Return how many."""

    def wait(self, change: int, timeout: float) -> int:
        """Wait until the last change of the store is above ``change``, or for ``timeout`` seconds, and return the last change."""
