from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import ClassVar

import polars as pl
import pytest

from vedette.abc import EventFeatures, FeatureSet, LogOdds, Role, Term, WindowFeatures
from vedette.app.findings import TOLD, Hits, _uid, cases
from vedette.events.schema import EventClass
from vedette.model import Analytic, EntityKind, Severity

T0 = datetime(2026, 1, 5, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Sent(WindowFeatures):
    """Bytes sent."""

    name = "sent"
    needs = EventClass.NETWORK_ACTIVITY
    requires: ClassVar[tuple[str, ...]] = ("src_endpoint.ip",)
    keys: ClassVar[tuple[str, ...]] = ("src_endpoint.ip",)
    windows: ClassVar[tuple[timedelta, ...]] = (MINUTE, HOUR)

    def partial(self) -> list[pl.Expr]:
        return []

    def merge(self) -> list[pl.Expr]:
        return []

    def finish(self) -> list[pl.Expr]:
        return []


class Much(LogOdds):
    """Much.

    Known false positives:
        - backups;
        - a very long
          sentence.

    Blind spots:
        - none
    """

    name = "much"
    title = "Much sent"
    needs: ClassVar[type[FeatureSet]] = Sent
    analytic = Analytic.STATISTICAL
    techniques: ClassVar[tuple[str, ...]] = ("T1048",)
    severity = Severity.LOW
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets: ClassVar[tuple[Role, ...]] = (Role(EntityKind.ADDRESS, "to"),)

    def terms(self) -> list[Term]:
        return [Term(pl.col("nats"), pl.lit("much"), "nats")]

    def sentence(self) -> pl.Expr:
        return pl.format("{} nats", "nats")


Row = tuple[str, int, timedelta, float]


class Choosy(Much):
    """Alerts only where it is nearly sure."""

    name = "choosy"
    alert_from = 0.9


class Quiet(Much):
    """Never alerts by itself."""

    name = "quiet"
    corroborates = True


def _frame(*rows: Row) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (a, T0 + at * MINUTE, w, nats, T0 + at * MINUTE, T0 + at * MINUTE + w / 2, 3, ["x", "y"])
            for a, at, w, nats in rows
        ],
        schema=["src_endpoint.ip", "time", "window", "nats", "first_seen", "last_seen", "event_count", "to"],
        orient="row",
    )


