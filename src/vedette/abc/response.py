"""Responses: actions, and sinks for other systems."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from vedette.abc.plugin import Plugin
from vedette.abc.settings import Settings
from vedette.events.batch import EventBatch
from vedette.model import Entity, EntityKind, Incident, Plan, Receipt


class Action(Plugin):
    """One response; planning is pure, applying is guarded.

    Attributes:
        targets: the entity kinds it can act on.
        reversible: undo restores the state before.
        disruptive: it can interrupt somebody's work, so it needs corroboration or a person.
        causes: ATT&CK ids that its effect may look like, in those it hits: a block makes others call in vain.
        options: the settings it takes: the table ``[actions.<name>]``.
    """

    targets: ClassVar[tuple[EntityKind, ...]]
    reversible: ClassVar[bool]
    disruptive: ClassVar[bool]
    causes: ClassVar[tuple[str, ...]] = ()
    options: ClassVar[type[Settings]] = Settings

    def __init__(self, settings: Settings | None = None) -> None:
        """Take settings, those of ``options``; without, the defaults: an action that cannot do without says so in ``plan`` (Refused)."""
        self.settings = settings if settings is not None else self.options()

    @abstractmethod
    def plan(self, incident: Incident, target: Entity) -> Plan:
        """Say what would be done; touches nothing.

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
