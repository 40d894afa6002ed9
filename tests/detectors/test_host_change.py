from __future__ import annotations

from vedette.detectors.host_change import HostChange
from vedette.events.schema import EventClass
from vedette.model import Severity
from vedette.testing.commands import happened
from vedette.testing.rows import hits_of

RUN = "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run"
DATA = "reg_value.data"


def test_a_script_at_every_logon_is_found_and_an_installer_is_not() -> None:
    made = happened(
        EventClass.REGISTRY_VALUE_ACTIVITY,
        {"reg_value.path": RUN, "reg_value.name": "a", DATA: "powershell -w hidden -e aaaa", "actor.user.name": "ann"},
        {"reg_value.path": RUN, "reg_value.name": "b", DATA: '"C:\\Program Files\\Larch\\tray.exe"'},
    )
    hits = hits_of(HostChange, made)
    detector = HostChange()
    assert hits["name"].to_list() == ["a"]
    assert detector.titles(hits) == ["Persistence set up"]
    assert detector.attacks(hits)[0][0] == "T1547.001"
    assert detector.severities(hits) == [Severity.HIGH]
    [said] = detector.summaries(hits)
    assert said.startswith("On ws1: what is to start at every logon is a script")
    assert "\\a = powershell" in said


def test_reasons_add_up() -> None:
    made = happened(
        EventClass.FILE_ACTIVITY,
        {"file.path": "C:\\Temp\\lsass.dmp", "actor.process.file.path": "C:\\Windows\\System32\\rundll32.exe"},
    )
    hits = hits_of(HostChange, made)
    detector = HostChange()
    [reasons], [score] = detector.reasons(hits), detector.score(hits)
    assert abs(sum(r.weight for r in reasons) - score) < 1e-9
    assert {r.attribute for r in reasons} >= {"lsass_file", "memory_file"}
