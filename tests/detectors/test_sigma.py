from __future__ import annotations

from pathlib import Path

from vedette.app.engine import Engine
from vedette.config import Config, Sigma
from vedette.detectors.sigma import SigmaDetector
from vedette.events.batch import EventBatch
from vedette.model import Entity, EntityKind, Severity
from vedette.testing.sigma import process_events, rule_text

RULE = rule_text(
    "sel:\n    Image|endswith: '\\whoami.exe'\ncondition: sel",
    title="Who am I",
    more="author: Ada\nlevel: high\nstatus: stable\nid: 11111111-2222-4333-8444-555555555555\ntags: [attack.t1033]",
)
WHOAMI, OTHER = {"process.file.path": "C:\\whoami.exe"}, {"process.file.path": "C:\\x.exe"}


def _run(folder: Path, *batches: EventBatch) -> Engine:
    engine = Engine(Config(sigma=Sigma(paths=(str(folder),))), [SigmaDetector])
    for batch in batches:
        engine.feed(batch, "events.json")
    return engine


def test_a_rule_that_holds_is_a_finding_with_its_author_and_its_events(tmp_path: Path) -> None:
    (tmp_path / "who.yml").write_text(RULE)
    engine = _run(tmp_path, process_events(WHOAMI, OTHER, WHOAMI))
    outcome = engine.close()
    [found] = outcome.findings
    assert (found.title, found.severity, found.techniques, found.event_count) == (
        "Sigma: Who am I",
        Severity.HIGH,
        ("T1033",),
        2,
    )
    assert found.actors == (Entity(EntityKind.HOST, "ws7"),)
    assert found.alert
    assert "by Ada" in found.reasons[0].text
    assert "who.yml:1" in found.reasons[0].text
    assert found.summary == "ws7 matched the rule “Who am I”, 2 times within a minute: Image: C:\\whoami.exe."
    assert [e.sequence for e in found.evidence] == [0, 2]
    engine.spool.close()


def test_batches_in_any_cut_give_the_same_findings(tmp_path: Path) -> None:
    (tmp_path / "who.yml").write_text(RULE)
    whole = process_events(WHOAMI, OTHER, WHOAMI, WHOAMI)
    first, second = whole.frame[:1], whole.frame[1:]
    runs = [_run(tmp_path, whole), _run(tmp_path, *(EventBatch(whole.kind, f) for f in (second, first)))]
    outcomes = [run.close().findings for run in runs]
    assert outcomes[0] == outcomes[1]
    for run in runs:
        run.spool.close()


def test_broken_rules_are_told_and_stop_nothing(tmp_path: Path) -> None:
    (tmp_path / "who.yml").write_text(RULE)
    (tmp_path / "broken.yml").write_text("title: [")
    engine = _run(tmp_path, process_events(WHOAMI))
    outcome = engine.close()
    assert len(outcome.findings) == 1
    assert any("broken.yml:1" in notice for notice in outcome.notices)
    engine.spool.close()


def test_without_rules_it_says_so() -> None:
    engine = Engine(Config(), [SigmaDetector])
    engine.feed(process_events(WHOAMI), "events.json")
    [idle] = engine.close().idle
    assert idle.detector == "sigma"
    assert "sigma.paths" in idle.reason
    engine.spool.close()
