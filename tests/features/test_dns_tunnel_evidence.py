from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from vedette.features import dns_tunnel_evidence as evidence
from vedette.features.dns_tunnel_names import FIELDS

NOW = datetime(2026, 3, 9, tzinfo=UTC)
PLAIN: dict[str, Any] = {
    "src_endpoint.ip": "10.0.0.5",
    "domain": "relay.net",
    "names": 40.0,
    "questions": 40,
    "carrying": 40,
    "kinds": ["TXT"],
    "answers": 40.0,
    "heard": 40,
    "down": 4000.0,
    "known": False,
    "others.place": [0],
    "actors": 1,
    "windows": 0,
    "age": 0,
    "since": None,
    "time": NOW,
    "window": timedelta(hours=1),
    "first_seen": NOW,
    "last_seen": NOW + timedelta(minutes=40),
}
MEASURED = {"carried": 100.0, "most": 120.0, "surprise": 6.2, "reversed": 0.0, "service": 0.0, "length": 200.0}


def rows(**changes: object) -> pl.DataFrame:
    """Return one row of a tunnel, with changes to it or to what is measured in its names."""
    if "up" in changes:
        changes = {"carried": changes["up"] / PLAIN["names"], **changes}
    measured = {**MEASURED, **{k: v for k, v in changes.items() if k in MEASURED}}
    row = {**PLAIN, **{k.replace("__", "."): v for k, v in changes.items() if k not in {*MEASURED, "up"}}}
    schema: dict[str, pl.DataType] = {
        "since": pl.Datetime("us", "UTC"),
        "answers": pl.Float64(),
        "kinds": pl.List(pl.String),
    }
    return pl.DataFrame([{**row, "measured": [measured[f] for f in FIELDS]}], schema_overrides=schema)


def nats(name: str, **changes: object) -> float:
    """Return what one term makes of a row; 0 for no evidence."""
    made = getattr(evidence, name)
    term = made(250.0) if name == "volume" else made()
    return float(rows(**changes).select(term.evidence.cast(pl.Float64).fill_null(0.0)).item())


@pytest.mark.parametrize(
    ("term", "changes", "sign"),
    [
        ("volume", {}, 1),
        ("volume", {"up": 100.0, "down": 0.0}, -1),
        ("few", {}, 0),
        ("few", {"names": 1.0, "answers": 1.0}, -1),
        ("density", {}, 1),
        ("density", {"up": 320.0, "down": 0.0, "most": 8.0}, -1),
        ("density", {"up": 320.0, "down": 0.0, "most": 90.0}, 1),
        ("code", {}, 1),
        ("code", {"surprise": 3.2}, -1),
        ("once", {}, 1),
        ("once", {"questions": 80}, 0),
        ("once", {"questions": 400, "down": 0.0}, -1),
        ("once", {"questions": 0}, 0),
        ("fresh", {}, 1),
        ("fresh", {"answers": 3.0}, 0),
        ("types", {}, 1),
        ("types", {"carrying": 0, "kinds": ["A"]}, 0),
        ("types", {"questions": 0}, 0),
        ("reversed_addresses", {}, 0),
        ("reversed_addresses", {"reversed": 1.0, "most": 4.0}, -1),
        ("reversed_addresses", {"reversed": 1.0, "most": 80.0}, 0),  # a cloak
        ("services", {"service": 1.0, "most": 20.0}, -1),
        ("services", {"service": 1.0, "most": 80.0}, 0),
        ("databases", {}, 0),
        ("databases", {"domain": "spamhaus.org"}, -1),
        ("visited", {"known": True}, -1),
        ("novelty", {}, 0),
        ("novelty", {"windows": 200}, 1),
        ("novelty", {"windows": 200, "age": 90, "since": NOW - timedelta(days=4)}, -1),
        ("novelty", {"windows": 200, "age": 9, "since": NOW - timedelta(days=1)}, 0),
    ],
)
def test_each_term_says_what_it_should(term: str, changes: dict[str, Any], sign: int) -> None:
    found = nats(term, **changes)
    assert (found > 0) - (found < 0) == sign, found


def test_types_that_nobody_asks_for_say_more() -> None:
    assert nats("types", kinds=["NULL"]) > nats("types")


def test_every_term_has_words() -> None:
    texts = rows(windows=200).select(t.text.alias(str(k)) for k, t in enumerate(evidence.terms())).row(0)
    assert all(texts), texts


@pytest.mark.parametrize(
    ("count", "told"), [(0.0, "0 bytes"), (999.0, "999 bytes"), (2300.0, "2.3 KB"), (2.34e6, "2.3 MB")]
)
def test_sizes_are_told_as_people_write_them(count: float, told: str) -> None:
    assert pl.select(evidence.size(pl.lit(count))).item() == told


def test_the_sentence_tells_the_bytes_both_ways() -> None:
    told = rows(up=2.3e6, down=1.1e4).select(evidence.sentence()).item()
    assert told == (
        "10.0.0.5 asked for 40 names below relay.net in 40.0 minutes (TXT): about 2.3 MB upstream in names, 11.0 KB "
        "downstream in answers."
    )


def test_exfiltration_is_said_only_of_what_carried_enough() -> None:
    both = pl.concat([rows(up=6000.0), rows(up=100.0)])
    assert evidence.attacks(both, ("T1071.004", "T1048")) == [("T1071.004", "T1048"), ("T1071.004",)]
