"""Where an account logged on from, one after the other, and how fast it must have gone from one place to the next."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.sketch import merge_sample, sample
from vedette.intel.places import countries

DAY = timedelta(days=1)
SLOT = "10m"
MOST = 64
"""Visits of an account in a day that are looked at: the first ones. A visit is a place in ten minutes."""
CITY_KM = 50.0
"""How far from its place an address may be, where a database tells the city."""
EARTH_KM = 6_371.0

_LOGON, _SUCCESS = 1, 1
_VISIT = ("at", "lat", "long", "radius", "place", "address")


class Travel(WindowFeatures):
    """A row per account and day with the fastest journey between two logons.

    ``kilometres``: between both places, at the least (the countries' radii are taken off); ``hours``: between both logons, at the least ten
    minutes; ``speed``: km/h; ``from_place``, ``to_place``: country, and city where known; ``from_address``, ``to_address``; ``places``:
    all of the day; ``back``: how many times the day's places alternated (two sessions at a time).
    """

    name = "travel"
    needs = EventClass.AUTHENTICATION
    requires = ("activity_id", "status_id", "user.name", "src_endpoint.ip")
    uses = (
        *(
            "src_endpoint.location.country",
            "src_endpoint.location.city",
            "src_endpoint.location.lat",
            "src_endpoint.location.long",
        ),
        *("src_endpoint.autonomous_system.number", "http_request.user_agent"),
    )
    keys = ("user",)
    windows = (DAY,)
    normal = Normal(DAY, sets=("places", "addresses"), half_life=timedelta(days=30))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        logon = (pl.col("activity_id") == _LOGON) & (pl.col("status_id") == _SUCCESS) & (pl.col("user.name") != "")
        country = pl.col("src_endpoint.location.country").str.to_uppercase()
        lat, long = pl.col("src_endpoint.location.lat"), pl.col("src_endpoint.location.long")
        table = countries()
        centre = {
            c: country.replace_strict(table["country"], table[c], default=None, return_dtype=pl.Float64)
            for c in table.columns[1:]
        }
        exact = lat.is_between(-90, 90) & long.is_between(-180, 180)
        exact = exact.fill_null(value=False)
        return (
            events.filter(logon & country.is_not_null())
            .with_columns(
                user=pl.col("user.name"),
                at=pl.col("time").dt.truncate(SLOT),
                lat=pl.when(exact).then(lat).otherwise(centre["lat"]),
                long=pl.when(exact).then(long).otherwise(centre["long"]),
                radius=pl.when(exact).then(CITY_KM).otherwise(centre["radius_km"]),
                place=pl.concat_str(country, pl.col("src_endpoint.location.city"), separator=" ", ignore_nulls=True),
                address=pl.col("src_endpoint.ip"),
            )
            .filter(pl.col("lat").is_not_null())
        )

    def partial(self) -> list[pl.Expr]:
        return [
            _first(pl.struct(_VISIT)).alias("visits"),
            sample(pl.col("place"), 16).alias("places"),
            sample(pl.col("address"), 16).alias("addresses"),
        ]

    def merge(self) -> list[pl.Expr]:
        visits = _first(pl.col("visits").list.explode(empty_as_null=False)).alias("visits")
        return [visits, merge_sample("places", 16), merge_sample("addresses", 16)]

    def finish(self) -> list[pl.Expr]:
        journeys = pl.col("visits").list.eval(_journeys(pl.element()))
        best = journeys.list.sort(descending=True).list.first()
        fields = ("kilometres", "hours", "from_place", "to_place", "from_address", "to_address")
        return [
            pl.col("places"),
            pl.col("addresses"),
            best.struct.field("speed").alias("speed"),
            *(best.struct.field(f).alias(f) for f in fields),
            journeys.list.eval((pl.element().struct.field("kilometres") > 0).sum())
            .list.first()
            .cast(pl.Int64)
            .alias("back"),
        ]


def _first(visits: pl.Expr) -> pl.Expr:
    """Aggregate visits into the earliest different ones."""
    return visits.unique().sort().head(MOST)


def _journeys(visit: pl.Expr) -> pl.Expr:
    """Return, per visit, the journey to it from the one before, as a struct whose first field is the speed; 0 of the first."""
    now = {f: visit.struct.field(f) for f in _VISIT}
    before = {f: e.shift(1) for f, e in now.items()}
    a, b = (before["lat"].radians(), now["lat"].radians())
    turn = (now["long"] - before["long"]).radians()
    half = ((b - a) / 2).sin().pow(2) + a.cos() * b.cos() * (turn / 2).sin().pow(2)
    apart = 2 * EARTH_KM * half.clip(0.0, 1.0).sqrt().arcsin()
    kilometres = (
        pl.when(now["place"] == before["place"])
        .then(0.0)
        .otherwise((apart - now["radius"] - before["radius"]).clip(lower_bound=0.0))
    )
    kilometres = kilometres.fill_null(0.0)
    minutes = (now["at"] - before["at"]).dt.total_minutes().cast(pl.Float64).fill_null(0.0)
    hours = minutes.clip(lower_bound=10.0) / 60.0
    return pl.struct(
        speed=kilometres / hours,
        kilometres=kilometres,
        hours=hours,
        from_place=before["place"],
        to_place=now["place"],
        from_address=before["address"],
        to_address=now["address"],
    )
