"""Webhooks, signed as standardwebhooks.com has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from vedette.abc import Delivery, Message, Settings
from vedette.response.each import one_by_one
from vedette.response.http import Caller, expect_fine
from vedette.response.signed import SignedEndpoint, signed


class Webhook(Delivery):
    """A POST per message to a URL, signed.

    The headers ``webhook-id`` (and ``Idempotency-Key``), ``webhook-timestamp`` and ``webhook-signature`` follow the Standard Webhooks
    specification, for which libraries exist: the signature is ``v1,`` and the base64 of HMAC-SHA256 over ``id.timestamp.body``. A
    receiver should refuse old time stamps, and leave out an id that it knows. Redirects are not followed, and addresses that only this
    machine or its cloud should reach are not called.
    """

    name = "webhook"
    options: ClassVar[type[Settings]] = SignedEndpoint

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        assert isinstance(settings, SignedEndpoint)  # noqa: S101 - for the reader of types
        self._own = settings
        self._caller = Caller(settings, self.name)
        signed(settings, "", b"", self.name)  # secrets that are absent stop the start

    def send(self, messages: Sequence[Message]) -> None:
        one_by_one(messages, self._post)

    def _post(self, message: Message) -> None:
        headers = {"Content-Type": message.media_type, **signed(self._own, message.key, message.data, self.name)}
        expect_fine(self._caller.post(message.data, headers), self._caller.place())

    def close(self) -> None:
        self._caller.close()
