from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.features.sigma import QUIET, SigmaHits
from vedette.features.window import WindowState
from vedette.testing.events import START
from vedette.testing.sigma import process_events, rule_text, rules_of

RULE = rule_text(
    "sel:\n    Image|endswith: '\\whoami.exe'\ncondition: sel",
    title="Who am I",
    more="author: Ada\nlevel: high\nid: 11111111-2222-4333-8444-555555555555\ntags: [attack.t1033]\nfalsepositives: [admins]",
)


def _rows(features: SigmaHits, *batches: EventBatch) -> pl.DataFrame:
    state = WindowState(features)
    for batch in batches:
        state.add(features.take(batch))
    return pl.concat(list(state.advance())).sort("rule", "time")


def test_a_row_per_rule_host_and_minute_says_what_the_rule_says() -> None:
    image = {"process.file.path": "C:\\whoami.exe"}
    features = SigmaHits(rules_of(RULE).rules)
    row = _rows(features, process_events(image, image, {"process.file.path": "C:\\x.exe"})).row(0, named=True)
    assert (row["event_count"], row["host"], row["user"], row["address"]) == (2, "ws7", None, None)
    assert (row["title"], row["author"], row["level"], row["techniques"]) == ("Who am I", "Ada", "high", ["T1033"])
    assert row["place"].endswith("0.yml:1")
    assert (row["what"], row["benign"]) == ("Image: C:\\whoami.exe", "admins")
    assert row["joins_within"] == QUIET == timedelta(minutes=10)


def test_who_acts_is_the_host_the_person_or_the_address() -> None:
    rules = rules_of(
        rule_text("sel:\n    eventName: Delete\ncondition: sel", source="service: cloudtrail").replace(
            "windows", "aws"
        ),
        rule_text("sel:\n    cs-method: POST\ncondition: sel", source="category: webserver").replace(
            "    product: windows\n", ""
        ),
    ).rules
    call = pl.DataFrame(
        {
            "time": [START] * 2,
            "metadata.log_provider": ["cloudtrail"] * 2,
            "api.operation": ["delete"] * 2,
            "actor.user.name": ["ada", None],
            "src_endpoint.ip": ["192.0.2.1"] * 2,
        },
        schema_overrides={"time": pl.Datetime("us", "UTC")},
    )
    request = pl.DataFrame(
        {"time": [START], "http_request.http_method": ["POST"], "src_endpoint.ip": ["192.0.2.9"]},
        schema_overrides={"time": pl.Datetime("us", "UTC")},
    )
    batches = (EventBatch(EventClass.API_ACTIVITY, call), EventBatch(EventClass.HTTP_ACTIVITY, request))
    found = _rows(SigmaHits(rules), *batches).select("host", "user", "address").rows()
    assert sorted(found, key=repr) == [(None, "ada", None), (None, None, "192.0.2.1"), (None, None, "192.0.2.9")]


def test_rules_come_from_the_settings_and_silent_ones_give_no_hits(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(RULE)
    (tmp_path / "b.yml").write_text("title: [")
    (tmp_path / "c.yml").write_text(
        "title: Many\ncorrelation: {type: event_count, rules: [11111111-2222-4333-8444-555555555555], group-by: [User], "
        "timespan: 1m, condition: {gte: 2}}\n"
    )
    features, told = SigmaHits.load([str(tmp_path)], {"paths": [str(tmp_path)], "placeholders": {}})
    image = process_events({"process.file.path": "C:\\whoami.exe"})
    assert features.prepare(features.take(image)).collect().is_empty()
    assert "1 Sigma rule cannot be used" in told[0]
    assert "b.yml:1" in told[0]


def test_looking_up_a_few_rules_asks_these_alone() -> None:
    features = SigmaHits(rules_of(RULE, RULE.replace("11111111", "22222222")).rules)
    events = process_events({"process.file.path": "C:\\whoami.exe"})
    assert features.prepare(features.take(events)).collect().height == 2
    few = features.only(["22222222-2222-4333-8444-555555555555"])
    assert few.prepare(few.take(events)).collect()["rule"].to_list() == ["22222222-2222-4333-8444-555555555555"]
