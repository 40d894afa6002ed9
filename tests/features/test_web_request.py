from __future__ import annotations

import base64
import time

import polars as pl

from vedette.features.web_facts import FACTS
from vedette.features.web_request import LONGEST, WebRequest
from vedette.testing.requests import requests
from vedette.testing.rows import rows_of

QUERY = "http_request.url.query_string"


def _texts(**columns: object) -> list[str]:
    n = max((len(v) for v in columns.values() if isinstance(v, list)), default=1)
    return rows_of(WebRequest, requests(n, **columns))["text"].to_list()  # type: ignore[arg-type]


def test_a_request_is_its_parts() -> None:
    [text] = _texts(path="/A%20b", **{QUERY: "x=1+2%2B&y&=z", "http_request.referrer": "http://h.example/%3C"})
    assert text == "\x1c/a b\x1ex\x1f1 2+\x1ey\x1f\x1e\x1fz\x1ahttp://h.example/<"


def test_an_ordinary_agent_is_left_out_and_another_stays() -> None:
    agents = [
        "Mozilla/5.0 (X11; Linux x86_64; rv:1.0) Gecko/20100101 Firefox/99.0",
        "curl/8.1",
        "${jndi:ldap://h/a}",
        None,
    ]
    assert _texts(path="/", agent=agents) == ["\x1c/", "\x1c/", "\x1c/\x1d${jndi:ldap://h/a}", "\x1c/"]


def test_a_tool_is_told_by_an_ordinary_agent() -> None:
    rows = rows_of(WebRequest, requests(1, agent="sqlmap/1.7"))
    assert [x.name for i, x in enumerate(FACTS) if rows["facts"][0] >> i & 1] == ["scan_tool"]


def test_base64_that_is_text_is_read_too() -> None:
    hidden = base64.b64encode(b"' or 1=1 -- ").decode()
    [plain, random, short] = _texts(path="/", **{QUERY: [f"q={hidden}", "q=" + "00ff" * 8, "q=abcd"]})
    assert plain.endswith("\x1b' or 1=1 -- ")
    assert "\x1b" not in random + short


def test_nothing_sent_passes_for_a_mark() -> None:
    [text] = _texts(path="/\x1d\x02\x03", **{QUERY: "a=%1e%1f%1d\x1e\x03"})
    assert [c for c in text if c < " "] == ["\x1c", "\x01", "\x01", "\x01", "\x1e", "\x1f", *["\x01"] * 5]


def test_the_same_request_is_read_once_and_stands_everywhere() -> None:
    queries: dict[str, object] = {QUERY: ["q='", None, "q='", None, None, "q='"]}
    batch = requests(6, path=["/a", "/b", "/a", "/b", "/a", "/c"], **queries)  # type: ignore[arg-type]
    rows = rows_of(WebRequest, batch)
    assert rows["metadata.sequence"].to_list() == list(range(6))
    assert rows["text"].to_list() == [
        "\x1c/a\x1eq\x1f'",
        "\x1c/b",
        "\x1c/a\x1eq\x1f'",
        "\x1c/b",
        "\x1c/a",
        "\x1c/c\x1eq\x1f'",
    ]


def test_time_is_bounded_on_nested_and_huge_requests() -> None:
    queries = [
        "q=" + "%25" * 30_000,
        "&" * 100_000,
        "=" * 100_000,
        "a=b&" * 30_000,
        "q=" + "QUFB" * 30_000,
        "q=" + "%uff1c" * 9_000,
    ]
    began = time.process_time()
    rows = rows_of(WebRequest, requests(len(queries), **{QUERY: queries}))  # type: ignore[arg-type]
    assert time.process_time() - began < 4
    assert rows["long"].all()
    assert rows["text"].str.len_chars().max() <= 3 * LONGEST  # type: ignore[operator]


def test_the_site_is_named_by_what_is_known() -> None:
    batch = requests(1, host=None, dst=None)
    assert rows_of(WebRequest, batch)["site"].to_list() == ["http.log"]
    assert pl.Series(rows_of(WebRequest, requests(1))["site"]).to_list() == ["shop.example"]
