"""Webhooks, signed as standardwebhooks.com has it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Sequence
from typing import ClassVar

from pydantic import SecretStr

from vedette.abc import Delivery, Message, Settings
from vedette.errors import ConfigError
from vedette.response.each import one_by_one
from vedette.response.http import Caller, Endpoint, expect_fine
from vedette.response.secret import secret

PREFIX = "whsec_"
"""Of secrets that are base64."""


class WebhookSettings(Endpoint):
    """Where to, and how it is signed."""

    secret: SecretStr = SecretStr("")
    """What messages are signed with; without, they are not signed. ``whsec_...`` is base64."""

    secret_env: str = ""
    """Environment variable that holds the secret."""

    secret_file: str = ""
    """File that holds the secret."""

    token: SecretStr = SecretStr("")
    """Sent as ``Authorization: Bearer``, where the receiver wants one."""

    token_env: str = ""
    """Environment variable that holds the token."""

    token_file: str = ""
    """File that holds the token."""


class Webhook(Delivery):
    """A POST per message to a URL, signed.

    The headers ``webhook-id`` (and ``Idempotency-Key``), ``webhook-timestamp`` and ``webhook-signature`` follow the Standard Webhooks
    specification, for which libraries exist: the signature is ``v1,`` and the base64 of HMAC-SHA256 over ``id.timestamp.body``. A
    receiver should refuse old time stamps, and leave out an id that it knows. Redirects are not followed, and addresses that only this
    machine or its cloud should reach are not called.
    """

    name = "webhook"
    options: ClassVar[type[Settings]] = WebhookSettings

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        assert isinstance(settings, WebhookSettings)  # noqa: S101 - for the reader of types
        self._own = settings
        self._caller = Caller(settings, self.name)
        self._headers("", b"")  # secrets that are absent stop the start

    def send(self, messages: Sequence[Message]) -> None:
        one_by_one(messages, self._post)

    def _post(self, message: Message) -> None:
        headers = {"Content-Type": message.media_type, **self._headers(message.key, message.data)}
        expect_fine(self._caller.post(message.data, headers), self._caller.place())

    def close(self) -> None:
        self._caller.close()

    def _headers(self, key: str, data: bytes) -> dict[str, str]:
        at = str(int(time.time()))
        headers = {"webhook-id": key, "Idempotency-Key": key, "webhook-timestamp": at}
        if shared := secret(self._own, "secret", self.name):
            headers["webhook-signature"] = signature(shared, key, at, data)
        if token := secret(self._own, "token", self.name):
            headers["Authorization"] = f"Bearer {token}"
        return headers


def signature(shared: str, key: str, at: str, data: bytes) -> str:
    """Return the signature of a message.

    Args:
        shared: the secret.
        key: the id of the message.
        at: seconds since 1970.
        data: the body.

    Raises:
        ConfigError: a secret that begins with ``whsec_`` is not base64.
    """
    try:
        code = base64.b64decode(shared[len(PREFIX) :], validate=True) if shared.startswith(PREFIX) else shared.encode()
    except binascii.Error as error:
        raise ConfigError("the secret begins with whsec_ and is not base64", where="secret") from error
    signed = hmac.new(code, f"{key}.{at}.".encode() + data, hashlib.sha256)
    return f"v1,{base64.b64encode(signed.digest()).decode()}"
