"""What a new program on the host, known from its handshake, adds to an upload that was found: one incident, told together."""

from __future__ import annotations

from functools import cache

from tests.detectors.made_software import shook
from tests.detectors.made_uploads import GB, THIEF, office, sent

from vedette.app.engine import Engine
from vedette.config import Config
from vedette.detectors.exfiltration import Exfiltration
from vedette.detectors.new_software import NewSoftware
from vedette.events.batch import EventBatch
from vedette.incidents.correlate import correlate
from vedette.model import Incident

BROWSER, TOOL = "t13d1516h2_8daaf6152771_02713d6af862", "t13d190900_9dc949149365_97f8aa674fd9"
UPLOAD = sent([24 * 9 + 10, 24 * 9 + 10.1], 2 * GB)


@cache
def _incidents(*, upload: bool, tool: bool) -> list[Incident]:
    engine = Engine(Config(), [Exfiltration, NewSoftware])
    programs = [shook([BROWSER], f"10.0.0.{n + 1}", d) for d in range(10) for n in range(15)]
    more: list[EventBatch] = [UPLOAD] * upload + [shook([TOOL], "10.0.0.5", 9 + 2.05 / 24)] * tool
    for batch in (*office(), *programs, *more):
        engine.feed(batch, "made")
    outcome = engine.close()
    engine.spool.close()
    return correlate(outcome.findings)


def test_an_upload_is_an_incident_and_a_new_program_stands_beside_it() -> None:
    (incident,) = _incidents(upload=True, tool=True)
    assert {f.detector: f.alert for f in incident.findings} == {"exfiltration": True, "new_software": False}
    assert incident.title.startswith("10.0.0.5 sent data to")
    assert THIEF in incident.title
    assert any("what is gone" in step for step in incident.next_steps)


def test_a_new_program_alone_raises_nothing() -> None:
    assert _incidents(upload=False, tool=True) == []


def test_it_makes_the_incident_surer() -> None:
    ((alone,), (both,)) = _incidents(upload=True, tool=False), _incidents(upload=True, tool=True)
    assert both.confidence >= alone.confidence
    assert both.risk >= alone.risk
