"""Events from Kafka: a member of a consumer group, which commits what is on disk."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, cast

import msgspec
from pydantic import Field, field_validator, model_validator

from vedette.abc import Chunk, Inlet, Settings, Transport
from vedette.abc.transport import MOST_BYTES
from vedette.errors import ConfigError, TransportError
from vedette.transports.keeping import Aside, keep
from vedette.transports.sorting import Sorter, cut
from vedette.transports.source_name import SourceName
from vedette.transports.unwrap import Event, parsed, plain, unwrapped

if TYPE_CHECKING:
    from confluent_kafka import Consumer, Message, TopicPartition

PASSED_ON = frozenset(
    {
        "broker.address.family",
        "client.id",
        "client.rack",
        "connections.max.idle.ms",
        "fetch.max.bytes",
        "fetch.min.bytes",
        "fetch.wait.max.ms",
        "group.instance.id",
        "heartbeat.interval.ms",
        "isolation.level",
        "max.partition.fetch.bytes",
        "max.poll.interval.ms",
        "metadata.max.age.ms",
        "partition.assignment.strategy",
        "queued.max.messages.kbytes",
        "reconnect.backoff.max.ms",
        "session.timeout.ms",
        "socket.timeout.ms",
        "ssl.cipher.suites",
        "ssl.crl.location",
        "ssl.endpoint.identification.algorithm",
    }
)
"""Settings of librdkafka that ``more`` may hold."""

POLL_SECONDS = 0.5
PATIENCE_SECONDS = 5.0
"""Beyond this, while the log is full, partitions are paused and the broker is told that we live."""
ASK_SECONDS = 10.0
MOST_WORDS = 100
"""Different things that the operator is told."""
_SECURITY = {"plaintext": "plaintext", "tls": "ssl", "sasl": "sasl_plaintext", "sasl_tls": "sasl_ssl"}
_POSITION = re.compile(r"([A-Za-z0-9._-]{1,249})/(\d{1,9})@(\d{1,18})")
_array = msgspec.json.Decoder(list[msgspec.Raw])

Topic = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,249}$")]


class KafkaSettings(Settings):
    """Settings of ``kafka``."""

    brokers: tuple[str, ...] = Field(min_length=1)
    """Addresses of brokers to begin with: ``["10.0.0.1:9092"]``."""

    topics: tuple[Topic, ...] = Field(min_length=1)
    """Names of topics."""

    group: str = Field(default="vedette", min_length=1)
    """The consumer group; several instances of one group share the partitions."""

    source: SourceName = ""
    """Name of the source that reads all messages; by default each is told by what it holds."""

    begin: Literal["earliest", "latest"] = "earliest"
    """Where a group begins that was not there before."""

    security: Literal["plaintext", "tls", "sasl", "sasl_tls"] = "plaintext"
    """How brokers are spoken to. ``sasl`` sends the password without TLS: only with SCRAM, in a network of your own."""

    ca: str = ""
    """PEM file of the authority of the brokers' certificates; by default those of the system."""

    certificate: str = ""
    """PEM file of our certificate, where brokers ask for one."""

    key: str = ""
    """PEM file of its private key."""

    mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    """How SASL shows who we are."""

    user: str = ""
    """Name for SASL."""

    password_file: str = ""
    """File that holds the password for SASL, and nothing else."""

    most: int = Field(default=2000, ge=1, le=100_000)
    """Messages that are put to disk at once."""

    more: dict[str, str | int] = {}  # noqa: RUF012 - pydantic copies it
    """Further settings of librdkafka, by their names there: ``{"client.rack" = "a"}``; only such as change neither what is kept nor how."""

    @field_validator("more")
    @classmethod
    def _known(cls, value: dict[str, str | int]) -> dict[str, str | int]:
        if odd := sorted(value.keys() - PASSED_ON):
            raise ValueError(f"not passed on: {odd[0]!r}; may be {', '.join(sorted(PASSED_ON))}")
        return value

    @model_validator(mode="after")
    def _together(self) -> KafkaSettings:
        if self.security.startswith("sasl") != bool(self.user and self.password_file):
            raise ValueError("user and password_file go with security sasl or sasl_tls")
        if self.security == "sasl" and self.mechanism == "PLAIN":
            raise ValueError("PLAIN would send the password in clear: take sasl_tls, or SCRAM")
        if bool(self.certificate) != bool(self.key) or (self.certificate and "tls" not in self.security):
            raise ValueError("certificate and key go together, with security tls or sasl_tls")
        return self


