"""What it is worth that somebody did such things in a cloud: much on its own, less where it is routine, more where it is new to all."""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.cloud_act import CloudAct
from vedette.features.wording import number
from vedette.intel.cloud_acts import by_uid
from vedette.model import Analytic, EntityKind, Severity

PRIOR = -4.0
"""Log-odds that such an hour is an attack before anything is known of the acts: what an act is worth is measured against it."""
ALERT_FROM = 0.8

_MORE = 0.4
"""Share of its worth that a second act in the same hour adds."""
_KNOWN_WINDOWS = 50
"""Hours of anybody's acts after which it means something that nobody did it before."""
_COMMON = 3
_done = pl.col("done").list.len() > 0
_again = pl.col("own.actions.count").fill_null(0.0)
_had = pl.col("had.done").list.all().fill_null(value=False) & _done
_others = pl.col("others.done").list.min().fill_null(0)
_history = pl.col("windows").fill_null(0) >= _KNOWN_WINDOWS


def terms(topic: str) -> list[Term]:
    """Return the evidence of acts of one topic; rows of others speak against it as much as can be."""
    here = pl.col("topic") == topic
    done = pl.col("worst") + _MORE * (pl.col("sum") - pl.col("worst")).clip(0.0, 12.0)
    tried = 0.6 * pl.col("worst_tried")
    worth = pl.when(_done).then(pl.max_horizontal(done, tried)).otherwise(tried)
    refused = pl.format("tried and was refused: {}", "said_tried")
    both = pl.format("{}; {}", "said", refused)
    text = pl.when(_done & (pl.col("said_tried") != "")).then(both).when(_done).then("said").otherwise(refused)
    many = 0.9 * pl.col("target_count").clip(1.0, 40.0).log()
    routine = -(0.7 + (1 + _again).log())
    return [
        Term(pl.when(here).then(worth).otherwise(-30.0), text, "done"),
        Term(
            pl.when(here & (pl.col("target_count") >= 2)).then(many),  # noqa: PLR2004
            pl.format("to {} different things", number(pl.col("target_count"))),
            "target_count",
        ),
        Term(
            pl.when(here & _had).then(routine),
            pl.format("it did the same in about {} hours before", number(_again)),
            "own.actions.count",
        ),
        Term(
            pl.when(here & _history & _done & ~_had & (_others == 0)).then(1.0),
            pl.format("nobody did this before, in {} hours of such acts", number(pl.col("windows"))),
            "others.done",
        ),
        Term(
            pl.when(here & ~_had & (_others >= _COMMON)).then(-0.8),
            pl.format("{} others do so too", _others),
            "others.done",
        ),
        Term(pl.when(here & pl.col("root")).then(1.0), pl.lit("by the root account, which is for emergencies"), "root"),
    ]


def sentence() -> pl.Expr:
    """Return what happened: who did what to what, from where."""
    what = pl.when(_done).then("said").otherwise(pl.format("tried and was refused: {}", "said_tried"))
    to = pl.when(pl.col("targets").list.len() > 0).then(
        pl.format(" ({})", pl.col("targets").list.head(3).list.join(", "))
    )
    source = pl.when(pl.col("addresses").list.len() > 0).then(
        pl.format(", from {}", pl.col("addresses").list.head(2).list.join(", "))
    )
    return pl.format("{} {}{}{}.", "principal", what, to.fill_null(""), source.fill_null(""))


def severities(rows: pl.DataFrame) -> list[Severity]:
    """Return the worst severity of what was done; one step less where it was only tried."""
    out = []
    for done, tried in rows.select("done", "tried").rows():  # hits only: few
        if done:
            out.append(max((_severity(uid) for uid in done), default=Severity.LOW))
        else:
            out.append(
                Severity(max(max((_severity(uid) for uid in tried or ()), default=Severity.LOW) - 1, Severity.LOW))
            )
    return out


def attacks(rows: pl.DataFrame, usual: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the ATT&CK ids of what was done, or else tried."""
    known = by_uid()
    out = []
    for done, tried in rows.select("done", "tried").rows():  # hits only: few
        ids = tuple(dict.fromkeys(t for uid in done or tried or () if uid in known for t in known[uid].techniques))
        out.append(ids or usual)
    return out


def _severity(uid: str) -> Severity:
    act = by_uid().get(uid)
    return act.severity if act else Severity.LOW


class CloudActs(LogOdds):
    """What the detectors of acts in clouds have in common: each looks at one topic of the tables.

    Attributes:
        topic: the table of ``content/cloud`` whose acts it looks for.
    """

    topic: ClassVar[str]
    needs = CloudAct
    analytic = Analytic.RULE
    actor = Role(EntityKind.USER, "user", otherwise=Role(EntityKind.ADDRESS, "address"))
    prior = PRIOR
    alert_from = ALERT_FROM

    def terms(self) -> list[Term]:
        return terms(self.topic)

    def sentence(self) -> pl.Expr:
        return sentence()

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return attacks(rows, self.techniques)

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        return severities(rows)
