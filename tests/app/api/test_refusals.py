from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

import orjson
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from tests.app.api.served import Served

from vedette import errors
from vedette.app.api import refusals
from vedette.app.api.refusals import STATUS_OF, Denied, answer
from vedette.app.api.roles import Role
from vedette.errors import StoreError, VedetteError

SHAPE = {"code", "message", "where", "hint"}


def shaped(body: Any) -> bool:  # noqa: ANN401
    return (
        set(body) == {"error"}
        and set(body["error"]) == SHAPE
        and all(isinstance(v, str) for v in body["error"].values())
    )


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code", "where"),
    [
        ("GET", "/api/v1/nothing", None, 404, "not_found", ""),
        ("GET", "/nothing", None, 404, "not_found", ""),
        ("DELETE", "/api/v1/incidents", None, 405, "method_not_allowed", ""),
        ("GET", "/api/v1/incidents?limit=0", None, 422, "unprocessable_entity", "query.limit"),
        ("GET", "/api/v1/incidents?limit=1000", None, 422, "unprocessable_entity", "query.limit"),
        ("GET", "/api/v1/incidents?colour=red", None, 422, "unprocessable_entity", "query.colour"),
        ("GET", "/api/v1/incidents?severity=bad", None, 422, "unprocessable_entity", "query.severity"),
        ("GET", "/api/v1/incidents?since=2026-01-01T00:00:00", None, 422, "unprocessable_entity", "query.since"),
        ("GET", "/api/v1/incidents?after=nonsense", None, 422, "unprocessable_entity", ""),
        ("GET", "/api/v1/incidents?text=%00", None, 422, "unprocessable_entity", "query.text"),
        ("GET", "/api/v1/incidents/%00", None, 422, "unprocessable_entity", "path.uid"),
        ("POST", "/api/v1/incidents/incident-0001/verdicts", b"{", 422, "unprocessable_entity", "body.1"),
        ("POST", "/api/v1/incidents/incident-0001/verdicts", b"[" * 10_000, 400, "bad_request", ""),
        (
            "POST",
            "/api/v1/incidents/incident-0001/verdicts",
            b'{"verdict":"x"}',
            422,
            "unprocessable_entity",
            "body.verdict",
        ),
        (
            "POST",
            "/api/v1/incidents/incident-0001/verdicts",
            b'{"verdict":"benign","x":1}',
            422,
            "unprocessable_entity",
            "body.x",
        ),
        (
            "POST",
            "/api/v1/incidents/incident-0001/verdicts",
            b'{"verdict":"benign","note":"\\ud800"}',
            422,
            "unprocessable_entity",
            "body.note",
        ),
        (
            "POST",
            "/api/v1/incidents/incident-0001/verdicts",
            b'{"verdict":"benign","note":"\\u0000"}',
            422,
            "unprocessable_entity",
            "body.note",
        ),
        ("POST", "/api/v1/incidents/incident-0001/verdicts", b"\xff\xfe", 422, "unprocessable_entity", "body"),
        ("POST", "/api/v1/incidents/incident-0001/verdicts", b"9" * 5_000, 400, "bad_request", ""),
    ],
)
def test_every_error_has_one_shape(  # noqa: PLR0913, PLR0917 - a column each
    api: Served, method: str, path: str, body: bytes | None, status: int, code: str, where: str
) -> None:
    told = api.client(Role.ADMIN).request(method, path, content=body, headers={"Content-Type": "application/json"})
    assert told.status_code == status, told.text
    assert shaped(told.json())
    assert told.json()["error"]["code"] == code
    assert told.json()["error"]["where"].startswith(where)


def test_what_was_sent_is_not_told_again(api: Served) -> None:
    told = api.client(Role.VIEWER).get("/api/v1/incidents", params={"severity": "<script>secret"})
    assert "secret" not in told.text


def test_a_fault_of_ours_shows_nothing_of_our_insides(api: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("password=hunter2 in /etc/secret")

    monkeypatch.setattr(api.state.__class__, "incidents", broken)
    told = api.client(Role.VIEWER).get("/api/v1/incidents")
    assert told.status_code == 500
    assert shaped(told.json())
    assert "hunter2" not in told.text
    assert "Runtime" not in told.text
    assert told.headers["content-security-policy"].startswith("default-src 'none'")


def test_a_broken_store_is_a_reason_to_come_again(api: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise StoreError("disk full", where="/var/lib/vedette/state.sqlite", hint="make room")

    monkeypatch.setattr(api.state.__class__, "incidents", broken)
    told = api.client(Role.VIEWER).get("/api/v1/incidents")
    assert told.status_code == 503
    assert told.headers["retry-after"]
    assert told.json()["error"] == {
        "code": "service_unavailable",
        "message": "disk full",
        "where": "",
        "hint": "make room",
    }


@pytest.mark.parametrize(
    "kind", [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, VedetteError)]
)
def test_every_deliberate_error_has_its_status(kind: type[VedetteError]) -> None:
    app = FastAPI()
    refusals.install(app)

    @app.get("/")
    def fails() -> None:
        raise kind("it failed", where="here", hint="there")

    told = TestClient(app, raise_server_exceptions=False).get("/")
    expected = next((s for k, s in STATUS_OF.items() if issubclass(kind, k)), 500)
    assert told.status_code == expected
    assert told.json()["error"]["message"] == "it failed"


def test_hostile_words_cannot_leave_the_shape() -> None:
    told = answer(418, 'a"}\n\x1b[31m\u202e' + "x" * 10_000, where="\ud800")
    body = orjson.loads(told.body)
    assert shaped(body)
    assert len(body["error"]["message"]) <= refusals.LONGEST
    assert body["error"]["message"].startswith('a"}\\n\\x1b[31m\\u202e')
    assert body["error"]["code"] == "im_a_teapot"
    assert orjson.loads(answer(599, "x").body)["error"]["code"] == "error"


def test_headers_of_a_refusal_go_with_it() -> None:
    denied = Denied(HTTPStatus.UNAUTHORIZED, "who?", headers={"WWW-Authenticate": "Bearer"})
    told = asyncio.run(refusals._denied(None, denied))  # type: ignore[arg-type]
    assert told.headers["www-authenticate"] == "Bearer"
