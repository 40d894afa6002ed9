from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any

import pytest

from vedette.errors import ConfigError, DeliveryError
from vedette.plugins import checked
from vedette.response.deliveries.webhook import Webhook
from vedette.testing.messages import message
from vedette.testing.receivers import http_receiver


def webhook(port: int, **changes: Any) -> Webhook:  # noqa: ANN401 - settings
    return Webhook(checked(Webhook, {"url": f"http://127.0.0.1:{port}/in", **changes}, "sinks[0]"))


def test_a_post_per_message_with_its_key() -> None:
    with http_receiver() as server:
        mine = webhook(server.port, token="t0ken")  # noqa: S106 - made up
        mine.send([message("k1"), message("k2", b"CEF:0", media_type="text/x-cef")])
        mine.close()
    first, second = server.requests
    assert first.body == b'{"uid":"k1"}\n'
    assert (first.headers["webhook-id"], first.headers["idempotency-key"]) == ("k1", "k1")
    assert abs(int(first.headers["webhook-timestamp"]) - time.time()) < 10
    assert first.headers["authorization"] == "Bearer t0ken"
    assert "webhook-signature" not in first.headers
    assert second.headers["content-type"] == "text/x-cef"


def test_the_signature_is_what_a_receiver_reckons() -> None:
    with http_receiver() as server:
        mine = webhook(server.port, secret="shared")  # noqa: S106 - made up
        mine.send([message("k1")])
        mine.close()
    (got,) = server.requests
    signed = f"k1.{got.headers['webhook-timestamp']}.".encode() + got.body
    want = base64.b64encode(hmac.new(b"shared", signed, hashlib.sha256).digest()).decode()
    assert got.headers["webhook-signature"] == f"v1,{want}"


@pytest.mark.parametrize(("answer", "again"), [(503, True), (401, True), (400, False), (302, True)])
def test_an_error_says_whether_to_try_again(answer: int, again: bool) -> None:
    with http_receiver() as server:
        server.answers = [200, answer]
        mine = webhook(server.port)
        with pytest.raises(DeliveryError, match=f"HTTP {answer}") as caught:
            mine.send([message("k1"), message("k2"), message("k3")])
        mine.close()
    assert caught.value.again is again
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "bad",
    [
        {"url": "http://hooks.example/x"},
        {"url": ""},
        {"secret": "whsec_not base64!"},
        {"secret_env": "VEDETTE_NO_SUCH_VARIABLE"},
        {"unknown": 1},
    ],
)
def test_bad_settings_stop_the_start(bad: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        webhook(9, **bad)
