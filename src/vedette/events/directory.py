"""Operations on a Microsoft directory (Entra ID), as its own audit log and the one of Microsoft 365 name them: class and kind of act."""

from __future__ import annotations

import polars as pl

from vedette.events.schema import EventClass

_ANY = 99

ACTS: tuple[tuple[EventClass, int, str], ...] = (
    (EventClass.GROUP_MANAGEMENT, 3, r"add (?:member|owner) to group"),
    (EventClass.GROUP_MANAGEMENT, 4, r"remove (?:member|owner) from group"),
    (EventClass.GROUP_MANAGEMENT, 5, r"(?:hard )?delete group"),
    (EventClass.GROUP_MANAGEMENT, 6, r"add group"),
    (EventClass.GROUP_MANAGEMENT, _ANY, r"(?:update|restore) group|set group"),
    (EventClass.USER_ACCESS, 1, r"add (?:eligible |scoped )?member to role"),
    (EventClass.USER_ACCESS, 2, r"remove (?:eligible |scoped )?member from role"),
    (EventClass.USER_ACCESS, 1, r"add app role assignment|add delegated permission grant|consent to application"),
    (EventClass.USER_ACCESS, 2, r"remove app role assignment|remove delegated permission grant|revoke consent"),
    (EventClass.ACCOUNT_CHANGE, 1, r"add user|invite external user|create user"),
    (EventClass.ACCOUNT_CHANGE, 6, r"(?:hard )?delete user"),
    (EventClass.ACCOUNT_CHANGE, 3, r"change (?:user )?password|set force change user password"),
    (EventClass.ACCOUNT_CHANGE, 4, r"reset (?:user )?password|self-service password reset"),
    (EventClass.ACCOUNT_CHANGE, 2, r"enable account|restore user"),
    (EventClass.ACCOUNT_CHANGE, 5, r"disable account|block user"),
    (
        EventClass.ACCOUNT_CHANGE,
        10,
        r"enable strong authentication|(?:user|admin) registered (?:all required )?security info",
    ),
    (EventClass.ACCOUNT_CHANGE, 11, r"disable strong authentication|(?:user|admin) deleted security info"),
    (
        EventClass.ACCOUNT_CHANGE,
        _ANY,
        r"update user|update stsrefreshtokenvalidfrom|(?:user|admin) updated security info",
    ),
)
"""Class, OCSF ``activity_id`` of that class, and how such operations begin."""


def kind(operation: pl.Expr) -> pl.Expr:
    """Return the number of the class of each operation: API Activity where it changes no account, group or right.

    Example:
        >>> EventClass(pl.select(kind(pl.lit("Add member to role."))).item()).name
        'USER_ACCESS'
    """
    return _first(operation, [(int(c), words) for c, _, words in ACTS], int(EventClass.API_ACTIVITY))


def activity_of(operation: pl.Expr) -> pl.Expr:
    """Return the ``activity_id`` within that class; null for API Activity."""
    return _first(operation, [(a, words) for _, a, words in ACTS], None).cast(pl.Int32)


def _first(operation: pl.Expr, table: list[tuple[int, str]], otherwise: int | None) -> pl.Expr:
    name = operation.str.to_lowercase()
    found = pl.lit(otherwise, dtype=pl.Int64)
    for value, words in reversed(table):
        found = pl.when(name.str.contains(rf"^(?:{words})")).then(pl.lit(value, dtype=pl.Int64)).otherwise(found)
    return found
