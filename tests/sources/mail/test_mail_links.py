from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.sources.mail.mail_links import URL_LIMIT, address, in_text


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("nothing", []),
        ("go to https://a.example/b?c=d#e, now", ["https://a.example/b?c=d#e"]),
        ("(http://a.example/x_(y)) [www.b.example]", ["http://a.example/x_(y)", "www.b.example"]),
        ('<a href="http://a.example">', ["http://a.example"]),
        ("HTTP://A.example... WWW.B.example!", ["HTTP://A.example", "WWW.B.example"]),
        ("ftp://a.example/x;y", ["ftp://a.example/x;y"]),
        ("http:// www. http://", []),
        ("xhttp://a.example", []),
        (
            "www.a.example http://www.b.example/www.c WWW.d.example ://x https://e.example www.f.example",
            ["www.a.example", "http://www.b.example/www.c", "WWW.d.example", "https://e.example", "www.f.example"],
        ),
    ],
)
def test_links_in_text(text: str, links: list[str]) -> None:
    assert in_text(text, 10) == links


def test_links_are_bounded() -> None:
    assert len(in_text("http://a.example " * 100, 10)) == 10
    assert len(in_text("http://a.example/" + "x" * 10_000, 10)[0]) <= URL_LIMIT + 10
    start = time.process_time()
    in_text(("http://a.example/" + ")" * 2000 + " ") * 500, 500)
    assert time.process_time() - start < 2


@given(st.text(alphabet="htps:/w.WxX é\u0130", max_size=80))
def test_links_stand_in_their_text_in_order(text: str) -> None:
    at = 0
    for link in in_text(text, 100):
        at = text.index(link, at) + len(link)


@pytest.mark.parametrize(
    ("href", "base", "url"),
    [
        ("https://a.example/", "", "https://a.example/"),
        ("  https://a.exa\nmple/\t", "", "https://a.example/"),
        ("JavaScript:x", "", "JavaScript:x"),
        ("data:text/html,x", "https://b.example/", "data:text/html,x"),
        ("//a.example/x", "https://b.example/", "https://a.example/x"),
        ("x", "https://b.example/y/", "https://b.example/y/x"),
        ("x", "http://[", "x"),
        ("mailto:a@b.example", "", ""),
        ("#top", "https://b.example/", ""),
        ("cid:1", "", ""),
        ("", "", ""),
    ],
)
def test_addresses_are_those_that_a_browser_would_open(href: str, base: str, url: str) -> None:
    assert address(href, base) == url
