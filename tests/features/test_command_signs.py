from __future__ import annotations

from random import Random

import polars as pl

from vedette.features.command_decode import decode
from vedette.features.command_signs import SIGNS, STRENGTH
from vedette.features.pattern import ascii_only
from vedette.features.sign import MOST, signs_of
from vedette.intel.attack import technique
from vedette.learning.datasets.command_grammars import ATTACKS

BY_HAND = {
    "ps_version": "powershell -version 2 -c whoami",
    "ps_stealth": "[a]::EnableScriptBlockLogging = 0",
    "cmd_echo_run": "type a.txt | cmd",
    "certutil_encode": "certutil -encode a.exe b.txt",
    "rundll32_bare": "C:\\Windows\\System32\\rundll32.exe",
    "msiexec_user": "msiexec /q /i C:\\Users\\ann\\Downloads\\a.msi",
    "written_deep": "x dwBlAGwAbAAgAGQAbwBuAGUAIABmAHIAbwBtAGIAYQBzAGUANgA0AHMAdAByAGkAbgBnACAAcQBxAA== cABsAGUAYQBzAGUAIABsAG8AbwBrACAAaABlAHIAZQA=",  # noqa: E501 - a line is read as a whole
    "registry_password": "reg query HKCU\\Software\\SimonTatham\\PuTTY\\Sessions",
    "forced_hash": "python petitpotam.py 192.0.2.1 192.0.2.2",
    "network_listen": "netsh trace start capture=yes",
    "office_test": "reg add HKCU\\Software\\Microsoft\\Office test\\Special\\Perf /d a.dll",
    "mock_folder": 'cmd /c mkdir "\\\\?\\C:\\Windows \\System32"',
    "runas_saved": "runas /savecred /user:admin cmd",
    "driver_load": "sc create a binpath= C:\\a.sys type= kernel",
    "certificate": "certutil -addstore root a.cer",
    "user_enable": "net user guest /active:yes",
    "user_delete": "net user ann /delete",
    "mailbox": "New-MailboxExportRequest -Mailbox ann",
    "remote_tool": "anydesk.exe C:\\a --install --silent",
}


def test_every_sign_is_found_in_something_hostile() -> None:
    made = [grammar(Random(f"{name}{i}")) for name, grammar in ATTACKS.items() for i in range(400)]
    found = set(signs_of(decode(pl.Series(made)), SIGNS).explode().drop_nulls().unique())
    missing = {s.name for i, s in enumerate(SIGNS) if i not in found}
    assert missing <= set(BY_HAND)
    held = signs_of(decode(pl.Series(list(BY_HAND.values()))), SIGNS).to_list()
    assert [n for n, h in zip(BY_HAND, held, strict=True) if n not in {SIGNS[i].name for i in h}] == []


def test_the_table_is_sound() -> None:
    names = [s.name for s in SIGNS]
    assert len(set(names)) == len(names) <= MOST
    assert STRENGTH.min() >= 1
    for sign in SIGNS:
        assert sign.hints and all(h == h.lower() for h in sign.hints), sign.name  # noqa: PT018 - one table
        assert all(technique(t) for t in sign.techniques), sign.name
        for pattern in (sign.pattern, sign.unless):
            assert pl.Series(["x"]).str.contains(ascii_only(pattern)).len() == 1, sign.name
