"""A host that sends out far more than it ever does, to a place that hardly anybody sends to."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features import exfiltration_evidence as evidence
from vedette.features.exfiltration_hour import ExfiltrationHour
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity

KNOWN_HOURS = 72
"""Hours of history of the network below which nothing is new, and no hour is unusual."""
OWN_HOURS = 20
"""Hours of a host's own in which it sent anything, below which its history says little."""
SURE = 0.95
"""Score from which it is grave, if the place is known to be rare."""

_x = pl.col("uploaded").clip(lower_bound=0).cast(pl.Float64)
_own, _above = pl.col("own.uploaded.count").fill_null(0), pl.col("own.uploaded.above")
_windows, _age = pl.col("windows").fill_null(0), pl.col("age").fill_null(0)
_others = pl.col("others.places").list.get(1, null_on_oob=True)
_had = pl.col("had.places").list.get(1, null_on_oob=True)


class Exfiltration(LogOdds):
    """Exfiltration: a host sends out far more in an hour than is normal for it, to a place that hardly anybody sends to.

    What is normal: backups, cloud storage, video calls and mail send a lot, but they do it again and again, at the same hours, to places
    that many hosts use, and calls bring back what they send. So each hour is compared with the host's own hours, with those of its peers
    and of everyone (``docs/reference/baselines.md``), with the same hour of the week, and the place with where the others send.

    The statistic: bytes sent beyond what came back, as a logarithm, against Student's t around what is expected; to that, in nats, the
    amount itself, how many other hosts send to the network of the main destination, whether this host did before, whether it ever sent
    as much, and the producer/consumer ratio (Bullard and Gerth, FloCon 2014). Windows are hours; a baseline of days sharpens all of it.
    Without one, the first hours are judged by what the others in the same capture do, and hardly ever found.

    Known false positives:

    * the first large delivery to a new partner, the first backup to a new provider;
    * sharing files from host to host (BitTorrent), and games that send.

    Blind spots:

    * what leaves through a service that many hosts send to: the office's own cloud, a mail provider;
    * what leaves slowly (``exfiltration_slow``), in questions of names (``dns_tunnel``) or in echoes (``icmp_tunnel``);
    * what is fetched from a server of ours by somebody outside; hosts that always send much;
    * connections that have not ended: sources report a flow when it is over.

    Example: 10.0.0.5 sends 4.2 GB to 203.0.113.9 between 02:00 and 03:00; usually it is 3 to 40 MB an hour, and nobody else sends there.
    """

    name = "exfiltration"
    title = "Unusual upload"
    needs = ExfiltrationHour
    analytic = Analytic.STATISTICAL
    techniques = ("T1048",)
    severity = Severity.HIGH
    alert_from = 0.9
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.ADDRESS, "to"),)

    def terms(self) -> list[Term]:
        deviation, spread = pl.col("normal.uploaded.deviation"), pl.col("normal.uploaded.spread")
        return [
            Term(
                evidence.surprise(deviation, spread),
                pl.format(
                    "{} in an hour; normal here are {} ({})", evidence.size(_x), evidence.usual("uploaded"), _behind()
                ),
                "normal.uploaded.deviation",
            ),
            Term(evidence.amount(_x), pl.format("{} are gone", evidence.size(_x)), "uploaded"),
            evidence.rarity(_others),
            _before(),
            _known(),
            _hour(),
            evidence.one_sided(),
            Term(
                pl.when(pl.col("share") < 0.5).then(-1.5),  # noqa: PLR2004 - less than half
                pl.format(
                    "only {} % of it went to one address", (100 * pl.col("share")).round(0).cast(pl.Int64, strict=False)
                ),
                "share",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} sent {}, mostly to {}, between {} and {} UTC; normal for it are {} in such an hour, and {} to that network.",
            "src_endpoint.ip",
            evidence.size(_x),
            "to",
            pl.col("time").dt.strftime("%H:%M"),
            (pl.col("time") + pl.col("window")).dt.strftime("%H:%M"),
            evidence.usual("uploaded"),
            evidence.senders(_others),
        )

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        told = rows.select(rare=(_others == 0) & (pl.col("actors") >= evidence.HOSTS), old=_own >= OWN_HOURS)
        sure = self.score(rows) >= SURE
        grave = (told["rare"] & told["old"] & sure).fill_null(value=False)
        return [Severity.HIGH if g else Severity.MEDIUM for g in grave]


def _behind() -> pl.Expr:
    """What the expectation rests on, in words."""
    own = pl.format("{} hours of its own", number(_own))
    others = pl.when(_windows > 0).then(pl.lit("by what others send")).otherwise(pl.lit("an assumption"))
    return pl.when(_own >= 1).then(own).otherwise(others)


def _before() -> Term:
    """Whether the host ever sent as much; one that is hardly known may do so every night."""
    rare = pl.when(_above <= 0).then(1.0).when(_above <= 0.01).then(-1.5).otherwise(-4.0)  # noqa: PLR2004 - one in a hundred
    evidence_ = pl.when(_own >= OWN_HOURS).then(rare).otherwise(-0.7)
    young = pl.format("{} hours of its own are known", number(_own))
    never = pl.format("never so much in {} hours", number(_own))
    often = pl.format("as much in {} % of its {} hours before", (100 * _above).round(1), number(_own))
    text = pl.when(_own < OWN_HOURS).then(young).when(_above <= 0).then(never).otherwise(often)
    return Term(evidence_, text, "own.uploaded.above")


def _known() -> Term:
    """Whether the host sent much there before, in a network that is known for longer.

    That it did clears a place that others know; one of its own a thief may have tried with little.
    """
    evidence_ = pl.when(_windows >= KNOWN_HOURS).then(
        pl.when(_had & (_others > 0)).then(-1.5).when(~_had & (_age >= OWN_HOURS)).then(1.5)
    )
    text = pl.when(_had).then(pl.lit("it sent there before")).otherwise(pl.lit("it never sent there before"))
    return Term(evidence_, text, "had.places")


def _hour() -> Term:
    """Whether it is quiet at this hour, as a rule."""
    count, mean = pl.col("hour.uploaded.count").fill_null(0), pl.col("hour.uploaded.mean")
    above = (1 + _x).log() - mean
    known = (_windows >= KNOWN_HOURS) & (_age >= OWN_HOURS)
    evidence_ = pl.when(known).then(pl.when(count < 0.5).then(1.0).when(above < 1.0).then(-3.0))  # noqa: PLR2004 - nothing but traces
    never = pl.lit("it never sends anything at this hour")
    usual = pl.format("usual at this hour: {}", evidence.size(mean.exp() - 1))
    return Term(evidence_, pl.when(count < 0.5).then(never).otherwise(usual), "hour.uploaded.mean")  # noqa: PLR2004
