"""Deliveries: how what was found reaches other systems, apart from how it is written (a ``Sink``)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

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
    """

    key: str
    data: bytes
    media_type: str
    title: str
    severity_id: int


class Delivery(Plugin):
    """Brings messages to one place that the settings name: a table ``[[sinks]]`` with ``delivery = "<name>"`` and ``format = "<sink>"``.

    Attributes:
        options: the settings it takes.
        formats: the sinks whose writing it can carry; empty: any.
    """

    options: ClassVar[type[Settings]]
    formats: ClassVar[tuple[str, ...]] = ()

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @abstractmethod
    def send(self, messages: Sequence[Message]) -> None:
        """Bring them all, in order; bounded in time. At least once: after an error all of them come again.

        Raises:
            DeliveryError: they did not arrive; ``again`` says whether it is worth trying again.
        """

    def close(self) -> None:
        """Let go of connections."""
