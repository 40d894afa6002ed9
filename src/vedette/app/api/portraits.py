"""What is normal for an entity, read from the stored baselines, one reader at a time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from http import HTTPStatus

from pydantic import ConfigDict

from vedette.app.api.refusals import BUSY_SECONDS, Denied
from vedette.app.api.service import Service
from vedette.app.api.shapes import Shape
from vedette.app.baselines import shelf_of, stored
from vedette.config import Config
from vedette.errors import BaselineError
from vedette.store.profiles.portrait import Portrait, portraits

PATIENCE_SECONDS = 5.0
"""How long another reader is waited for."""
_KEPT = 32
_TRIES = 2
"""A baseline may be written anew while it is read: then once more."""


class Baseline(Shape):
    """What is normal for an entity, in one feature set."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    baseline: str
    entries: int
    """How many have the name among their keys: pairs that it is part of, for one."""
    shown: list[Portrait]
    """Those seen most often."""


class Portraits:
    """Reads baselines as they were last written, and keeps the answers to the last questions until they are written again.

    Args:
        service: says where they lie.
        config: the settings.
    """

    def __init__(self, service: Service, config: Config) -> None:
        self._service, self._config = service, config
        self._reading = threading.Lock()
        self._kept: OrderedDict[tuple[object, ...], list[Baseline]] = OrderedDict()

    def of(self, names: tuple[str, ...]) -> list[Baseline]:
        """Return what is normal for who has all of ``names``, in every baseline that knows them; empty where none does.

        Raises:
            Denied: others are reading.
            BaselineError: a baseline is damaged.
        """
        if not self._reading.acquire(timeout=PATIENCE_SECONDS):  # it holds a whole baseline: one at a time
            raise Denied(
                HTTPStatus.SERVICE_UNAVAILABLE, "others are reading baselines", headers={"Retry-After": BUSY_SECONDS}
            )
        try:
            return self._answer(names)
        finally:
            self._reading.release()

    def _answer(self, names: tuple[str, ...]) -> list[Baseline]:
        for left in reversed(range(_TRIES)):
            try:
                return self._read(names)
            except BaselineError:
                if not left:
                    raise
        return []

    def _read(self, names: tuple[str, ...]) -> list[Baseline]:
        shelf = shelf_of(self._config, self._service.baselines)
        have = shelf.names()
        if not have:
            return []
        question = (names, *((n, about.get("saved")) for n, about in have.items()))
        if question not in self._kept:
            try:
                found = [(features, *portraits(shelf.profile(features), *names)) for features in stored(shelf)]
            finally:
                shelf.close()
            self._kept[question] = [
                Baseline(baseline=features.name, entries=count, shown=shown)
                for features, count, shown in found
                if shown
            ]
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return self._kept[question]
