"""How a mail is made and how it came: facts about its route, its headers' meaning and its text, 1 where one holds, else 0.

A fact is something odd, never the presence of a header: that tells the mail program and the year. The route is judged at the *border
hop*: the newest Received line whose sender is a public address of another organisation than the server that took the mail.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

USES = (
    "email.to",
    "email.cc",
    "email.from",
    "email.subject",
    "email.message_uid",
    "email.raw_header",
    "email.urls.url_string",
    "email.files.mime_type",
    "vedette.body_text",
    "vedette.hidden_text",
    "vedette.received",
    "vedette.remote_images",
)
"""Columns of Email Activity that are read."""

MAKE = {
    "helo_is_address": "the sending server gives a bare address for its name",
    "helo_is_ours": "the sending server gives the name of the receiving one",
    "helo_is_local": "the sending server gives a name without a domain",
    "relay_is_unnamed": "the sending address has no name in DNS",
    "relay_is_forged": "the sending server's name and address contradict each other",
    "relay_is_dynamic": "it was sent straight from a dial-up or home connection",
    "from_not_on_route": "no server on the route belongs to the sender's domain",
    "reply_to_nothing": "it claims to be an answer and refers to no mail",
    "date_is_ahead": "its date lies hours after its arrival",
    "date_is_old": "its date lies days before its arrival",
    "id_is_missing": "it has no message id",
    "id_is_odd": "its message id names no host",
    "to_is_empty": "it names no recipient",
    "to_is_crowd": "it names many recipients of one organisation",
    "subject_shouts": "its subject is in capitals",
    "subject_has_noise": "its subject ends in chance characters or holds odd gaps",
    "subject_is_encoded": "its subject is coded though it has nothing but plain letters",
    "text_shouts": "much of its text is in capitals",
    "text_exclaims": "its text has many exclamation marks",
    "text_is_swapped": "figures and signs stand for letters within words",
    "text_is_hidden": "it holds text that a reader does not see",
    "image_is_all": "it is a picture, or links, with hardly any text",
}
"""Fact -> what it says."""

SCHEMA = pl.Schema(dict.fromkeys(MAKE, pl.Float32))

HOPS = 12
"""Received lines that are read."""

READ = 2_000
"""Characters of the text that are looked at."""

_DYNAMIC = (
    r"(?i)\d{1,3}[.-]\d{1,3}[.-]\d{1,3}|(?:^|[.-])(?:a?dsl|x?dsl\w*|dhcp|dial(?:up|in)?|dyn\w*|pool\w*|ppp\w*|cable\w*|modem\w*|catv|"
    r"client\w*|cust\w*|user\w*|host\d+|ip\d+|cpe\w*|pc\d+)[.\d-]|\d{8,}"
)
_PRIVATE = r"^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|0\.)"
_ADDRESS = r"(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})"
_SWAPPED = r"(?-u:\b)[a-zA-Z]{1,12}(?:[01345!|$][a-z]{1,12}){1,4}(?-u:\b)"
_UPPER, _LETTER = np.zeros(256, np.bool_), np.zeros(256, np.bool_)
_UPPER[0x41:0x5B] = True
_LETTER[[*range(0x41, 0x5B), *range(0x61, 0x7B), *range(0x80, 0x100)]] = True
_ZONE = r"([+-]\d{4})"


def makes(mails: pl.DataFrame) -> pl.DataFrame:
    """Return (n,) rows of ``SCHEMA`` for mails with ``time`` and the columns ``USES``."""
    parts = [_route(mails), mails.lazy().select(**_headers()).collect(), _words(mails)]
    return pl.concat(parts, how="horizontal").select(
        pl.col(c).fill_null(value=False).cast(t) for c, t in SCHEMA.items()
    )


def _route(mails: pl.DataFrame) -> pl.DataFrame:
    """Return facts about the border hop and the route as a whole."""
    rows = pl.DataFrame({"row": pl.int_range(mails.height, eager=True, dtype=pl.UInt32)})
    hops = pl.DataFrame({"line": mails["vedette.received"].list.head(HOPS)}).with_row_index("row")
    line = pl.col("line").str.head(400).str.replace_all(r"\s+", " ")
    long = hops.explode("line", keep_nulls=False, empty_as_null=False).lazy().with_columns(line=line)
    read = long.with_columns(
        helo=pl.col("line").str.extract(r"(?i)^(?:received: )?from \[?([^\s\[\]()]+)").str.to_lowercase(),
        inner=pl.col("line").str.extract(r"\(([^()]*(?:\([^()]*\))?[^()]*)\) by ").str.to_lowercase(),
        by=pl.col("line").str.extract(r"(?i) by ([a-z0-9.-]+)").str.to_lowercase(),
        ip=pl.col("line").str.extract(rf"(?i)^(?:received: )?from .{{0,200}}?[\[(]{_ADDRESS}[\])]"),
        fetched=pl.col("line").str.contains(r"(?i) with (?:imap|pop3)"),
    ).with_columns(named=pl.col("inner").str.extract(r"(?:^|@| )([a-z0-9_-]+(?:\.[a-z0-9_-]+)+\.?[a-z]) "))
    helo_domain, by_domain, named_domain = (_last_labels(pl.col(c)) for c in ("helo", "by", "named"))
    foreign = (
        pl.col("ip").is_not_null()
        & ~pl.col("ip").str.contains(_PRIVATE)
        & ~pl.col("fetched")
        & (named_domain.fill_null("?") != by_domain.fill_null("??"))
    )
    border = read.with_columns(foreign=foreign, helo_domain=helo_domain, by_domain=by_domain).filter("foreign")
    helo = pl.col("helo").fill_null("")
    is_address = helo.str.contains(r"^\[?\d{1,3}(?:\.\d{1,3}){3}\]?$")
    told = (
        border.group_by("row")
        .agg(pl.col("helo", "named", "by_domain", "helo_domain", "line").first())
        .select(
            "row",
            helo_is_address=is_address,
            helo_is_ours=(pl.col("helo_domain") == pl.col("by_domain")),
            helo_is_local=~helo.str.contains(".", literal=True) & (helo != "")
            | helo.str.contains("localhost|localdomain"),
            relay_is_unnamed=pl.col("named").is_null(),
            relay_is_forged=pl.col("line").str.contains("may be forged", literal=True),
            relay_is_dynamic=pl.col("named").str.contains(_DYNAMIC),
        )
    )
    sender = _last_labels(mails["email.from"].str.to_lowercase().str.extract(r"@([^@>\s]+)"))
    joined = pl.concat_str(
        mails["vedette.received"].list.head(HOPS).list.join(" ").str.to_lowercase().to_frame(), separator=""
    )
    on_route = pl.DataFrame({"sender": sender, "route": pl.select(joined).to_series()}).select(
        from_not_on_route=~pl.col("route").str.contains(pl.col("sender"), literal=True) & (pl.col("route") != "")
    )
    return pl.concat(
        [rows.join(told.collect(), on="row", how="left", maintain_order="left").drop("row"), on_route], how="horizontal"
    )


def _headers() -> dict[str, pl.Expr]:
    """Return facts about what the headers say."""
    head = pl.col("email.raw_header").str.head(16_384)
    subject = pl.col("email.subject").fill_null("")
    told = head.str.extract(
        r"(?im)^date:[ \t]*(?:[a-z]{2,4},?[ \t]+)?(\d{1,2} [a-z]{3} \d{4} \d\d:\d\d(?::\d\d)? ?(?:[+-]\d{4})?)"
    )
    local = told.str.replace(r" ?[+-]\d{4}$", "").str.to_datetime(
        "%d %b %Y %H:%M:%S", strict=False, time_unit="us", time_zone="UTC"
    )
    zone = told.str.extract(_ZONE).fill_null("+0000")
    minutes = zone.str.slice(1, 2).cast(pl.Int32) * 60 + zone.str.slice(3, 2).cast(pl.Int32)
    offset = pl.duration(minutes=pl.when(zone.str.starts_with("-")).then(-minutes).otherwise(minutes))
    ahead = (local - offset - pl.col("time")).dt.total_minutes() / 60
    recipients = pl.col("email.to").list.len().fill_null(0) + pl.col("email.cc").list.len().fill_null(0)
    delivered = (
        pl.col("vedette.received").list.len() > 0
    )  # not a draft, and not a text that somebody kept without its headers
    answered = head.str.contains(r"(?im)^(?:in-reply-to|references|thread-index):")
    shown = subject.str.count_matches(r"\p{L}")
    return {
        "reply_to_nothing": subject.str.contains(r"(?i)^\s*re\s?:") & ~answered & delivered,
        "date_is_ahead": ahead > _HOURS_AHEAD,
        "date_is_old": ahead < -_HOURS_BEHIND,
        "id_is_missing": delivered & (pl.col("email.message_uid").fill_null("").str.strip_chars("<> ") == ""),
        "id_is_odd": ~pl.col("email.message_uid").str.contains(r"@[^@]*[a-zA-Z][^@]*\.[^@]*[a-zA-Z]") & delivered,
        "to_is_empty": delivered & (recipients == 0),
        "to_is_crowd": recipients >= _CROWD,
        "subject_shouts": (shown >= _SUBJECT_LETTERS) & (subject.str.count_matches(r"\p{Lu}") > 0.75 * shown),
        "subject_has_noise": subject.str.contains(r"\S {4,}\S|(?:^|\s)[bcdfghjklmnpqrstvwxz0-9]{5,}\s*$"),
        "subject_is_encoded": head.str.contains(r"(?im)^subject:[ \t]*=\?[^?]+\?[bq]\?")
        & ~subject.str.contains(r"[^\x20-\x7e]"),
    }


def _words(mails: pl.DataFrame) -> pl.DataFrame:
    """Return facts about the text."""
    text = mails["vedette.body_text"].fill_null("").str.head(READ)
    data = np.frombuffer(("\n".join(text) + "\n").encode("utf-8", "replace"), np.uint8)
    sizes = text.str.len_bytes().to_numpy().astype(np.int64) + 1
    starts = np.cumsum(sizes) - sizes
    letter = _LETTER[data]
    begins = np.diff(letter, prepend=np.False_) & letter
    upper, letters, signs, words = (_counted(x, starts) for x in (_UPPER[data], letter, data == ord("!"), begins))
    enough = words >= _WORDS
    frame = mails.select(
        "vedette.hidden_text",
        text=text,
        words=pl.Series(words),
        links=pl.col("email.urls.url_string").list.len().fill_null(0),
        pictures=pl.col("email.files.mime_type")
        .list.eval(pl.element().str.starts_with("image/"))
        .list.any()
        .fill_null(value=False),
        remote=pl.col("vedette.remote_images").fill_null(0) > 0,
    )
    facts = frame.select(
        text_is_swapped=pl.col("text").str.count_matches(_SWAPPED) > 0.005 * pl.col("words") + 1,
        text_is_hidden=pl.col("vedette.hidden_text").str.count_matches(r"\w+") >= _HIDDEN,
        image_is_all=(pl.col("words") < _WORDS) & ((pl.col("links") > 0) | pl.col("pictures") | pl.col("remote")),
    )
    shouts, exclaims = enough & (upper > 0.3 * letters), enough & (signs > 0.02 * words)
    return facts.with_columns(text_shouts=pl.Series(shouts), text_exclaims=pl.Series(exclaims))


def _counted(which: npt.NDArray[np.bool_], starts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return how many bytes of each text are meant; none of the texts is empty."""
    if not len(starts):
        return np.zeros(0, np.int64)
    counts: npt.NDArray[np.int64] = np.add.reduceat(which, starts, dtype=np.int64)
    return counts


def _last_labels(hosts: pl.Series | pl.Expr) -> pl.Series | pl.Expr:
    """Return the registered domain, roughly: two labels, three where the last two are short (co.uk, com.br)."""
    return hosts.str.strip_chars(".").str.extract(r"([a-z0-9_-]+\.(?:[a-z]{2,3}\.[a-z]{2}|[a-z]{2,}))$")


_HOURS_AHEAD, _HOURS_BEHIND = 6, 48
_CROWD, _SUBJECT_LETTERS, _WORDS, _HIDDEN = 8, 8, 20, 5