def _cases(*rows: Row) -> list[tuple[str, int, int, str]]:
    """Return actor, first and last minute, and summary of each case."""
    hits = Hits(Much())
    hits.add(_frame(*rows))
    return [
        (c.finding.actors[0].value, (c.since - T0) // MINUTE, (c.until - T0) // MINUTE, c.finding.summary)
        for c in cases(hits)
    ]


@pytest.mark.parametrize(
    ("rows", "want"),
    [
        ([("a", 0, MINUTE, 20.0)], [("a", 0, 1, "20.0 nats")]),
        ([("a", 0, MINUTE, 1.0)], []),
        ([("a", 0, MINUTE, 20.0), ("a", 1, MINUTE, 25.0)], [("a", 0, 2, "25.0 nats")]),
        ([("a", 0, MINUTE, 20.0), ("a", 9, MINUTE, 25.0)], [("a", 0, 1, "20.0 nats"), ("a", 9, 10, "25.0 nats")]),
        ([("a", 3, MINUTE, 20.0), ("a", 0, HOUR, 20.0)], [("a", 0, 60, "20.0 nats")]),
        ([("a", 0, HOUR, 20.0), ("a", 60, HOUR, 20.0)], [("a", 0, 120, "20.0 nats")]),
        ([("a", 0, MINUTE, 20.0), ("b", 0, MINUTE, 20.0)], [("a", 0, 1, "20.0 nats"), ("b", 0, 1, "20.0 nats")]),
    ],
)
def test_windows_that_touch_are_one_finding_told_by_the_strongest(
    rows: list[Row], want: list[tuple[str, int, int, str]]
) -> None:
    assert _cases(*rows) == want
    assert _cases(*reversed(rows)) == want


@pytest.mark.parametrize(
    ("detector", "alerts"), [(Much, [True, True]), (Choosy, [True, False]), (Quiet, [False, False])]
)
def test_a_detector_says_from_which_score_on_it_alerts(detector: type[Much], alerts: list[bool]) -> None:
    hits = Hits(detector())
    hits.add(_frame(("sure", 0, MINUTE, 20.0), ("unsure", 0, MINUTE, 10.0)))
    assert [c.finding.alert for c in cases(hits)] == alerts


def test_a_finding_has_all_that_its_detector_says() -> None:
    hits = Hits(Much())
    hits.add(
        pl.DataFrame(
            {
                "src_endpoint.ip": ["a"],
                "time": [T0],
                "window": [MINUTE],
                "nats": [20.0],
                "first_seen": [T0],
                "last_seen": [T0],
                "event_count": [3],
                "to": [["x", None, "y"]],
            }
        )
    )
    (case,) = cases(hits)
    found = case.finding
    assert [t.value for t in found.targets] == ["x", "y"]
    assert (found.techniques, found.severity, found.event_count) == (("T1048",), Severity.LOW, 3)
    assert found.reasons[0].weight == pytest.approx(found.score)
    assert len(found.uid) == 16
    assert found.false_positives == ("backups", "a very long sentence")


def _event_cases(*rows: tuple[str, str, int]) -> list[tuple[str, str]]:
    """Return uid and summary of the cases of events (source, target, sequence) at one time."""
    hits = Hits(Much())
    frame = pl.DataFrame(
        [(a, T0, MINUTE, 20.0, T0, T0, 1, [b], "log", n, b) for a, b, n in rows],
        schema=[
            *("src_endpoint.ip", "time", "window", "nats", "first_seen", "last_seen", "event_count", "to"),
            *("metadata.log_name", "metadata.sequence", "other"),
        ],
        orient="row",
    )
    hits.add(frame)
    return [(c.finding.uid, c.finding.targets[0].value) for c in cases(hits)]


def test_of_equals_the_first_record_speaks_in_whatever_order_they_came() -> None:
    rows = [("a", f"t{n}", n) for n in range(40)]
    assert [t for _, t in _event_cases(*rows)] == ["t0"]
    assert _event_cases(*rows) == _event_cases(*reversed(rows))


class Mails(EventFeatures):
    """Mails."""

    name = "mails"
    needs = EventClass.EMAIL_ACTIVITY
    requires: ClassVar[tuple[str, ...]] = ()
    keys: ClassVar[tuple[str, ...]] = ("from",)

    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        return events


class Mailed(Much):
    """Mails."""

    name = "mailed"
    needs = Mails
    actor = Role(EntityKind.EMAIL, "from")
    targets: ClassVar[tuple[Role, ...]] = (Role(EntityKind.EMAIL, "to"), Role(EntityKind.EMAIL, "cc"))

    def terms(self) -> list[Term]:
        return [Term(pl.col("nats"), pl.lit("1 mails of 1 hosts"), "nats")]

    def sentence(self) -> pl.Expr:
        return pl.lit("a sent 1 mails")


def _mails(*rows: tuple[list[str] | None, str | None, float]) -> pl.DataFrame:
    said = [("a", T0, nats, to, cc, "log", n) for n, (to, cc, nats) in enumerate(rows)]
    types: dict[str, pl.DataType | type[pl.DataType]] = {
        "from": pl.String,
        "time": pl.Datetime("us", "UTC"),
        "nats": pl.Float64,
        "to": pl.List(pl.String),
    }
    types |= {"cc": pl.String, "metadata.log_name": pl.String, "metadata.sequence": pl.Int64}
    return pl.DataFrame(said, schema=types, orient="row")


def test_a_finding_of_many_mails_names_whom_all_of_them_went_to() -> None:
    hits = Hits(Mailed())
    hits.add(_mails((["x"], None, 19.0), (["z", "y"], "c", 20.0), (None, None, 19.5), ([], None, 19.0)))
    (case,) = cases(hits)
    assert [t.value for t in case.finding.targets] == ["z", "y", "x", "c"], "of the surest first"
    hits.add(_mails(*(([f"t{n}"], None, 18.0) for n in range(99))))
    (case,) = cases(hits)
    assert len(case.finding.targets) == TOLD + 1, "bounded, of each role"


class Unkeyed(Mails):
    keys: ClassVar[tuple[str, ...]] = ()


class FromAnyone(Mailed):
    """Mails, also those without a sender."""

    name = "from_anyone"
    needs = Unkeyed
    actor = Role(EntityKind.EMAIL, "from", otherwise=Role(EntityKind.DOMAIN, "cc"))
    targets: ClassVar[tuple[Role, ...]] = ()


def test_a_role_whose_column_is_null_is_played_by_its_second_choice() -> None:
    hits = Hits(FromAnyone())
    rows = _mails((["x"], "c", 19.0), (["x"], "d", 20.0), (["x"], "d", 20.0), (["x"], None, 20.0))
    hits.add(rows.with_columns(pl.Series("from", ["a", None, None, None], pl.String)))
    named = sorted([f"{a.kind}:{a.value}" for a in case.finding.actors] for case in cases(hits))
    assert named == [[], ["domain:d"], ["email address:a"]]


def test_one_is_singular_in_what_a_finding_says() -> None:
    hits = Hits(Mailed())
    hits.add(_mails((["x"], None, 20.0)))
    (case,) = cases(hits)
    assert case.finding.summary == "a sent 1 mail"
    assert case.finding.reasons[0].text == "1 mail of 1 host"


def test_a_hostile_name_does_not_give_two_findings_one_id() -> None:
    since = T0
    assert _uid("much", ["a\x1fb", "c"], since) != _uid("much", ["a", "b\x1fc"], since)


def test_a_finding_may_begin_when_what_it_speaks_of_began() -> None:
    class Late(Much):
        """Much."""

        name = "late"
        span = ("began", "ended")

    rows = pl.DataFrame(
        {
            "src_endpoint.ip": ["10.0.0.5", "10.0.0.6"],
            "time": [T0, T0],
            "window": [HOUR, HOUR],
            "first_seen": [T0, T0],
            "last_seen": [T0 + HOUR, T0 + HOUR],
            "began": [T0 + 20 * MINUTE, None],
            "ended": [T0 + 30 * MINUTE, None],
            "nats": [50.0, 50.0],
            "to": ["a", "a"],
        },
        schema_overrides={"began": pl.Datetime("us", "UTC"), "ended": pl.Datetime("us", "UTC")},
    )
    hits = Hits(Late())
    hits.add(rows)
    spans = [(c.finding.first_seen, c.finding.last_seen) for c in cases(hits)]
    assert spans == [(T0 + 20 * MINUTE, T0 + 30 * MINUTE), (T0, T0 + HOUR)]
