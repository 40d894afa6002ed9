"""Where models lie: those that ship, in ``content/models``; loading one checks every hash."""

from __future__ import annotations

from vedette.abc import Detector, Learned
from vedette.errors import ContentError, ModelError
from vedette.intel.content import content
from vedette.scoring.artefact import Model, read


def load(name: str) -> Model:
    """Return the model in use under ``name``.

    Raises:
        ModelError: there is none, or it is damaged, foreign or of a newer format.
    """
    try:
        return read(content(f"models/{name}"))
    except ContentError as error:
        raise ModelError(f"no model is called {name!r}", hint=f"train it: vedette train {name}") from error


def equip(detector: type[Detector]) -> Detector:
    """Return the detector, with its model in use where it is a learned one.

    Raises:
        ModelError: its model is absent, damaged, or made for another version of it.
    """
    return detector(load(detector.model_of())) if issubclass(detector, Learned) else detector()
