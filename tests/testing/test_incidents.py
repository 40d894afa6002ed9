from __future__ import annotations

from vedette.incidents.correlate import correlate
from vedette.intel.attack import techniques
from vedette.testing.incidents import some_incident


def test_the_incident_agrees_with_its_finding() -> None:
    made = some_incident(actor="203.0.113.9", target="10.0.0.8")
    (found,) = correlate(made.findings)
    assert [str(e) for e in (*made.actors, *made.targets)] == ["203.0.113.9", "10.0.0.8"]
    for name in ("actors", "targets", "techniques", "first_seen", "last_seen", "confidence"):
        assert getattr(made, name) == getattr(found, name)
    assert set(made.techniques) <= techniques().keys()
    assert len(made.title.split()) <= 10
