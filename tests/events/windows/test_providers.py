"""Providers besides Sysmon and Security."""

from __future__ import annotations

from vedette.events.windows.providers import OTHER, PROVIDERS


def test_powershell_7_is_powershell() -> None:
    assert PROVIDERS["PowerShellCore"] is PROVIDERS["Microsoft-Windows-PowerShell"]


def test_other_events_keep_who_and_which_program() -> None:
    assert OTHER.copied()["SubjectUserName"] == "actor.user.name"
    assert OTHER.copied()["Image"] == "actor.process.file.path"
