from __future__ import annotations

import pytest

from vedette.detectors.process_start import ProcessStart
from vedette.events.schema import EventClass
from vedette.testing.commands import happened
from vedette.testing.rows import hits_of

S32 = "C:\\Windows\\System32\\"


@pytest.mark.parametrize(
    ("path", "parent", "found"),
    [
        (S32 + "cmd.exe", "C:\\Office\\EXCEL.EXE", True),
        (S32 + "cmd.exe", "C:\\Windows\\explorer.exe", False),
        (S32 + "powershell.exe", S32 + "services.exe", True),
        ("C:\\Users\\ann\\Downloads\\svchost.exe", "C:\\Windows\\explorer.exe", True),
        (S32 + "svchost.exe", S32 + "services.exe", False),
        ("C:\\Users\\Public\\a.exe", "C:\\Windows\\explorer.exe", False),  # one weak sign
    ],
)
def test_starts(path: str, parent: str, found: bool) -> None:
    started = happened(
        EventClass.PROCESS_ACTIVITY,
        {
            "process.file.path": path,
            "process.parent_process.file.path": parent,
            "process.cmd_line": f"{path} -k netsvcs",
        },
    )
    assert hits_of(ProcessStart, started).is_empty() != found


def test_the_sentence_names_host_parent_and_sign() -> None:
    started = happened(
        EventClass.PROCESS_ACTIVITY,
        {
            "process.file.path": S32 + "cmd.exe",
            "process.parent_process.file.path": "C:\\Office\\EXCEL.EXE",
            "process.user.name": "ann",
        },
    )
    [said] = ProcessStart().summaries(hits_of(ProcessStart, started))
    assert (
        said
        == f"On ws1, as ann: Office starts a shell or a program of the system that runs foreign code: {S32}cmd.exe under C:\\Office\\EXCEL.EXE."  # noqa: E501 - a line is read as a whole
    )
