"""What a client asks and what it is answered; the same for every dialect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

import orjson

from vedette.abc import Chunk


class Trouble(StrEnum):
    """Why a request is not taken."""

    NO_TOKEN = "no token"  # noqa: S105 - a word for people
    BAD_TOKEN = "the token is not known"  # noqa: S105 - a word for people
    TOO_LARGE = "the body is too large"
    SLOW = "the body came too slowly"
    ENCODING = "no such Content-Encoding: gzip, deflate and zstd are known"
    DAMAGED = "the compressed body is damaged"
    BUSY = "too much at once, try again"
    FULL = "the log of what came in is full, try again"
    BROKEN = "what came in cannot be kept"
    NOWHERE = "no such path"
    METHOD = "no such method here"


STATUS = {
    Trouble.NO_TOKEN: 401,
    Trouble.BAD_TOKEN: 403,
    Trouble.TOO_LARGE: 413,
    Trouble.SLOW: 408,
    Trouble.ENCODING: 415,
    Trouble.DAMAGED: 400,
    Trouble.BUSY: 429,
    Trouble.FULL: 429,
    Trouble.BROKEN: 503,
    Trouble.NOWHERE: 404,
    Trouble.METHOD: 405,
}
RETRY_SECONDS = 5
"""When a client that was told to wait may come again."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request whose body has come.

    Attributes:
        method: in capitals; ``path``: decoded, without the query.
        query: the last value of each name; ``headers``: by names in small letters.
        client: the address that it came from.
        came: when.
        body: decompressed.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    client: str
    came: datetime
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client is told."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, status: int, content: Any, headers: Mapping[str, str] | None = None) -> Answer:  # noqa: ANN401 - any JSON
        """Return an answer of JSON."""
        return cls(status, orjson.dumps(content), {"content-type": "application/json"} | dict(headers or {}))


@dataclass(frozen=True, slots=True)
class Taken:
    """What a dialect makes of a request.

    Attributes:
        answer: to be told once ``chunks`` are durable.
        chunks: what is kept.
        refusal: what is told instead where they cannot be kept; None: what the dialect tells of every trouble.
    """

    answer: Answer
    chunks: Sequence[Chunk] = ()
    refusal: Callable[[Trouble], Answer] | None = None


class Dialect(Protocol):
    """A family of paths, with its own way to say things."""

    def open(self, request: Request) -> bool:
        """Say whether this needs no token: a question for health."""

    def take(self, request: Request) -> Taken:
        """Read a request; pure but for what it remembers of kinds."""

    def refuse(self, trouble: Trouble) -> Answer:
        """Return what is told of a trouble."""


def retry(trouble: Trouble) -> dict[str, str]:
    """Return the headers that go with a trouble."""
    if trouble in (Trouble.BUSY, Trouble.FULL, Trouble.BROKEN):
        return {"retry-after": str(RETRY_SECONDS)}
    return {"www-authenticate": "Bearer"} if trouble is Trouble.NO_TOKEN else {}
