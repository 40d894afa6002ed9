"""Question and answers of EVE's ``dns``, which its three versions keep in different places; lists, so loops over rows."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import polars as pl

from vedette.events.jsonlines import one
from vedette.events.lists import list_columns
from vedette.sources.suricata.records import Answer, Dns

_grouped = msgspec.json.Decoder(dict[str, list[msgspec.Raw]])


def answer_columns(rows: Sequence[Dns]) -> dict[str, pl.Series]:
    """Return (n_rows,) ``dns.rrname`` and ``dns.rrtype`` of what was asked, and the lists ``dns.answers.*`` (null where there are none)."""
    asked = [r.queries[0] if r.queries else r for r in rows]
    answers = [_answers(r) for r in rows]
    flat = [answer for found in answers for answer in found]
    parts = {
        "dns.answers.rrtype": pl.Series([a.rrtype for a in flat], dtype=pl.String),
        "dns.answers.ttl": pl.Series([a.ttl for a in flat], dtype=pl.Int64),
        "dns.answers.rdata": pl.Series([a.rdata for a in flat], dtype=pl.String),
    }
    question = {f"dns.{n}": pl.Series([getattr(r, n) for r in asked], dtype=pl.String) for n in ("rrname", "rrtype")}
    return question | list_columns(list(map(len, answers)), parts)


def _answers(row: Dns) -> Sequence[Answer]:
    if row.answers:
        return row.answers
    if grouped_text := bytes(row.grouped):
        grouped = one(grouped_text, _grouped)
        return (
            []
            if isinstance(grouped, str)
            else [Answer(kind, None, _scalar(v)) for kind, values in grouped.items() for v in values]
        )
    return () if row.rdata is None else (Answer(row.rrtype, row.ttl, row.rdata),)


def _scalar(value: msgspec.Raw) -> str:
    """Return a text as it is and anything else (a SOA record) as JSON."""
    text = bytes(value).decode("utf-8", "replace")
    try:
        decoded = msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return text
    return decoded if isinstance(decoded, str) else text
