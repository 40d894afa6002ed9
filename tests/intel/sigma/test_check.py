from __future__ import annotations

from vedette.intel.sigma.check import LACKING, NOT_THERE, UNREAD, Seen, silent
from vedette.testing.sigma import process_events, rule_text, rules_of

FIELD = rule_text("sel:\n    Image|endswith: x\n    Company: y\ncondition: sel", title="Field")
EITHER = rule_text("s1:\n    Company: y\ns2:\n    Image: x\ncondition: 1 of s*", title="Either")
FILTER = rule_text("sel:\n    Image: x\nf:\n    Company: y\ncondition: sel and not f", title="Filter")
ELSEWHERE = rule_text("sel:\n    Image: x\ncondition: sel", title="Elsewhere", source="category: image_load")
UNKNOWN = rule_text("sel:\n    Image: x\ncondition: sel", title="Unknown", source="category: file_rename")
LOGON = rule_text("sel:\n    EventID: 4624\ncondition: sel", title="Logon", source="service: sysmon")


def test_without_data_only_logs_that_nobody_reads_are_told() -> None:
    found = silent(rules_of(FIELD, ELSEWHERE, UNKNOWN).rules)
    assert [(s.rule.title, s.reason) for s in found] == [("Unknown", UNREAD)]


def test_what_data_lack() -> None:
    seen = Seen()
    batch = process_events({"process.file.path": "x", "process.file.company_name": None})
    seen.add(batch.kind, batch.frame)
    assert seen.events == 1
    found = {s.rule.title: s for s in silent(rules_of(FIELD, EITHER, FILTER, ELSEWHERE, LOGON).rules, seen)}
    assert sorted(found) == ["Elsewhere", "Field", "Logon"]
    assert (found["Field"].reason, found["Field"].fields) == (LACKING, ("Company",))
    assert found["Elsewhere"].reason == NOT_THERE
    assert found["Logon"].reason == NOT_THERE


def test_one_kind_of_event_that_has_the_field_is_enough() -> None:
    seen = Seen()
    for company in (None, "y"):
        batch = process_events({"process.file.path": "x", "process.file.company_name": company})
        seen.add(batch.kind, batch.frame)
    assert not silent(rules_of(FIELD).rules, seen)
