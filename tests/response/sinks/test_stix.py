from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import stix2

from vedette.events.schema import EventClass
from vedette.incidents.record import findings_batch, incidents_batch
from vedette.model import Entity, EntityKind, Finding
from vedette.response.sinks.stix import Stix
from vedette.testing.events import random_events
from vedette.testing.incidents import some_incident
from vedette.testing.laws import Law, laws_of
from vedette.testing.made import finding


def read(data: bytes) -> list[Any]:
    """Return the bundles as the library of OASIS reads them: it refuses what is not STIX 2.1."""
    return [stix2.parse(line, allow_custom=False) for line in data.decode().splitlines()]


def kinds(bundle: Any) -> dict[str, list[Any]]:  # noqa: ANN401 - of the library
    found: dict[str, list[Any]] = {}
    for one in bundle.objects:
        found.setdefault(one.type, []).append(one)
    return found


PUBLIC = finding("8.8.8.8", "10.0.0.5 user:bob", "T1110.001 T1021")


def test_a_graph_of_what_was_seen() -> None:
    (bundle,) = read(Stix().encode(findings_batch([PUBLIC])))
    found = kinds(bundle)
    assert {k: len(v) for k, v in found.items()} == {
        "identity": 1,
        "ipv4-addr": 2,
        "user-account": 1,
        "attack-pattern": 2,
        "indicator": 1,
        "observed-data": 1,
        "sighting": 1,
        "relationship": 2,
        "grouping": 1,
    }
    (indicator,), (sighting,), (grouping,) = found["indicator"], found["sighting"], found["grouping"]
    assert indicator.pattern == "[ipv4-addr:value = '8.8.8.8']"
    assert sighting.sighting_of_ref == indicator.id
    assert {a.external_references[0].external_id for a in found["attack-pattern"]} == {"T1110.001", "T1021"}
    assert grouping.confidence == 90
    assert set(grouping.object_refs) == {o.id for o in bundle.objects} - {grouping.id, found["identity"][0].id}


def test_ids_of_observables_are_those_of_the_standard() -> None:
    (bundle,) = read(Stix().encode(findings_batch([PUBLIC])))
    ids = {o.id for o in bundle.objects}
    assert stix2.v21.IPv4Address(value="8.8.8.8").id in ids
    assert stix2.v21.UserAccount(user_id="bob").id in ids


def test_the_same_thing_has_the_same_id_in_every_bundle() -> None:
    other = finding("8.8.8.8", "10.0.0.9", "T1021", at=90)
    first, second = (kinds(b) for b in read(Stix().encode(findings_batch([PUBLIC, other]))))
    assert first["indicator"][0].id == second["indicator"][0].id
    assert first["identity"] == second["identity"]
    assert first["observed-data"][0].id != second["observed-data"][0].id


def entity(kind: EntityKind, value: str) -> Finding:
    return replace(PUBLIC, actors=(Entity(kind, value),))


@pytest.mark.parametrize(
    ("actor", "pattern"),
    [
        (entity(EntityKind.ADDRESS, "10.0.0.7"), None),
        (entity(EntityKind.ADDRESS, "2001:4860:4860::8888"), "[ipv6-addr:value = '2001:4860:4860::8888']"),
        (entity(EntityKind.DOMAIN, "bad.com"), "[domain-name:value = 'bad.com']"),
        (entity(EntityKind.URL, "http://bad.com/'\\x"), "[url:value = 'http://bad.com/\\'\\\\x']"),
        (entity(EntityKind.EMAIL, "eve@bad.com"), "[email-addr:value = 'eve@bad.com']"),
        (entity(EntityKind.USER, "bob"), None),
        (entity(EntityKind.HOST, "pc1"), None),
    ],
    ids=lambda v: v.actors[0].value if isinstance(v, Finding) else "",
)
def test_only_what_can_be_looked_for_elsewhere_is_an_indicator(actor: Finding, pattern: str | None) -> None:
    (bundle,) = read(Stix().encode(findings_batch([actor])))
    found = kinds(bundle).get("indicator", [])
    assert [i.pattern for i in found] == ([pattern] if pattern else [])


def test_an_incident() -> None:
    (bundle,) = read(Stix().encode(incidents_batch([some_incident()])))
    (grouping,) = kinds(bundle)["grouping"]
    assert grouping.name == "Password guessing by 198.51.100.7"
    assert grouping.labels == ["severity:high", "status:new"]
    assert grouping.external_references[0].external_id == "i1"


def test_hostile_words_make_no_pattern_of_their_own() -> None:
    hostile = entity(EntityKind.DOMAIN, "x'] OR [ipv4-addr:value = '1.1.1.1\n\\")
    (bundle,) = read(Stix().encode(findings_batch([hostile])))
    (indicator,) = kinds(bundle)["indicator"]
    assert indicator.pattern == "[domain-name:value = 'x\\'] OR [ipv4-addr:value = \\'1.1.1.1\\\\n\\\\']"


@pytest.mark.parametrize("kind", EventClass, ids=lambda kind: kind.name)
def test_every_class_is_stix(kind: EventClass) -> None:
    assert len(read(Stix().encode(random_events(kind, n=5)))) == 5


@pytest.mark.parametrize("law", laws_of(Stix), ids=lambda law: law.name)
def test_law(law: Law) -> None:
    law.check()
