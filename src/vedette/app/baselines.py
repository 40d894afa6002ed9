"""Which stored baselines a run judges by, and may teach."""

from __future__ import annotations

from pathlib import Path

from vedette.abc import FeatureSet, WindowFeatures
from vedette.app.engine import enabled, learns
from vedette.config import Config
from vedette.errors import BaselineError
from vedette.learning.registry import home
from vedette.plugins import discover
from vedette.store.profiles import Shelf

_LEARN = "learn first: vedette learn PATH"


def shelf_of(config: Config, folder: Path | None = None) -> Shelf:
    """Return the stored baselines: those in ``folder``, or this site's own."""
    return Shelf(folder or home() / "profiles", config.baselines.entities, config.peers())


def opened(shelf: Shelf, config: Config) -> Shelf:
    """Return the shelf with every baseline read that a run may teach: what is damaged must be known before hours of reading.

    Raises:
        BaselineError: one is damaged or of a newer format.
    """
    for needs in dict.fromkeys(d.needs for d in enabled(config) if learns(d)):
        if issubclass(needs, WindowFeatures):
            shelf.profile(needs())
    return shelf


def stored(shelf: Shelf) -> list[WindowFeatures]:
    """Return the feature sets that have a stored baseline.

    Raises:
        BaselineError: there is none.
    """
    known = {name: cls for name, cls in discover(FeatureSet).items() if issubclass(cls, WindowFeatures) and cls.normal}
    have = shelf.names()
    if not have:
        raise BaselineError("nothing was learned yet", where=str(shelf.folder), hint=_LEARN)
    return [known[name]() for name in have if name in known]
