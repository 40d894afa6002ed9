"""What questions below a domain are worth as evidence of a tunnel: what they could carry, how, and whether anybody else asks so.

A tunnel has to put its data somewhere: in names that are never asked twice, or in answers that never repeat. What it could carry is
therefore the evidence, not the look of a name (Paxson et al., "Practical comprehensive bounds on surreptitious communication over
DNS", USENIX Security 2013). Services that use DNS as a data base carry as much for a reason: block lists, look-ups of hashes,
content delivery, the discovery of services. They are told by what they carry a name, by their form, and by who else asks.

The sizes of the likelihood ratios are judgements, chosen on dnscat2, two simulated tools and simulated services (``tools.dns_tunnels``).
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import Term
from vedette.features.beacon_evidence import prevalence
from vedette.features.dns_tunnel_names import FIELDS
from vedette.features.wording import joined, number, span

VOLUME, LEAST_BYTES, MOST_VOLUME = 1.6, 250.0, 5.5
"""Nats per logarithm of the bytes that could have been carried, the bytes at which that is no evidence either way, and the most nats."""
DENSITY, PLAIN_BYTES = 2.5, 20.0
"""The same for the bytes carried per name: content delivery carries 8, an MD5 sum is 16."""
CODE, ORDINARY_BITS = 2.0, 4.6
"""Nats per bit of surprise a character, and the surprise between words (3 to 4 bits) and codes (5 to 6.5)."""
FEW_BYTES = 100.0
"""Bytes in names at which their look counts for half."""
FEW, EACH = 8.0, 1.5
"""Distinct names or answers below which there is hardly a conversation, and the nats against it per logarithm."""
ONCE = (0.8, 0.3)
"""Shares of distinct names among questions above which nothing repeats, and below which caching would help."""
ODD_TYPES = ("NULL", "KEY", "PRIVATE", "TYPE65399", "TYPE10", "HINFO", "WKS")
"""Record types that no program asks for today."""
_DATABASES = """
abuse.ch abuseat.org abuseipdb.com barracudacentral.org blocklist.de bondedsender.org clamav.net cymru.com dnswl.org dshield.org
e5.sk emailbasura.org habeas.com hashserver.cs.trendmicro.com invaluement.com junkemailfilter.com mailspike.net msbl.org
nszones.com rfc-ignorant.org rspamd.com sbl-xbl.org senderbase.org senderscore.com shadowserver.org sorbs.net sophosxl.net
spamcop.net spameatingmonkey.net spamhaus.net spamhaus.org spamrats.com support-intelligence.net surbl.org trendmicro.com
uceprotect.net uribl.com webroot.com zvelo.com
"""
DATABASES = tuple(_DATABASES.split())
"""Services that are asked by DNS for what they know about addresses, domains and hashes."""

KNOWN, SETTLED = timedelta(days=5), timedelta(days=3)
"""History without which nothing is new, and the age from which a client's use of a domain is a habit."""

SHORT_BYTES = (16.0, 30.0)
"""Bytes that a name carries beside a reversed address, or the name of a service or key, at most: else the form is a cloak."""
EXFILTRATION, TAKEN_BYTES = "T1048", 5_000.0
"""The technique, and the bytes upstream from which a tunnel may have been for it."""

_KB, _MB = 1e3, 1e6


def field(name: str) -> pl.Expr:
    """One of ``FIELDS`` of a row."""
    return pl.col("measured").list.get(FIELDS.index(name), null_on_oob=True)


UP = pl.col("names") * field("carried")
"""Bytes that the names could have carried; those of the answers are ``down``."""
_carried = UP + pl.col("down")
_names = pl.col("names").clip(lower_bound=1.0)
_questions = pl.col("questions").cast(pl.Float64)


def terms(least: float = LEAST_BYTES) -> list[Term]:
    """Return the evidence of a row.

    Args:
        least: bytes that may be carried in a window of this width for nothing.
    """
    return [
        volume(least),
        few(),
        density(),
        code(),
        once(),
        fresh(),
        types(),
        reversed_addresses(),
        services(),
        databases(),
        visited(),
        prevalence("names below this domain"),
        novelty(),
    ]


def volume(least: float) -> Term:
    """How much could have been carried in all."""
    text = pl.format("names could have carried {}, answers {}", size(UP), size(pl.col("down")))
    return Term((VOLUME * (_carried.clip(lower_bound=1.0) / least).log()).clip(-6.0, MOST_VOLUME), text, "names")


def few() -> Term:
    """Too little for a conversation."""
    most = pl.max_horizontal("names", "answers").clip(lower_bound=1.0)
    text = pl.format("only {} names and {} answers", number(pl.col("names")), number(pl.col("answers")))
    return Term(pl.when(most < FEW).then(EACH * (most / FEW).log()), text, "names")


def density() -> Term:
    """How much a name with its answer could carry; among polls, the eighth of the names that could carry most counts."""
    each = pl.max_horizontal(_carried / _names, field("most"))
    text = pl.format("{} new bytes in a name or its answer", each.round(1))
    return Term((DENSITY * (each.clip(lower_bound=0.1) / PLAIN_BYTES).log()).clip(-5.0, 4.0), text, "measured")


