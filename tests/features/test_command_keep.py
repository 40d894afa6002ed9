from __future__ import annotations

import polars as pl
import pytest

from vedette.features.command_decode import decode
from vedette.features.command_keep import KEEP_SIGNS
from vedette.features.sign import signs_of


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("rundll32 comsvcs.dll, MiniDump 640 C:\\a.dmp full", {"lsass_dump"}),
        ("reg save HKLM\\SAM C:\\sam.hive", {"hive_save"}),
        ("reg export HKLM\\SYSTEM\\CurrentControlSet\\Services\\Dnscache a.reg", set()),
        ("vssadmin delete shadows /all /quiet", {"shadow_delete"}),
        ("vssadmin list shadows", set()),
        ("schtasks /query /fo LIST", set()),
        (
            "schtasks /create /tn a /tr C:\\Users\\Public\\a.exe /sc onlogon",
            {"task_create", "task_hostile", "task_system"},
        ),
        ("schtasks /create /tn a /tr C:\\Scripts\\backup\\a.cmd /sc weekly", {"task_create"}),
        ("net user eve secret1 /add", {"user_add"}),
        ("net localgroup administrators eve /add", {"user_admin"}),
        ("net localgroup administrators", set()),
        ("netsh advfirewall set allprofiles state off", {"firewall_off"}),
        ("netsh advfirewall show allprofiles", set()),
        ("wevtutil cl Security", {"log_clear"}),
        ("wevtutil qe System /c:5", set()),
        ("cmd /c del /f /q C:\\Users\\ann\\AppData\\Local\\Temp\\a.tmp", set()),
    ],
)
def test_lines_and_their_signs(line: str, names: set[str]) -> None:
    held = signs_of(decode(pl.Series([line])), KEEP_SIGNS)[0]
    assert {KEEP_SIGNS[i].name for i in held} == names
