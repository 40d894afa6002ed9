from __future__ import annotations

import polars as pl
import pytest

from vedette.features.pattern import ascii_only
from vedette.features.process_start_signs import SIGNS
from vedette.features.sign import FIELD, MOST, signs_of

S32 = "C:\\Windows\\System32\\"


def _text(image: str, parent: str = "", **more: str) -> str:
    keys = ("user", "integrity", "own", "desc", "company", "line", "by")
    parts = {"image": image, "parent": parent} | {k: more.get(k, "") for k in keys}
    return "".join(f"{k}={v}{FIELD}" for k, v in parts.items()).lower()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (_text(S32 + "cmd.exe", "C:\\inetpub\\w3wp.exe"), {"web_server_child"}),
        (_text(S32 + "powershell.exe", S32 + "wbem\\WmiPrvSE.exe"), {"wmi_child", "wmi_program"}),
        (_text(S32 + "svchost.exe", S32 + "services.exe", line=S32 + "svchost.exe -k netsvcs"), set()),
        (_text(S32 + "svchost.exe", "C:\\Temp\\a.exe", line=S32 + "svchost.exe -k netsvcs"), {"wrong_parent"}),
        (_text("C:\\Users\\ann\\svchost.exe", "C:\\Windows\\explorer.exe"), {"wrong_place", "wrong_parent"}),
        (_text(S32 + "taskhostw.exe", S32 + "svchost.exe"), set()),
        (_text(S32 + "cmd.exe", S32 + "fodhelper.exe", integrity="High"), {"uac_child", "uac_odd_child"}),
        (_text(S32 + "cmd.exe", S32 + "utilman.exe"), {"helper_child"}),
        (_text("C:\\a\\tool.exe", "C:\\Windows\\explorer.exe", own="PowerShell.EXE"), {"renamed"}),
        (_text(S32 + "cmd.exe", S32 + "services.exe"), {"service_shell"}),
        (_text("C:\\Program Files\\Larch\\agent.exe", S32 + "services.exe"), set()),
        (_text("C:\\Users\\Public\\a.exe", "C:\\Windows\\explorer.exe"), {"public_program"}),
        (_text("C:\\Program Files\\Google\\Chrome\\chrome.exe", "C:\\Windows\\explorer.exe", user="ann"), set()),
    ],
)
def test_starts_and_their_signs(text: str, names: set[str]) -> None:
    assert {SIGNS[i].name for i in signs_of(pl.Series([text]), SIGNS)[0]} == names


def test_the_table_is_sound() -> None:
    names = [s.name for s in SIGNS]
    assert len(set(names)) == len(names) <= MOST
    for sign in SIGNS:
        assert sign.hints, sign.name
        for pattern in (sign.pattern, sign.unless):
            assert pl.Series(["x"]).str.contains(ascii_only(pattern)).len() == 1, sign.name
