from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from vedette.errors import ConfigError, DeliveryError
from vedette.plugins import checked
from vedette.response.deliveries.splunk_hec import SplunkHec
from vedette.testing.messages import message
from vedette.testing.receivers import http_receiver


def splunk(port: int, **changes: Any) -> SplunkHec:  # noqa: ANN401 - settings
    part = {"url": f"http://127.0.0.1:{port}", "token": "t0ken", **changes}
    return SplunkHec(checked(SplunkHec, part, "sinks[0]"))


def test_many_events_in_one_call() -> None:
    with http_receiver() as server:
        mine = splunk(server.port, index="security", hostname="watch")
        mine.send([message("a"), replace(message("b", b'CEF:0|"x"\n', media_type="text/x-cef"), at=1_700_000_000.1234)])
        mine.close()
    (call,) = server.requests
    assert call.path == "/services/collector/event"
    assert call.headers["authorization"] == "Splunk t0ken"
    assert call.headers["x-splunk-request-channel"]
    first, second = map(json.loads, call.body.splitlines())
    assert first.pop("time") > 0
    assert first == {
        "event": {"uid": "a"},
        "fields": {"vedette_key": "a"},
        "sourcetype": "vedette:json",
        "source": "vedette",
        "index": "security",
        "host": "watch",
    }
    assert (second["event"], second["sourcetype"], second["time"]) == ('CEF:0|"x"', "cef", 1_700_000_000.123)


@pytest.mark.parametrize(("status", "again"), [(503, True), (403, True), (400, False)])
def test_an_error_says_whether_to_try_again(status: int, again: bool) -> None:
    with http_receiver() as server:
        server.answers = [(status, b'{"text":"Incorrect index","code":7}')]
        mine = splunk(server.port)
        with pytest.raises(DeliveryError, match="Incorrect index") as caught:
            mine.send([message("a")])
        mine.close()
    assert caught.value.again is again


def test_without_a_token_there_is_no_start() -> None:
    with pytest.raises(ConfigError, match="no token"):
        splunk(9, token="")
