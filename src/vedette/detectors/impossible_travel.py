"""Logons from two places that nobody can have travelled between."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.travel import Travel
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity


class ImpossibleTravel(LogOdds):
    """An account logs on from two places, and the time between is too short for the journey.

    What is normal: people travel by aeroplane, at 900 km/h at the most with all that goes with it; and they use a company's gateway, a
    private relay or a telephone's network, which show up in other countries: then the same places come back day after day, or many
    colleagues share the address. What is hostile: a session that was stolen shows the owner at home and the thief elsewhere within the
    hour.

    Places are cities where a database of addresses is set (``[intel] geoip``) or the source tells coordinates, else countries; of two
    countries the shortest way counts. The statistic: how far the speed lies above that of an aeroplane, and the distance; less for a
    place that the account had before and for an address that others use too.

    Known false positives:
        - gateways, private relays and telephones in roaming, on the first days
        - cloud services that log on in the name of a person
        - databases that put an address into the wrong country

    Blind spots:
        - a thief in the owner's own country, where no database is set
        - a thief who uses a relay near the owner
        - journeys over midnight (UTC) and beyond the first 64 visits of a day
    """

    name = "impossible_travel"
    title = "Impossible travel"
    needs = Travel
    analytic = Analytic.BEHAVIORAL
    techniques = ("T1078",)
    severity = Severity.MEDIUM
    actor = Role(EntityKind.ADDRESS, "to_address")
    targets = (Role(EntityKind.USER, "user"),)
    prior = -5.0
    alert_from = 0.75

    def terms(self) -> list[Term]:
        speed, far = pl.col("speed").fill_null(0.0), pl.col("kilometres") >= _NEAR_KM
        shared = _shared()
        known = _had("to_place") & _had("from_place")
        return [
            Term(
                pl.when(far & (speed > _AEROPLANE)).then(4.0 + (speed / _AEROPLANE).log().clip(0.0, 3.0)),
                pl.format(
                    "at least {} km in {} h: {} km/h",
                    number(pl.col("kilometres")),
                    pl.col("hours").round(1),
                    number(pl.col("speed")),
                ),
                "speed",
            ),
            Term(
                pl.when(far & (speed > _AEROPLANE)).then((pl.col("kilometres") / 2_000.0).log().clip(-1.0, 1.5)),
                pl.format("from {} to {}", "from_place", "to_place"),
                "kilometres",
            ),
            Term(
                pl.when(far & (speed > _AEROPLANE) & known).then(-4.0),
                pl.lit("it was in both places before: a gateway or a telephone"),
                "places",
            ),
            Term(
                pl.when(far & (speed > _AEROPLANE) & (shared > 0)).then(-1.5 * (1.0 + shared).log()),
                pl.format("{} other accounts use one of the addresses", number(shared)),
                "addresses",
            ),
            Term(
                pl.when(far & (speed > _AEROPLANE) & ~_had("to_place") & (pl.col("age") >= _KNOWN_DAYS)).then(1.5),
                pl.format("it never was in {} on {} days before", "to_place", number(pl.col("age"))),
                "age",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} logged on from {} ({}) and {} h later from {} ({}): {} km at the least.",
            "user",
            "from_place",
            "from_address",
            pl.col("hours").round(1),
            "to_place",
            "to_address",
            number(pl.col("kilometres")),
        )


_AEROPLANE = 900.0
"""km/h, from door to door more than anybody reaches."""
_NEAR_KM = 300.0
_KNOWN_DAYS = 5


def _shared() -> pl.Expr:
    """Return how many others use the address at the place that is new to the account; where both or none are new, the more shared one."""
    begin, end = _others("from_address"), _others("to_address")
    left, came = _had("from_place"), _had("to_place")
    return pl.when(left & ~came).then(end).when(came & ~left).then(begin).otherwise(pl.max_horizontal(begin, end))


def _place_of(which: str, members: str) -> pl.Expr:
    """Return the position of a column's value in a set, null where it is not there."""
    both = pl.concat_list(pl.col(which), pl.col(members))
    return both.list.eval((pl.element().slice(1) == pl.element().first()).arg_true().first()).list.first()


def _had(which: str) -> pl.Expr:
    at = _place_of(which, "places")
    return pl.col("had.places").list.get(at, null_on_oob=True).fill_null(value=False)


def _others(which: str) -> pl.Expr:
    at = _place_of(which, "addresses")
    return pl.col("others.addresses").list.get(at, null_on_oob=True).fill_null(0)
