"""What the drill hides is found, rightly named, and nothing else is: the whole product on a whole day."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from vedette.app import local
from vedette.app.drill import load_drill, write_drill
from vedette.app.drill.script import Deed, Expectation
from vedette.config import Config
from vedette.model import Finding, Severity

pytestmark = pytest.mark.slow
HIDDEN, HARMLESS = load_drill().expect, load_drill().harmless


@pytest.fixture(scope="module", params=[7, 8])
def result(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[local.Scan]:
    folder = tmp_path_factory.mktemp("day")
    paths = write_drill(folder, seed=request.param)
    with local.scan([str(p) for p in paths], Config()) as found:
        yield found


def tells(finding: Finding, what: Deed) -> bool:
    """Whether a finding is about what the drill holds: who did it and to whom, as far as that is told."""
    actors = {e.value for e in finding.actors}
    named = actors | {e.value for e in finding.targets}
    return (not what.attacker or what.attacker in actors) and (not what.victim or what.victim in named)


@pytest.mark.parametrize("hidden", HIDDEN, ids=lambda h: h.title)
def test_what_is_hidden_is_found_and_named(result: local.Scan, hidden: Expectation) -> None:
    rightly = [f for f in result.findings if tells(f, hidden) and set(f.techniques) & set(hidden.techniques)]
    assert rightly, [f.summary for f in result.findings if tells(f, hidden)]
    told = {f.uid for incident in result.incidents for f in incident.findings}
    assert told & {f.uid for f in rightly}


def test_no_alert_is_about_anything_else(result: local.Scan) -> None:
    known = (*HIDDEN, *HARMLESS)
    assert [
        f"{f.detector}: {f.summary}" for f in result.findings if f.alert and not any(tells(f, k) for k in known)
    ] == []


def test_what_is_harmless_is_low_at_the_most(result: local.Scan) -> None:
    false = [i for i in result.incidents if not any(tells(f, h) for f in i.findings for h in HIDDEN)]
    assert len(false) <= len(HARMLESS)
    assert all(i.severity <= Severity.LOW for i in false)


def test_the_worst_incident_is_the_break_in(result: local.Scan) -> None:
    worst = result.incidents[0]
    assert worst.severity is Severity.CRITICAL
    assert {"203.0.113.66", "10.20.9.22"} <= {e.value for e in worst.actors}
    assert len(result.incidents) <= len(HIDDEN) + len(HARMLESS)


def test_every_input_is_read_whole(result: local.Scan) -> None:
    assert [i.source and i.source.name for i in result.inputs] == ["pcap", "zeek", "authlog"]
    assert [i.account.rejects for i in result.inputs] == [0, 0, 0]
    assert all(Path(i.name).name and not i.account.error for i in result.inputs)


def test_the_gravest_incident_is_told_of_a_place_not_of_an_account(result: local.Scan) -> None:
    assert result.incidents[0].title == "203.0.113.66 scanned bastion, then logged in"
