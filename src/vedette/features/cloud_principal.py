"""Who acts in a cloud, and who is but the cloud's own machinery."""

from __future__ import annotations

import polars as pl

ITSELF = ("AWSService", "DcAdmin", "System", "SystemPolicy", "CustomPolicy")
"""Types of actors (``actor.user.type``) that are the service itself: it changes its own settings all day."""


def principal() -> pl.Expr:
    """Return the name of who acts; where there is none, his id."""
    return pl.coalesce("actor.user.name", "actor.user.uid")
