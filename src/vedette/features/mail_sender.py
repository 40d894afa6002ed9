"""Who says to have sent a mail, and what contradicts it: facts about names, addresses, domains and the checks of the receiving server.

A fact is 1 where it holds, else 0. None says that a header is there: headers tell the mail program and the year, not the intent. What a
server of ours checked (SPF, DKIM, DMARC) counts by its result only.
"""

# ruff: noqa: E501 - lists of words
from __future__ import annotations

from collections.abc import Callable

import polars as pl

from vedette.features.mail_hosts import CHEAP, FREE_MAIL, SENDER_TENANTS
from vedette.features.url_parts import names
from vedette.intel.brands import brands
from vedette.intel.lookalike import decoded, mixed_scripts, skeleton

USES = (
    "email.from",
    "email.from_mailbox",
    "email.return_path",
    "email.reply_to_list",
    "email.to",
    "email.subject",
    "email_auth.spf",
    "email_auth.dkim",
    "email_auth.dmarc",
    "vedette.received",
)
"""Columns of Email Activity that are read."""

SENDER = {
    "from_shows_brand": "the display name is that of {from_brand}, the address is not theirs",
    "from_shows_us": "the display name is that of the recipient's own organisation, the address is another's",
    "from_shows_address": "the display name shows an address of another domain",
    "from_mixes_scripts": "the display name mixes letters of several alphabets",
    "from_looks_like": "the sender's domain looks like that of {from_brand}",
    "from_holds_brand": "the sender's domain holds the name of {from_brand} and is not theirs",
    "from_is_coded": "the sender's domain is written in foreign letters (punycode)",
    "from_is_free": "the display name sounds official, the address is at a free mail provider",
    "from_is_unrelated": "the display name sounds official and has nothing in common with the address",
    "from_is_cheap": "the sender's domain ends as those do that cost next to nothing",
    "from_is_tenant": "the sender's domain is one that anybody gets for nothing",
    "from_is_odd": "the sender's address is made of figures or chance letters",
    "from_is_none": "the sender's address is missing or broken",
    "from_is_recipient": "the mail claims to come from its own recipient",
    "subject_shows_brand": "the subject names {from_brand}, the sender is not theirs",
    "reply_elsewhere": "answers go to another domain than the sender's",
    "reply_to_free": "answers go to a free mail provider, the sender is at another domain",
    "path_elsewhere": "errors go to another domain than the sender's",
    "spf_fails": "the sending server may not send for its domain (SPF)",
    "dkim_fails": "the signature of the domain does not fit (DKIM)",
    "dmarc_fails": "the domain in From is not the one that was checked (DMARC)",
    "chain_breaks": "the servers named in Received do not follow from each other",
}
"""Fact -> what it says; ``{brand}`` is ``from_brand``."""

SCHEMA = pl.Schema(
    {**dict.fromkeys(SENDER, pl.Float32), "from_domain": pl.String, "from_owner": pl.String, "from_brand": pl.String}
)

_OFFICIAL = (
    r"(?i)\b(?:support|service|security|account|admin|administrator|billing|help ?desk|it[- ]?desk|alert|notif|no-?reply|team|bank|mail ?box|"
    r"customer|kunden|sicherheit|soporte|seguridad|servicio|suporte|seguranca|assistenza|sicurezza|servizio|securite|beveiliging|"
    r"klantenservice|obsluga|destek|guvenlik|department|office|payment|invoice|delivery|webmail|update|verification)"
)
_AT = r"@([^@\s<>]+)$"
_SHOWN = r"^(.*)<[^<>]*>\s*$"
_ADDRESS = r"(?i)[\w.+-]+@([a-z0-9-]+(?:\.[a-z0-9-]+)+)"
_ODD_LOCAL = r"^(?:[^@]*\d{5,}[^@]*|[^@]*[bcdfghjklmnpqrstvwxz]{6,}[^@]*|[0-9a-f-]{16,})@"
_HOST = r"((?:[a-z0-9_-]+\.)+[a-z]{2,})"
_BY = rf"(?i)\bby\s+{_HOST}"
_FROM = rf"(?i)^\s*from\s+{_HOST}"
_CHECKED = rf"(?i)^\s*from\s+[^()]{{0,200}}\({_HOST}\.?\s*[\[(]"
"""Who handed over: as he called himself, and as his address resolved."""
_FAILS = ("fail", "softfail", "permerror", "hardfail", "reject", "quarantine")


