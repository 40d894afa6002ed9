"""Which stored baselines a run judges by, and may teach."""

from __future__ import annotations

from pathlib import Path

from vedette.abc import WindowFeatures
from vedette.app.engine import enabled, learns
from vedette.config import Config
from vedette.learning.registry import home
from vedette.store.profiles import Shelf


def shelf_of(config: Config, folder: Path | None = None) -> Shelf:
    """Return the stored baselines: those in ``folder``, or this site's own."""
    return Shelf(folder or home() / "profiles", config.baselines.entities, config.network.groups)


def opened(shelf: Shelf, config: Config) -> Shelf:
    """Return the shelf with every baseline read that a run may teach: what is damaged must be known before hours of reading.

    Raises:
        BaselineError: one is damaged or of a newer format.
    """
    for needs in dict.fromkeys(d.needs for d in enabled(config) if learns(d)):
        if issubclass(needs, WindowFeatures):
            shelf.profile(needs())
    return shelf
