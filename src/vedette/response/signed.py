"""Calls that say who makes them: signed as standardwebhooks.com has it, or with a token."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time

from pydantic import SecretStr

from vedette.errors import ConfigError
from vedette.response.http import Endpoint
from vedette.response.secret import secret

PREFIX = "whsec_"
"""Of secrets that are base64."""


class SignedEndpoint(Endpoint):
    """Where to, and how the receiver knows that it is us."""

    secret: SecretStr = SecretStr("")
    """What messages are signed with (Standard Webhooks); without, they are not signed. ``whsec_...`` is base64."""

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


def signed(settings: SignedEndpoint, key: str, data: bytes, where: str) -> dict[str, str]:
    """Return the headers that say who calls, when, and with what.

    Args:
        settings: with what it is signed.
        key: the id of the message; the same where the same is said again.
        data: the body.
        where: the name of the setting or plug-in, for errors.

    Raises:
        ConfigError: a secret that the settings name is absent, or not what it says it is.
    """
    at = str(int(time.time()))
    headers = {"webhook-id": key, "Idempotency-Key": key, "webhook-timestamp": at}
    if shared := secret(settings, "secret", where):
        headers["webhook-signature"] = signature(shared, key, at, data)
    if token := secret(settings, "token", where):
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
    made = hmac.new(code, f"{key}.{at}.".encode() + data, hashlib.sha256)
    return f"v1,{base64.b64encode(made.digest()).decode()}"
