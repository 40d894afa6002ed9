"""Asks a running service over HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from vedette.errors import VedetteError

TIMEOUT = {"connect": 5.0, "read": 30.0, "write": 30.0, "pool": 5.0}
OK = 200


def get_json(api: str, path: str, token: str = "") -> dict[str, Any]:
    """Return what the API says.

    Raises:
        VedetteError: nobody answers there, or the answer is an error.
    """
    status, text = ask("GET", api + path, {"Authorization": f"Bearer {token}"} if token else {})
    if status != OK:
        raise VedetteError(
            f"the API answers HTTP {status}: {text[:200]!r}", where=api, hint="does it ask for a token? --token"
        )
    found: dict[str, Any] = json.loads(text)
    return found


def ask(method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> tuple[int, bytes]:
    """Return status and body of an answer.

    Raises:
        VedetteError: nobody answers there.
    """
    import httpcore  # noqa: PLC0415 - few commands need it

    try:
        answer = httpcore.request(
            method, url, headers=list(headers.items()), content=body, extensions={"timeout": TIMEOUT}
        )
    except (
        httpcore.NetworkError,
        httpcore.TimeoutException,
        httpcore.ProtocolError,
        httpcore.UnsupportedProtocol,
    ) as error:
        raise VedetteError(
            f"nobody answers: {type(error).__name__}: {error}",
            where=url,
            hint="is `vedette serve` running, with these addresses?",
        ) from error
    return answer.status, answer.content
