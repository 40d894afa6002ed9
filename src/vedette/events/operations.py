"""What kind of act an operation of an interface is, by the words that its name begins with: OCSF ``activity_id`` of API Activity."""

from __future__ import annotations

import polars as pl

CREATE, READ, UPDATE, DELETE, OTHER = 1, 2, 3, 4, 99

_VERBS: tuple[tuple[int, str], ...] = (
    (
        READ,
        "get list describe head lookup search view read batchget batchdescribe select query scan test check validate watch preview",
    ),
    (READ, "download access simulate generatecredential generateservice aggregatedlist find count export page login"),
    (
        DELETE,
        "delete remove destroy purge terminate drop uninstall hard soft batchdelete deregister detach revoke leave",
    ),
    (
        CREATE,
        "create add insert new run put upload import register invite issue copy grant attach allocate authorize install send",
    ),
    (
        UPDATE,
        "update set modify change patch edit enable disable start stop reset replace move write rename suspend unlock lock restore",
    ),
    (UPDATE, "associate disassociate tag untag assign reboot"),
)
"""Kind -> how such names begin; the first that fits counts."""


def activity(operation: pl.Expr) -> pl.Expr:
    """Return the kind of act: 1 create, 2 read, 3 update, 4 delete, 99 other.

    The verb is the first word of the last part of a name: ``ListBuckets``, ``v1.compute.instances.list``, ``Add member to role.``,
    ``MICROSOFT.COMPUTE/VIRTUALMACHINES/WRITE``, ``user.lifecycle.create``.

    Example:
        >>> names = pl.DataFrame({"of": ["ListBuckets", "v1.compute.instances.delete", "Add user."]})
        >>> names.select(activity(pl.col("of"))).to_series().to_list()
        [2, 4, 1]
    """
    name = operation.str.to_lowercase().str.strip_chars(" .").str.extract(r"([^./:]*(?:[./:]action)?)$")
    kind = pl.lit(OTHER)
    for number, verbs in reversed(_VERBS):
        kind = pl.when(name.str.contains(rf"^(?:{verbs.replace(' ', '|')})")).then(pl.lit(number)).otherwise(kind)
    return kind.cast(pl.Int32)


def reads(operation: pl.Expr) -> pl.Expr:
    """Return whether an operation only looks."""
    return activity(operation) == READ
