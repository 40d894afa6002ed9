"""Models: which are here, which are in use, and their cards."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import StringConstraints

from vedette.app.api.access import Viewer
from vedette.app.api.refusals import missing
from vedette.app.api.shapes import Shape
from vedette.errors import ModelError
from vedette.learning import registry

router = APIRouter(prefix="/models", tags=["models"])
Named = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$"), Path(description="A model's name: url, spam, web ...")
]


class ModelVersion(Shape):
    """A model that is here."""

    version: str
    origin: str
    """``shipped`` or ``site``."""
    in_use: bool


class ModelLine(Shape):
    """A model, and what of it is in use."""

    name: str
    versions: list[ModelVersion]
    calibration: str
    """Id of the site's calibration that is in use; empty: the model's own."""
    since: datetime | None
    """When it was put into use; nothing: it came so."""
    problem: str
    """What is wrong with it; empty: nothing."""


class ModelWhole(ModelLine):
    """A model with its card."""

    card: dict[str, Any]
    """Figures and texts of the version in use: data, protocol, error rates, blind spots."""
    trained_on: dict[str, str]
    """Data set -> fingerprint of what was used."""


@router.get("")
def models(_: Viewer) -> list[ModelLine]:
    """List the models that are here."""
    return [ModelLine.model_validate(_line(name)) for name in registry.names()]


@router.get("/{name}")
def model(_: Viewer, name: Named) -> ModelWhole:
    """Tell a model with its card."""
    if name not in registry.names():
        raise missing("model", where="path.name")
    found = registry.load(name)
    return ModelWhole.model_validate({**_line(name), "card": dict(found.card), "trained_on": dict(found.data)})


def _line(name: str) -> dict[str, Any]:
    problem, used, chosen = "", registry.Use(), None
    try:
        used = registry.in_use(name)
        chosen = registry.version_named(name, used.version)
    except ModelError as error:
        problem = error.message
    versions = [{"version": v.version, "origin": v.origin, "in_use": v == chosen} for v in registry.versions(name)]
    return {
        "name": name,
        "versions": versions,
        "calibration": used.calibration,
        "since": used.since,
        "problem": problem,
    }