class Kafka(Transport):
    """Receives messages of Kafka topics, as a member of a consumer group.

    A message is a JSON document, an array of them, or lines of text; what shippers wrap is unwrapped as `http` does it. Offsets are
    committed to the broker once the messages are on disk. They are kept there with them as well, so that after a crash no message
    is read twice. A message that is no text or too large is counted, said and passed over; one without a value says nothing. Needs
    `pip install 'vedette[kafka]'`.
    """

    name: ClassVar[str] = "kafka"
    options: ClassVar[type[Settings]] = KafkaSettings
    lossless: ClassVar[bool] = True

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        try:
            import confluent_kafka  # noqa: F401, PLC0415 - an extra
        except ImportError as error:
            raise ConfigError(
                "Kafka's library is not installed", where="inputs.kafka", hint="pip install 'vedette[kafka]'"
            ) from error

    async def run(self, inlet: Inlet) -> None:
        settings = cast("KafkaSettings", self.settings)
        member = Member(settings, inlet)
        async with Aside(self.name, member.close) as aside:
            await aside(member.join)
            while True:
                messages = await aside(member.messages)
                chunks, last = member.chunks(messages)
                for text in member.words():
                    inlet.say(self.name, text)
                if member.odd:
                    inlet.dropped(self.name, member.odd)
                    member.odd = 0
                if chunks:
                    await self._kept(inlet, chunks, member, aside)
                if last:
                    await aside(partial(member.commit, last))

    async def _kept(self, inlet: Inlet, chunks: Sequence[Chunk], member: Member, aside: Aside) -> None:
        """Put chunks; where that takes long, the broker hears from us meanwhile, or it would give our partitions to others."""
        put = asyncio.ensure_future(keep(inlet, self.name, chunks))
        try:
            done, _ = await asyncio.wait({put}, timeout=PATIENCE_SECONDS)
            if done:
                return
            inlet.say(self.name, "waits: the log is full")
            while not put.done():
                await aside(member.rest)
                await asyncio.wait({put}, timeout=POLL_SECONDS)
            await aside(member.resume)
        finally:
            put.cancel()
            if put.done() and not put.cancelled():
                put.result()


class Member:
    """One member of the group; all but ``chunks`` and ``words`` is called in one thread.

    Attributes:
        odd: messages that were passed over since this was last set to 0.
    """

    def __init__(self, settings: KafkaSettings, inlet: Inlet) -> None:
        self._settings, self._inlet = settings, inlet
        self._config = configuration(settings)
        self._consumer: Consumer | None = None
        self._sorter = Sorter(Kafka.name)
        self._held: list[Message] = []
        self._words: list[str] = []
        self._said: set[str] = set()
        self.odd = 0

    def join(self) -> None:
        """Join the group.

        Raises:
            TransportError: librdkafka does not take the settings.
        """
        from confluent_kafka import KafkaException  # noqa: PLC0415 - an extra

        try:
            self._consumer = consumer(self._config | {"error_cb": self._error})
            self._consumer.subscribe(list(self._settings.topics), on_assign=self._assigned)
        except (KafkaException, ValueError, TypeError) as error:
            raise TransportError(f"cannot begin: {error}", where="inputs.kafka") from error

    def close(self) -> None:
        """Leave the group."""
        if self._consumer:
            self._consumer.close()

    def messages(self) -> list[Message]:
        """Return what came, perhaps nothing."""
        held, self._held = self._held, []
        return held or self._joined().consume(self._settings.most, POLL_SECONDS)

    def commit(self, last: Mapping[tuple[str, int], int]) -> None:
        """Tell the broker what is on disk."""
        from confluent_kafka import KafkaException, TopicPartition  # noqa: PLC0415 - an extra

        try:
            self._joined().commit(
                offsets=[TopicPartition(t, p, offset + 1) for (t, p), offset in last.items()], asynchronous=True
            )
        except KafkaException as error:  # the partition is another's meanwhile
            self._say(f"an offset was not committed: {error}")

    def rest(self) -> None:
        """Take nothing, but let the broker hear from us."""
        member = self._joined()
        member.pause(member.assignment())
        self._held += member.consume(1, 0)

    def resume(self) -> None:
        """Take again."""
        member = self._joined()
        member.resume(member.assignment())

    def words(self) -> list[str]:
        """Return what the operator is to be told, once."""
        words, self._words = self._words, []
        return words

    def chunks(self, messages: Sequence[Message]) -> tuple[list[Chunk], dict[tuple[str, int], int]]:
        """Return chunks, the last of each partition with its position, and the last offset of each partition."""
        by: dict[tuple[str, int], list[Message]] = {}
        for message in messages:  # each message is one of a sender
            if message.error():
                self._error(message.error())
            else:
                by.setdefault((str(message.topic()), int(message.partition() or 0)), []).append(message)
        chunks: list[Chunk] = []
        last: dict[tuple[str, int], int] = {}
        for (topic, partition), found in by.items():
            place = f"{topic}/{partition}"
            some = self._chunks(place, found)
            offset = int(found[-1].offset() or 0)
            if some:
                chunks += [*some[:-1], replace(some[-1], position=f"{place}@{offset}")]
            last[topic, partition] = offset
        return chunks, last

    def _chunks(self, place: str, messages: Sequence[Message]) -> list[Chunk]:
        source = self._settings.source
        values = [(m, m.value()) for m in messages]
        good = [(m, bytes(v)) for m, v in values if v is not None and self._is_good(bytes(v), place)]
        if source:
            name = self._sorter.name(place) or f"{Kafka.name} other"
            return [Chunk(name, data, source) for data in cut([v.rstrip(b"\r\n") for _, v in good])]
        return self._sorter.chunks(place, [e for m, v in good for e in _events(v, _when(m))])

    def _is_good(self, value: bytes, place: str) -> bool:
        text = len(value) < MOST_BYTES // 4 and (bool(self._settings.source) or b"\0" not in value)
        if not text:
            self.odd += 1
            self._say(f"{place}: a message is no text, or larger than 1 MB; such ones are passed over")
        return text

    def _assigned(self, member: Consumer, partitions: list[TopicPartition]) -> None:
        """Begin each partition behind what the broker has from us, and behind what is on disk."""
        from confluent_kafka import KafkaException  # noqa: PLC0415 - an extra

        try:
            for partition, told in zip(partitions, member.committed(partitions, timeout=ASK_SECONDS), strict=True):
                self._place(member, partition, told.offset)
        except KafkaException as error:
            self._say(f"the broker did not say what was committed, some messages may come twice: {error}")
        member.assign(partitions)

    def _place(self, member: Consumer, partition: TopicPartition, told: int) -> None:
        kept = positions(self._inlet.positions).get((partition.topic, partition.partition), -1) + 1
        if kept <= max(told, 0):
            return
        _, end = member.get_watermark_offsets(partition, timeout=ASK_SECONDS)
        if kept <= end:
            partition.offset = kept
        else:
            self._say(f"{partition.topic}/{partition.partition} was made anew: it is read as the broker says")

    def _error(self, error: Any) -> None:  # noqa: ANN401 - KafkaError, without types
        self._say(str(error.str()))

    def _say(self, text: str) -> None:
        if text not in self._said and len(self._said) < MOST_WORDS:
            self._said.add(text)
            self._words.append(text)

    def _joined(self) -> Consumer:
        if self._consumer is None:
            raise TransportError("did not join its group", where="inputs.kafka")
        return self._consumer


