from __future__ import annotations

import polars as pl
import pytest

from vedette.features.pattern import ascii_only
from vedette.features.process_access_signs import SIGNS
from vedette.features.sign import FIELD, MOST, signs_of

S32 = "C:\\Windows\\System32\\"


def _text(what: str, source: str, target: str, **more: str) -> str:
    parts = {"what": what, "source": source, "target": target} | {
        k: more.get(k, "") for k in ("rights", "trace", "start", "user")
    }
    return "".join(f"{k}={v}{FIELD}" for k, v in parts.items()).lower()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (_text("open", S32 + "svchost.exe", S32 + "lsass.exe", rights="read"), set()),
        (
            _text("open", S32 + "rundll32.exe", S32 + "lsass.exe", rights="read", trace="C:\\a\\dbgcore.dll"),
            {"lsass_dump", "lsass_read"},
        ),
        (
            _text("inject", "C:\\Temp\\a.exe", S32 + "notepad.exe", start="KERNEL32 LoadLibraryA"),
            {"thread", "thread_library"},
        ),
        (_text("inject", S32 + "csrss.exe", S32 + "cmd.exe"), set()),
        (_text("tamper", "", "C:\\Temp\\b.exe"), {"tampered"}),
        (_text("tamper", "", "C:\\Program Files\\chrome.exe"), set()),
    ],
)
def test_deeds_and_their_signs(text: str, names: set[str]) -> None:
    held = {SIGNS[i].name for i in signs_of(pl.Series([text]), SIGNS)[0]}
    assert names <= held
    assert bool(names) == bool(held)


def test_the_table_is_sound() -> None:
    names = [s.name for s in SIGNS]
    assert len(set(names)) == len(names) <= MOST
    for sign in SIGNS:
        assert sign.hints, sign.name
        for pattern in (sign.pattern, sign.unless):
            assert pl.Series(["x"]).str.contains(ascii_only(pattern)).len() == 1, sign.name
