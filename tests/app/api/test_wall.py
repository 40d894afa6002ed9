from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest
from starlette.types import Message, Receive, Scope, Send
from tests.app.api.served import Served

from vedette.app.api.roles import Role
from vedette.app.api.wall import HEADERS, Wall

Headers = list[tuple[bytes, bytes]]


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the body."""
    body = (await receive())["body"]
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-security-policy", b"own")] if body == b"own" else [],
        }
    )
    await send({"type": "http.response.body", "body": body})


def through(
    wall: Wall, headers: Headers, parts: Iterable[bytes] = (b"",), *, stuck: bool = False
) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of an answer."""
    sent, left = list[Message](), list(parts)

    async def receive() -> Message:
        if stuck:
            await asyncio.sleep(60)
        part = left.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(left)}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
    asyncio.run(wall(scope, receive, send))
    told = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
    return sent[0]["status"], told, b"".join(m.get("body", b"") for m in sent[1:])


HOST: Headers = [(b"host", b"127.0.0.1:8750")]


@pytest.mark.parametrize(
    "host", [b"127.0.0.1", b"127.0.0.1:8750", b"localhost:8750", b"LOCALHOST", b"[::1]", b"[::1]:8750"]
)
def test_who_comes_by_a_name_of_this_machine_is_let_in(host: bytes) -> None:
    assert through(Wall(echo, loopback=True), [(b"host", host)])[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"host", b"evil.example")],
        [(b"host", b"evil.example:8750")],
        [(b"host", b"127.0.0.1.evil.example")],
        [(b"host", b"localhost.evil.example")],
        [(b"host", b"[::1].evil.example")],
        [(b"host", b"")],
        [(b"host", b"localhost@evil.example")],
        [(b"host", b"127.0.0.1"), (b"host", b"evil.example")],
        [(b"host", b"192.0.2.1")],
    ],
)
def test_names_that_were_made_to_lead_here_are_not(headers: Headers) -> None:
    status, _, body = through(Wall(echo, loopback=True), headers)
    assert status == 421
    assert b"misdirected_request" in body
    assert through(Wall(echo, loopback=False), headers)[0] == 200, "elsewhere a token is needed from everybody"


def test_a_body_comes_through_whole() -> None:
    assert through(Wall(echo, loopback=True), HOST, [b"a", b"", b"bc"])[2] == b"abc"


@pytest.mark.parametrize("size", [b"101", b"999999999999999999999999", b"\xc2\xb2", b"-1", b"1e3", b"0x10"])
def test_what_says_that_it_is_too_large_is_not_read(size: bytes) -> None:
    status, _, _ = through(Wall(echo, loopback=True, largest=100), [*HOST, (b"content-length", size)], [b"x" * 100])
    assert status in (400, 413)


def test_what_is_larger_than_it_says_is_not_read_to_its_end() -> None:
    def endless() -> Iterable[bytes]:
        return [b"x" * 60] * 100

    status, _, body = through(Wall(echo, loopback=True, largest=100), [*HOST, (b"content-length", b"5")], endless())
    assert status == 413
    assert b"too large" in body
    assert through(Wall(echo, loopback=True, largest=100), HOST, [b"x" * 60, b"x" * 40])[0] == 200


def test_what_does_not_come_is_not_waited_for() -> None:
    status, _, body = through(Wall(echo, loopback=True, patience_seconds=0.05), HOST, stuck=True)
    assert status == 408
    assert b"request_timeout" in body


def test_every_answer_says_what_a_browser_may_do_with_it() -> None:
    for headers in (HOST, []):
        _, told, _ = through(Wall(echo, loopback=True), headers)
        assert {k.lower(): v for k, v in HEADERS.items()}.items() <= told.items()
        assert told["content-security-policy"].startswith("default-src 'none'")
        assert "strict-transport-security" not in told
    assert through(Wall(echo, loopback=True), HOST, [b"own"])[1]["content-security-policy"] == "own"
    assert "max-age" in through(Wall(echo, loopback=False, secure=True), HOST)[1]["strict-transport-security"]


def test_the_api_stands_behind_it(api: Served) -> None:
    client = api.client(Role.ANALYST)
    assert client.get("/api/v1/me", headers={"Host": "evil.example"}).status_code == 421
    large = client.post("/api/v1/incidents/incident-0001/verdicts", json={"verdict": "benign", "note": "x" * 300_000})
    assert large.status_code == 413
    assert large.json()["error"]["where"] == "body"
    preflight = client.options(
        "/api/v1/incidents", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
    )
    assert preflight.status_code == 405
    assert not [h for h in preflight.headers if h.startswith("access-control")]
