from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.sources.mail.mail_page import LINKS_LIMIT, TEXT_KEPT, bounded, page


@pytest.mark.parametrize(
    ("html", "text", "hidden"),
    [
        ("plain", "plain", ""),
        ("<p>one<p>two<br>three", "one\ntwo\nthree", ""),
        ("a  b\n c&nbsp;d &lt;e&gt; &amp;amp; &euro;", "a b c d <e> &amp; €", ""),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc", ""),
        ("<b>V</b>ia<i>gra</i>", "Viagra", ""),
        ("a<!-- <p>no</p> -->b<!doctype html>", "ab", ""),
        ("<title>t</title><style>.x{}</style><script>if (a<b) '<p>no</p>'</script>yes", "yes", ""),
        ("<img alt='a picture'> x", "a picture x", ""),
        ("<p style='display:none'>no <b>no</b></p>yes", "yes", "no no"),
        ("<div hidden>no</div>yes", "yes", "no"),
        ("<table><td style=font-size:0>no<span style=font-size:12px>yes</span></table>", "yes", "no"),
        ("<div style=visibility:hidden>no<p style=visibility:visible>yes</p></div>", "yes", "no"),
        ("<font color=#ffffff>no</font><font color=red>yes</font>", "yes", "no"),
        ("<body bgcolor=black text=white>yes<font color=#010101>no", "yes", "no"),
        ("<div style='background:url(x)'><p style=color:white>yes</p></div>", "yes", ""),
        ("<style>.x{display:none} #y{color:#fff}</style><p class='a x'>no</p><p id=y>no</p>yes", "yes", "no\nno"),
        ("<a style=color:white href=https://a.example/>no</a>yes", "yes", "no"),
        ("<noscript>yes</noscript><template>no</template><textarea>no</textarea>", "yes", ""),
        ("<p title='<script>'>yes</p><p title='<!--'>yes</p>", "yes\nyes", ""),
        ("<script><a b='</script>yes<p title='>'>yes", "yes\nyes", ""),
        ("<style></script>no</style>yes", "yes", ""),
        ("<script><!-- </style> --></script>yes<iframe><p>no</iframe>", "yes", ""),
        ("<xmp><b>yes</b></xmp>", "<b>yes</b>", ""),
        ("<div", "", ""),
        ("", "", ""),
        ("\0a\0", "a", ""),
    ],
)  # fmt: skip
def test_what_a_reader_sees_and_what_he_does_not(html: str, text: str, hidden: str) -> None:
    found = page(html)
    assert (found.text, found.hidden) == (text, hidden)


@pytest.mark.parametrize(
    ("html", "links"),
    [
        ("<a href=https://a.example/>to <b>a</b></a>", [("https://a.example/", "to a")]),
        ("<a href=https://a.example/><img src=x alt=pay></a>", [("https://a.example/", "pay")]),
        ("<a href=mailto:x@a.example>x</a><a href=#top>x</a><a>x</a>", []),
        ("<a href=https://a.example/>x</a><a href=https://a.example/>x</a>", [("https://a.example/", "x")]),
        ("<a href=https://a.example/>x</a><a href=https://a.example/>y</a>", [("https://a.example/", "x"), ("https://a.example/", "y")]),
        ("see https://a.example/.", [("https://a.example/", "https://a.example/")]),
        ("<a href=https://evil.example/>https://bank.example/</a>", [("https://evil.example/", "https://bank.example/")]),
        ("<form action=https://a.example/f>x</form>", [("https://a.example/f", "")]),
        ("<map><area href=https://a.example/m alt=m></map>", [("https://a.example/m", "m")]),
        ("<meta http-equiv=Refresh content='0; url=https://a.example/r'>", [("https://a.example/r", "")]),
        ("<base href=https://b.example/><a href=x>y</a>", [("https://b.example/x", "y")]),
        ("<iframe src=https://a.example/i></iframe>", [("https://a.example/i", "")]),
        ("<a href='https://a.example/?x=1&amp;y=2&quot;'>z</a>", [('https://a.example/?x=1&y=2"', "z")]),
    ],
)  # fmt: skip
def test_links_with_their_text(html: str, links: list[tuple[str, str]]) -> None:
    assert list(page(html).links) == links


def test_counts() -> None:
    found = page(
        "<form><input type=PASSWORD><input></form><img src=http://a.example/x width=1 height=1><img src=cid:x>"
        "<a href=https://a.example/><img src='//a.example/y'></a><script></script><script>x</script><iframe></iframe><object></object>"
    )
    counts = (found.forms, found.password_fields, found.remote_images, found.pixel_images, found.linked_images)
    assert counts == (1, 1, 2, 1, 1)
    assert (found.scripts, found.frames) == (2, 2)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000,
        "<b>" * 150_000,
        "<a><p>" * 80_000,
        "<a " + " ".join(f"a{i}=1" for i in range(60_000)) + ">",
        "".join(f"<b class=x{i}>" for i in range(20_000)) + "<p>" * 50_000,
        "<a><b><div>" * 20_000 + "</a>" * 20_000,
        "<" * 500_000,
        '<a b="' * 80_000,
        "<script>" * 60_000,
        "<style>" + ".a{" * 150_000,
        "<a href='" + "x" * 400_000 + "'>y</a>",
        "<img src='data:image/png;base64," + "A" * 400_000 + "'>",
        "http://a.example " * 30_000,
        "<a href=http://a.example/>x</a>" * 15_000,
    ],
    ids=lambda html: html[:12],
)
def test_hostile_pages_cost_no_time(html: str) -> None:
    start = time.process_time()
    found = page(html)
    assert time.process_time() - start < 4
    assert len(found.text) <= TEXT_KEPT
    assert len(found.links) <= LINKS_LIMIT


def test_a_long_image_in_the_page_hides_nothing_behind_it() -> None:
    assert page("<img src='data:image/png;base64," + "A" * 100_000 + "'>after").text == "after"
    assert bounded("short") == "short"


@given(
    st.lists(
        st.sampled_from(
            [
                *("<p>", "</p>", "<a href=//x>", "</a>", "<style>", "</style>", "<script>", "</script>", "<!--", "-->", "<b title='", "'>"),
                *("<table>", "<svg>", "</svg>", "<plaintext>", "<textarea>", "&lt;", "<td style=font-size:0>", "\0", "<a =b>", '"', "="),
                *("x", " "),
            ]
        ),
        max_size=30,
    )
)  # fmt: skip
def test_any_page_is_read(pieces: list[str]) -> None:
    found = page("".join(pieces))
    found.text.encode()
    assert "\0" not in found.text + found.hidden
