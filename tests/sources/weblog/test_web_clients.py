from __future__ import annotations

import polars as pl
import pytest

from vedette.sources.weblog.web_clients import Client, client, clients


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("192.0.2.7", ("192.0.2.7", None, None)),
        ("192.0.2.7:50122", ("192.0.2.7", None, 50122)),
        ("2001:DB8:0::7", ("2001:db8::7", None, None)),
        ("[2001:db8::7]", ("2001:db8::7", None, None)),
        ("[2001:db8::7]:443", ("2001:db8::7", None, 443)),
        ("::ffff:192.0.2.7", ("192.0.2.7", None, None)),
        ("fe80::1%eth0", ("fe80::1", None, None)),
        ("Crawler.example", (None, "crawler.example", None)),
        ("crawler.example:99999", (None, "crawler.example", None)),
        ("999.1.1.1", (None, "999.1.1.1", None)),
        ("unix:", (None, None, None)),
        ("-", (None, None, None)),
        ("<script>", (None, None, None)),
        ("", (None, None, None)),
    ],
)
def test_one(text: str, said: Client) -> None:
    assert client(text) == said


def test_a_column() -> None:
    got = clients(pl.Series(["192.0.2.1", None, "::1", "a.example", "::1"], dtype=pl.String))
    assert got.rows() == [
        ("192.0.2.1", None, None),
        (None, None, None),
        ("::1", None, None),
        (None, "a.example", None),
        ("::1", None, None),
    ]
    assert clients(pl.Series(["192.0.2.1"])).rows() == [("192.0.2.1", None, None)]
    assert clients(pl.Series([], dtype=pl.String)).height == 0
