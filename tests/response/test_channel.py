from __future__ import annotations

import pytest

from vedette.abc import Delivery
from vedette.errors import ConfigError, DeliveryError
from vedette.plugins import checked, discover
from vedette.response.channel import Channel
from vedette.testing.messages import message
from vedette.testing.receivers import http_receiver


class Chat(Channel):
    """A channel of ours."""

    name = "chat"
    formats = ("slack_message",)


def test_what_is_refused_stops_those_behind_it_and_the_rest_arrived() -> None:
    with http_receiver() as server:
        server.answers = [200, 503]
        mine = Chat(checked(Chat, {"url": f"http://127.0.0.1:{server.port}/SECRET"}, "sinks[0]"))
        with pytest.raises(DeliveryError, match="HTTP 503") as caught:
            mine.send([message("a"), message("b"), message("c")])
        mine.close()
    assert [r.headers["idempotency-key"] for r in server.requests] == ["a", "b"]
    assert (caught.value.again, caught.value.arrived) == (True, 1)
    assert "SECRET" not in str(caught.value)


def test_without_a_url_there_is_no_start() -> None:
    with pytest.raises(ConfigError, match="no URL"):
        Chat(checked(Chat, {}, "sinks[0]"))


def test_it_is_no_delivery_by_itself() -> None:
    found = discover(Delivery)
    assert Channel not in found.values()
    assert all(issubclass(found[name], Channel) for name in ("slack", "teams"))
