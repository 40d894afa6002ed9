"""Sysmon's table."""

from __future__ import annotations

from vedette.events.windows.sysmon import SYSMON, program


def test_every_file_event_names_its_file() -> None:
    assert all("file.path" in SYSMON[code].copied().values() for code in (2, 11, 15, 23, 26, 27, 28, 29))


def test_program() -> None:
    assert program("process.file")["Company"] == "process.file.company_name"
