from __future__ import annotations

from dataclasses import replace

import msgspec

from vedette.events.schema import EventClass
from vedette.incidents.correlate import correlate
from vedette.incidents.record import SHOWN, OwnFindings, findings_batch, incidents_batch, own_findings_batch
from vedette.model import Analytic, Evidence, Severity
from vedette.testing.made import finding

CASES = [
    finding("203.0.113.7", "10.0.0.5 user:bob", "T1110 T1078", score=0.123456789, analytic=Analytic.LEARNING),
    finding("user:bob", "host:web1 file:/etc/shadow domain:a.example", "T1548", severity=Severity.CRITICAL),
    finding("", "", "", evidence=(Evidence("a#b.log", 7), Evidence("", 0)), false_positives=("A backup.",), lasts=0),
    finding("203.0.113.7", "10.0.0.5", "T9999", summary="\x00\u202e\n\"{}'", event_count=10**12, reasons=()),
]


def test_a_finding_row_speaks_ocsf() -> None:
    row = findings_batch(CASES[:1]).frame.row(0, named=True)
    want = {
        "severity_id": 3,
        "confidence_score": 12,
        "src_endpoint.ip": "203.0.113.7",
        "observables.name": ["actor.address", "target.address", "target.user"],
        "observables.type_id": [2, 2, 4],
        "finding_info.attacks.technique.name": ["Brute Force", "Valid Accounts"],
        "finding_info.related_events.uid": ["conn.log#7"],
    }
    assert {k: row[k] for k in want} == want


def test_what_was_found_comes_back_as_a_row_per_finding_and_entity() -> None:
    later, sooner = CASES[1], finding("198.51.100.1", "10.0.0.6", "T1046", at=-5, p_value=0.25)
    batch = own_findings_batch([later, CASES[2], sooner])
    assert batch.kind is EventClass.OWN_FINDING
    told = batch.frame.select(
        "metadata.sequence", "vedette.entity", "vedette.entity_kind", "vedette.role", "vedette.p_value"
    )
    assert told.rows() == [
        (0, "198.51.100.1", "address", "actor", 0.25),
        (0, "10.0.0.6", "address", "target", 0.25),
        (2, "bob", "user", "actor", None),
        (2, "web1", "host", "target", None),
        (2, "/etc/shadow", "file", "target", None),
        (2, "a.example", "domain", "target", None),
    ]
    assert batch.frame["finding_info.uid"].to_list() == [sooner.uid] * 2 + [later.uid] * 4
    assert batch.frame["vedette.score"].to_list() == [sooner.score] * 2 + [later.score] * 4
    assert batch.frame["metadata.log_name"].unique().to_list() == ["Vedette"]


def test_rows_that_are_kept_are_those_that_would_be_made() -> None:
    grown = replace(CASES[0], score=0.5, targets=CASES[1].targets)
    kept = OwnFindings()
    for now in (CASES[:1], CASES, CASES, [grown, *CASES[1:]], [CASES[3], grown], CASES[2:3], [], CASES):
        assert kept.batch(now).frame.rows() == own_findings_batch(now).frame.rows()


def test_an_incident_row_names_its_findings_and_tells_its_story() -> None:
    (incident,) = correlate(CASES[:1])
    row = incidents_batch([incident]).frame.row(0, named=True)
    assert row["metadata.uid"] == incident.uid
    assert row["desc"].split("\n") == list(incident.story)
    assert row["finding_info_list.uid"] == [CASES[0].uid]
    assert row["attacks.technique.uid"] == ["T1078", "T1110"]
    assert msgspec.json.decode(row["unmapped"]) == {"risk": incident.risk, "next_steps": list(incident.next_steps)}


def test_a_huge_incident_lists_some_and_counts_all() -> None:
    (incident,) = correlate([finding(f"198.51.{n // 200}.{n % 200}", "10.0.0.5", "T1595") for n in range(SHOWN + 5)])
    row = incidents_batch([incident]).frame.row(0, named=True)
    assert (row["count"], len(row["finding_info_list.uid"])) == (SHOWN + 5, SHOWN)


def test_nothing_found_is_an_empty_batch() -> None:
    assert len(findings_batch([])) == len(incidents_batch([])) == 0
