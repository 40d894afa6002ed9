"""Times of a drill: how they are written in YAML, and when things happen within a day."""

from __future__ import annotations

import re
from random import Random
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_SPAN = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?|24:00")

OFFICE_WEIGHTS = (2, 6, 9, 10, 8, 4, 6, 9, 9, 8, 5, 2)
"""How busy an office is in each twelfth of its day: it fills up, eats at noon, and empties."""


def _clock(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = _CLOCK.fullmatch(value)
    if found is None:
        raise ValueError(f"{value!r} is not a time of day such as 08:30 or 16:45:10")
    hours, minutes, seconds = (int(part or 0) for part in found.groups("0"))
    return 86_400.0 if value == "24:00" else float(hours * 3600 + minutes * 60 + seconds)


def _span(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = _SPAN.fullmatch(value)
    if found is None:
        raise ValueError(f"{value!r} is not a span such as 500ms, 20s, 15m or 2h")
    return float(found[1]) * _UNITS[found[2]]


Clock = Annotated[float, BeforeValidator(_clock)]
"""Seconds since midnight, written ``HH:MM`` or ``HH:MM:SS``."""
Span = Annotated[float, BeforeValidator(_span), Field(gt=0)]
"""Seconds, written with a unit: ``500ms``, ``20s``, ``15m``, ``2h``."""


class When(BaseModel):
    """When something happens, for each who does it: ``count`` times, or ``every`` so often, between ``start`` and ``until``.

    Attributes:
        shape: for ``count``: ``flat`` over the whole span, or ``office``: busy in mid-morning and mid-afternoon.
        jitter: for ``every``: each interval varies by this share of itself.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: Clock
    until: Clock
    count: int | None = Field(default=None, gt=0)
    every: Span | None = None
    shape: Literal["flat", "office"] = "flat"
    jitter: float = Field(default=0.05, ge=0, lt=1)

    @model_validator(mode="after")
    def _one_of_two(self) -> When:
        if (self.count is None) == (self.every is None):
            raise ValueError("say either 'count' or 'every'")
        if self.until <= self.start:
            raise ValueError("'until' is not after 'start'")
        return self

    def times(self, rng: Random) -> list[float]:
        """Return the seconds since midnight, in order."""
        if self.every is not None:
            return self._regular(rng, self.every)
        width = (self.until - self.start) / len(OFFICE_WEIGHTS)
        weights = OFFICE_WEIGHTS if self.shape == "office" else (1,) * len(OFFICE_WEIGHTS)
        slots = rng.choices(range(len(weights)), weights, k=self.count or 0)
        return sorted(self.start + (slot + rng.random()) * width for slot in slots)

    def _regular(self, rng: Random, every: float) -> list[float]:
        times = []
        now = self.start + rng.random() * every
        while now < self.until:
            times.append(now)
            now += every * (1 + self.jitter * (2 * rng.random() - 1))
        return times
