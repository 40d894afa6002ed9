"""Messages -> Email Activity (a row each), Email URL Activity (a row per link) and Email File Activity (a row per attachment)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import polars as pl

from vedette.events.lists import list_column
from vedette.events.schema import SCHEMAS, EventClass
from vedette.events.times import FIRST
from vedette.sources.mail.mail_headers import value_of
from vedette.sources.mail.mail_message import COUNTS, RECEIVED_LIMIT, Message, originating

_RECEIVE = 2  # activity of all three classes
_NO_DATE = "no date"
_WHOLE = ("email.files.size",)
_FEW = 32
UID_LIMIT = 500
"""Characters of a message's id."""

Value = Callable[[Message], object]


def _mailbox(it: Message) -> str | None:
    if it.sender is None:
        return None
    name, address = it.sender
    return f"{name} <{address}>" if name and address else name or address


def _first(values: Sequence[str]) -> str | None:
    return values[0] if values else None


def _uid(it: Message) -> str | None:
    return value_of(it.head, "message-id").strip()[:UID_LIMIT] or None


_TEXTS: dict[str, Value] = {
    "email.from": lambda m: m.sender.address or None if m.sender else None,
    "email.from_mailbox": _mailbox,
    "email.sender": lambda m: _first(m.addresses("sender")),
    "email.return_path": lambda m: _first(m.addresses("return-path")),
    "email.subject": lambda m: m.subject if "subject" in m.head else None,
    "email.message_uid": _uid,
    "email.size": lambda m: m.size_bytes,
    "email.raw_header": lambda m: m.raw_head,
    "email_auth.spf": lambda m: m.auth.get("spf"),
    "email_auth.dkim": lambda m: m.auth.get("dkim"),
    "email_auth.dmarc": lambda m: m.auth.get("dmarc"),
    "vedette.body_text": lambda m: m.text,
    "vedette.hidden_text": lambda m: m.shown.hidden or None,
    "vedette.plain_text": lambda m: m.plain or None,
    "vedette.html_size": lambda m: m.html_size,
    "vedette.base64_texts": lambda m: m.base64_texts,
}
_LISTS: dict[str, Callable[[Message], Sequence[object]]] = {
    "email.reply_to_list": lambda m: m.addresses("reply-to"),
    "email.to": lambda m: m.addresses("to"),
    "email.cc": lambda m: m.addresses("cc"),
    "email.x_originating_ip": lambda m: originating(m.head),
    "email.files.name": lambda m: [f.name for f in m.files],
    "email.files.mime_type": lambda m: [f.mime_type for f in m.files],
    "email.files.size": lambda m: [f.size_bytes for f in m.files],
    "email.urls.url_string": lambda m: [url for url, _ in m.links],
    "vedette.link_text": lambda m: [text for _, text in m.links],
    "vedette.received": lambda m: m.head.get("received", [])[:RECEIVED_LIMIT],
    "vedette.file_kinds": lambda m: [f.kind for f in m.files],
    "vedette.defects": lambda m: m.defects,
}


def mail_rows(messages: Sequence[Message], numbers: Sequence[int], modified: datetime | None = None) -> pl.DataFrame:
    """Return (n,) columns of Email Activity.

    Args:
        messages: what was read.
        numbers: ``metadata.sequence`` of each.
        modified: the time of messages that name none; without it they are put at the beginning of all times.
    """
    for it in messages:
        if it.time is None and _NO_DATE not in it.defects:
            it.defects.append(_NO_DATE)
    values: dict[str, Sequence[object]] = {
        **_shared(list(zip(numbers, messages, strict=True)), modified),
        **{name: [value(m) for m in messages] for name, value in _TEXTS.items()},
        **{"vedette." + name: [getattr(m.shown, name) for m in messages] for name in COUNTS},
    }
    return _table(
        EventClass.EMAIL_ACTIVITY, values, {name: [value(m) for m in messages] for name, value in _LISTS.items()}
    )


def link_rows(messages: Sequence[Message], numbers: Sequence[int], modified: datetime | None = None) -> pl.DataFrame:
    """Return a row of Email URL Activity per link; arguments as of ``mail_rows``."""
    links = [(number, it, url, text) for number, it in zip(numbers, messages, strict=True) for url, text in it.links]
    values: dict[str, Sequence[object]] = {
        **_shared([row[:2] for row in links], modified),
        "email_uid": [_uid(row[1]) for row in links],
        "url.url_string": [row[2] for row in links],
        "vedette.link_text": [row[3] for row in links],
    }
    return _table(EventClass.EMAIL_URL_ACTIVITY, values)


def file_rows(messages: Sequence[Message], numbers: Sequence[int], modified: datetime | None = None) -> pl.DataFrame:
    """Return a row of Email File Activity per attachment; arguments as of ``mail_rows``."""
    files = [(number, it, file) for number, it in zip(numbers, messages, strict=True) for file in it.files]
    values: dict[str, Sequence[object]] = {
        **_shared([row[:2] for row in files], modified),
        "email_uid": [_uid(row[1]) for row in files],
        "file.name": [row[2].name for row in files],
        "file.mime_type": [row[2].mime_type for row in files],
        "file.size": [row[2].size_bytes for row in files],
    }
    return _table(EventClass.EMAIL_FILE_ACTIVITY, values, {"file.hashes.value": [[row[2].sha256] for row in files]})


def _table(
    kind: EventClass, values: dict[str, Sequence[object]], lists: dict[str, list[Sequence[object]]] | None = None
) -> pl.DataFrame:
    """Return columns as a table; an empty list is null."""
    schema = {name: SCHEMAS[kind][name] for name in (*values, *(lists or ()))}
    columns = [*values.values(), *([row or None for row in column] for column in (lists or {}).values())]
    if 0 < len(columns[0]) < _FEW:  # a table of one row takes a millisecond column by column
        rows = [dict(zip(schema, row, strict=True)) for row in zip(*columns, strict=True)]
        return pl.DataFrame(rows, schema=schema)
    plain = [pl.Series(name, column, schema[name]) for name, column in values.items()]
    several = [list_column(n, column, pl.Int64 if n in _WHOLE else pl.String) for n, column in (lists or {}).items()]
    return pl.DataFrame([*plain, *several])


def _shared(rows: Sequence[tuple[int, Message]], modified: datetime | None) -> dict[str, Sequence[object]]:
    """Return the columns that rows of all three classes have."""
    return {
        "metadata.sequence": [number for number, _ in rows],
        "time": [it.time or modified or FIRST for _, it in rows],
        "activity_id": [_RECEIVE] * len(rows),
        "metadata.log_provider": ["mail"] * len(rows),
    }
