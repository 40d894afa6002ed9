"""What the endpoints work with, handed to each by what it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from vedette.app.api.access import Access, Caller
from vedette.app.api.feed import Feed
from vedette.app.api.portraits import Portraits
from vedette.app.api.service import Service
from vedette.app.meters import Meters
from vedette.config import Config
from vedette.response.runner import Runner
from vedette.store.state.state import State


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything an endpoint may ask for.

    Attributes:
        state: the store; ``service``: what runs; ``config``: the settings; ``meters``: what is counted.
        runner: carries out responses.
        access: lets requests in; ``feed``: says that something changed; ``portraits``: what is normal for whom.
    """

    state: State
    service: Service
    config: Config
    meters: Meters
    runner: Runner
    access: Access
    feed: Feed
    portraits: Portraits

    def note(self, caller: Caller, what: str, about: str, detail: str = "") -> None:
        """Write into the audit log who did what."""
        self.state.note(caller.name, what, about, detail)


def parts_of(request: Request) -> Parts:
    """Return the parts of the application that answers."""
    found: Parts = request.app.state.parts
    return found


Have = Annotated[Parts, Depends(parts_of)]
