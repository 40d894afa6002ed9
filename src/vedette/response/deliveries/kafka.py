"""Kafka."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, SecretStr

from vedette.abc import Delivery, Message, Settings
from vedette.errors import ConfigError, DeliveryError
from vedette.response.secret import secret

if TYPE_CHECKING:
    from confluent_kafka import Producer

MOST_BYTES = 900_000
"""Of a message: below what brokers take unless told otherwise."""


class KafkaSettings(Settings):
    """Which brokers, which topic, and who we are."""

    brokers: tuple[str, ...] = Field(min_length=1)
    """Some brokers to begin with, as ``host:port``."""

    topic: str = Field(default="vedette-findings", pattern=r"^[A-Za-z0-9._-]{1,249}$")
    """The topic."""

    protocol: Literal["ssl", "sasl_ssl", "plaintext", "sasl_plaintext"] = "ssl"
    """How brokers are spoken to; the last two everybody on the way can read."""

    mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"] = "SCRAM-SHA-512"
    """How we say who we are, with ``sasl``."""

    user: str = ""
    """Name of an account, with ``sasl``."""

    password: SecretStr = SecretStr("")
    """Its password."""

    password_env: str = ""
    """Environment variable that holds the password."""

    password_file: str = ""
    """File that holds the password."""

    ca: str = ""
    """PEM file of the authorities to trust, in place of those of the system."""

    timeout_seconds: float = Field(default=15, ge=1, le=120)
    """How long a batch may take."""


class Kafka(Delivery):
    """Messages to a topic of Kafka, acknowledged by all replicas in step.

    Needs ``pip install 'vedette[kafka]'``. The key of a record is the uid of the incident or finding, so that its messages stay in order
    and a compacted topic keeps the last; the header ``id`` is the same where the same is said again.
    """

    name = "kafka"
    options: ClassVar[type[Settings]] = KafkaSettings

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        assert isinstance(settings, KafkaSettings)  # noqa: S101 - for the reader of types
        if importlib.util.find_spec("confluent_kafka") is None:
            raise ConfigError("Kafka is not installed", where=self.name, hint="pip install 'vedette[kafka]'")
        self._own = settings
        self._producer: Producer | None = None
        self._options()  # secrets that are absent stop the start

    def send(self, messages: Sequence[Message]) -> None:
        from confluent_kafka import KafkaException  # noqa: PLC0415 - an extra

        states: list[str | None] = ["no answer in time"] * len(messages)
        producer = self._connected()
        try:
            for number, message in enumerate(messages):
                producer.produce(
                    self._own.topic,
                    value=message.data.rstrip(b"\n"),
                    key=(message.about or message.key).encode(),
                    headers=[("id", message.key.encode()), ("content-type", message.media_type.encode())],
                    on_delivery=_noted(states, number),
                )
            producer.flush(self._own.timeout_seconds)
        except (KafkaException, BufferError) as error:
            self._forget()
            raise self._error(str(error), states, messages) from error
        if any(state is not None for state in states):
            self._forget()
            raise self._error(next(s for s in states if s is not None), states, messages)

    def close(self) -> None:
        if self._producer is not None:
            self._forget()

    def _error(self, why: str, states: Sequence[str | None], messages: Sequence[Message]) -> DeliveryError:
        arrived = next((n for n, state in enumerate(states) if state is not None), len(states))
        bad = arrived < len(messages) and len(messages[arrived].data) > MOST_BYTES
        return DeliveryError(why, where=f"kafka {self._own.topic}", again=not bad, arrived=arrived)

    def _connected(self) -> Producer:
        from confluent_kafka import Producer  # noqa: PLC0415 - an extra

        if self._producer is None:
            self._producer = Producer(self._options())
        return self._producer

    def _forget(self) -> None:
        """Drop what waits in the client: it comes again from the store, and must not come twice."""
        producer, self._producer = self._producer, None
        if producer is not None:
            producer.purge()
            producer.flush(1)

    def _options(self) -> dict[str, Any]:
        own = self._own
        password = secret(own, "password", self.name)
        options: dict[str, Any] = {
            "bootstrap.servers": ",".join(own.brokers),
            "client.id": "vedette",
            "acks": "all",
            "enable.idempotence": True,
            "message.timeout.ms": int(own.timeout_seconds * 1_000),
            "socket.timeout.ms": int(own.timeout_seconds * 1_000),
            "linger.ms": 5,
            "security.protocol": own.protocol,
            "log_level": 0,
        }
        if own.ca:
            options["ssl.ca.location"] = own.ca
        if own.protocol.startswith("sasl"):
            if not own.user or not password:
                raise ConfigError("no user or password", where=self.name, hint="sasl needs both")
            options |= {"sasl.mechanism": own.mechanism, "sasl.username": own.user, "sasl.password": password}
        return options


def _noted(states: list[str | None], number: int) -> Any:  # noqa: ANN401 - a callback of the client's own types
    def note(error: object, _message: object) -> None:
        states[number] = None if error is None else str(error)

    return note