def senders(mails: pl.DataFrame) -> pl.DataFrame:
    """Return (n,) rows of ``SCHEMA`` for mails with the columns ``USES``."""
    address = mails["email.from"].str.to_lowercase().str.strip_chars()
    host = address.str.extract(_AT).str.strip_chars(".>")
    reply = mails["email.reply_to_list"].list.first().str.to_lowercase().str.extract(_AT)
    path = mails["email.return_path"].str.to_lowercase().str.strip_chars("<> ").str.extract(_AT)
    to = mails["email.to"].list.first().str.to_lowercase()
    shown = mails["email.from_mailbox"].str.extract(_SHOWN).str.strip_chars(" \"'\t")
    frame = pl.DataFrame(
        {
            "address": address,
            "host": host,
            "domain": _registered(host),
            "shown": shown,
            "shown_domain": _registered(shown.str.extract(_ADDRESS).str.to_lowercase()),
            "reply_domain": _registered(reply),
            "path_domain": _registered(path),
            "to": to,
            "to_domain": _registered(to.str.extract(_AT)),
            "subject_brand": brands().named(mails["email.subject"], common=False),
            "related": _related(shown, address),
            "chain_breaks": _chain_breaks(mails["vedette.received"]),
            **{k: mails[f"email_auth.{k}"] for k in ("spf", "dkim", "dmarc")},
        }
    )
    return _facts(frame, _names(frame))


def _names(frame: pl.DataFrame) -> pl.DataFrame:
    """Return what protected names have to do with the sender: work on distinct values."""
    known = brands()
    shown = _distinct(frame["shown"], known.named)
    hosts = frame["host"]
    word = frame["domain"].str.extract(r"^([^.]+)\.")
    plain = _distinct(word, decoded)
    return pl.DataFrame(
        {
            "shown_brand": shown,
            "owner": _distinct(hosts, known.owner),
            "inside": _distinct(hosts, known.inside),
            "alike": _distinct(plain.str.split("-").list.first(), known.alike),
            "alike_end": _distinct(plain.str.split("-").list.last(), known.alike),
            "alike_all": _distinct(plain, known.alike),
            "coded": (plain != word).fill_null(value=False),
        }
    )


