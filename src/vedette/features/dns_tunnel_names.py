"""What stands below a registered domain, and how much of it is new in each name: the bytes that names could carry.

A name carries something only where it differs from the others: a label that stands in many names (a zone, a session) is counted once.
A character is worth no more than the entropy of all characters of the draw (4 bits in hexadecimal, 5 in base32) and no more than its
surprise after the three before it in ordinary names (``domain_language``), so that words count little and codes count in full.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.features.beacon_name import visited
from vedette.features.domain_language import STEPS, SYMBOLS, language, letters
from vedette.features.domain_name import with_label
from vedette.features.url_facts import SERVICES, services

Floats = npt.NDArray[np.float64]

SAMPLE = 24
"""Names that are kept of each row: those with the smallest hashes, so a fair draw that any split of the events gives alike."""
FIELDS = ("carried", "most", "surprise", "reversed", "service", "length")
"""Bytes that a name could carry, in the mean and among the eighth that could carry most (the rest may be polls); bits of surprise a
character; shares of names that are reversed addresses, and that name a service
(``_tcp``, ``_domainkey``: RFC 8552); bytes of a name."""

AT_ONCE = 16_384
"""Rows that are measured at once, to bound the memory."""
LONGEST = 1012
"""Characters of a name as it is written down: 253 bytes, each of them escaped at worst."""

_ESCAPED = r"\\x[0-9a-f]{2}|\\[0-9]{3}|\\.|[^\x00-\x7f]"
_ODD = r"[^a-z0-9_.-]"
_BARE = "dnscat"
"""What dnscat2 puts before its data where it has no domain of its own."""
_REVERSED = r"^(?:\d{1,3}\.){3}\d{1,3}(?:\.|$)|^(?:[0-9a-f]\.){15,31}[0-9a-f](?:\.|$)"
_SERVICE = r"(?:^|\.)_[a-z][a-z0-9-]{1,14}(?:\.|$)"
_MOST_BITS = 8.0
_DYNAMIC = 1 + SERVICES.index("dynamic DNS")


def with_domain(events: pl.LazyFrame) -> pl.LazyFrame:
    """Add ``domain`` (registered) and ``below``: what stands left of it, "" for nothing, escaped bytes as ``~``.

    What nobody registered is dropped.
    """
    name = pl.col("query.hostname").str.slice(0, LONGEST).str.strip_chars().str.to_lowercase().str.strip_suffix(".")
    plain = pl.when(name.str.contains(r"\\|[^\x00-\x7f]")).then(name.str.replace_all(_ESCAPED, "~")).otherwise(name)
    tame = (
        pl.when(pl.col("_name").str.contains(_ODD)).then(pl.col("_name").str.replace_all(_ODD, "x")).otherwise("_name")
    )
    named = with_label(events.with_columns(_name=plain).with_columns(_tame=tame), "_tame")
    bare = pl.col("_name").str.starts_with(_BARE + ".")
    size = pl.col("_name").str.len_bytes().cast(pl.Int64) - pl.col("registered").str.len_bytes().cast(pl.Int64) - 1
    below = (
        pl.when(bare)
        .then(pl.col("_name").str.slice(len(_BARE) + 1))
        .otherwise(pl.col("_name").str.slice(0, size.clip(lower_bound=0)))
    )
    found = named.with_columns(domain=pl.when(bare).then(pl.lit(_BARE)).otherwise("registered"), below=below)
    return found.filter(pl.col("domain").is_not_null()).drop("_name", "_tame", "label", "suffix", "registered")


def drawn(of: pl.Expr, most: int) -> pl.Expr:
    """Aggregate names into a List(String): a fair draw of the distinct ones."""
    names = of.drop_nulls()
    return names.sort_by(names.hash(), names).unique(maintain_order=True).head(most)


def measures(samples: pl.Series) -> pl.Series:
    """Return (n,) List(Float64) of ``FIELDS`` of (n,) List(String) draws of names; zeros where there is no name."""
    parts = [_measured(samples.slice(k, AT_ONCE)).tolist() for k in range(0, len(samples), AT_ONCE)]
    return pl.Series(samples.name, [row for part in parts for row in part], dtype=pl.List(pl.Float64))


def _measured(samples: pl.Series) -> Floats:
    n, name = len(samples), pl.col("name")
    rows = pl.DataFrame({"name": samples}).with_row_index("row")
    held = rows.explode("name", empty_as_null=False).drop_nulls().with_row_index("n")
    row = held["row"].to_numpy().astype(np.int64)
    count = np.maximum(np.bincount(row, minlength=n), 1)
    out = np.zeros((n, len(FIELDS)))
    seen = held.select(
        reversed=name.str.contains(_REVERSED), service=name.str.contains(_SERVICE), length=name.str.len_bytes()
    )
    for field in seen.columns:
        weights = seen[field].cast(pl.Float64).to_numpy()
        out[:, FIELDS.index(field)] = np.bincount(row, weights=weights, minlength=n) / count
    labels = (
        held.select("row", "n", label=name.str.split("."))
        .explode("label", empty_as_null=False)
        .filter(pl.col("label").str.len_bytes() > 0)
        .group_by("row", "label", maintain_order=True)
        .agg(pl.col("n").first(), times=pl.len())
    )
    characters, surprise, entropy = _characters(labels["label"], labels["row"].to_numpy().astype(np.int64), n)
    each = np.minimum(surprise, entropy) / 8
    out[:, 0], out[:, 2] = characters * each / count, surprise
    own = labels.filter(pl.col("times") == 1)
    new = np.bincount(own["n"].to_numpy(), weights=own["label"].str.len_bytes().to_numpy(), minlength=held.height)
    out[:, 1] = _largest(new.astype(np.float64), row, count) * each
    return out


def _largest(new: Floats, row: npt.NDArray[np.int64], count: npt.NDArray[np.int64]) -> Floats:
    """Return of each row the mean of ``new`` (of each name: characters in labels of its own) over the eighth that has most.

    Args:
        new: (m,) by name.
        row: (m,) the row of each, ascending.
        count: (n,) names of each row, at least 1.
    """
    held = np.bincount(row, minlength=len(count))
    rank = np.arange(len(row)) - np.repeat(np.cumsum(held) - held, held)
    ordered, most = new[np.lexsort((-new, row))], -(-count // 8)
    chosen = rank < most[row]
    found: Floats = np.bincount(row[chosen], weights=ordered[chosen], minlength=len(count)) / most
    return found


def _characters(labels: pl.Series, row: npt.NDArray[np.int64], n: int) -> tuple[Floats, Floats, Floats]:
    """Return of the labels of each of n rows: characters in all, mean surprise and entropy of a character in bits."""
    if labels.is_empty():
        return np.zeros(n), np.zeros(n), np.zeros(n)
    of = letters(labels)
    inner = (of.place > 0) & (of.place <= np.repeat(of.size, of.size + 2))
    owner = np.repeat(row, of.size + 2)[inner]
    bits = np.minimum(language().surprises(of)[inner] / STEPS, _MOST_BITS)
    total = np.bincount(owner, minlength=n).astype(np.float64)
    some = np.maximum(total, 1.0)
    surprise = np.bincount(owner, weights=bits, minlength=n) / some
    each = np.bincount(owner * SYMBOLS + of.code[inner], minlength=n * SYMBOLS).reshape(n, SYMBOLS) / some[:, None]
    entropy = -(each * np.log2(np.where(each > 0, each, 1.0))).sum(axis=1)
    return total, surprise, entropy


def known(domains: pl.Series) -> pl.Series:
    """Return (n,) Boolean: whether a registered domain is much visited, or a provider's whose customers do not run its name servers."""
    parts = pl.DataFrame({"host": domains, "domain": domains, "site": domains})
    service = services(parts)
    return (visited(domains) | ((service > 0) & (service != _DYNAMIC))).fill_null(value=False)
