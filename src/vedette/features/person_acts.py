r"""What people do at work, as many logs tell it, under one set of names: who, which act, on what, how much.

The names are those of File Activity, with a code of our own in ``activity_id`` for acts that are not about a file. Who acts is told by the
account alone: ``CORP\Anna.Berg``, ``anna.berg@corp.example`` and the mail address ``Anna.Berg@corp.example`` are one person. Where
mailboxes are called otherwise than accounts, mail is judged as a person's of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from vedette.events.schema import EventClass
from vedette.features.mail_hosts import FREE_MAIL

CREATE, READ, UPDATE, DELETE, RENAME, ENCRYPT, OPEN = 1, 2, 3, 4, 5, 10, 14
"""OCSF: what was done with a file."""
LOGON, MEDIUM, REQUEST, MAIL = 101, 102, 103, 104
"""Acts that are not about a file; ``file.path`` is the computer, the drive, the site, or the domains outside that a mail goes to."""
NOTHING = 0

USES = (
    "actor.user.name",
    "device.hostname",
    "activity_id",
    "status_id",
    "file.path",
    "file.size",
    "file_result.path",
    "count",
    "unmapped.AccessMask",
)
_DELETES, _WRITES = 0x10000, 0x6
"""Windows, Security 4663: bits of the access that was used: deleting; writing or appending data."""
MOST_RECIPIENTS = 512
"""Recipients of one mail that are looked at."""

_BY_HAND = (2, 7, 10, 11, 12, 13)
"""Windows: types of logon that a person makes."""
_FAILED = 2
_OWN_WAY = (2, 3)
"""Directions of mail: outbound, internal."""
_FILE_WORDS = {
    "(?i)delet|recycl|trash": DELETE,
    "(?i)renam|mov": RENAME,
    "(?i)upload|creat|add|new": CREATE,
    "(?i)modif|edit|updat|check": UPDATE,
    "(?i)download|access|view|preview|sync|open|copy|copied|print": READ,
}
"""What a service calls an act -> what it is, in the order in which they are looked for."""
_DRIVE = "(?i)disk|storage|removable|usb|wpd|portable|mtp|volume|flash"
_SERVICES = r"^(?:|-|system|local service|network service|anonymous logon|anonymous|guest|(?:dwm|umfd)-\d+|.*\$)$"
_NOBODY = pl.lit(None, dtype=pl.String)


def person(account: pl.Expr) -> pl.Expr:
    r"""Return who an account is: small letters, without domain; null for machines and services.

    Example:
        >>> pl.select(person(pl.lit("CORP\\Anna.Berg"))).item()
        'anna.berg'
    """
    name = account.str.to_lowercase().str.replace(r"^.*[\\/]", "").str.replace(r"@.*$", "").str.strip_chars()
    return pl.when(~name.str.contains(_SERVICES)).then(name)


def _mail() -> dict[str, pl.Expr]:
    """A mail that one of ours sent: by its direction, or, where the source does not say, because it was not received from anywhere."""
    way, passed = pl.col("direction_id"), pl.col("vedette.received").list.len().fill_null(0)
    ours = pl.when(way.is_not_null()).then(way.is_in(_OWN_WAY)).otherwise(passed == 0)
    everybody = pl.concat_list(pl.col(c).fill_null([]) for c in ("email.to", "email.cc")).list.head(MOST_RECIPIENTS)
    domain = pl.element().str.extract(r"@([\w.-]+)", 1).str.to_lowercase()
    own = pl.col("email.from").str.extract(r"@([\w.-]+)", 1).str.to_lowercase()
    theirs = pl.concat_list(own, everybody.list.eval(domain).list.drop_nulls())
    outside = theirs.list.unique(maintain_order=True).list.slice(1)  # the own one stands first
    sizes = pl.col("email.files.size").list.sum()
    return {
        "actor.user.name": pl.when(ours).then(pl.col("email.from").str.extract(r"([^<\s]+)@", 1)),
        "activity_id": pl.lit(MAIL),
        "file.path": outside.list.sort().list.join(" "),
        "file.size": sizes,
        "count": pl.concat_list(pl.col(c).fill_null([]) for c in ("email.to", "email.cc")).list.len(),
        "device.hostname": _NOBODY,
    }


def _hosted() -> dict[str, pl.Expr]:
    said = pl.col("vedette.operation")
    told = pl.coalesce(
        *(pl.when(said.str.contains(words)).then(act) for words, act in _FILE_WORDS.items()), pl.lit(NOTHING)
    )
    return {
        "actor.user.name": pl.coalesce("actor.user.email_addr", "actor.user.name"),
        "device.hostname": _NOBODY,
        "activity_id": pl.when(said.is_null()).then(pl.col("activity_id")).otherwise(told),
        "file.path": pl.coalesce("file.url.url_string", "file.path", "file.name"),
        "file.size": pl.col("file.size"),
    }


def _logon() -> dict[str, pl.Expr]:
    kind = pl.col("logon_type_id")
    hand = (pl.col("activity_id").fill_null(1) == 1) & (kind.is_null() | kind.is_in(_BY_HAND))
    where = pl.coalesce("device.hostname", "dst_endpoint.hostname", "dst_endpoint.ip")
    return {
        "actor.user.name": pl.col("user.name"),
        "activity_id": pl.when(hand).then(LOGON).otherwise(NOTHING),
        "status_id": pl.col("status_id"),
        "file.path": where,
        "device.hostname": where,
    }


def _drive() -> dict[str, pl.Expr]:
    named = pl.concat_str("peripheral_device.class", "peripheral_device.name", separator=" ", ignore_nulls=True)
    begins = (pl.col("activity_id").fill_null(1) == 1) & named.str.contains(_DRIVE)
    return {
        "actor.user.name": pl.col("actor.user.name"),
        "device.hostname": pl.col("device.hostname"),
        "activity_id": pl.when(begins).then(MEDIUM).otherwise(NOTHING),
        "file.path": pl.coalesce("peripheral_device.serial_number", "peripheral_device.uid", "peripheral_device.name"),
    }


def _windows_drive() -> dict[str, pl.Expr]:
    """Security 6416: Windows saw a new external device."""
    named = pl.concat_str(
        pl.col("unmapped.ClassName"), pl.col("unmapped.DeviceDescription"), separator=" ", ignore_nulls=True
    )
    told = (pl.col("metadata.event_code") == "6416") & named.str.contains(_DRIVE)
    return {
        "actor.user.name": pl.coalesce("actor.user.name", "unmapped.SubjectUserName"),
        "device.hostname": pl.col("device.hostname"),
        "activity_id": pl.when(told).then(MEDIUM).otherwise(NOTHING),
        "file.path": pl.col("unmapped.DeviceId"),
    }


def _request() -> dict[str, pl.Expr]:
    url = pl.col("http_request.url.url_string").str.extract(r"^(?:\w+://)?([^/:?#]+)", 1)
    return {
        "actor.user.name": pl.col("actor.user.name"),
        "device.hostname": pl.col("device.hostname"),
        "activity_id": pl.lit(REQUEST),
        "file.path": pl.coalesce("http_request.url.hostname", url),
        "file.size": pl.col("http_request.body_length"),
        "file_result.path": pl.col("http_request.url.path"),
        "status_id": pl.col("status_id"),
    }


def _share() -> dict[str, pl.Expr]:
    path = pl.concat_str(pl.col("share").str.strip_chars_end("\\"), "file.name", separator="\\")
    return {
        "actor.user.name": pl.col("actor.user.name"),
        "device.hostname": _NOBODY,
        "activity_id": pl.when(pl.col("share_type").fill_null("disk") == "disk").then(OPEN).otherwise(NOTHING),
        "file.path": path,
        "file.size": pl.col("file.size"),
    }


ALSO: Mapping[EventClass, Mapping[str, pl.Expr]] = {
    EventClass.AUTHENTICATION: _logon(),
    EventClass.PERIPHERAL_ACTIVITY: _drive(),
    EventClass.EVENT_LOG: _windows_drive(),
    EventClass.HTTP_ACTIVITY: _request(),
    EventClass.EMAIL_ACTIVITY: _mail(),
    EventClass.FILE_HOSTING: _hosted(),
    EventClass.SMB_ACTIVITY: _share(),
}
"""Class -> its columns under the names of File Activity."""


def acts(events: pl.LazyFrame) -> pl.LazyFrame:
    """Return who did which act: ``person``, ``act``, ``thing``, ``home`` (a mail goes to a mailbox that anybody can have) beside the rest.

    What failed, and what machines and services did, is left out.
    """
    known = events.with_columns(person=person(pl.col("actor.user.name")), act=_act(), thing=pl.col("file.path"))
    happened = (pl.col("act") != NOTHING) & (pl.col("status_id").fill_null(1) != _FAILED)
    free = pl.col("thing").str.split(" ").list.eval(pl.element().is_in(list(FREE_MAIL))).list.any()
    return known.filter(happened & pl.col("person").is_not_null()).with_columns(
        home=((pl.col("act") == MAIL) & free).fill_null(value=False)
    )


def _act() -> pl.Expr:
    """What was done; a file that was opened on Windows was written or deleted if the access that was used says so."""
    act = pl.col("activity_id").fill_null(NOTHING)
    used = pl.col("unmapped.AccessMask").str.strip_prefix("0x").str.to_integer(base=16, strict=False)
    opened = act == OPEN
    return (
        pl.when(opened & (used & _DELETES != 0))
        .then(DELETE)
        .when(opened & (used & _WRITES != 0))
        .then(UPDATE)
        .otherwise(act)
    )