def code() -> Term:
    """Whether the names read like codes or like words, where it is the names that carry."""
    bits = field("surprise")
    share = UP / (UP + FEW_BYTES)
    text = pl.format("names of {} bits a character (words have 3 to 4, codes 5 to 6.5)", bits.round(1))
    return Term((CODE * (bits - ORDINARY_BITS)).clip(-4.0, 3.0) * share, text, "measured")


def once() -> Term:
    """Whether names are asked for once only: what is asked for twice would come out of a cache."""
    share = pl.col("names") / _questions
    evidence = pl.when(share >= ONCE[0]).then(1.0).when((share < ONCE[1]) & (pl.col("down") < UP)).then(-3.0)
    text = pl.format("{} distinct names in {} questions", number(pl.col("names"), 128), number(_questions))
    return Term(pl.when(_questions > 0).then(evidence), text, "names")


def fresh() -> Term:
    """Whether no two answers are the same, of many: what a data base says repeats."""
    share = pl.col("answers") / pl.col("heard").clip(lower_bound=1)
    text = pl.format("{} distinct answers among {}", number(pl.col("answers"), 128), number(pl.col("heard")))
    return Term(pl.when((pl.col("answers") >= FEW) & (share >= ONCE[0])).then(2.0), text, "answers")


def types() -> Term:
    """Whether the questions are for records that can carry data, and whether for those that nobody asks for."""
    share = (pl.col("carrying") / _questions).clip(0.0, 1.0)
    odd = pl.col("kinds").list.eval(pl.element().is_in(ODD_TYPES)).list.any()
    text = pl.format(
        "{} of {} questions are for records that can carry anything ({})",
        number(pl.col("carrying")),
        number(_questions),
        joined("kinds"),
    )
    return Term(pl.when(_questions > 0).then(share * pl.when(odd).then(3.5).otherwise(2.0)), text, "kinds")


def reversed_addresses() -> Term:
    """Names that are addresses written backwards, as block lists are asked: four bytes a name."""
    share = field("reversed")
    text = pl.format("{} % of the names are addresses written backwards, as block lists are asked", _percent(share))
    return Term(pl.when((share > 0) & (field("most") <= SHORT_BYTES[0])).then(-8.0 * share), text, "measured")


def services() -> Term:
    """Names of services, keys and policies (``_tcp``, ``_domainkey``)."""
    share = field("service")
    text = pl.format("{} % of the names are of services, keys or policies (_tcp, _domainkey)", _percent(share))
    return Term(pl.when((share > 0) & (field("most") <= SHORT_BYTES[1])).then(-4.0 * share), text, "measured")


def databases() -> Term:
    """Services that are asked by DNS, by name."""
    return Term(
        pl.when(pl.col("domain").is_in(DATABASES)).then(-7.0),
        pl.lit("a service that is made to be asked by DNS"),
        "domain",
    )


def visited() -> Term:
    """Domains whose name servers are not the tunneller's."""
    return Term(
        pl.when(pl.col("known")).then(-12.0),
        pl.lit("the domain is much visited: its name servers are no tunnel's"),
        "known",
    )


def novelty() -> Term:
    """Whether the client has asked so for days, or never before in a network that is known for longer."""
    since, known = pl.col("time") - pl.col("since"), pl.col("windows") * pl.col("window")
    first = (pl.col("age") == 0) & (known >= KNOWN)
    text = pl.format("first seen {} days before", (since.dt.total_hours() / 24).round(1))
    return Term(
        pl.when(since >= SETTLED).then(-1.5).when(first).then(0.7),
        pl.when(first).then(pl.lit("never seen before, in a network known for days")).otherwise(text),
        "since",
    )


def sentence() -> pl.Expr:
    """Return what happened, with the bytes that went either way."""
    return pl.format(
        "{} asked for {} names below {} in {} ({}): about {} upstream in names, {} downstream in answers.",
        "src_endpoint.ip",
        number(pl.col("names"), 128),
        "domain",
        span("first_seen", "last_seen"),
        pl.when(pl.col("kinds").list.len() > 0).then(joined("kinds")).otherwise(pl.lit("types not told")),
        size(UP),
        size(pl.col("down")),
    )


def attacks(rows: pl.DataFrame, techniques: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the techniques of each row: exfiltration only where enough went upstream for it."""
    lesser = tuple(t for t in techniques if t != EXFILTRATION)
    return [techniques if up >= TAKEN_BYTES else lesser for up in rows.select(up=UP)["up"]]  # hits only: few


def size(of: pl.Expr) -> pl.Expr:
    """Bytes as people write them: 2.3 MB."""
    whole = of.clip(0.0, 1e15)
    return (
        pl.when(whole >= _MB)
        .then(pl.format("{} MB", (whole / _MB).round(1)))
        .when(whole >= _KB)
        .then(pl.format("{} KB", (whole / _KB).round(1)))
        .otherwise(pl.format("{} bytes", whole.round(0).cast(pl.Int64)))
    )


def _percent(share: pl.Expr) -> pl.Expr:
    return (100 * share).round(0).cast(pl.Int64)
