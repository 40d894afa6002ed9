"""Host names taken apart: what somebody registered, and the label of it that he chose, as Polars expressions.

Suffixes are the public part of the Public Suffix List (publicsuffix.org) as bundled with ``tldextract``, the roots of alternative name
systems, and the apexes of dynamic DNS providers, below which anybody chooses a label. Other private suffixes (content delivery, hosting)
do not count: their labels are made by machines for honest customers, and what is judged is the provider's own name.
"""

from __future__ import annotations

from functools import cache

import polars as pl
from tldextract import TLDExtract

_DYNAMIC_DNS = """
3322.org 8866.org 9966.org afraid.org blogdns.com blogdns.net blogdns.org changeip.com chickenkiller.com crabdance.com
ddns.info ddns.me ddns.mobi ddns.name ddns.net ddns.us ddnsfree.com ddnsgeek.com ddnsking.com dlinkddns.com dnsalias.com
dnsalias.net dnsalias.org dnsdojo.com dnsdojo.net dnsdojo.org dnsfor.me doesntexist.com doesntexist.org dontexist.com
dontexist.net dontexist.org duckdns.org dyn-o-saur.com dynalias.com dynalias.net dynalias.org dynathome.net dyndns.biz
dyndns.info dyndns.org dyndns.tv dyndns.ws dynserv.com dynserv.org dynu.com dynu.net dynv6.net freeddns.org freedns.org
freemyip.com ftp.sh giize.com gleeze.com gotdns.com gotdns.org homedns.org homeftp.net homeftp.org homeip.net
homelinux.com homelinux.net homelinux.org homeunix.com homeunix.net homeunix.org hopto.me hopto.org ignorelist.com
jumpingcrab.com kozow.com loseyourip.com mefound.com mooo.com myddns.me mydyn.de mydns.jp myftp.biz myftp.org myvnc.com
no-ip.biz no-ip.ca no-ip.co.uk no-ip.info no-ip.net no-ip.org noip.me noip.us now-dns.net now-dns.org ooguy.com
privatedns.org redirectme.net selfip.com selfip.net selfip.org serveblog.net serveftp.com servegame.com
serveminecraft.net spdns.de spdns.eu spdns.org strangled.net sytes.net theworkpc.com twilightparadox.com us.to uk.to
webhop.me webhop.net webhop.org yi.org zapto.org
"""
DYNAMIC_DNS = tuple(_DYNAMIC_DNS.split())
"""Providers of dynamic DNS: whoever knows the password moves the name to his address."""

OTHER_ROOTS = ("bazar", "bit", "coin", "emc", "lib")
"""Roots outside ICANN's that malware resolves through resolvers of its own (Namecoin, EmerDNS)."""

DEEPEST = 4
"""Labels of the longest suffix that is looked for."""

NAME = r"^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+$"
"""A host name of at least two labels, in lower case, without the final dot; underscores as in service names."""

_LOCAL = (
    r"(?:^|\.)(?:arpa|local|localdomain|localhost|lan|home|internal|intranet|corp|private|test|invalid|example|onion)$"
)


def cleaned(name: pl.Expr) -> pl.Expr:
    """Return a host name as it is compared: lower case, without spaces around it and the final dot; null where empty or over 253 bytes."""
    plain = name.str.strip_chars().str.to_lowercase().str.strip_suffix(".")
    return pl.when(plain.str.len_bytes().is_between(1, 253)).then(plain)


def with_label(names: pl.LazyFrame, column: str = "name") -> pl.LazyFrame:
    """Add to cleaned names: ``suffix``, ``label`` (left of the suffix) and ``registered`` (both); null where nobody registered the name.

    So it is for addresses, names of one label, reverse look-ups, names of local networks, unknown top-level domains and bare suffixes.
    """
    name = pl.col(column)
    public = name.str.contains(NAME) & ~name.str.contains(_LOCAL)
    parts = pl.when(public).then(name).str.split(".").list.tail(DEEPEST + 1)
    split = names.with_columns(_parts=parts)
    held = [_ending(k) for k in range(1, DEEPEST + 1)]
    tailed = split.with_columns(**{f"_tail{k}": t for k, t in enumerate(held, 1)})
    named = tailed.with_columns(_depth=_depth()).with_columns(
        label=pl.col("_parts").list.get(-1 - pl.col("_depth"), null_on_oob=True),
        suffix=pl.coalesce(pl.when(pl.col("_depth") == k).then(pl.col(f"_tail{k}")) for k in range(1, DEEPEST + 1)),
    )
    whole = pl.concat_str("label", "suffix", separator=".")
    return named.with_columns(registered=whole).drop("_parts", "_depth", *(f"_tail{k}" for k in range(1, DEEPEST + 1)))


def _ending(labels: int) -> pl.Expr:
    parts = pl.col("_parts")
    return pl.when(parts.list.len() >= labels).then(parts.list.tail(labels).list.join("."))


def _depth() -> pl.Expr:
    """Return how many labels the suffix has; null where even the last is none."""
    exact, starred, excepted = suffixes()
    depth = pl.lit(None, pl.Int64)
    for k in range(1, DEEPEST + 1):  # the longest rule wins, so the last one that fits
        tail = pl.col(f"_tail{k}")
        fits = tail.is_in(exact[k])
        if k > 1 and starred[k - 1]:
            fits = fits | (pl.col(f"_tail{k - 1}").is_in(starred[k - 1]) & tail.is_not_null() & ~tail.is_in(excepted))
        depth = pl.when(fits.fill_null(value=False)).then(pl.lit(k, pl.Int64)).otherwise(depth)
    return depth


@cache
def suffixes() -> tuple[dict[int, list[str]], dict[int, list[str]], list[str]]:
    """Return the rules: suffixes by count of labels, bases of ``*.`` rules by count of labels, and exceptions (``!``)."""
    extract = TLDExtract(cache_dir=None, suffix_list_urls=(), fallback_to_snapshot=True)
    rules = [*_ascii(extract.tlds), *DYNAMIC_DNS, *OTHER_ROOTS]
    exact: dict[int, list[str]] = {k: [] for k in range(1, DEEPEST + 1)}
    starred: dict[int, list[str]] = {k: [] for k in range(1, DEEPEST + 1)}
    for rule in rules:
        base = rule.removeprefix("*.")
        if rule.startswith("!") or base.count(".") >= DEEPEST:
            continue
        exact[base.count(".") + 1].append(base)
        if rule.startswith("*."):
            starred[base.count(".") + 1].append(base)
    return exact, starred, [r[1:] for r in rules if r.startswith("!")]


def _ascii(rules: list[str]) -> list[str]:
    """Return the rules as they stand in DNS messages: punycode."""
    return [r if r.isascii() else r.encode("idna").decode("ascii") for r in rules]