def consumer(config: Mapping[str, Any]) -> Consumer:
    """Return librdkafka's consumer."""
    from confluent_kafka import Consumer  # noqa: PLC0415 - an extra

    return Consumer(dict(config))


def configuration(settings: KafkaSettings) -> dict[str, Any]:
    """Return the settings in librdkafka's words.

    Raises:
        TransportError: the file of the password cannot be read.
    """
    files = {
        "ssl.ca.location": settings.ca,
        "ssl.certificate.location": settings.certificate,
        "ssl.key.location": settings.key,
    }
    found: dict[str, Any] = {name: path for name, path in files.items() if path}
    if settings.security.startswith("sasl"):
        try:
            password = Path(settings.password_file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise TransportError(f"cannot be read: {error}", where=f"password_file {settings.password_file}") from error
        found |= {"sasl.mechanism": settings.mechanism, "sasl.username": settings.user, "sasl.password": password}
    return found | {
        **settings.more,
        "bootstrap.servers": ",".join(settings.brokers),
        "group.id": settings.group,
        "security.protocol": _SECURITY[settings.security],
        "auto.offset.reset": settings.begin,
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "allow.auto.create.topics": False,
    }


def positions(kept: Mapping[str, str]) -> dict[tuple[str, int], int]:
    """Return (topic, partition) -> the last offset on disk; a partition may have many inputs."""
    found: dict[tuple[str, int], int] = {}
    for name, position in kept.items():
        match = _POSITION.fullmatch(position) if name.startswith(Kafka.name + " ") else None
        if match:
            key = match[1], int(match[2])
            found[key] = max(found.get(key, -1), int(match[3]))
    return found


def _events(value: bytes, when: datetime) -> list[Event]:
    """Return the records of a message: an object, an array of objects, or lines."""
    texts = [value]
    if value.lstrip().startswith(b"["):
        with suppress(msgspec.DecodeError, RecursionError):
            texts = [bytes(raw) for raw in _array.decode(value)]
    documents = [(parsed(text), text) for text in texts]
    if all(document is not None for document, _ in documents):
        return [unwrapped(document, text, when) for document, text in documents if document is not None]
    return [plain(line) for line in value.decode("utf-8", "replace").split("\n") if line.strip()]


def _when(message: Message) -> datetime:
    """Return when a message was made, as the broker has it."""
    _, milliseconds = message.timestamp()
    try:
        return datetime.fromtimestamp(max(milliseconds, 0) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
