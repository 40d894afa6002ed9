from __future__ import annotations

from vedette.testing.requests import requests


def test_a_value_is_for_all_and_a_list_for_each() -> None:
    frame = requests(2, code=[200, 404], path="/x").frame
    assert frame["http_response.code"].to_list() == [200, 404]
    assert frame["http_request.url.path"].to_list() == ["/x", "/x"]
