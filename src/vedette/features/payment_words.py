"""Payments in words: what an analyst is told of a payment, theme by theme, as String expressions over rows of ``Payment``."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from vedette.features.payment import ACCOUNT, PLACE
from vedette.features.wording import number

_SHOWN = 40
"""Characters of a name that are shown."""
_HIDDEN = 12
"""A number of so many digits may be that of a card: its last four are shown."""
_LIKE = 0.75
_HIGHER = 1.5


def _of(theme: str, *measures: str) -> dict[str, str]:
    return dict.fromkeys(measures, theme)


THEMES: Mapping[str, str] = {
    **_of("size", "amount", "own.ratio", "own.spread", "own.deviation", "own.week.ratio", "own.month.mean"),
    **_of("pace", "own.since", "own.hour.count", "own.day.count", "own.week.count", "own.month.count", "own.age"),
    **_of("lately", "own.high.week", "own.high.month"),
    **_of("known of it", "own.frauds"),
    **_of("new", "pair.count", "own.fresh.week"),
    **_of("when", "night", "weekend", "own.night.share"),
    **_of("frauds there", *(f"place.{s}.{w}" for s in ("day", "week", "month", "kept") for w in ("known", "frauds"))),
    **_of("frauds there", "place.since_fraud", "place.latest_share", "place.run", "place.run.days"),
    **_of("use of the place", "place.hour.count", "place.day.count", "place.week.count", "place.month.count"),
    **_of("use of the place", "place.deviation", "place.fresh.share", "place.high.week", "place.others"),
}
"""Measure -> what it speaks of: contributions of a theme are one reason."""


def named(column: str, kind: str) -> pl.Expr:
    """A name, short; a bare number with what it is, of a long one (a card's) the last four digits.

    Example:
        >>> frame = pl.DataFrame({"a": ["4111 1111 1111 1111", "terminal-3", "17"]})
        >>> frame.select(named("a", "account")).to_series().to_list()
        ['account ending in 1111', 'terminal-3', 'account 17']
    """
    text = pl.col(column)
    digits = text.str.replace_all(r"[\s-]", "")
    card = digits.str.contains(rf"^[0-9]{{{_HIDDEN},}}$")
    number_alone = pl.format("{} {}", pl.lit(kind), text)
    short = pl.when(text.str.contains(r"^[0-9]+$")).then(number_alone).otherwise(text.str.slice(0, _SHOWN))
    return pl.when(card).then(pl.format("{} ending in {}", pl.lit(kind), digits.str.slice(-4))).otherwise(short)


def money() -> pl.Expr:
    """The amount as people write it: 1,249.00 EUR."""
    thousandths = pl.col("vedette.payment.amount")
    size = thousandths.abs()
    cents = (size % 1000 // 10).cast(pl.String).str.zfill(2)
    sign = pl.when(thousandths < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str(sign, number(size // 1000), pl.lit("."), cents, _currency(), ignore_nulls=True)


def _currency() -> pl.Expr:
    return pl.concat_str(pl.lit(" "), pl.col("vedette.payment.currency").str.slice(0, 3))


def times(ratio: pl.Expr) -> pl.Expr:
    """A ratio as people say it: 12 times; 2.4 times."""
    return pl.when(ratio >= 10).then(number(ratio)).otherwise(ratio.round(1).cast(pl.String)) + pl.lit(" times")  # noqa: PLR2004 - two digits


def size() -> pl.Expr:
    """How the amount compares with the account's own."""
    ratio = pl.col("own.ratio")
    usual = pl.format("{}, {} this account's usual amount", money(), times(ratio))
    like = pl.format("{}, about what this account pays", money())
    first = pl.format("{}, of an account with no payment in sixty days", money())
    return (
        pl.when(ratio.is_nan() | ratio.is_null())
        .then(first)
        .when(ratio.is_between(_LIKE, _HIGHER))
        .then(like)
        .otherwise(usual)
    )


def frauds_there() -> pl.Expr:
    """What became known of the place."""
    frauds, known, run = pl.col("place.month.frauds"), pl.col("place.month.known"), pl.col("place.run")
    older = pl.col("place.kept.frauds")
    some = pl.format("{} of {} payments there known as fraud in 30 days", number(frauds), number(known))
    row = pl.format("{}, the last {} in a row", some, number(run))
    none = pl.format("no fraud among {} payments known there in 30 days", number(known))
    before = pl.format("{} frauds there known in sixty days, none in the last 30 days", number(older))
    return (
        pl.when((frauds > 0) & (run > 1)).then(row).when(frauds > 0).then(some).when(older > 0).then(before)
        .when(known > 0).then(none).otherwise(pl.lit("nothing known of payments there"))
    )  # fmt: skip


def lately() -> pl.Expr:
    """How many high payments the account made before this one."""
    week, month = pl.col("own.high.week"), pl.col("own.high.month")
    some = pl.format(
        "{} payments of three times its usual amount in the 7 days before, {} in 30 days", number(week), number(month)
    )
    return (
        pl.when(month > 0)
        .then(some)
        .otherwise(pl.lit("no payment of three times its usual amount in the 30 days before"))
    )


def story() -> pl.Expr:
    """Who paid how much to whom, and what of it is odd."""
    ratio = pl.col("own.ratio")
    odd = [
        pl.when(ratio > _HIGHER).then(pl.format("{} its usual amount", times(ratio))),
        pl.when(pl.col("own.high.month") > 0).then(lately()),
        pl.when(pl.col("place.kept.frauds") > 0).then(frauds_there()),
    ]
    told = pl.concat_str(odd, separator="; ", ignore_nulls=True)
    return pl.when(told == "").then(pl.format("{}.", sentence())).otherwise(pl.format("{}: {}.", sentence(), told))


def texts() -> dict[str, pl.Expr]:
    """Return theme -> what is said about it."""
    pair = pl.col("pair.count")
    night = pl.when(pl.col("night") > 0).then(pl.lit("at night (UTC)")).otherwise(pl.lit("by day (UTC)"))
    weekend = pl.when(pl.col("weekend") > 0).then(pl.lit(", at the weekend")).otherwise(pl.lit(""))
    return {
        "size": size(),
        "pace": pl.format(
            "{} payments of this account in the last day, {} in 30 days",
            number(pl.col("own.day.count")),
            number(pl.col("own.month.count")),
        ),
        "lately": lately(),
        "known of it": pl.format("{} frauds of this account known in 30 days", number(pl.col("own.frauds"))),
        "new": pl.when(pair > 0)
        .then(pl.format("this account paid there {} times in sixty days", number(pair)))
        .otherwise(
            pl.format("first payment there in sixty days; {} new places in 7 days", number(pl.col("own.fresh.week")))
        ),
        "when": night + weekend,
        "frauds there": frauds_there(),
        "use of the place": pl.format(
            "{} payments there in 30 days, of {} accounts in sixty days; {} high ones in 7 days",
            number(pl.col("place.month.count")),
            number(pl.col("place.others")),
            number(pl.col("place.high.week")),
        ),
    }


def sentence() -> pl.Expr:
    """Who paid how much to whom."""
    where = (
        pl.when(pl.col(PLACE).is_not_null())
        .then(pl.format(" to {}", named(PLACE, "counterparty")))
        .otherwise(pl.lit(""))
    )
    return pl.format("{} paid {}{}", named(ACCOUNT, "account"), money(), where)
