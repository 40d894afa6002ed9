"""Every kind of step: the word in ``do`` picks one."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from vedette.app.drill.hosts import Cron, Line, Logins, Sudo
from vedette.app.drill.probes import Flood, Noise, Retry, Scan
from vedette.app.drill.routine import Browse, Datagrams, Exchange, Mistype, Neighbours
from vedette.app.drill.step import Step

AnyStep = Annotated[
    Browse | Exchange | Datagrams | Mistype | Neighbours | Scan | Noise | Retry | Flood | Logins | Sudo | Cron | Line,
    Field(discriminator="do"),
]

__all__ = ["AnyStep", "Step"]
