"""A theft over five sources is one incident, told in the order in which it happened."""

from __future__ import annotations

from pathlib import Path

import pytest

from vedette.app import local
from vedette.app.drill import drills, write_drill
from vedette.app.drill.mail_to_theft import DROP, FILES, LURE, VICTIM, address, machine, write_mail_to_theft
from vedette.config import Config
from vedette.errors import ContentError
from vedette.model import Entity, EntityKind, Severity

STEPS = ("phishing", "url", "command", "service_account_by_hand", "remote_execution", "exfiltration")
"""What has to be found, in the order of the theft."""


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    first = {p.name: p.read_bytes() for p in write_mail_to_theft(tmp_path / "a")}
    assert first == {p.name: p.read_bytes() for p in write_mail_to_theft(tmp_path / "b")}
    assert first != {p.name: p.read_bytes() for p in write_mail_to_theft(tmp_path / "c", seed=8)}


def test_it_is_a_drill_like_any_other(tmp_path: Path) -> None:
    assert drills() == ["mail-to-theft", "office-day"]
    assert {p.name for p in write_drill(tmp_path, "mail-to-theft")} == {p.name for p in write_mail_to_theft(tmp_path)}
    with pytest.raises(ContentError, match="no such drill: 'nope'"):
        write_drill(tmp_path, "nope")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [7, 8])
def test_it_is_one_incident_with_its_steps_in_order(tmp_path: Path, seed: int) -> None:
    paths = write_mail_to_theft(tmp_path, seed)
    with local.scan([str(p) for p in paths], Config()) as result:
        assert {i.source.name for i in result.inputs if i.source} == {"mail", "weblog", "winlog", "authlog", "zeek"}
        assert not [i for i in result.inputs if i.account.rejects]
        (incident,) = result.incidents
    assert incident.severity is Severity.CRITICAL
    began = [min(f.first_seen for f in incident.findings if f.detector == name) for name in STEPS]
    assert began == sorted(began)
    everybody = {*incident.actors, *incident.targets}
    assert {
        Entity(EntityKind.DOMAIN, LURE),
        Entity(EntityKind.HOST, f"{machine(VICTIM)}.wren.example"),
        Entity(EntityKind.ADDRESS, address(VICTIM)),
        Entity(EntityKind.ADDRESS, FILES),
        Entity(EntityKind.ADDRESS, DROP),
        Entity(EntityKind.USER, "svc-backup"),
    } <= everybody
    assert {"T1566.002", "T1059.001", "T1003.001", "T1078", "T1569.002"} <= set(incident.techniques)
