from __future__ import annotations

import polars as pl

from vedette.events.schema import EventClass
from vedette.intel.sigma import Rules
from vedette.intel.sigma.rules import MOST_PLANS, scenes
from vedette.testing.events import random_events
from vedette.testing.sigma import SYSMON, process_events, rule_text, rules_of

WHOAMI = rule_text(
    "sel:\n    Image|endswith: '\\whoami.exe'\n    User|contains: corp\ncondition: sel", title="Who am I"
)
EVENTS = process_events(
    {"process.file.path": "C:\\Windows\\WHOAMI.EXE", "unmapped.User": "CORP\\ada"},
    {"process.file.path": "C:\\Windows\\whoami.exe", "unmapped.User": "OTHER\\bob"},
    {"process.file.path": "C:\\x\\whoami.exe", "unmapped.User": "corp\\eve", "metadata.event_code": "5"},
    {"process.file.path": "C:\\x\\whoami.exe", "unmapped.User": "corp\\eve"},
)


def test_a_hit_names_its_rule_its_rows_and_what_it_looked_at() -> None:
    rules = Rules(rules_of(WHOAMI).rules)
    [hit] = rules.match(EVENTS.kind, EVENTS.frame)
    assert (hit.rule.title, hit.rows.tolist()) == ("Who am I", [0, 3])
    assert [field for field, _ in hit.looked_at] == ["Image", "User"]
    assert "process.file.path" in hit.looked_at[0][1]
    assert "unmapped.User" in rules.columns("User", hit)


def test_a_rule_that_the_event_id_alone_decides() -> None:
    rule = rule_text("sel:\n    EventID: 5\ncondition: sel", source="service: sysmon")
    [hit] = Rules(rules_of(rule).rules).match(EVENTS.kind, EVENTS.frame)
    assert hit.rows.tolist() == [2]


def test_batches_split_at_any_place_give_the_same_hits() -> None:
    rules = Rules(rules_of(WHOAMI).rules)
    for at in range(1, len(EVENTS)):
        parts = (EVENTS.frame[:at], EVENTS.frame[at:])
        rows = [n for p in parts for h in rules.match(EVENTS.kind, p) for n in p["metadata.sequence"][h.rows].to_list()]
        assert sorted(rows) == [0, 3]


def test_events_of_other_logs_cost_no_plan_with_rules() -> None:
    rules = Rules(rules_of(WHOAMI).rules)
    flows = random_events(EventClass.NETWORK_ACTIVITY)
    assert list(rules.match(flows.kind, flows.frame)) == []


def test_kinds_of_events_made_up_without_end_are_forgotten() -> None:
    rules = Rules(rules_of(WHOAMI).rules)
    rows = [{"unmapped.Channel": f"made up {n}"} for n in range(MOST_PLANS + 50)]
    odd = process_events(*rows)
    assert list(rules.match(odd.kind, odd.frame)) == []
    assert len(rules._plans) == MOST_PLANS


def test_scenes_of_a_frame() -> None:
    [first, second] = scenes(EVENTS.kind, EVENTS.frame)
    assert (first[0].code, second[0].code) == ("1", "5")
    assert first[0].channel == SYSMON["unmapped.Channel"].lower()
    assert first[1] is not None
    assert first[1].tolist() == [0, 1, 3]
    assert list(scenes(EVENTS.kind, EVENTS.frame.clear())) == []
    [(scene, rows)] = scenes(EventClass.EVENT_LOG, pl.DataFrame({"message": ["x"]}))
    assert (scene.windows, rows) == (False, None)
