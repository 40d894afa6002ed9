"""Every error in one shape: ``{"error": {"code", "message", "where", "hint"}}``, and never a trace of our insides."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from vedette.errors import (
    ActionError,
    BaselineError,
    ConfigError,
    DeliveryError,
    JournalError,
    ModelError,
    PrivacyError,
    QueryError,
    Refused,
    StoreError,
    VedetteError,
)
from vedette.incidents.words import visible

LOG = logging.getLogger("vedette.live")
LONGEST = 500
"""Characters of a message."""
BUSY_SECONDS = "5"
STATUS_OF: dict[type[VedetteError], HTTPStatus] = {
    QueryError: HTTPStatus.UNPROCESSABLE_ENTITY,  # before StoreError, of which it is one
    Refused: HTTPStatus.CONFLICT,
    ActionError: HTTPStatus.BAD_GATEWAY,
    DeliveryError: HTTPStatus.BAD_GATEWAY,
    JournalError: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreError: HTTPStatus.SERVICE_UNAVAILABLE,
    BaselineError: HTTPStatus.SERVICE_UNAVAILABLE,
    ConfigError: HTTPStatus.SERVICE_UNAVAILABLE,
    ModelError: HTTPStatus.SERVICE_UNAVAILABLE,
    PrivacyError: HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""What a deliberate error is to who asks; any other is a fault of ours."""


class Told(BaseModel):
    """What went wrong."""

    code: str
    """One word for programs: ``not_found``, ``forbidden``, ``too_many_requests`` ..."""
    message: str
    """One sentence."""
    where: str = ""
    """What is wrong: a parameter, a setting, a request of response."""
    hint: str = ""
    """The way out, where we know one."""


class Error(BaseModel):
    """The one shape of errors."""

    error: Told


AS_JSON: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "What went wrong.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
}
"""For the schema of endpoints whose own answer is no JSON."""


class Denied(Exception):  # noqa: N818 - an answer, not a failure
    """A request is answered with an error.

    Args:
        status: of HTTP.
        message: one sentence.
        where: what is wrong.
        hint: the way out.
        headers: that go with it.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        where: str = "",
        hint: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.where, self.hint, self.headers = status, message, where, hint, headers or {}


def missing(what: str, where: str = "path.uid") -> Denied:
    """Return the refusal for what is not here."""
    return Denied(HTTPStatus.NOT_FOUND, f"there is no such {what}", where=where)


def answer(
    status: int, message: str, where: str = "", hint: str = "", headers: dict[str, str] | None = None
) -> Response:
    """Return an error in its shape."""
    told = {
        "code": code_of(status),
        "message": visible(message, LONGEST),
        "where": visible(where, LONGEST),
        "hint": visible(hint, LONGEST),
    }
    return Response(orjson.dumps({"error": told}), status, headers, "application/json")


def code_of(status: int) -> str:
    """Return the word for a status."""
    try:
        return HTTPStatus(status).name.lower()
    except ValueError:
        return "error"


def install(app: FastAPI) -> None:
    """Let every error of an application take the one shape; what nobody meant is the wall's to answer."""
    app.add_exception_handler(Denied, _denied)
    app.add_exception_handler(VedetteError, _deliberate)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


async def _denied(_: Request, error: Exception) -> Response:
    assert isinstance(error, Denied)  # noqa: S101 - registered for it alone
    return answer(error.status, error.message, error.where, error.hint, error.headers)


async def _deliberate(_: Request, error: Exception) -> Response:
    assert isinstance(error, VedetteError)  # noqa: S101 - registered for it alone
    status = next((s for kind, s in STATUS_OF.items() if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        LOG.error("a request failed: %s", error.message, extra={"where": error.where, "error": type(error).__name__})
    where = "" if "/" in error.where else error.where  # no paths of this machine: the log has them
    headers = {"Retry-After": BUSY_SECONDS} if status is HTTPStatus.SERVICE_UNAVAILABLE else None
    return answer(status, error.message, where, error.hint, headers)


async def _invalid(_: Request, error: Exception) -> Response:
    """Say which parameter is wrong, and not what was in it."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it alone
    first: dict[str, Any] = next(iter(error.errors()), {})
    where = ".".join(str(part) for part in first.get("loc", ()))
    return answer(HTTPStatus.UNPROCESSABLE_ENTITY, str(first.get("msg", "this is not valid")), where)


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it alone
    return answer(error.status_code, str(error.detail), headers=dict(error.headers or {}))
