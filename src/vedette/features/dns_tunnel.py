"""What a client's questions below one registered domain could carry: bytes in names, bytes in answers, per hour."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.dns_tunnel_names import SAMPLE, drawn, known, measures, with_domain
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample

HOUR = timedelta(hours=1)

_ADDRESSES = ("A", "AAAA", "HTTPS", "SVCB", "*", "ANY")
_UPKEEP = (
    "PTR",
    "NS",
    "SOA",
    "DS",
    "DNSKEY",
    "RRSIG",
    "NSEC",
    "NSEC3",
    "CAA",
    "TLSA",
    "SIG",
    "NB",
    "NBSTAT",
    "AXFR",
    "IXFR",
    "TKEY",
    "TYPE0",
)
"""Types that programs ask to find a host, and that resolvers ask to keep zones in order; every other answer can carry anything."""
_SHORTEST = 18
"""Bytes of a name below which a question for an address carries nothing worth while."""
_LONE = 8
"""Bytes below the registered domain, likewise."""
_MULTICAST = (5353, 5355)
_RESPONSE = 2
_ANSWER = 65_535.0
_name, _type = pl.col("query.hostname"), pl.col("query.type")


class DnsTunnel(WindowFeatures):
    """A row per client and registered domain below which it asked for long names, or for records that can carry data, in an hour.

    ``names`` counts the distinct names (beyond 128 estimated), ``questions`` all; ``names_sample`` is a fair draw of what stands below
    the domain, ``measured`` what is seen in it (``dns_tunnel_names.FIELDS``). ``carrying`` counts the questions for records that can
    carry data, ``kinds`` is a sample of the types. ``answers`` counts the distinct answers to the carrying ones, ``heard`` all of them,
    ``answer_bytes`` is their mean size, and ``down`` the bytes that they could have carried. ``known``: the domain is a much-visited one
    or a provider's, whose name servers are no tunnel.

    ``place`` is the domain: its baseline tells how many other clients ever asked so.
    """

    name = "dns_tunnel"
    needs = EventClass.DNS_ACTIVITY
    requires = ("src_endpoint.ip", "query.hostname")
    uses = ("query.type", "activity_id", "answers.rdata", "dst_endpoint.port")
    keys = ("src_endpoint.ip", "domain")
    windows = (HOUR,)
    normal = Normal(HOUR, sets=("place",))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        plain = _type.is_null() | _type.is_in(_ADDRESSES)
        carries = ~plain & ~_type.is_in(_UPKEEP)
        unicast = ~pl.col("dst_endpoint.port").is_in(_MULTICAST).fill_null(value=False)
        worth = carries | (plain & (_name.str.len_bytes() >= _SHORTEST))
        some = with_domain(events.filter(worth & unicast).with_columns(carries=carries.fill_null(value=False)))
        kept = some.filter(pl.col("carries") | (pl.col("below").str.len_bytes() >= _LONE))
        asked = (pl.col("activity_id") != _RESPONSE).fill_null(value=True)
        told = pl.when("carries").then(pl.col("answers.rdata"))  # first, so that nothing is sorted for addresses
        said = told.list.sort().list.join("\n", ignore_nulls=True)
        answer = pl.when(said.str.len_bytes() > 0).then(said)
        return kept.with_columns(
            asked=asked,
            kind=_type.str.slice(0, 12),
            carrying=asked & pl.col("carries"),
            answer=answer,
            answer_size=answer.str.len_bytes().cast(pl.Float64).clip(upper_bound=_ANSWER),
        )

    def partial(self) -> list[pl.Expr]:
        return [
            distinct(pl.col("below")).alias("names"),
            drawn(pl.col("below"), SAMPLE).alias("names_sample"),
            pl.col("asked").sum().cast(pl.Int64).alias("questions"),
            pl.col("carrying").sum().cast(pl.Int64),
            sample(pl.col("kind"), 4).alias("kinds"),
            distinct(pl.col("answer")).alias("answers"),
            pl.col("answer_size").sum().alias("said"),
            pl.col("answer_size").count().cast(pl.Int64).alias("heard"),
        ]

    def merge(self) -> list[pl.Expr]:
        counts = ("questions", "carrying", "said", "heard")
        return [
            merge_distinct("names"),
            drawn(pl.col("names_sample").list.explode(empty_as_null=False), SAMPLE).alias("names_sample"),
            *(pl.col(c).sum() for c in counts),
            merge_sample("kinds", 4),
            merge_distinct("answers"),
        ]

    def finish(self) -> list[pl.Expr]:
        measured = pl.col("names_sample").map_batches(measures, return_dtype=pl.List(pl.Float64))
        names, answers = count_distinct("names"), count_distinct("answers")
        size = pl.when(pl.col("heard") > 0).then(pl.col("said") / pl.col("heard")).otherwise(0.0)
        return [
            names.alias("names"),
            answers.alias("answers"),
            measured.alias("measured"),
            (answers * size).alias("down"),
            size.alias("answer_bytes"),
            *map(pl.col, ("names_sample", "questions", "carrying", "kinds", "heard")),
            pl.concat_list("domain").alias("place"),
            pl.col("domain").map_batches(known, return_dtype=pl.Boolean).alias("known"),
        ]
