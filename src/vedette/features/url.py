"""URLs taken apart, with what is known about the places they point to: one row each."""

from __future__ import annotations

from functools import cache
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.abc import EventFeatures
from vedette.events.schema import TIME, EventClass
from vedette.features.url_facts import borrowed, services
from vedette.features.url_parts import LONGEST, NAMES, SCHEMA, among, names, split
from vedette.intel.content import content
from vedette.scoring.ngrams import Corpus, corpus, span_hashes

SHOWN = 2048
"""Characters of a URL that are kept."""
_URL = 5
_IDS: dict[str, pl.DataType | type[pl.DataType]] = {
    "time": TIME,
    "metadata.log_name": pl.String,
    "metadata.sequence": pl.Int64,
}
_FACTS: dict[str, type[pl.DataType]] = {
    "src_endpoint.ip": pl.String,
    "gone_to": pl.String,
    "url": pl.String,
    "size": pl.Int32,
    "service": pl.Int8,
    "brand": pl.String,
    "brand_tail": pl.String,
    "alike": pl.String,
    "redirect": pl.String,
    "visited": pl.Boolean,
}
_ROWS = pl.Schema([*_IDS.items(), *SCHEMA.items(), *NAMES.items(), *_FACTS.items()])
_http = "http_request.url."
_CLIENT, _METHOD = "src_endpoint.ip", "http_request.http_method"
_host, _path = pl.col(f"{_http}hostname"), pl.col(f"{_http}path").fill_null("")
_whole = pl.col(f"{_http}url_string").str.contains("^[A-Za-z][A-Za-z0-9+.-]*://")
_query = pl.when(pl.col(f"{_http}query_string") != "").then(pl.lit("?") + pl.col(f"{_http}query_string"))
_INSIDE = (1, 3)
_PART = r"(?i)\.(?:avif|bmp|css|cur|eot|gif|ico|jpe?g|js|json|map|mjs|mp[34]|otf|png|svg|ttf|txt|wasm|wav|web[mp]|woff2?|xml)$"
"""Paths of what a page is made of: those are many, and are no pages that lure anybody."""


def _asked() -> pl.Expr:
    """Return what a request asked for: the URL; of a part of a page the host alone; of a server of our own nothing."""
    served = pl.col("dst_endpoint.hostname") == _host  # a web server's own log
    within = pl.col("connection_info.direction_id").is_in(_INSIDE) & pl.col("dst_endpoint.ip").is_not_null()
    proxied = pl.col(f"{_http}scheme").is_not_null() | (pl.col(_METHOD) == "CONNECT").fill_null(value=False)
    ours = served | (within & ~proxied)
    url = (
        pl.when(_whole)
        .then(pl.col(f"{_http}url_string"))
        .when(_path.str.starts_with("/"))
        .then(pl.concat_str(_host, _path, _query.otherwise(pl.lit(""))))
        .otherwise(_host)  # CONNECT asks for a host and a port (RFC 9112, section 3.2.3), and no more is known
    )
    return pl.when(~ours.fill_null(value=False)).then(pl.when(_path.str.contains(_PART)).then(_host).otherwise(url))


_REQUEST = (_METHOD, f"{_http}hostname", f"{_http}path", f"{_http}query_string")
"""What a request has and a link that stands somewhere has not."""


class Url(EventFeatures):
    """A row per URL: asked for in clear text through a proxy or past a sensor, or standing in a mail or a list.

    ``domain`` is the registered domain without private suffixes, ``site`` that with them (``somebody.github.io``). ``visited`` says that
    the domain is one of about 29,000 much-visited ones and no service that carries anybody's pages. ``gone_to`` is the domain where a
    client is known that went there. Requests to a server whose name is not known have no host and cannot be judged; those to servers of
    our own (by their log, or by an address of ours that is no proxy) are left out, and of what pages are made of (scripts, pictures) the
    host alone is judged.
    """

    name = "url"
    needs = EventClass.HTTP_ACTIVITY
    requires = ()
    uses = (
        _CLIENT,
        f"{_http}url_string",
        *_REQUEST,
        "dst_endpoint.hostname",
        "dst_endpoint.ip",
        f"{_http}scheme",
        "connection_info.direction_id",
    )
    also: ClassVar = {
        EventClass.EMAIL_URL_ACTIVITY: {f"{_http}url_string": pl.col("url.url_string")},
        EventClass.OSINT_INVENTORY_INFO: {
            f"{_http}url_string": pl.when(pl.col("osint.type_id").list.first() == _URL).then(
                pl.col("osint.value").list.first()
            )
        },
    }

    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        return events.map_batches(
            _rows, schema=_ROWS, projection_pushdown=False, predicate_pushdown=False, slice_pushdown=False
        )


def _named(events: pl.DataFrame) -> pl.DataFrame:
    """Return the events that name a URL, with it in ``_url``."""
    if all(events[c].null_count() == events.height for c in _REQUEST):  # a mail or a list: nothing to put together
        named = events.with_columns(_url=f"{_http}url_string")
    else:
        link = pl.all_horizontal(pl.col(c).is_null() for c in _REQUEST)
        named = events.with_columns(_url=pl.when(link).then(pl.col(f"{_http}url_string")).otherwise(_asked()))
    return named if not named["_url"].null_count() else named.filter(pl.col("_url").is_not_null())


def _rows(events: pl.DataFrame) -> pl.DataFrame:
    events = _named(events)
    urls = events["_url"]
    parts = split(urls)
    hosts = corpus(parts["host"])
    parts = pl.concat([parts, names(parts["host"], hosts)], how="horizontal")
    service = services(parts)
    known = {
        _CLIENT: events[_CLIENT],
        "gone_to": parts["domain"].zip_with(events[_CLIENT].is_not_null(), pl.Series([None], dtype=pl.String)),
        "url": urls.str.slice(0, SHOWN),
        "size": urls.str.len_chars().cast(pl.Int32),
        "service": service,
        "redirect": _redirect(parts["tail"]),
        "visited": pl.Series(_visited(hosts, parts["domain_size"]))
        & (service == 0)
        & (parts["site_size"] == parts["domain_size"]),
    }
    return pl.concat(
        [events.select(*_IDS), parts, pl.DataFrame(known), borrowed(parts, hosts)], how="horizontal"
    ).select(_ROWS.names())


def _redirect(tails: pl.Series) -> pl.Series:
    """Return (n,) String: the host of another URL inside path or query, else null."""
    some = tails.str.contains("://", literal=True)
    out = pl.Series("redirect", [None], dtype=pl.String).new_from_index(0, len(tails))
    if not some.any():
        return out
    found = tails.filter(some).str.extract(r"(?i)https?://([^/?#&:@]{1,253})", 1).str.to_lowercase()
    return out.scatter(some.arg_true(), found)


def _visited(hosts: Corpus, domain_size: pl.Series) -> npt.NDArray[np.bool_]:
    """Return (n,) whether the last ``domain_size`` bytes of each host are a much-visited domain."""
    end = hosts.starts[1:] - 1
    return among(_table(), span_hashes(hosts, end - domain_size.to_numpy(), end))


@cache
def _table() -> npt.NDArray[np.uint64]:
    """Return the sorted hashes of much-visited registered domains."""
    return np.asarray(np.load(content("sites.npy"), allow_pickle=False), np.uint64)


__all__ = ["LONGEST", "SHOWN", "Url"]
