"""Which classes Windows events become."""

from __future__ import annotations

from vedette.events.windows.providers import OTHER
from vedette.events.windows.shapes import OBJECTS, SHAPES

_ALL = [OTHER, *(s for codes in SHAPES.values() for s in codes.values())]
_ALL += [s for codes in OBJECTS.values() for kinds in codes.values() for s in kinds.values()]

EMITTED = tuple(dict.fromkeys(shape.kind for shape in _ALL))
"""The classes, each once."""
