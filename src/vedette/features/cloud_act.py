"""What somebody did in a cloud that may open, blind, take over or destroy it: acts by topic, hour by hour."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.cloud_principal import ITSELF, named, principal
from vedette.features.first_seen_sample import drawn, merge_drawn
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample
from vedette.intel.cloud_acts import TOPICS, Act, acts, by_uid, plain, pressed

HOUR = timedelta(hours=1)
KEPT = 16
"""Different acts of an hour that are looked at."""
SHOWN = 6

_FAILURE = 2
_shared = (
    *(
        "metadata.event_code",
        "metadata.log_provider",
        "actor.user.name",
        "actor.user.uid",
        "actor.user.type",
        "actor.invoked_by",
    ),
    *("src_endpoint.ip", "status_id", "cloud.account.uid", "cloud.provider"),
)
_same = {c: pl.col(c) for c in _shared}


class CloudAct(WindowFeatures):
    """A row per principal, topic and hour in which an act of ``content/cloud`` was done or tried.

    ``done`` and ``tried`` are the acts that went through and those that were only refused; ``actions`` and ``refusals`` count them,
    ``target_count`` counts to how many things, ``people`` are those that are accounts of people. What a cloud's own machinery does is left
    out.
    """

    name = "cloud_act"
    needs = EventClass.API_ACTIVITY
    requires = ("metadata.event_code", "metadata.log_provider")
    uses = (*_shared[2:], "api.request.data", "resources.name")
    also = {  # noqa: RUF012 - a ClassVar of the base
        **{
            kind: {**_same, "api.request.data": pl.col("unmapped"), "resources.name": pl.concat_list("user.name")}
            for kind in (EventClass.ACCOUNT_CHANGE, EventClass.GROUP_MANAGEMENT, EventClass.USER_ACCESS)
        },
        EventClass.AUTHENTICATION: {**_same, "api.request.data": pl.when(~pl.col("is_mfa")).then(pl.lit("mfa:no"))},
        EventClass.FILE_HOSTING: {
            **_same,
            "api.request.data": pl.col("unmapped"),
            "resources.name": pl.concat_list("file.path"),
        },
    }
    keys = ("principal", "topic")
    windows = (HOUR,)
    normal = Normal(HOUR, numbers=("actions",), sets=("done",), half_life=timedelta(days=30))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        itself = pl.col("actor.user.type").is_in(ITSELF).fill_null(value=False)
        found = events.filter(~itself).with_columns(operation=plain(pl.col("metadata.event_code")))
        found = found.filter(pl.col("operation").is_in(_operations(""))).with_columns(
            principal=principal(),
            request=pressed(pl.col("api.request.data").fill_null("")),
            target=pl.col("resources.name").list.first().str.extract(r"^([^;]{1,100})"),
            failed=(pl.col("status_id") == _FAILURE).fill_null(value=False),
        )
        parts = [
            found.filter(pl.col("operation").is_in(_operations(topic))).with_columns(
                topic=pl.lit(topic), act=_first(topic)
            )
            for topic in TOPICS
        ]
        told = pl.concat(parts).filter(pl.col("act").is_not_null() & pl.col("principal").is_not_null())
        return told.with_columns(mark=pl.col("act").hash())

    def partial(self) -> list[pl.Expr]:
        done = pl.when(~pl.col("failed")).then("act")
        tried = pl.when("failed").then("act")
        return [
            drawn(done, "mark", KEPT).alias("ok"),
            drawn(tried, "mark", KEPT).alias("refused"),
            (~pl.col("failed")).sum().cast(pl.Int64).alias("actions"),
            pl.col("failed").sum().cast(pl.Int64).alias("refusals"),
            distinct(pl.col("target")).alias("target_marks"),
            sample(pl.col("target"), SHOWN).alias("targets"),
            sample(pl.col("src_endpoint.ip"), SHOWN).alias("addresses"),
            sample(pl.col("metadata.event_code"), SHOWN).alias("operations"),
            sample(pl.col("cloud.provider"), 2).alias("clouds"),
            sample(pl.when(_is_person()).then("target"), SHOWN).alias("people"),
            (pl.col("actor.user.type") == "Root").fill_null(value=False).max().alias("root"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            merge_drawn("ok", KEPT),
            merge_drawn("refused", KEPT),
            pl.col("actions").sum(),
            pl.col("refusals").sum(),
            merge_distinct("target_marks"),
            *(merge_sample(c, SHOWN) for c in ("targets", "addresses", "operations", "people")),
            merge_sample("clouds", 2),
            pl.col("root").max(),
        ]

    def finish(self) -> list[pl.Expr]:
        nats = {uid: act.nats for uid, act in by_uid().items()}
        said = {uid: act.said for uid, act in by_uid().items()}
        tried = pl.col("refused").list.set_difference("ok").list.sort()

        def worth(of: pl.Expr) -> pl.Expr:
            return of.list.eval(pl.element().replace_strict(nats, default=0.0, return_dtype=pl.Float64))

        def words(of: pl.Expr) -> pl.Expr:
            return (
                of.list.eval(pl.element().replace_strict(said, default=None, return_dtype=pl.String))
                .list.head(4)
                .list.join("; ")
            )

        return [
            pl.col("ok").alias("done"),
            tried.alias("tried"),
            worth(pl.col("ok")).list.max().fill_null(0.0).alias("worst"),
            worth(pl.col("ok")).list.sum().fill_null(0.0).alias("sum"),
            worth(tried).list.max().fill_null(0.0).alias("worst_tried"),
            words(pl.col("ok")).alias("said"),
            words(tried).alias("said_tried"),
            *named(),
            count_distinct("target_marks").alias("target_count"),
            *(
                pl.col(c)
                for c in ("actions", "refusals", "targets", "addresses", "operations", "clouds", "people", "root")
            ),
        ]


def _is_person() -> pl.Expr:
    """Return whether the target is a person's account."""
    return pl.col("target").str.contains(r"^[^@\s/]+@[^@\s/]+$") & (pl.col("target") != pl.col("principal"))


@cache
def _operations(topic: str) -> tuple[str, ...]:
    """Return the operations of the acts of a topic, of all where none is named."""
    return tuple(sorted({o for act in acts() if topic in ("", act.topic) for o in act.operations}))


@cache
def _first(topic: str) -> pl.Expr:
    """Return the first act of a topic that each event is, null where it is none."""
    found = pl.lit(None, dtype=pl.String)
    for act in reversed([a for a in acts() if a.topic == topic]):
        found = pl.when(_is(act)).then(pl.lit(act.uid)).otherwise(found)
    return found


def _is(act: Act) -> pl.Expr:
    asked = pl.col("metadata.log_provider").is_in(act.logs) & pl.col("operation").is_in(act.operations)
    if act.where:
        asked &= pl.col("request").str.contains(act.where)
    if act.unless:
        asked &= ~pl.col("request").str.contains(act.unless)
    if act.others:
        asked &= (pl.col("target").str.to_lowercase() != pl.col("principal").str.to_lowercase()).fill_null(value=False)
    if act.who:
        asked &= (pl.col("actor.user.type") == act.who).fill_null(value=False)
    return asked
