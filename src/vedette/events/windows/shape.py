"""What one kind of Windows event becomes: its class and where its fields go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from vedette.events.schema import EventClass


class As(NamedTuple):
    """A field that is not copied as it is.

    Attributes:
        how: a name of ``events.windows.values.READERS``.
        to: the path, or what the reader takes for the beginning of its paths.
    """

    how: str
    to: str


Target = str | As
Fields = Mapping[str, Target | tuple[Target, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A kind of event.

    Attributes:
        kind: the class of its rows.
        activity: OCSF ``activity_id``; 99 for one that OCSF does not name.
        fields: the product's field -> the path it is copied to, a reader for it, or several of these. Any other field is ``unmapped.NAME``.
        constants: path -> what every row says.
    """

    kind: EventClass
    activity: int
    fields: Fields
    constants: Mapping[str, int | str] = field(default_factory=dict)

    def copied(self) -> dict[str, str]:
        """Return field -> path for the fields that are copied as they are."""
        texts = {name: _first_path(target) for name, target in self.fields.items()}
        return {name: path for name, path in texts.items() if path}

    def paths(self) -> set[str]:
        """Return every path that is named (of readers that make several paths: their beginning)."""
        named = {t.to if isinstance(t, As) else t for target in self.fields.values() for t in targets(target)}
        return named | set(self.constants)


def targets(target: Target | tuple[Target, ...]) -> tuple[Target, ...]:
    """Return a field's targets, one or several."""
    return (target,) if isinstance(target, (str, As)) else target


def _first_path(target: Target | tuple[Target, ...]) -> str:
    return next((t for t in targets(target) if not isinstance(t, As)), "")
