"""Splunk, by its HTTP Event Collector."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from typing import ClassVar

import orjson
from pydantic import Field, SecretStr

from vedette.abc import Delivery, Message, Settings
from vedette.errors import ConfigError
from vedette.response.http import Caller, Endpoint, expect_fine
from vedette.response.secret import secret

_SOURCETYPES = {"text/x-cef": "cef", "text/x-leef": "leef", "application/x-ndjson": "vedette:json"}


class SplunkHecSettings(Endpoint):
    """Which collector, and how events are called there."""

    token: SecretStr = SecretStr("")
    """Token of the collector."""

    token_env: str = ""
    """Environment variable that holds the token."""

    token_file: str = ""
    """File that holds the token."""

    index: str = Field(default="", max_length=200)
    """Index; by default that of the token."""

    sourcetype: str = Field(default="", max_length=200)
    """Source type; by default ``vedette:json``, ``cef`` or ``leef``, by the format."""

    hostname: str = Field(default="", max_length=255)
    """Host of the events; by default Splunk says."""


class SplunkHec(Delivery):
    """Events to Splunk's HTTP Event Collector, many in one call; the field ``vedette_key`` is the same for the same message.

    Splunk does not leave out what it has already: after a failure in between, ``dedup vedette_key`` does. The URL is that of Splunk,
    such as ``https://splunk.example:8088``; the path is ours.
    """

    name = "splunk_hec"
    formats = ("ocsf_json", "ecs_json", "cef", "leef", "syslog_json", "stix")
    options: ClassVar[type[Settings]] = SplunkHecSettings

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        assert isinstance(settings, SplunkHecSettings)  # noqa: S101 - for the reader of types
        self._own = settings
        self._channel = str(uuid.uuid4())
        self._caller = Caller(settings, self.name)
        if not secret(settings, "token", self.name):
            raise ConfigError("no token", where=self.name, hint="set token, token_env or token_file")

    def send(self, messages: Sequence[Message]) -> None:
        headers = {
            "Authorization": f"Splunk {secret(self._own, 'token', self.name)}",
            "Content-Type": "application/json",
            "X-Splunk-Request-Channel": self._channel,
        }
        body = b"".join(orjson.dumps(self._event(m)) + b"\n" for m in messages)
        answer = self._caller.post(body, headers, path="services/collector/event")
        expect_fine(answer, self._caller.place())

    def close(self) -> None:
        self._caller.close()

    def _event(self, message: Message) -> dict[str, object]:
        said = {
            "sourcetype": self._own.sourcetype or _SOURCETYPES.get(message.media_type, "vedette"),
            "source": "vedette",
            "index": self._own.index,
            "host": self._own.hostname,
        }
        event: object = message.data.decode("utf-8", "replace").rstrip("\n")
        if message.media_type == "application/x-ndjson":
            event = orjson.Fragment(message.data.rstrip(b"\n"))
        fields = {"vedette_key": message.key}
        return {
            "event": event,
            "time": round(message.at or time.time(), 3),
            "fields": fields,
            **{k: v for k, v in said.items() if v},
        }
