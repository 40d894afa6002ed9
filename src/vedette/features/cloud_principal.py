"""Who acts in a cloud, and who is but the cloud's own machinery."""

from __future__ import annotations

import polars as pl

ITSELF = ("AWSService", "DcAdmin", "System", "SystemPolicy", "CustomPolicy")
"""Types of actors (``actor.user.type``) that are the service itself: it changes its own settings all day."""


_ADDRESS = r"^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f.]{0,15}){2,8})$"


def principal() -> pl.Expr:
    """Return the name of who acts; where there is none, his id, the address that he came from, or the account it was done in."""
    return pl.coalesce("actor.user.name", "actor.user.uid", "src_endpoint.ip", "cloud.account.uid")


def named() -> list[pl.Expr]:
    """Return ``user`` and ``address``: the principal as the one or the other."""
    bare = pl.col("principal").str.contains(_ADDRESS)
    return [pl.when(~bare).then("principal").alias("user"), pl.when(bare).then("principal").alias("address")]
