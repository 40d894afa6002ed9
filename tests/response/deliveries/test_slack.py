from __future__ import annotations

import json

import pytest

from vedette.errors import ConfigError, DeliveryError
from vedette.plugins import checked
from vedette.response.deliveries.slack import Slack
from vedette.testing.messages import message
from vedette.testing.receivers import http_receiver


def test_a_post_per_message(monkeypatch: pytest.MonkeyPatch) -> None:
    with http_receiver() as server:
        monkeypatch.setenv("VEDETTE_TEST_SLACK", f"http://127.0.0.1:{server.port}/services/T0/SECRET")
        mine = Slack(checked(Slack, {"url_env": "VEDETTE_TEST_SLACK"}, "sinks[0]"))
        mine.send([message("a", b'{"text":"1"}\n', media_type="application/json"), message("b")])
        mine.close()
    first, second = server.requests
    assert first.path == "/services/T0/SECRET"
    assert json.loads(first.body) == {"text": "1"}
    assert first.headers["content-type"] == "application/json"
    assert second.headers["idempotency-key"] == "b"


def test_an_error_does_not_tell_the_url() -> None:
    with http_receiver() as server:
        server.answers = [(400, b"invalid_blocks")]
        mine = Slack(checked(Slack, {"url": f"http://127.0.0.1:{server.port}/services/T0/SECRET"}, "sinks[0]"))
        with pytest.raises(DeliveryError, match="invalid_blocks") as caught:
            mine.send([message("a")])
        mine.close()
    assert "SECRET" not in str(caught.value)
    assert not caught.value.again


def test_without_a_url_there_is_no_start() -> None:
    with pytest.raises(ConfigError, match="no URL"):
        Slack(checked(Slack, {}, "sinks[0]"))
