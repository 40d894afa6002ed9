"""A program that logs what it never logged, or far more than it does."""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.first_seen_sample import new_and_rare
from vedette.features.log_program import TROUBLE, LogProgram
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity

HOURS = 24
"""Hours in which a program has logged before anything of it is new."""
MANY = 12
"""New shapes in one hour from which it is another version, or another program, rather than an event."""
SHOWN = 2
FREE = 0.5
"""Share of lines that are all different, from which the lines are text of people and not of a program."""

_age = pl.col("age").fill_null(0)
_new = new_and_rare("shapes")
_known = _age >= HOURS


class Sequence(LogOdds):
    """New log lines: a program logs lines of a shape that neither it nor any other host's ever did, or many more lines, or failures.

    A program's log is made of a few dozen shapes of lines (its own words, without numbers and names: ``features.log_shape``). An exploited,
    broken or misused program says things that it never said: on the sets of research that exist, the plain look-up of unseen shapes finds
    what deep models find (Landauer, Skopik, Wurzenberger, *A critical review of common log data sets*, 2024; our figures:
    docs/reference/sequences.md). What it is worth grows with the hours that the program is known, falls with the variety of what it
    logs (Laplace's rule of succession), and more if the line tells of trouble. Numbers of lines and failures are compared with
    the program's own course of the week. Windows are hours. It only stands beside other findings: most new lines are a new version or
    a fault.

    Known false positives:

    * updates and new settings, which bring new lines on every host; the first host of a roll-out;
    * faults of disks, networks and time that nobody caused;
    * logs in which a name without digits stands that no mask knows.

    Blind spots:

    * what a program logs in its own usual words; the order of lines, which only the research form looks at;
    * the first day of a program, and programs that log freely worded text;
    * more than 32 shapes in an hour: a sample of them is looked at.

    Example: sshd of web1, known for 300 hours, logs ``fatal: buffer_get_string: bad string length``.
    """

    name = "sequence"
    title = "New log lines"
    needs = LogProgram
    analytic = Analytic.BEHAVIORAL
    techniques = ()
    severity = Severity.LOW
    actor = Role(EntityKind.HOST, "host")
    targets = (Role(EntityKind.SERVICE, "service"),)
    corroborates = True
    prior: ClassVar[float] = -7.0

    def terms(self) -> list[Term]:
        some = _new.list.len()
        variety = (pl.col("own.shape_count.mean").clip(0.0, 20.0).exp() - 1).clip(lower_bound=1.0)
        free = pl.col("shape_count") > FREE * pl.col("lines").clip(lower_bound=4 * SHOWN)
        nats = (1 + _age).cast(pl.Float64).log() - variety.log() / 2
        unseen = pl.when(_known & ~free & (some > 0) & (some <= MANY)).then(nats.clip(0.0, 8.0))
        trouble = _new.list.eval(pl.element().filter(pl.element().str.contains(TROUBLE)))
        return [
            Term(
                unseen,
                pl.format(
                    "{} of its kinds of lines {} new after {} hours in which it logged: {}",
                    some,
                    pl.when(some == 1).then(pl.lit("is")).otherwise(pl.lit("are")),
                    number(_age),
                    _quoted(_new),
                ),
                "shapes",
            ),
            Term(
                pl.when((unseen > 0) & _new.list.join("\n").str.contains(TROUBLE)).then(2.5),
                pl.format("the new lines tell of trouble: {}", _quoted(trouble)),
                "shapes",
            ),
            _burst("lines", "lines", 2.0),
            _burst("failures", "lines that tell of failures", 3.0),
        ]

    def sentence(self) -> pl.Expr:
        whose = pl.when(pl.col("program") == "").then(pl.lit("A program")).otherwise("program")
        new = pl.format("; neither it nor any other program here ever logged {}", _quoted(_new))
        return pl.format(
            "{} of {} logged {} in an hour{}.",
            whose,
            "host",
            _lines("lines", "line"),
            pl.when(_new.list.len() > 0).then(new).otherwise(pl.lit(", far more than it does at such hours")),
        )


def _burst(of: str, what: str, worth: float) -> Term:
    """Return the evidence that a number is far above what is normal of this program at this hour: nothing below four spreads."""
    deviation = pl.col(f"normal.{of}.deviation")
    usual = pl.col(f"normal.{of}.mean").clip(0.0, 30.0).exp() - 1
    nats = pl.when(_known & (pl.col(of) >= 10)).then((deviation - 4).clip(0.0, 6.0) / 6 * worth * 1.5)  # noqa: PLR2004
    return Term(
        nats, pl.format("{} {} in an hour; usual for it: {}", number(pl.col(of)), pl.lit(what), number(usual)), of
    )


def _lines(of: str, what: str) -> pl.Expr:
    return number(pl.col(of)) + pl.when(pl.col(of) == 1).then(pl.lit(f" {what}")).otherwise(pl.lit(f" {what}s"))


def _quoted(shapes: pl.Expr) -> pl.Expr:
    return pl.format("“{}”", shapes.list.head(SHOWN).list.join("”, “"))
