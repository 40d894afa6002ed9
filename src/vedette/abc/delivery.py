"""Deliveries: how what was found reaches other systems, apart from how it is written (a ``Sink``)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import Field

from vedette.abc.plugin import Plugin
from vedette.abc.settings import Settings


@dataclass(frozen=True, slots=True)
class Message:
    """One finding or incident, written by a sink.

    Attributes:
        key: the same for the same state of the same thing: a receiver that has seen it may leave it out (idempotency).
        data: as the sink encoded it.
        media_type: of the sink.
        title: a short heading, without line breaks.
        severity_id: OCSF.
        about: uid of the incident or finding: messages about the same one must not change places.
        at: when what it tells of was last seen, in seconds since 1970.
    """

    key: str
    data: bytes
    media_type: str
    title: str
    severity_id: int
    about: str = ""
    at: float = 0.0


class Wanted(Settings):
    """What every table ``[[sinks]]`` can say besides the settings of its delivery: what goes there, and how it is written."""

    delivery: str = ""
    """How messages get there: one of the deliveries."""

    format: str = ""
    """How they are written: one of the sinks; by default the first that the delivery names."""

    name: str = Field(default="", pattern=r"^[A-Za-z0-9_-]{0,64}$")
    """What the sink is called in health, metrics and logs, and by what it finds its place again; by default its delivery."""

    what: tuple[Literal["incidents", "findings"], ...] = Field(default=("incidents",), min_length=1)
    """``incidents``, ``findings`` or both."""

    least: Literal["informational", "low", "medium", "high", "critical"] = "medium"
    """The lowest severity that is told."""

    provisional: bool = False
    """Tell also of what may still change: findings of windows that are open, incidents that are younger than a minute."""

    history: bool = False
    """Tell a sink that is new also of what was found before it was there."""


class Delivery(Plugin):
    """Brings messages to one place that the settings name: a table ``[[sinks]]`` with ``delivery = "<name>"`` and ``format = "<sink>"``.

    Attributes:
        options: the settings it takes, besides those of ``Wanted``.
        formats: the sinks whose writing it can carry, the usual one first; empty: any, as a rule ``ocsf_json``.
    """

    options: ClassVar[type[Settings]]
    formats: ClassVar[tuple[str, ...]] = ()

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @abstractmethod
    def send(self, messages: Sequence[Message]) -> None:
        """Bring them all, in order; bounded in time. At least once: after an error those that are not known to have arrived come again.

        Raises:
            DeliveryError: not all arrived; ``arrived`` says how many of the first did, ``again`` whether the next is worth another try.
        """

    def close(self) -> None:
        """Let go of connections."""
