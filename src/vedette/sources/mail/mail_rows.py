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

Value = Callable[[Message], object]


def _mailbox(it: Message) -> str | None:
    if it.sender is None:
        return None
    name, address = it.sender
    return f"{name} <{address}>" if name and address else name or address


def _first(values: Sequence[str]) -> str | None:
    return values[0] if values else None


_TEXTS: dict[str, Value] = {
    "email.from": lambda m: m.sender.address or None if m.sender else None,
    "email.from_mailbox": _mailbox,
    "email.sender": lambda m: _first(m.addresses("sender")),
    "email.return_path": lambda m: _first(m.addresses("return-path")),
    "email.subject": lambda m: m.subject if "subject" in m.head else None,
    "email.message_uid": lambda m: value_of(m.head, "message-id").strip()[:500] or None,
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
    kind = SCHEMAS[EventClass.EMAIL_ACTIVITY]
    for it in messages:
        if it.time is None and _NO_DATE not in it.defects:
            it.defects.append(_NO_DATE)
    columns = [
        pl.Series("metadata.sequence", numbers, pl.Int64),
        pl.Series("time", [m.time or modified or FIRST for m in messages], kind["time"]),
        *(pl.Series(name, [value(m) for m in messages], kind[name]) for name, value in _TEXTS.items()),
        *(pl.Series("vedette." + name, [getattr(m.shown, name) for m in messages], pl.Int32) for name in COUNTS),
        *(list_column(name, [value(m) for m in messages], kind[name].inner) for name, value in _LISTS.items()),  # type: ignore[union-attr]
    ]
    constant = {"activity_id": _RECEIVE, "metadata.log_provider": "mail"}
    return pl.DataFrame(columns).with_columns(pl.lit(v).cast(kind[k]).alias(k) for k, v in constant.items())


def link_rows(mails: pl.DataFrame) -> pl.DataFrame:
    """Return a row per link of the rows of Email Activity."""
    lists = {"email.urls.url_string": "url.url_string", "vedette.link_text": "vedette.link_text"}
    return _exploded(mails, lists)


def file_rows(mails: pl.DataFrame, messages: Sequence[Message]) -> pl.DataFrame:
    """Return a row per attachment; the hashes are those of ``messages``, in the order of the rows."""
    lists = {
        "email.files.name": "file.name",
        "email.files.mime_type": "file.mime_type",
        "email.files.size": "file.size",
    }
    rows = _exploded(mails, lists)
    digests = [[f.sha256] for m in messages for f in m.files]
    return rows.with_columns(list_column("file.hashes.value", digests, pl.String))


def _exploded(mails: pl.DataFrame, lists: dict[str, str]) -> pl.DataFrame:
    uid = pl.col("email.message_uid").alias("email_uid")
    some = mails.filter(pl.col(next(iter(lists))).is_not_null())
    kept = ("metadata.sequence", "time", "metadata.log_provider")
    rows = some.select(*kept, uid, *(pl.col(old).alias(new) for old, new in lists.items()))
    return rows.explode(*lists.values()).with_columns(pl.lit(_RECEIVE, pl.Int32).alias("activity_id"))
