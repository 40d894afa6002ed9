"""Who of ours comes back to which server name, in what rhythm: wherever the name points to at the time."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.beacon_pair import DAY
from vedette.features.beacon_rhythm import FEWEST, merged, moments, rhythms
from vedette.features.domain_name import DYNAMIC_DNS, NAME, with_label
from vedette.features.url_facts import services
from vedette.features.url_parts import among
from vedette.intel.content import content
from vedette.scoring.ngrams import corpus, span_hashes

PROXIES = (1080, 3128, 8080, 8118, 8888)
"""Ports by which an address of ours is a proxy, and no server of ours."""
LONGEST = 253

_OUTBOUND, _LATERAL = 2, 3
_sni, _ja3 = pl.col("tls.sni"), pl.col("tls.ja3_hash.value")
_ja4 = pl.col("ja4_fingerprint_list.value").list.get(0, null_on_oob=True)
_host, _server = "http_request.url.hostname", pl.col("server")


class BeaconName(WindowFeatures):
    """A row per source, server name and day, of TLS handshakes and HTTP requests that leave our network, also through a proxy.

    ``server`` is the name that the client asked for (SNI, or the host of the request); of a handshake without a name the fingerprint of
    the client stands for it: ``JA4 ...``. ``rhythm`` holds ``beacon_rhythm.FIELDS``; ``moves`` says that it was at several addresses.
    ``place`` is the name and its registered domain, without one where that is anybody's (hosting, dynamic DNS): their baselines tell
    how many others go there. ``visited`` says that the domain is one of about 29,000 much-visited ones and no such service.

    Names of local networks, addresses in the place of names, and servers of our own are left out.
    """

    name = "beacon_name"
    needs = EventClass.TLS_HANDSHAKE
    requires = ("src_endpoint.ip",)
    uses = (
        "dst_endpoint.ip",
        "dst_endpoint.port",
        "connection_info.direction_id",
        "tls.sni",
        "tls.ja3_hash.value",
        "ja4_fingerprint_list.value",
    )
    also = {  # noqa: RUF012 - a ClassVar of the base
        EventClass.HTTP_ACTIVITY: {
            **{
                c: pl.col(c)
                for c in (
                    "src_endpoint.ip",
                    "dst_endpoint.ip",
                    "dst_endpoint.port",
                    "connection_info.direction_id",
                )
            },
            "tls.sni": pl.coalesce(_host, pl.lit("")),
        }
    }
    keys = ("src_endpoint.ip", "server")
    windows = (DAY,)
    normal = Normal(DAY, sets=("place",))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        direction = pl.col("connection_info.direction_id")
        proxied = (direction == _LATERAL) & pl.col("dst_endpoint.port").is_in(PROXIES)
        leaves = (direction == _OUTBOUND) | proxied
        name = _sni.str.to_lowercase().str.strip_chars(" .").str.replace(r":\d{1,5}$", "")
        fits = name.str.contains(NAME) & ~name.str.contains(_NOT_A_NAME) & (name.str.len_bytes() <= LONGEST)
        print_ = pl.coalesce(pl.lit("JA4 ") + _ja4.str.slice(0, 64), pl.lit("JA3 ") + _ja3.str.slice(0, 64))
        server = pl.when(_sni.is_null()).then(print_).when(fits).then(name)
        return (
            events.filter(leaves.fill_null(value=False))
            .with_columns(server=server, code=moments(pl.col("time")))
            .filter(_server.is_not_null())
        )

    def partial(self) -> list[pl.Expr]:
        return [
            pl.col("code").unique().alias("codes"),
            pl.col("dst_endpoint.ip").min().alias("first_address"),
            pl.col("dst_endpoint.ip").max().alias("last_address"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [merged(pl.col("codes")), pl.col("first_address").min(), pl.col("last_address").max()]

    def telling(self) -> pl.Expr:
        return pl.col("codes").list.len() > FEWEST

    def finish(self) -> list[pl.Expr]:
        return [
            pl.col("codes").map_batches(rhythms, return_dtype=pl.List(pl.Float64)).alias("rhythm"),
            (pl.col("first_address") != pl.col("last_address")).alias("moves"),
            _server.map_batches(places, return_dtype=pl.List(pl.String)).alias("place"),
            _server.map_batches(visited, return_dtype=pl.Boolean).alias("visited"),
        ]


_NOT_A_NAME = (
    r"^[\d.]+$|(?:^|\.)(?:arpa|local|localdomain|localhost|lan|home|internal|intranet|corp|private|test|invalid|onion)$"
)


def places(servers: pl.Series) -> pl.Series:
    """Return (n,) List(String): the name itself and, where it is no service that anybody may use, its registered domain."""
    known = _domains(servers)
    return known.select(
        pl.when(pl.col("shared") | pl.col("registered").is_null())
        .then(pl.concat_list("name"))
        .otherwise(pl.concat_list("name", "registered"))
    ).to_series()


def visited(servers: pl.Series) -> pl.Series:
    """Return (n,) Boolean: whether the registered domain is a much-visited one, and no service that anybody may use."""
    known = _domains(servers)
    text = corpus(known["registered"])
    seen = among(_much_visited(), span_hashes(text, text.starts[:-1] + 1, text.starts[1:] - 1))
    return pl.Series(seen) & ~known["shared"] & known["registered"].is_not_null()


def _domains(servers: pl.Series) -> pl.DataFrame:
    """Return ``name``, ``registered`` and whether the domain is ``shared``: a service, or a provider of dynamic DNS."""
    every = servers.alias("name").to_frame()
    names = with_label(every.unique().lazy()).select("name", "registered", "suffix").collect()  # hosts share names
    parts = names.select(host=pl.col("name"), domain=pl.col("registered"), site=pl.col("name"))
    shared = (services(parts) > 0) | names["suffix"].is_in(DYNAMIC_DNS).fill_null(value=False)
    return every.join(names.with_columns(shared=shared), on="name", how="left", maintain_order="left", nulls_equal=True)


@cache
def _much_visited() -> npt.NDArray[np.uint64]:
    """Return the sorted hashes of much-visited registered domains."""
    return np.asarray(np.load(content("sites.npy"), allow_pickle=False), np.uint64)
