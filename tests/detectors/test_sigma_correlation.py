from __future__ import annotations

from pathlib import Path

from vedette.app.engine import Engine
from vedette.config import Config, Sigma
from vedette.detectors.sigma import SigmaDetector
from vedette.detectors.sigma_correlation import SigmaCorrelationDetector
from vedette.testing.sigma import process_events, rule_text

RULE = rule_text("sel:\n    Image|endswith: '\\net.exe'\ncondition: sel", title="Net", more="name: net")
MANY = (
    "title: Much of it\nauthor: Grace\nlevel: critical\nstatus: stable\ncorrelation:\n    type: event_count\n    rules: [net]\n"
    "    group-by: [User]\n    timespan: 5m\n    condition: {gte: 3}\n"
)


def test_a_correlation_is_a_finding_and_its_rule_is_none(tmp_path: Path) -> None:
    (tmp_path / "net.yml").write_text(RULE)
    (tmp_path / "many.yml").write_text(MANY)
    engine = Engine(Config(sigma=Sigma(paths=(str(tmp_path),))), [SigmaDetector, SigmaCorrelationDetector])
    row = {"process.file.path": "C:\\net.exe", "unmapped.User": "ada"}
    engine.feed(process_events(row, row, row, {**row, "unmapped.User": "bob"}), "events.json")
    [found] = engine.close().findings
    assert (found.detector, found.title) == ("sigma_correlation", "Sigma: Much of it")
    assert found.summary == "ws7 matched the correlation “Much of it”: 3 events of User ada within 5.0 minutes."
    assert [e.sequence for e in found.evidence] == [0, 1, 2]
    assert "by Grace" in found.reasons[0].text
    engine.spool.close()
