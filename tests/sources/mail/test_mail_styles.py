from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.sources.mail.mail_styles import PLAIN, TRANSPARENT, UNKNOWN, Style, alike, colour, merged, sheet, style


@pytest.mark.parametrize(
    ("css", "said"),
    [
        ("", PLAIN),
        ("margin: 0; padding: 1px", PLAIN),
        ("DISPLAY: None !important", Style(gone=True)),
        ("display:block", Style()),
        ("mso-hide:all", Style(gone=True)),
        ("max-height:0px; overflow:hidden", Style(gone=True)),
        ("height:0", Style()),
        ("width:0;overflow:hidden", Style(gone=True)),
        ("opacity:0", Style(gone=True)),
        ("opacity:0.5", Style()),
        ("text-indent:-9999px", Style(gone=True)),
        ("position:absolute;left:-5000px", Style(gone=True)),
        ("left:-5px", Style()),
        ("visibility:hidden", Style(unseen=True)),
        ("visibility:visible", Style(unseen=False)),
        ("font-size:0", Style(tiny=True)),
        ("font-size: 1px", Style(tiny=True)),
        ("font-size:.05em", Style(tiny=True)),
        ("font-size:12px", Style(tiny=False)),
        ("font-size:1%", Style(tiny=True)),
        ("font-size:large", Style()),
        ("font:bold 0px/0 Arial", Style(tiny=True)),
        ("font: 12pt Arial", Style(tiny=False)),
        ("color:#FFF;background-color:white", Style(colour=0xFFFFFF, back=0xFFFFFF)),
        ("background:#000 url(x.png)", Style(back=UNKNOWN)),
        ("background: transparent", Style()),
        ("background: no-repeat #123456", Style(back=0x123456)),
        ("/* x */ color: red", Style(colour=0xFF0000)),
        (";:;;color", PLAIN),
    ],
)
def test_what_declarations_say(css: str, said: Style) -> None:
    assert style(css) == said


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("#abc", 0xAABBCC),
        ("abcdef", 0xABCDEF),
        ("#12345600", TRANSPARENT),
        ("rgb(1,2,3)", 0x010203),
        ("rgba(1, 2, 3, 0.0)", TRANSPARENT),
        ("rgba(1, 2, 3, .5)", 0x010203),
        ("rgb(999,0,0)", 0xFF0000),
        ("White", 0xFFFFFF),
        ("transparent", TRANSPARENT),
        ("inherit", UNKNOWN),
        ("#12", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_colours(text: str, value: int) -> None:
    assert colour(text) == value


def test_colours_that_cannot_be_told_apart() -> None:
    assert alike(0xFFFFFF, 0xFFFFFF)
    assert alike(0xFEFEFE, 0xFFFFFF)
    assert alike(TRANSPARENT, UNKNOWN)
    assert not alike(0xCCCCCC, 0xFFFFFF)
    assert not alike(UNKNOWN, 0xFFFFFF)
    assert not alike(0xFFFFFF, UNKNOWN)


def test_a_sheet_is_read_by_class_id_and_tag() -> None:
    rules: dict[str, Style] = {}
    sheet(
        "<!-- .a, td.b { display:none } #c{color:#fff} p{font-size:0} div .d{display:none}"
        " @media print { .e{display:none} } .f{margin:0} .a{color:red}",
        rules,
    )
    assert rules == {
        ".a": Style(gone=True, colour=0xFF0000),
        ".b": Style(gone=True),
        "#c": Style(colour=0xFFFFFF),
        "p": Style(tiny=True),
    }


def test_the_second_style_prevails() -> None:
    assert merged(Style(tiny=True, colour=1), Style(tiny=False, back=2)) == Style(tiny=False, colour=1, back=2)
    assert merged(Style(gone=True), PLAIN).gone


@given(st.text(alphabet="fontsizecr:;#()0123%,. -!/*{}@urlpx", max_size=150))
def test_any_text_is_a_style(text: str) -> None:
    style(text)
    sheet(text, {})


@pytest.mark.parametrize("piece", [".a{", ".a,", "a{color:red}", "/*", "@media{", "}"])
def test_hostile_sheets_cost_no_time(piece: str) -> None:
    start = time.process_time()
    sheet(piece * 100_000, {})
    style(piece * 100_000)
    assert time.process_time() - start < 2
