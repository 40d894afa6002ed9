"""Channels of chat: a message per incident, by a URL that is the secret."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from vedette.abc import Delivery, Message, Settings
from vedette.response.each import one_by_one
from vedette.response.http import Caller, Endpoint, expect_fine


class Channel(Delivery):
    """A POST per message to the URL of a channel; a subclass says whose, and in which format.

    Raises:
        ConfigError: there is no URL, or none that may be called.
    """

    options: ClassVar[type[Settings]] = Endpoint

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        assert isinstance(settings, Endpoint)  # noqa: S101 - for the reader of types
        self._caller = Caller(settings, self.name)

    def send(self, messages: Sequence[Message]) -> None:
        one_by_one(messages, self._post)

    def _post(self, message: Message) -> None:
        answer = self._caller.post(message.data, {"Content-Type": message.media_type, "Idempotency-Key": message.key})
        expect_fine(answer, self._caller.place())

    def close(self) -> None:
        self._caller.close()
