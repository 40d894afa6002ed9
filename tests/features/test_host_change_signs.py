from __future__ import annotations

import polars as pl
import pytest

from vedette.features.host_change_signs import SIGNS
from vedette.features.pattern import ascii_only
from vedette.features.sign import FIELD, MOST, signs_of


def _text(what: str, object_: str, *, name: str = "", data: str = "", by: str = "", user: str = "") -> str:
    parts = {"what": what, "object": object_, "name": name, "data": data, "by": by, "user": user}
    return "".join(f"{k}={v}{FIELD}" for k, v in parts.items()).lower()


WINLOGON = "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (_text("registry", WINLOGON, name="Shell", data="explorer.exe"), set()),
        (_text("registry", WINLOGON, name="Shell", data="explorer.exe, a.exe"), {"winlogon"}),
        (
            _text("registry", "HKLM\\SYSTEM\\Control\\WDigest", name="UseLogonCredential", data="DWORD (0x00000001)"),
            {"clear_passwords"},
        ),
        (
            _text("registry", "HKLM\\SYSTEM\\Control\\WDigest", name="UseLogonCredential", data="DWORD (0x00000000)"),
            set(),
        ),
        (
            _text(
                "registry", "HKU\\S-1-5-21-1_Classes\\ms-settings\\shell\\open\\command", name="(Default)", data="cmd"
            ),
            {"uac_key"},
        ),
        (
            _text("registry", "HKLM\\SAM\\SAM\\Domains\\Account\\Users\\000001F5", name="F", by="C:\\a.exe"),
            {"account_value"},
        ),
        (
            _text(
                "registry",
                "HKLM\\SAM\\SAM\\Domains\\Account\\Users\\000001F5",
                name="F",
                by="C:\\Windows\\system32\\lsass.exe",
            ),
            set(),
        ),
        (_text("file", "C:\\Windows\\System32\\a.dll", by="C:\\Windows\\System32\\svchost.exe"), set()),
        (_text("file", "C:\\Windows\\System32\\a.dll", by="C:\\Windows\\System32\\dllhost.exe"), {"system_folder"}),
        (_text("file", "C:\\Users\\ann\\a.js", by="C:\\Office\\WINWORD.EXE"), {"office_drop"}),
        (
            _text("module", "C:\\Users\\ann\\a.dll", data="signed=false", by="C:\\Windows\\System32\\lsass.exe"),
            {"lsass_library"},
        ),
        (_text("pipe", "\\PSHOST.13.1.DefaultAppDomain.powershell", by="C:\\Windows\\System32\\powershell.exe"), set()),
        (_text("pipe", "\\PSHOST.13.1.DefaultAppDomain.notepad", by="C:\\Windows\\notepad.exe"), {"unmanaged_shell"}),
        (_text("share", "\\\\*\\ADMIN$\\a.exe", user="eve"), {"share_program"}),
        (
            _text("service", "PSEXESVC", data="%SystemRoot%\\PSEXESVC.exe"),
            {"service_tool_named", "service_short_path", "service_new"},
        ),
        (_text("connection", "192.0.2.9:443", name="tcp", by="C:\\Windows\\System32\\mshta.exe"), {"host_program_web"}),
        (_text("connection", "192.0.2.9:443", name="tcp", by="C:\\Program Files\\Larch\\a.exe"), set()),
    ],
)
def test_what_changes_and_its_signs(text: str, names: set[str]) -> None:
    held = {SIGNS[i].name for i in signs_of(pl.Series([text]), SIGNS)[0]}
    assert names <= held
    assert bool(names) == bool(held)


def test_the_table_is_sound() -> None:
    names = [s.name for s in SIGNS]
    assert len(set(names)) == len(names) <= MOST
    for sign in SIGNS:
        assert sign.hints, sign.name
        assert all(h == h.lower() for h in sign.hints), sign.name
        for pattern in (sign.pattern, sign.unless):
            assert pl.Series(["x"]).str.contains(ascii_only(pattern)).len() == 1, sign.name
