"""A payment that is unlike its account's own and unlike what the place sees: where no labels exist."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features import payment_words as words
from vedette.features.payment import ACCOUNT, PLACE, Payment
from vedette.features.statistic import negative_binomial
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity

OWN_PAYMENTS = 10
"""Payments of an account in a month from which its own amounts say what is usual."""
HOURS = 720.0
AT_HOME = 5
"""Payments of an account at a place from which on it is at home there."""
FEW_HIGH = 0.25
"""High payments that any account may make in a week."""
WEEK_OF_REST = 7 / 23
NARROW = 0.5
"""An account's own spread, in nats, is thought to be at least this."""
STEEP = 3.0
"""Nats for each spread beyond what is small."""
SMALL = 3.0
"""Times the usual amount up to which an amount is no evidence."""
REACH = 6.0
"""Nats that the sheer ratio may say."""

_month, _ratio = pl.col("own.month.count"), pl.col("own.ratio").fill_nan(None)


class PaymentAnomaly(LogOdds):
    """An unusual payment: far more than an account ever pays, more than once, or many payments in an hour.

    What is normal: an account's amounts lie around its own mean, whatever that is; a high one now and then is everybody's; a second and a
    third within a week are not. An honest account pays at most a few times an hour, about as often as in its other hours.

    The statistic: the amount against the mean of the account's own sixty days, in spreads of its own beyond three times; to that how many
    such payments it made in the last seven days against its other weeks, how unusual the amount is for the place, whether it ever paid
    there, the count of the last hour against a negative binomial with the account's own rate, and night, where it never pays at night.
    No labels are used.

    Known false positives:
        - a holiday, a move, a wedding: several high payments in a week
        - an account that pays for others once a year
        - batches that a company sends in one hour

    Blind spots:
        - usual amounts at an abused terminal: only labels tell (``fraud``)
        - an account with fewer than ten payments in a month
        - a thief who pays what the owner pays

    Example: card-17 paid 1,249.00 EUR to shop-9: 12 times this account's usual amount, the third high payment in 7 days.
    """

    name = "payment_anomaly"
    title = "Unusual payment"
    needs = Payment
    analytic = Analytic.STATISTICAL
    techniques = ("T1657",)
    severity = Severity.LOW
    alert_from = 0.8
    actor = Role(EntityKind.ACCOUNT, ACCOUNT)
    targets = (Role(EntityKind.COUNTERPARTY, PLACE),)
    prior = -8.0

    def terms(self) -> list[Term]:
        told, known = words.texts(), _month >= OWN_PAYMENTS
        high, above = pl.col("own.high.week"), (_ratio / SMALL).log()
        expected = FEW_HIGH + (pl.col("own.high.month") - high) * WEEK_OF_REST
        spread = pl.col("own.spread").clip(NARROW)
        place, busy = pl.col("place.deviation").fill_nan(None), pl.col("place.month.count") >= OWN_PAYMENTS
        pair = pl.col("pair.count")
        burst = negative_binomial(pl.col("own.hour.count") + 1, _month / HOURS + 0.3, size=1.0)
        never = (pl.col("night") > 0) & (pl.col("own.night.share") == 0.0)
        return [
            Term(
                pl.when(known & (above > 0)).then((STEEP * above / spread).clip(0.0, REACH)), told["size"], "own.ratio"
            ),
            Term(
                pl.when(known & (above > 0) & (high > 0)).then(negative_binomial(high + 1, expected, size=1.0)),
                told["lately"],
                "own.high.week",
            ),
            Term(
                pl.when(known & (above > 0) & busy).then((place - 1.0).clip(-1.0, 2.0)),
                pl.format("for payments there it lies {} spreads above the mean", place.round(1)),
                "place.deviation",
            ),
            Term(
                pl.when(known & (above > 0)).then(pl.when(pair >= AT_HOME).then(-1.0).when(pair == 0).then(0.3)),
                told["new"],
                "pair.count",
            ),
            Term(
                pl.when(known).then((burst - 2.0).clip(lower_bound=0.0)),
                pl.format(
                    "{} payments in an hour; {} in 30 days", number(pl.col("own.hour.count") + 1), number(_month)
                ),
                "own.hour.count",
            ),
            Term(
                pl.when(known & never & (_month >= 3 * OWN_PAYMENTS)).then(1.5),
                pl.lit("at night (UTC), when this account never pays"),
                "own.night.share",
            ),
        ]

    def sentence(self) -> pl.Expr:
        told = words.texts()
        hour = pl.format("{} payments within an hour", number(pl.col("own.hour.count") + 1))
        why = pl.when(_ratio > SMALL).then(pl.format("{}; {}", told["lately"], told["new"])).otherwise(hour)
        return pl.format("{}, {} its usual amount: {}.", words.sentence(), words.times(_ratio), why)
