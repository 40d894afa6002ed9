from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.events.batch import EventBatch
from vedette.features.history import HistoryState
from vedette.features.sigma_correlation import SigmaCorrelations
from vedette.testing.events import START
from vedette.testing.sigma import process_events, rule_text, rules_of

BASE = rule_text("sel:\n    Image|endswith: '\\net.exe'\ncondition: sel", title="Net", more="name: net")
OTHER = rule_text("sel:\n    Image|endswith: '\\whoami.exe'\ncondition: sel", title="Who", more="name: who")
NET, WHO = {"process.file.path": "C:\\net.exe"}, {"process.file.path": "C:\\whoami.exe"}


def _correlation(kind: str, rules: str, condition: str = "", more: str = "") -> str:
    asked = f"    condition: {condition}\n" if condition else ""
    return (
        f"title: Together\nauthor: Grace\nlevel: high\ncorrelation:\n    type: {kind}\n    rules: {rules}\n"
        f"    group-by: [User]\n    timespan: 1m\n{asked}{more}"
    )


def _features(*texts: str) -> SigmaCorrelations:
    read = rules_of(BASE, OTHER, *texts)
    assert not read.issues
    return SigmaCorrelations(read.correlations, read.rules)


def _rows(features: SigmaCorrelations, *batches: EventBatch) -> pl.DataFrame:
    state = HistoryState(features)
    for batch in batches:
        state.add(features.take(batch))
    return pl.concat([*state.advance(), pl.DataFrame(schema=features.schema())])


def _by(user: str, image: dict[str, str]) -> dict[str, str]:
    return {**image, "unmapped.User": user}


def test_events_are_counted_per_group() -> None:
    events = process_events(*[_by("ada", NET)] * 2, _by("bob", NET), _by("ada", NET), _by("ada", WHO))
    features = _features(_correlation("event_count", "[net]", "{gte: 3}"))
    row = _rows(features, events).row(0, named=True)
    assert (row["event_count"], row["group"], row["title"], row["author"]) == (3, "User ada", "Together", "Grace")
    assert (row["first_seen"], row["last_seen"]) == (START, START + timedelta(seconds=3))
    assert (row["time"], row["window"], row["host"]) == (START, timedelta(minutes=1), "ws7")


def test_the_order_of_batches_makes_no_difference() -> None:
    events = process_events(*[_by("ada", NET)] * 4)
    features = _features(_correlation("event_count", "[net]", "{gte: 3}"))
    parts = [EventBatch(events.kind, events.frame[n : n + 1]) for n in (3, 1, 0, 2)]
    assert _rows(features, *parts).equals(_rows(features, events))


def test_values_and_rules() -> None:
    events = process_events(_by("ada", NET), _by("ada", WHO), _by("bob", WHO), _by("bob", NET))
    ordered = _rows(_features(_correlation("temporal_ordered", "[net, who]")), events)
    assert ordered["group"].to_list() == ["User ada"]
    together = _rows(_features(_correlation("temporal", "[net, who]")), events)
    assert together["group"].to_list() == ["User ada", "User bob"]
    values = _rows(_features(_correlation("value_count", "[net, who]", "{gte: 2, field: Image}")), events)
    assert values.height == 2


def test_a_hit_without_a_group_counts_for_none() -> None:
    features = _features(_correlation("event_count", "[net]", "{gte: 1}"))
    assert _rows(features, process_events(NET)).is_empty()


def test_an_alias_names_another_field_per_rule() -> None:
    more = "    aliases:\n        User: {net: Account, who: User}\n"
    features = _features(_correlation("temporal", "[net, who]", more=more))
    events = process_events({**NET, "unmapped.Account": "ada"}, _by("ada", WHO))
    assert _rows(features, events)["group"].to_list() == ["User ada"]


def test_without_correlations_nothing_waits() -> None:
    features = SigmaCorrelations((), rules_of(BASE).rules)
    assert features.prepare(features.take(process_events(NET))).collect().is_empty()
    assert features.only([]).prepare(features.take(process_events(NET))).collect().is_empty()
