"""Two hosts that carry data in pings."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.beacon_evidence import prevalence
from vedette.features.dns_tunnel_evidence import size
from vedette.features.icmp_tunnel import IcmpTunnel as Rows
from vedette.features.wording import number, span
from vedette.model import Analytic, EntityKind, Severity

UNLIKE, LEAST_BYTES = 1.6, 400.0
"""Nats per logarithm of the bytes by which replies are no echoes, and the bytes up to which that is no evidence."""
ECHOES, NO_ECHOES = 0.01, 0.1
"""Shares of those bytes in all data below which replies are echoes, and above which they are not."""
LARGE_BYTES, USUAL_BYTES = 200.0, 64.0
"""Data of a ping: larger is a choice; what the tools of common systems send is not."""
VOLUME_BYTES = 20_000.0
FEW, MANY = 6, 100
"""Replies below which it is no conversation, and from which it is a long one."""

_all = (pl.col("up") + pl.col("down")).cast(pl.Float64)
_mean = pl.col("up") / pl.col("asked").clip(lower_bound=1)
_share = pl.col("unlike") / _all.clip(lower_bound=1.0)


class IcmpTunnel(LogOdds):
    """ICMP tunnel: two hosts carry data in echo requests and replies.

    What is normal: the reply repeats what the request brought (RFC 792), every ping of a run has the same size, that of the system's tool
    (32, 56 or 64 bytes of data), and monitors ping the same hosts as everyone else. Tests of a link send large pings, all of one size
    or growing step by step, and get the same back.

    The statistic: the bytes by which replies are not the echoes of their requests; the data in all; sizes that change within a run; and
    how many others ping that host. Windows are hours.

    Known false positives:

    * hosts or middle boxes that cut replies short, under many large pings;
    * captures that lose packets of pings of changing size;
    * measurement programs that vary the size of their probes.

    Blind spots:

    * data in requests of one usual size that are echoed in full: the bytes of the payload are not read;
    * a few packets, or one: a message can be that short;
    * types other than echo; sources that do not count packets and bytes both ways.

    Example: 10.0.0.5 sends 4,000 echo requests with 1.1 MB to an address outside and gets 3.2 MB in replies that are no echoes.
    """

    name = "icmp_tunnel"
    title = "ICMP tunnel"
    needs = Rows
    analytic = Analytic.STATISTICAL
    techniques = ("T1095", "T1048.003")
    severity = Severity.HIGH
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.ADDRESS, "dst_endpoint.ip"),)

    def terms(self) -> list[Term]:
        unlike = pl.col("unlike").cast(pl.Float64).clip(lower_bound=1.0)
        return [
            Term(
                (UNLIKE * (unlike / LEAST_BYTES).log()).clip(0.0, 6.0),
                pl.format(
                    "replies differ from echoes of their requests by {}", size(pl.col("unlike").cast(pl.Float64))
                ),
                "unlike",
            ),
            Term(
                pl.when(_share <= ECHOES).then(-6.0).when(_share >= NO_ECHOES).then(3.0),
                pl.format("{} % of the data are no echoes", (100 * _share).round(0).cast(pl.Int64)),
                "unlike",
            ),
            Term(
                (1.2 * (_all.clip(lower_bound=1.0) / VOLUME_BYTES).log()).clip(-4.0, 6.0),
                pl.format(
                    "{} of data in requests, {} in replies", *(size(pl.col(c).cast(pl.Float64)) for c in ("up", "down"))
                ),
                "up",
            ),
            Term(
                pl.when((_mean > LARGE_BYTES) & (pl.col("uneven") > 0))
                .then(4.0)
                .when((_mean > USUAL_BYTES) & (pl.col("uneven") > 0))
                .then(2.5),
                pl.format("packets of changing size, {} bytes of data in the mean", _mean.round(0).cast(pl.Int64)),
                "uneven",
            ),
            Term(
                pl.when(pl.col("replied") < FEW)
                .then(-5.0)
                .when((pl.col("replied") >= MANY) & (_share >= NO_ECHOES))
                .then(1.5),
                pl.format("{} requests, {} replies", number(pl.col("asked")), number(pl.col("replied"))),
                "replied",
            ),
            prevalence("that host by ICMP"),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} carried about {} to {} in {} echo requests, and {} back in {} replies, in {}.",
            "src_endpoint.ip",
            size(pl.col("up").cast(pl.Float64)),
            "dst_endpoint.ip",
            number(pl.col("asked")),
            size(pl.col("down").cast(pl.Float64)),
            number(pl.col("replied")),
            span("first_seen", "last_seen"),
        )
