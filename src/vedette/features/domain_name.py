"""Host names taken apart: what somebody registered, and the label of it that he chose, as Polars expressions.

Suffixes are the public part of the Public Suffix List (publicsuffix.org) as bundled with ``tldextract``, the roots of alternative name
systems, and the apexes of dynamic DNS providers, below which anybody chooses a label. Other private suffixes (content delivery, hosting)
do not count: their labels are made by machines for honest customers, and what is judged is the provider's own name.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl
from tldextract import TLDExtract

from vedette.scoring.ngrams import Corpus, Hashes, Places, corpus, span_hashes

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


FEW = 256
"""Names of which it is not worth while to look for those that are the same."""
_TOLD = pl.Struct({"label": pl.String(), "suffix": pl.String(), "registered": pl.String()})


def cleaned(name: pl.Expr) -> pl.Expr:
    """Return a host name as it is compared: lower case, without spaces around it and the final dot; null where empty or over 253 bytes."""
    plain = name.str.strip_chars().str.to_lowercase().str.strip_suffix(".")
    return pl.when(plain.str.len_bytes().is_between(1, 253)).then(plain)


def with_label(names: pl.LazyFrame, column: str = "name") -> pl.LazyFrame:
    """Add to cleaned names: ``suffix``, ``label`` (left of the suffix) and ``registered`` (both); null where nobody registered the name.

    So it is for addresses, names of one label, reverse look-ups, names of local networks, unknown top-level domains and bare suffixes.
    """
    told = pl.col(column).map_batches(_labelled, return_dtype=_TOLD, is_elementwise=True)
    fields = (pl.col("_told").struct.field(f.name) for f in _TOLD.fields)
    return names.with_columns(_told=told).with_columns(fields).drop("_told")


def _labelled(names: pl.Series) -> pl.Series:
    """Return (n,) ``label``, ``suffix`` and ``registered`` of cleaned names; each name is looked at once."""
    if len(names) < FEW:
        return _parts(names).to_struct(names.name)
    unique = names.unique()
    known = pl.concat([unique.alias("_name").to_frame(), _parts(unique)], how="horizontal")
    every = names.alias("_name").to_frame().join(known, on="_name", how="left", maintain_order="left", nulls_equal=True)
    return every.drop("_name").to_struct(names.name)


def _parts(names: pl.Series) -> pl.DataFrame:
    """Return the fields of ``_TOLD`` of each name."""
    public = (names.str.contains(NAME) & ~names.str.contains(_LOCAL)).fill_null(value=False)
    some = names.filter(public)
    text = corpus(some)
    begins, depth = _depths(text)
    row, end = np.arange(len(some)), text.starts[1:] - 1
    suffix, label = begins[row, np.maximum(depth, 1) - 1], begins[row, depth]
    own = suffix - label - 1
    frame = pl.DataFrame(
        {
            "text": some.cast(pl.Binary),
            "suffix": suffix - begins[:, -1],
            "label": label - begins[:, -1],
            "size": end - begins[:, -1],
            "own": own,
            "has": depth > 0,
            "chosen": (depth > 0) & (own >= 0),
        }
    )
    text_, at = pl.col("text").bin, pl.col("label")
    told = frame.select(
        label=pl.when("chosen").then(text_.slice(at, pl.col("own").clip(0)).cast(pl.String)),
        suffix=pl.when("has").then(text_.slice(pl.col("suffix"), pl.col("size")).cast(pl.String)),
        registered=pl.when("chosen").then(text_.slice(at, pl.col("size")).cast(pl.String)),
    )
    if len(some) == len(names):
        return told
    empty = pl.Series([None], dtype=pl.String).new_from_index(0, len(names))
    at_ = public.arg_true()
    return pl.DataFrame({c.name: empty.clone().scatter(at_, c) for c in told.get_columns()})


def _depths(text: Corpus) -> tuple[Places, Places]:
    """Return (n, DEEPEST + 2) where the last 1, 2 ... labels of each name begin, last the name; and (n,) the labels of its suffix."""
    begin, end = text.starts[:-1] + 1, text.starts[1:] - 1
    dots = np.flatnonzero(text.data == ord("."))
    first = np.searchsorted(dots, text.starts)
    labels = np.diff(first) + 1
    begins = np.repeat(begin[:, None], DEEPEST + 2, axis=1)
    depth, before = np.zeros(len(begin), np.int64), np.zeros(len(begin), np.uint8)
    hashes, kinds = _rules()
    for k in range(1, DEEPEST + 1):  # the longest rule wins, so the last one that fits
        longer = labels > k
        begins[longer, k - 1] = dots[first[1:][longer] - k] + 1
        value = span_hashes(text, begins[:, k - 1], end)
        at = np.minimum(np.searchsorted(hashes, value), len(hashes) - 1)
        kind = np.where((hashes[at] == value) & (labels >= k), kinds[at], 0)
        fits = (kind & _EXACT > 0) | ((before & _STARRED > 0) & (kind & _EXCEPTED == 0) & (labels >= k))
        depth[fits], before = k, kind
    longer = labels > DEEPEST + 1
    begins[longer, DEEPEST] = dots[first[1:][longer] - DEEPEST - 1] + 1
    return begins, depth


_EXACT, _STARRED, _EXCEPTED = 1, 2, 4


@cache
def _rules() -> tuple[Hashes, npt.NDArray[np.uint8]]:
    """Return sorted hashes of what the rules name, and which kinds of rules there are for it."""
    exact, starred, excepted = suffixes()
    known: dict[str, int] = {}
    for kind, names in ((_EXACT, exact.values()), (_STARRED, starred.values()), (_EXCEPTED, [excepted])):
        for name in (name for each in names for name in each):
            known[name] = known.get(name, 0) | kind
    text = corpus(pl.Series(list(known), dtype=pl.String))
    hashes = span_hashes(text, text.starts[:-1] + 1, text.starts[1:] - 1)
    order = np.argsort(hashes)
    return hashes[order], np.array(list(known.values()), np.uint8)[order]


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
