"""Settings of ``vedette serve``: what it keeps, where, how long, and who may ask."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import ConfigDict, Field

from vedette.abc.settings import Settings


class Part(Settings):
    """Settings of a plug-in, which checks them itself at the start."""

    model_config = ConfigDict(extra="allow", frozen=True)


class Serve(Settings):
    """The live service."""

    folder: str = ""
    """Where what came in, checkpoints and the store are kept; by default ``live`` in ``$VEDETTE_HOME``."""

    backlog_mb: int = Field(default=2048, ge=16, le=10_000_000)
    """Megabytes that came in and are not judged yet that may wait on disk; beyond it senders wait, and what cannot wait is
    dropped and counted."""

    look_seconds: float = Field(default=0.5, ge=0.05, le=60)
    """How often open windows are looked at, when there is time: how soon findings appear."""

    checkpoint_seconds: float = Field(default=120, ge=1, le=86_400)
    """How often the state of all windows and baselines is written; after a stop, what came in since is read again."""

    idle_seconds: float = Field(default=30, ge=1, le=86_400)
    """An input that was silent for so long no longer holds the clock of events back."""

    horizon_hours: float = Field(default=48, ge=1, le=2_160)
    """How long findings are held ready, so that later ones can join their incident; older ones stay in the store."""

    @property
    def horizon(self) -> timedelta:
        """How long findings are held ready."""
        return timedelta(hours=self.horizon_hours)


class Store(Settings):
    """Where findings, incidents, verdicts and tokens are kept."""

    url: str = ""
    """An SQLAlchemy URL: ``postgresql+psycopg://vedette@db/vedette``; by default an SQLite file in ``serve.folder``."""

    lake: bool = True
    """Keep events as Parquet files by class and day, in ``serve.folder``: evidence and hunting need them."""


class Retention(Settings):
    """How long what is kept is kept."""

    events_days: float = Field(default=30, ge=0, le=36_500)
    """Days that events stay in the lake."""

    classes: dict[str, float] = {}
    """Days for single classes, by their OCSF name in small letters: ``{dns_activity = 7}``."""

    findings_days: float = Field(default=365, ge=1, le=36_500)
    """Days that findings and incidents stay in the store; those with a verdict stay as long again."""


class Api(Settings):
    """Who may ask, and how."""

    host: str = "127.0.0.1"
    """Address that the API listens on. Other than loopback it needs ``certificate`` and ``key``, or ``behind_proxy``."""

    port: int = Field(default=8750, ge=0, le=65_535)
    """Its port; 0 takes any that is free and says which."""

    certificate: str = ""
    """PEM file of the TLS certificate; ``key``: that of its private key."""

    key: str = ""
    """PEM file of the private key."""

    behind_proxy: bool = False
    """A proxy that speaks TLS stands before it."""

    per_minute: int = Field(default=600, ge=10, le=1_000_000)
    """Requests that one token may make in a minute."""

    tokens: Literal["required", "loopback"] = "loopback"
    """``loopback``: who comes from this machine needs no token to look (viewer); all else needs one. ``required``: everything needs one."""