def _facts(frame: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    domain, shown, owner = pl.col("domain"), pl.col("shown"), pl.col("owner").fill_null("")
    alike = pl.coalesce("alike_all", "alike", "alike_end")

    def not_theirs(brand: pl.Expr) -> pl.Expr:
        return brand.is_not_null() & ~owner.str.split("|").list.contains(brand)

    free = domain.is_in(FREE_MAIL)
    us = pl.col("to_domain").str.extract(r"^([^.]{4,})\.")
    facts: dict[str, pl.Expr] = {
        "from_shows_brand": not_theirs(pl.col("shown_brand")),
        "from_shows_us": (domain != pl.col("to_domain"))
        & ~pl.col("to_domain").is_in(FREE_MAIL)
        & shown.str.to_lowercase().str.contains(us, literal=True),
        "from_shows_address": domain != pl.col("shown_domain"),
        "from_mixes_scripts": pl.lit(mixed_scripts(frame["shown"])),
        "from_looks_like": alike.is_not_null() & (owner == ""),
        "from_holds_brand": not_theirs(pl.col("inside")) & (owner == ""),
        "from_is_coded": pl.col("coded"),
        "from_is_free": free & shown.str.contains(_OFFICIAL),
        "from_is_unrelated": shown.str.contains(_OFFICIAL) & (owner == "") & ~pl.col("related"),
        "from_is_cheap": domain.str.extract(r"\.([a-z0-9-]+)$").is_in(CHEAP),
        "from_is_tenant": domain.is_in(SENDER_TENANTS),
        "from_is_odd": pl.col("address").str.contains(_ODD_LOCAL),
        "from_is_none": pl.col("address").is_not_null()
        & ~pl.col("host").fill_null("").str.contains(r"^[^\s]+\.[^\s.]{2,}$"),
        "from_is_recipient": pl.col("address") == pl.col("to"),
        "subject_shows_brand": not_theirs(pl.col("subject_brand")),
        "reply_elsewhere": domain != pl.col("reply_domain"),
        "reply_to_free": (domain != pl.col("reply_domain")) & pl.col("reply_domain").is_in(FREE_MAIL) & ~free,
        "path_elsewhere": domain != pl.col("path_domain"),
        **{f"{k}_fails": pl.col(k).str.to_lowercase().is_in(_FAILS) for k in ("spf", "dkim", "dmarc")},
        "chain_breaks": pl.col("chain_breaks"),
    }
    brand = pl.coalesce(
        pl.when(not_theirs(pl.col(c))).then(pl.col(c)) for c in ("shown_brand", "inside", "subject_brand")
    )
    return pl.concat([frame, named], how="horizontal").select(
        *(e.fill_null(value=False).cast(pl.Float32).alias(n) for n, e in facts.items()),
        domain.alias("from_domain"),
        pl.col("owner").alias("from_owner"),
        pl.coalesce(brand, pl.when(owner == "").then(alike)).alias("from_brand"),
    )


def _related(shown: pl.Series, address: pl.Series) -> pl.Series:
    """Return (n,) Boolean: a word of the display name, other than official ones, stands in the address."""
    words = skeleton(shown).str.replace_all(_OFFICIAL + r"\w*", " ").str.extract_all(r"[a-z0-9]{3,}")
    long = (
        pl.DataFrame({"word": words, "address": address})
        .with_row_index("row")
        .explode("word", keep_nulls=False, empty_as_null=False)
    )
    hit = long.filter(pl.col("address").str.contains(pl.col("word"), literal=True))["row"].unique()
    return pl.Series("related", pl.int_range(len(shown), eager=True).is_in(hit.implode()))


def _chain_breaks(received: pl.Series) -> pl.Series:
    """Return (n,) Boolean: between the two newest hops that name hosts, what handed over is of another domain than what had received.

    Received headers stand newest first: hop k says "from X by Y", and Y of the older hop k + 1 should be X or its organisation. Hops inside
    one organisation and private names are passed over.
    """
    hops = received.list.head(_HOPS)
    frame = pl.DataFrame({"hop": hops}).with_row_index("row").explode("hop", keep_nulls=False, empty_as_null=False)
    if not frame.height:
        return pl.Series("chain_breaks", [False] * len(received), dtype=pl.Boolean)
    text = frame["hop"].str.head(1000)
    ends = frame.select("row").with_columns(
        giver=_registered(
            text.str.extract(_CHECKED).zip_with(text.str.contains(_CHECKED), text.str.extract(_FROM)).str.to_lowercase()
        ),
        taker=_registered(text.str.extract(_BY).str.to_lowercase()),
    )
    older = ends.with_columns(before=pl.col("taker").shift(-1).over("row"))
    broken = (pl.col("giver") != pl.col("before")) & (pl.col("taker") != pl.col("before"))
    rows = older.filter(broken.fill_null(value=False))["row"].unique()
    return pl.Series("chain_breaks", pl.int_range(len(received), eager=True).is_in(rows.implode()))


_HOPS = 12


def _registered(hosts: pl.Series) -> pl.Series:
    """Return the registered domain (without private suffixes) of hosts; null for none, an empty one or an address."""
    return _distinct(hosts, lambda distinct: names(distinct)["domain"].replace("", None))


def _distinct(texts: pl.Series, work: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Return ``work`` of the texts, done once for each distinct one."""
    keys = texts.unique().drop_nulls()
    return (
        texts.replace_strict(keys, work(keys), default=None, return_dtype=pl.String)
        if len(keys)
        else texts.cast(pl.String)
    )
