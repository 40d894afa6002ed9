"""Elasticsearch and OpenSearch."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any, ClassVar

import orjson
from pydantic import Field, SecretStr

from vedette.abc import Delivery, Message, Settings
from vedette.errors import ConfigError, DeliveryError
from vedette.incidents.words import visible
from vedette.response.http import Answer, Caller, Endpoint, expect_fine
from vedette.response.secret import secret

_THERE, _BUSY, _BROKEN = 409, 429, 500


class ElasticsearchSettings(Endpoint):
    """Which cluster, which index, and who we are."""

    index: str = Field(default="vedette-findings", pattern=r"^[a-z0-9][a-z0-9._-]{0,200}$")
    """Index or data stream; it should have a mapping for the format (ECS: ``ecs@mappings``)."""

    api_key: SecretStr = SecretStr("")
    """The encoded API key; or ``user`` and ``password``."""

    api_key_env: str = ""
    """Environment variable that holds the API key."""

    api_key_file: str = ""
    """File that holds the API key."""

    user: str = Field(default="", pattern=r"^[^:\r\n]*$")
    """Name of an account, where there is no API key."""

    password: SecretStr = SecretStr("")
    """Its password."""

    password_env: str = ""
    """Environment variable that holds the password."""

    password_file: str = ""
    """File that holds the password."""


class Elasticsearch(Delivery):
    """Documents by the bulk interface of Elasticsearch or OpenSearch; a message's key is its ``_id``, so nothing is there twice.

    Documents are created and never changed, so that data streams take them; what is there already counts as arrived.
    """

    name = "elasticsearch"
    formats = ("ecs_json", "ocsf_json")
    options: ClassVar[type[Settings]] = ElasticsearchSettings

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        assert isinstance(settings, ElasticsearchSettings)  # noqa: S101 - for the reader of types
        self._own = settings
        self._caller = Caller(settings, self.name)
        self._headers()  # secrets that are absent stop the start

    def send(self, messages: Sequence[Message]) -> None:
        head = [orjson.dumps({"create": {"_index": self._own.index, "_id": m.key}}) for m in messages]
        body = b"".join(h + b"\n" + m.data.rstrip(b"\n") + b"\n" for h, m in zip(head, messages, strict=True))
        answer = self._caller.post(body, {"Content-Type": "application/x-ndjson", **self._headers()}, path="_bulk")
        expect_fine(answer, self._caller.place())
        _expect_all(answer, len(messages), str(self._caller.place()))

    def close(self) -> None:
        self._caller.close()

    def _headers(self) -> dict[str, str]:
        key = secret(self._own, "api_key", self.name)
        password = secret(self._own, "password", self.name)
        if key and self._own.user:
            raise ConfigError("an API key and a user", where=self.name, hint="keep one of them")
        if key:
            return {"Authorization": f"ApiKey {key}"}
        if self._own.user:
            pair = base64.b64encode(f"{self._own.user}:{password}".encode()).decode()
            return {"Authorization": f"Basic {pair}"}
        return {}


def _expect_all(answer: Answer, wanted: int, where: str) -> None:
    """Return where each document is there.

    Raises:
        DeliveryError: one is not; ``arrived`` says how many before it are.
    """
    try:
        told = orjson.loads(answer.body)
        items = [item["create"] for item in told["items"]]
        statuses = [int(item["status"]) for item in items]
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise DeliveryError("the answer is not that of a bulk request", where=where) from error
    for arrived, (item, status) in enumerate(zip(items, statuses, strict=True)):
        if status >= 300 and status != _THERE:  # noqa: PLR2004 - HTTP: below it, all is well
            again = status in (401, 403, 404, _BUSY) or status >= _BROKEN
            raise DeliveryError(f"{status}: {_why(item)}", where=where, again=again, arrived=arrived)
    if len(items) < wanted:
        raise DeliveryError("the answer says less than was asked", where=where, arrived=len(items))


def _why(item: dict[str, Any]) -> str:
    error = item.get("error")
    told = f"{error.get('type')}: {error.get('reason')}" if isinstance(error, dict) else str(error)
    return visible(told, 200)
