"""Which software a host of ours speaks to the outside with: user agents, and fingerprints of TLS clients."""

from __future__ import annotations

import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.beacon_name import PROXIES
from vedette.features.beacon_pair import DAY
from vedette.features.first_seen_sample import count_drawn, drawn, merge_drawn
from vedette.features.sketch import merge_sample, sample

KEPT = 16
"""Programs of a host and day that are looked at; of more, a sample."""
SHOWN = 4
"""Addresses that are kept."""
LONGEST = 120

_OUTBOUND, _LATERAL = 2, 3
_agent, _ja3 = "http_request.user_agent", "tls.ja3_hash.value"
_endpoints = ("src_endpoint.ip", "dst_endpoint.ip", "dst_endpoint.port", "connection_info.direction_id")


class FirstSeenSoftware(WindowFeatures):
    """A row per inside host and day, of HTTP requests and TLS handshakes to outside, also through a proxy.

    ``programs`` are user agents, every number in them written as 0, so that a new version is no new program, and fingerprints of TLS
    clients (JA4; where a sensor has none, JA3); of more than ``KEPT`` a sample. ``program_count`` is how many there were, versions
    apart; ``addresses`` is a sample of where to.
    """

    name = "first_seen_software"
    needs = EventClass.HTTP_ACTIVITY
    requires = ("src_endpoint.ip", _agent)
    uses = ("dst_endpoint.ip", "dst_endpoint.port", "connection_info.direction_id")
    also = {  # noqa: RUF012 - a ClassVar of the base
        EventClass.TLS_HANDSHAKE: {
            **{c: pl.col(c) for c in _endpoints},
            _agent: pl.coalesce(
                pl.lit("TLS ") + pl.col("ja4_fingerprint_list.value").list.get(0, null_on_oob=True),
                pl.lit("TLS ") + pl.col(_ja3),
            ),
        }
    }
    keys = ("src_endpoint.ip",)
    windows = (DAY,)
    normal = Normal(DAY, numbers=("program_count",), sets=("programs",))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        direction = pl.col("connection_info.direction_id")
        proxied = (direction == _LATERAL) & pl.col("dst_endpoint.port").is_in(PROXIES)
        leaves = ((direction == _OUTBOUND) | proxied).fill_null(value=False)
        return events.filter(leaves & (pl.col(_agent) != "")).with_columns(mark=pl.col(_agent).hash())

    def partial(self) -> list[pl.Expr]:
        return [
            drawn(pl.col(_agent), "mark", KEPT).alias("agents"),
            sample(pl.col("dst_endpoint.ip"), SHOWN).alias("addresses"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [merge_drawn("agents", KEPT), merge_sample("addresses", SHOWN)]

    def finish(self) -> list[pl.Expr]:
        return [
            pl.col("agents").list.eval(_program(pl.element())).list.unique().list.sort().alias("programs"),
            pl.col("addresses"),
            count_drawn("agents", KEPT).alias("program_count"),
        ]


def _program(agent: pl.Expr) -> pl.Expr:
    """Return user agents without their versions; fingerprints as they are."""
    short = agent.str.slice(0, LONGEST)
    plain = short.str.replace_all(r"\d+(?:[._]\d+)*", "0")
    return pl.when(short.str.starts_with("TLS ")).then(short).otherwise(plain)
