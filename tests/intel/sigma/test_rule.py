from __future__ import annotations

from vedette.intel.sigma.rule import Issue, Logsource


def test_a_log_source_and_an_issue_are_told_in_a_line() -> None:
    assert str(Logsource("windows", "", "security")) == "windows/security"
    assert str(Logsource()) == "anything"
    assert str(Issue("a.yml", 3, "no level", "Some rule")) == "a.yml:3: no level (Some rule)"
