"""What was found about one of our hosts in a day: of each kind of sign the best finding."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.infection_sign import KINDS, OTHER, SIGNS, Sign, by_technique

SURE = 0.999
"""A score counts as no more than this."""
LONGEST = 240
"""Characters of a finding's sentence that are kept."""

_OUTBOUND, _INFORMATIONAL = 2, 1
_PARTS = {"cost": pl.Float64, "detector": pl.String, "said": pl.String, "to": pl.String, "technique": pl.String}
_name, _technique = pl.col("finding_info.analytic.name"), pl.col("technique")


class InfectedHost(WindowFeatures):
    """A row per host of ours and day, over what other detectors found that it does.

    Per kind of sign (``infection_sign.KINDS``), null where there is none: ``KIND.nats`` what its best finding is worth, ``KIND.detector``,
    ``KIND.said`` (its sentence), ``KIND.to`` (its first target), ``KIND.technique``. Findings about several actors, about hosts outside,
    and informational ones (except of connections that are merely odd) do not count: an own scanner's scans are informational.
    """

    name = "infected_host"
    needs = EventClass.OWN_FINDING
    requires = ("vedette.entity", "vedette.entity_kind", "vedette.role", "vedette.score", "finding_info.analytic.name")
    uses = (
        "start_time",
        "severity_id",
        "src_endpoint.ip",
        "connection_info.direction_id",
        "finding_info.desc",
        "finding_info.attacks.technique.uid",
        "observables.name",
        "observables.value",
    )
    keys = ("vedette.entity",)
    windows = (timedelta(days=1),)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        ours = (
            (pl.col("vedette.role") == "actor")
            & (pl.col("vedette.entity_kind") == "address")
            & (pl.col("src_endpoint.ip") == pl.col("vedette.entity"))  # it alone did it
            & (pl.col("connection_info.direction_id") >= _OUTBOUND)
        )
        score = pl.col("vedette.score").clip(1 - SURE, SURE)
        told = events.filter(ours).with_columns(
            technique=pl.col("finding_info.attacks.technique.uid").list.get(0, null_on_oob=True),
            to=_first_target(),
            said=pl.col("finding_info.desc").fill_null("").str.head(LONGEST),
            odds=(score / (1 - score)).log(),
        )
        known = told.with_columns(kind=_looked_up("kind"), worth=_looked_up("worth"), most=_looked_up("most"))
        trifle = (pl.col("severity_id") <= _INFORMATIONAL) & (pl.col("kind") != "odd")
        nats = pl.min_horizontal(pl.col("worth") + pl.col("odds"), "most")
        return known.with_columns(nats=nats).filter((pl.col("nats") > 0) & ~trifle.fill_null(value=False))

    def partial(self) -> list[pl.Expr]:
        part = pl.struct(cost=-pl.col("nats"), detector=_name, said="said", to="to", technique="technique")
        return [_best(part.filter(pl.col("kind") == kind)).alias(kind) for kind in KINDS]

    def merge(self) -> list[pl.Expr]:
        return [_best(pl.col(kind).filter(pl.col(kind).struct.field("cost").is_not_null())) for kind in KINDS]

    def finish(self) -> list[pl.Expr]:
        return [
            (-pl.col(kind).struct.field(part)).alias(f"{kind}.nats")
            if part == "cost"
            else pl.col(kind).struct.field(part).alias(f"{kind}.{part}")
            for kind in KINDS
            for part in _PARTS
        ]


def _best(parts: pl.Expr) -> pl.Expr:
    """Aggregate the findings of a kind into the one that is worth most; of equals the first in order of text."""
    return parts.sort().first()


def _first_target() -> pl.Expr:
    """The first target of a finding: observables name the actors first."""
    actors = pl.col("observables.name").list.eval(pl.element().str.starts_with("actor.")).list.sum()
    return pl.col("observables.value").list.get(actors, null_on_oob=True)


def _looked_up(what: str) -> pl.Expr:
    """What the tables say of a finding: by its detector, else by its technique, else that it is some finding."""
    dtype = pl.String if what == "kind" else pl.Float64
    by_name = _name.replace_strict(_column(what), default=None, return_dtype=dtype)
    return by_name.fill_null(
        _technique.replace_strict(_by_technique(what), default=None, return_dtype=dtype)
    ).fill_null(pl.lit(_of(OTHER, what), dtype))


def _of(sign: Sign, what: str) -> str | float:
    value: str | float = getattr(sign, what)
    return value


def _column(what: str) -> dict[str, str | float]:
    return {name: _of(sign, what) for name, sign in SIGNS.items()}


@cache
def _by_technique(what: str) -> dict[str, str | float]:
    return {uid: _of(sign, what) for uid, sign in by_technique().items()}
