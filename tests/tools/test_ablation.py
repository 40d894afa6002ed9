"""Levels of a baseline are really silent when they are left out, and what a detector adds is counted right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from tools.ablation import EVERYONE, LEVELS, OWN, PEERS, captures, judged_together, leaving_out
from tools.evaluate import Result

from vedette.events.batch import EventBatch
from vedette.features.failed_lookups import FailedLookups
from vedette.features.lateral_host import LateralHost
from vedette.incidents.correlate import correlate
from vedette.model import Finding, Severity
from vedette.testing.flows import flows
from vedette.testing.made import finding
from vedette.testing.names import lookups, random_names
from vedette.testing.rows import rows_of


def hours(batch: EventBatch, count: int) -> list[EventBatch]:
    moved = (batch.frame.with_columns(pl.col("time") + timedelta(hours=n)) for n in range(count))
    return [EventBatch(batch.kind, frame) for frame in moved]


def usual(levels: frozenset[str]) -> list[float]:
    """Return what is expected of two clients hour by hour: one asks for 80 missing names each, the other (later) for 2."""
    busy = hours(lookups(random_names(80), rcode=3), 30)
    quiet = hours(lookups(random_names(2, seed=3), rcode=3, src="10.0.0.6"), 30)
    with leaving_out(levels):
        rows = rows_of(FailedLookups, *busy, *quiet)
    return rows.filter(pl.col("src_endpoint.ip") == "10.0.0.5")["normal.missing.mean"].to_list()


def test_nothing_left_out_is_as_ever() -> None:
    assert usual(LEVELS["nothing"]) == usual(frozenset())
    assert usual(frozenset())[-1] > 4.0  # log1p of about 80


def test_without_its_own_history_a_client_is_like_everyone() -> None:
    assert usual(frozenset({OWN, PEERS}))[-1] < 3.5


def test_without_any_level_only_the_prior_is_left() -> None:
    means = usual(LEVELS["all levels"])
    assert means == pytest.approx([means[0]] * len(means))


def test_members_are_forgotten() -> None:
    batch = flows(3, dst="10.0.0.9", port=445, direction=3, app="smb")
    with leaving_out(frozenset({OWN, EVERYONE})):
        rows = rows_of(LateralHost, *hours(batch, 3))
    assert rows.height
    assert not any(rows["had.edges"].explode().drop_nulls().to_list())
    assert set(rows["others.edges"].explode().drop_nulls().to_list()) == {0}
    assert rows["age"].to_list() == [0] * rows.height
    assert any(rows_of(LateralHost, *hours(batch, 3))["had.edges"].explode().to_list())


def seen(detector: str, to: str, **changes: Any) -> Finding:  # noqa: ANN401 - any field
    return finding(
        "10.0.0.5", to, "T1071", **{"detector": detector, "uid": f"{detector}{to}", "score": 0.99, **changes}
    )


def scanned(name: str, label: dict[str, object], *findings: Finding) -> Result:
    return Result(name, label, incidents=correlate(findings), findings=findings)


def test_what_a_detector_adds_is_what_goes_with_it() -> None:
    both = scanned(
        "both", {"expect": ["beacon", "url"]}, seen("beacon", "203.0.113.9"), seen("url", "domain:a.example")
    )
    one = scanned("one", {"expect": ["beacon"]}, seen("beacon", "203.0.113.9"))
    quiet = scanned("quiet", {"benign": True}, seen("beacon", "203.0.113.7", severity=Severity.HIGH))
    whole, without = captures([both, one, quiet]), captures([both, one, quiet], "beacon")
    assert whole.found - without.found == {"one"}
    assert (whole.false, whole.grave) == (1, 1)
    assert (without.false, without.grave) == (0, 0)


def test_the_judgement_over_a_host_is_made_anew() -> None:
    signs = [seen("beacon", "203.0.113.9"), seen("generated_domains", "domain:b.example")]
    assert [f.detector for f in judged_together(signs)].count("infected_host") == 1
    assert "infected_host" not in [f.detector for f in judged_together(signs[:1])]
