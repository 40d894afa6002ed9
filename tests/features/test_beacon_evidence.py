from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from vedette.abc import Term
from vedette.features import beacon_evidence as evidence
from vedette.features.beacon_rhythm import FIELDS
from vedette.model import Severity

ROW: dict[str, Any] = {
    "beats": 100.0,
    "hours": 24.0,
    "days": 1.0,
    "gaps": 99.0,
    "regular": 95.0,
    "low": 300.0,
    "high": 301.0,
    "period": 300.0,
    "spread": 1.003,
    "nats": 200.0,
    "others": [0, 0],
    "actors": 40,
    "windows": 0,
    "age": 0,
}


def _said(term: Term, **changed: object) -> tuple[float, str]:
    row = {**ROW, **changed}
    frame = pl.DataFrame(
        {
            "rhythm": [[row[f] for f in FIELDS]],
            "others.place": [row["others"]],
            **{c: [row[c]] for c in ("actors", "windows", "age")},
        }
    )
    nats, text = frame.select(term.evidence.cast(pl.Float64).fill_null(0.0).alias("nats"), term.text.alias("text")).row(
        0
    )
    return nats, text


def test_a_rhythm_counts_up_to_its_limit_and_says_its_share() -> None:
    assert _said(evidence.rhythm()) == (
        evidence.RHYTHM,
        "interval 0.96: 95 of 99 gaps are from 5.0 min to 5.0 min long (of random contacts at most 4 %)",
    )
    assert _said(evidence.rhythm(), nats=5.0)[0] == 5.0 - evidence.MANY
    assert _said(evidence.rhythm(), nats=0.5)[0] == evidence.NONE


def test_jitter_on_purpose_counts_for_and_a_timer_against() -> None:
    assert _said(evidence.jitter())[0] == evidence.EXACT
    nats, text = _said(evidence.jitter(), low=40.0, high=60.0)
    assert nats == evidence.JITTER[1]
    assert text.startswith("jitter 33 %")
    assert _said(evidence.jitter(), low=40.0, high=60.0, regular=30.0)[0] == 0.0
    assert _said(evidence.jitter(), low=10.0, high=11.0)[0] == evidence.EXACT, "a second more is no jitter"


@pytest.mark.parametrize(("hours", "sign"), [(24.0, 1), (7.0, 1), (4.0, 0), (1.0, -1)])
def test_duration(hours: float, sign: int) -> None:
    nats, text = _said(evidence.duration(), hours=hours)
    assert (nats > 0) - (nats < 0) == sign
    assert f"in {hours:.0f} of 24 hours" in text


@pytest.mark.parametrize(
    ("others", "actors", "sign", "text"),
    [
        (0, 40, 1, "prevalence 1 of 40 hosts: no other goes to it"),
        (30, 40, -1, "prevalence 31 of 40 hosts go to it"),
        (4, 40, -1, "prevalence 5 of 40 hosts go to it"),
        (0, 1, 0, "prevalence 1 of 1 hosts: no other goes to it"),
    ],
)
def test_prevalence_needs_somebody_to_compare_with(others: int, actors: int, sign: int, text: str) -> None:
    nats, said = _said(evidence.prevalence("it"), others=[others, others], actors=actors)
    assert (nats > 0) - (nats < 0) == sign
    assert said == text


def test_to_be_alone_among_many_counts_more() -> None:
    few, many = (_said(evidence.prevalence("it"), actors=n)[0] for n in (10, 1000))
    assert 0 < few < many <= 3.0


def test_a_crowd_around_counts_against() -> None:
    few, many, most = (_said(evidence.crowd("its network"), others=[0, n])[0] for n in (1, 5, 50))
    assert few == 0 > many > most
    assert _said(evidence.crowd("its network"), others=[50, 50])[0] == 0, (
        "others to the same place are no crowd around it"
    )


def test_what_is_new_in_a_known_network_counts() -> None:
    assert _said(evidence.novelty())[0] == 0
    assert _said(evidence.novelty(), windows=30) == (1.0, "first seen now, after 30 known days")
    assert _said(evidence.novelty(), windows=30, age=28)[0] < 0
    assert _said(evidence.novelty(), windows=30, age=3)[0] == 0


def test_lengths_in_words() -> None:
    held = pl.DataFrame({"s": [45.0, 300.0, 9000.0, None]}).select(evidence.length(pl.col("s")))
    assert held.to_series().to_list() == ["45 s", "5.0 min", "2.5 h", None]


def test_severity_grows_with_the_score_and_with_being_known_to_be_rare() -> None:
    rows = pl.DataFrame({"actors": [40, 40, 40, 3, None], "others.place": [[0, 0], [1, 1], [0, 0], [0, 0], []]})
    told = evidence.severities(rows, pl.Series([0.99, 0.99, 0.6, 0.99, 0.8]))
    assert told == [Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.MEDIUM, Severity.MEDIUM]


def test_persistence_counts_days() -> None:
    nats = [_said(evidence.persistence(), days=float(d))[0] for d in (1, 2, 3, 7)]
    assert nats == sorted(nats)
    assert nats[0] < 0 < nats[-1]


def test_a_rhythm_too_fast_for_the_window_is_none() -> None:
    assert _said(evidence.rhythm(1200.0))[0] == evidence.NONE
    assert _said(evidence.rhythm(1200.0), period=3600.0)[0] == evidence.RHYTHM


@pytest.mark.parametrize(
    ("changed", "sign"),
    [
        ({}, 1),
        ({"size": 0.1}, -1),
        ({"size": None}, 0),
    ],
)
def test_sizes_alike_count(changed: dict[str, object], sign: int) -> None:
    nats = _contacts(**changed)["size"]
    assert (nats > 0) - (nats < 0) == sign


def test_ports_volume_silence_and_single_connections_count() -> None:
    assert _contacts()["dst_endpoint.port"] < 0 < _contacts(port=4444)["dst_endpoint.port"]
    small, heavy, transfer = (_contacts(bytes_in=b)["bytes_out"] for b in (500.0, 30_000.0, 5e6))
    assert small == 0 > heavy > transfer
    assert _contacts(answered=0.0)["answered"] > 0 == _contacts()["answered"]
    assert _contacts(one_port=True)["one_port"] < -5


def _contacts(**changed: object) -> dict[str, float]:
    """Return the nats of each attribute of a row of contacts."""
    row = {
        "size": 0.9,
        "bytes_out": 600.0,
        "bytes_in": 300.0,
        "answered": 1.0,
        "one_port": False,
        "port": 443,
        **changed,
    }
    frame = pl.DataFrame(
        {("dst_endpoint.port" if c == "port" else c): [v] for c, v in row.items()},
        schema_overrides={"size": pl.Float64},
    )
    terms = evidence.contacts()
    nats = frame.select(t.evidence.cast(pl.Float64).fill_null(0.0).alias(t.attribute) for t in terms).row(0)
    return dict(zip((t.attribute for t in terms), nats, strict=True))
