from __future__ import annotations

from random import Random

from vedette.testing.urls import url_events
from vedette.trust.evasions.url_subdomains import UrlSubdomains


def test_names_get_deeper_and_addresses_stay() -> None:
    urls = ["http://me@evil.example:81/x", "http://192.0.2.1:80/x", "http://[2001:db8::1]/"]
    named, *addresses = UrlSubdomains().rewrite(url_events(urls).frame, Random(1))["url.url_string"]
    assert named.startswith("http://me@")
    assert named.endswith(".evil.example:81/x")
    assert 2 <= named.count(".") - 1 <= 4
    assert addresses == urls[1:]
