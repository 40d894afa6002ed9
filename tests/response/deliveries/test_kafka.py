from __future__ import annotations

import importlib.util
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from vedette.errors import ConfigError, DeliveryError
from vedette.plugins import checked
from vedette.response.deliveries.kafka import Kafka
from vedette.testing.messages import message

confluent_kafka = pytest.importorskip("confluent_kafka")


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    """Run the broker that comes with librdkafka, for tests, in this process."""
    host = confluent_kafka.Producer({"test.mock.num.brokers": 1, "log_level": 0})
    (one,) = host.list_topics(timeout=10).brokers.values()
    yield f"{one.host}:{one.port}"
    host.flush(1)


def kafka(broker: str, **changes: Any) -> Kafka:  # noqa: ANN401 - settings
    part = {"brokers": [broker], "protocol": "plaintext", "timeout_seconds": 10, **changes}
    return Kafka(checked(Kafka, part, "sinks[0]"))


def read(broker: str, topic: str, count: int) -> list[Any]:
    consumer = confluent_kafka.Consumer(
        {"bootstrap.servers": broker, "group.id": uuid.uuid4().hex, "auto.offset.reset": "earliest", "log_level": 0}
    )
    try:
        consumer.assign([confluent_kafka.TopicPartition(topic, n, 0) for n in range(4)])
        found: list[Any] = []
        for _ in range(50):
            found += [m for m in consumer.consume(count, timeout=0.5) if not m.error()]
            if len(found) >= count:
                break
        return found
    finally:
        consumer.close()


def test_messages_arrive_with_their_keys(broker: str) -> None:
    mine = kafka(broker, topic="findings")
    mine.send([message("a"), replace(message("b.4.new"), about="b")])
    mine.send([message("c")])
    mine.close()
    got = {m.key(): m for m in read(broker, "findings", 3)}
    assert {k: m.value() for k, m in got.items()} == {
        b"a": b'{"uid":"a"}',
        b"b": b'{"uid":"b.4.new"}',
        b"c": b'{"uid":"c"}',
    }
    assert dict(got[b"b"].headers()) == {"content-type": b"application/x-ndjson", "id": b"b.4.new"}


def test_nobody_there_is_an_error_in_time_and_nothing_comes_later(broker: str) -> None:
    mine = kafka("127.0.0.1:1", timeout_seconds=1)
    with pytest.raises(DeliveryError) as caught:
        mine.send([message("a"), message("b")])
    assert (caught.value.again, caught.value.arrived) == (True, 0)
    mine.close()


def test_what_is_too_large_is_told_with_its_place(broker: str) -> None:
    mine = kafka(broker, topic="large")
    with pytest.raises(DeliveryError) as caught:
        mine.send([message("a"), message("big", b"x" * 2_000_000)])
    mine.close()
    assert not caught.value.again or caught.value.arrived == 0
    with pytest.raises(DeliveryError) as alone:
        mine.send([message("big", b"x" * 2_000_000)])
    mine.close()
    assert not alone.value.again


@pytest.mark.parametrize(
    "bad", [{"brokers": []}, {"topic": "a b"}, {"protocol": "sasl_ssl"}, {"password_env": "VEDETTE_NO"}]
)
def test_bad_settings_stop_the_start(bad: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        kafka("127.0.0.1:1", **bad)


def test_without_the_extra_there_is_no_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ConfigError, match="not installed"):
        kafka("127.0.0.1:1")
