"""Responses: actions, and sinks for other systems."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from vedette.abc.plugin import Plugin
from vedette.abc.settings import Settings
from vedette.events.batch import EventBatch
from vedette.model import Entity, EntityKind, Incident, Plan, Receipt

Rows = Sequence[Mapping[str, Any]]
"""Events: attribute path -> value."""


class Action(Plugin):
    """One response; planning is pure, applying is guarded.

    Attributes:
        targets: the entity kinds it can act on.
        reversible: undo restores the state before.
        disruptive: it can interrupt somebody's work, so it needs corroboration or a person.
        causes: ATT&CK ids that its effect may look like, in those it hits: a block makes others call in vain.
        stays: its effect stays when its time is up (a case, a moved message): it is no longer counted, and a person can still undo it.
        touches: it does something to the target; False: it only speaks of it (a case), so that protected targets may be named.
        options: the settings it takes: the table ``[actions.<name>]``.
        example: settings with which it is ready; made up, for the laws and the reference.
    """

    targets: ClassVar[tuple[EntityKind, ...]]
    reversible: ClassVar[bool]
    disruptive: ClassVar[bool]
    causes: ClassVar[tuple[str, ...]] = ()
    stays: ClassVar[bool] = False
    touches: ClassVar[bool] = True
    options: ClassVar[type[Settings]] = Settings
    example: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, settings: Settings | None = None) -> None:
        """Take settings, those of ``options``; without, the defaults, with which it may not be ``ready``."""
        self.settings = settings if settings is not None else self.options()

    def ready(self) -> str:
        """Say what the settings lack to carry anything out; empty where nothing. What is not ready is never proposed. Touches nothing."""
        return ""

    @abstractmethod
    def plan(self, incident: Incident, target: Entity, rows: Rows = ()) -> Plan:
        """Say what would be done; touches nothing. Of ``rows``, events behind the incident that name the target, every value is data.

        Raises:
            Refused: this target cannot be acted on.
        """

    @abstractmethod
    def apply(self, plan: Plan) -> Receipt:
        """Do it; called only by the runner after the guard agreed. Bounded in time.

        Raises:
            Refused: this must not or cannot be done, and nothing was.
            ActionError: it failed; something may have been done.
        """

    @abstractmethod
    def undo(self, receipt: Receipt) -> Receipt:
        """Take it back; that it is gone already is no error.

        Raises:
            ActionError: it may still be in force.
        """

    @classmethod
    def reaches(cls, plan: Plan) -> tuple[Entity, ...]:
        """Return all that a plan does something to; the guard holds each against what is protected. Pure."""
        return (plan.target,) if cls.touches else ()

    def in_force(self, plan: Plan) -> bool | None:
        """Look at the world and say whether the plan has its effect now; None where that cannot be told. Changes nothing."""
        return None


class Sink(Plugin):
    """Writes events, findings and incidents for another system."""

    media_type: ClassVar[str]

    @abstractmethod
    def encode(self, batch: EventBatch) -> bytes:
        """Return the rows framed for the wire; pure. Hostile field values cannot break the framing: n rows, n frames."""

    @abstractmethod
    def frames(self, data: bytes) -> int:
        """Return how many frames a reader of this format would see in ``data``."""

    def parts(self, data: bytes) -> list[bytes]:
        """Return the frames of ``data``, each with what ends it; by default a frame is a line."""
        return [part + b"\n" for part in data.split(b"\n")[:-1]]
