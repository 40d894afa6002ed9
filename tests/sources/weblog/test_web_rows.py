from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from vedette.sources.weblog.web_rows import batch


def row(**fields: str | None) -> dict[str, object]:
    """Return the columns of one request that are not null."""
    frame = pl.DataFrame(
        {"metadata.sequence": [0], "time": [datetime(2026, 3, 5, tzinfo=UTC)], **{k: [v] for k, v in fields.items()}}
    )
    typed = frame.with_columns(pl.col("time").dt.cast_time_unit("us"), *(pl.col(k).cast(pl.String) for k in fields))
    return {k: v for k, v in batch(typed).frame.row(0, named=True).items() if v is not None}


@pytest.mark.parametrize(
    ("fields", "host", "path", "query", "url"),
    [
        ({"target": "/a?b=1?c"}, None, "/a", "b=1?c", "/a?b=1?c"),
        ({"target": "/a", "site": "Shop.example:443"}, "shop.example", "/a", None, "https://Shop.example/a"),
        (
            {"target": "/a", "site": "shop.example", "scheme": "https"},
            "shop.example",
            "/a",
            None,
            "https://shop.example/a",
        ),
        ({"target": "http://other.example:8080/x?y"}, "other.example", "/x", "y", "http://other.example:8080/x?y"),
        ({"target": "http://u:p@[2001:db8::1]/x"}, "[2001:db8::1]", "/x", None, "http://u:p@[2001:db8::1]/x"),
        ({"target": "http://other.example"}, "other.example", "/", None, "http://other.example"),
        ({"target": "mail.example:443", "method": "CONNECT"}, "mail.example", None, None, "mail.example:443"),
        ({"target": "*", "method": "OPTIONS"}, None, "*", None, "*"),
    ],
)
def test_what_was_asked_for(
    fields: dict[str, str], host: str | None, path: str | None, query: str | None, url: str
) -> None:
    got = row(**fields)
    names = ("hostname", "path", "query_string", "url_string")
    expected = host.lower() if host else None
    assert got.get("http_request.url.scheme") == ("http" if fields.get("target", "").startswith("http:") else None)
    assert tuple(got.get(f"http_request.url.{n}") for n in names) == (
        expected,
        path,
        query,
        url.replace("Shop", "shop"),
    )


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("200", (200, 1, None)),
        ("404", (404, 2, None)),
        ("499", (499, 2, None)),
        ("000", (None, None, "000")),
        ("20x", (None, None, "20x")),
        ("-", (None, None, None)),
        ("99999999999", (None, None, "99999999999")),
    ],
)
def test_a_code_that_is_none_is_kept_as_a_word(code: str, said: tuple[int | None, int | None, str | None]) -> None:
    got = row(code=code)
    assert (got.get("http_response.code"), got.get("status_id"), got.get("status_code")) == said


def test_numbers_that_are_none_are_null_and_a_dash_is_no_bytes() -> None:
    assert row(sent="-")["http_response.body_length"] == 0
    got = row(sent="-5", received="many", milliseconds="nan", server_port="70000", client_port="x")
    assert got.keys() == row().keys()


def test_http_3_goes_over_udp() -> None:
    assert row(version="3.0")["connection_info.protocol_name"] == "udp"
    assert row(version="1.1")["connection_info.protocol_name"] == "tcp"


@pytest.mark.parametrize(
    ("server", "address"),
    [("10.0.0.80", "10.0.0.80"), ("2001:DB8::80", "2001:db8::80"), ("web:443", None), ("web", None), ("-", None)],
)
def test_only_an_address_is_the_server_s(server: str, address: str | None) -> None:
    assert row(server=server).get("dst_endpoint.ip") == address
