from __future__ import annotations

import pytest

from vedette.features.http_login import HttpLogin
from vedette.testing.requests import requests
from vedette.testing.rows import rows_of


def test_counts_refusals_and_redirections() -> None:
    row = rows_of(
        HttpLogin, requests(10, method="POST", path="/login", code=[401, 403, 302, 200, 200] * 2, size=100)
    ).row(0, named=True)
    assert (row["requests"], row["refused"], row["granted"], row["size_spread"]) == (10, 4, 2, 0.0)
    assert row["asks_password"]


@pytest.mark.parametrize(
    ("method", "path", "code", "counts"),
    [
        ("GET", "/manager", 401, True),
        ("POST", "/search", 200, True),
        ("GET", "/", 200, False),
        ("CONNECT", "cdn.example:443", 403, False),
        ("GET", "/signin", 403, True),
        ("POST", "/login", None, False),
    ],
)
def test_what_counts(method: str, path: str, code: int | None, counts: bool) -> None:
    assert bool(rows_of(HttpLogin, requests(1, method=method, path=path, code=code)).height) is counts


def test_a_server_that_its_log_does_not_name_goes_by_the_log() -> None:
    assert rows_of(HttpLogin, requests(1, host=None, dst=None, method="POST"))["site"].unique().to_list() == [
        "http.log"
    ]
