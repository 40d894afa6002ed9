from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Read = Callable[[bytes], tuple[list[dict[str, Any]], list[dict[str, Any]]]]

AT = "[05/Mar/2026:08:01:12 +0100]"
SHORT = {
    "src_endpoint.ip": "ip",
    "src_endpoint.hostname": "name",
    "actor.user.name": "user",
    "http_request.http_method": "method",
    "http_request.url.hostname": "site",
    "http_request.url.path": "path",
    "http_response.code": "code",
    "http_response.body_length": "size",
    "http_request.user_agent": "agent",
    "http_request.referrer": "referrer",
    "duration": "ms",
    "message": "message",
    "unmapped": "unmapped",
}

CASES: dict[str, tuple[str, dict[str, object]]] = {
    "common": (f'192.0.2.7 - - {AT} "GET /a HTTP/1.0" 200 2326', {"path": "/a", "code": 200, "size": 2326}),
    "identd": (f'192.0.2.7 ident ada {AT} "GET /a HTTP/1.0" 200 1', {"user": "ada", "unmapped": '{"ident":"ident"}'}),
    "a user of two words": (f'192.0.2.7 - Ada Byron {AT} "GET /a HTTP/1.1" 200 1', {"user": "Ada Byron"}),
    "an empty user": (f'192.0.2.7 -  {AT} "GET /a HTTP/1.1" 401 1', {"code": 401}),
    "a user that is quoted": (f'192.0.2.7 - "" {AT} "GET /a HTTP/1.1" 401 1', {"code": 401}),
    "a user of a domain": (f'192.0.2.7 - CORP\\\\ada {AT} "GET /a HTTP/1.1" 200 1', {"user": "CORP\\ada"}),
    "a user who quotes": (f'192.0.2.7 - a\\"b" [x] {AT} "GET /a HTTP/1.1" 401 1', {"user": 'a"b" [x]', "code": 401}),
    "a user who plays a line": (
        f'192.0.2.7 - 203.0.113.1 - - {AT} \\"GET / HTTP/1.1\\" 200 9 {AT} "GET /a HTTP/1.1" 401 1',
        {"ip": "192.0.2.7", "path": "/a", "code": 401, "user": f'203.0.113.1 - - {AT} "GET / HTTP/1.1" 200 9'},
    ),
    "a quote and a word in the request": (
        f'192.0.2.7 - - {AT} "GET /" x HTTP/1.1" 404 1',
        {"path": '/" x', "code": 404},
    ),
    "combined": (
        f'192.0.2.7 - - {AT} "GET /a HTTP/1.1" 304 - "http://r.example/" "curl/8"',
        {"size": 0, "agent": "curl/8", "referrer": "http://r.example/"},
    ),
    "a site first": (
        f'shop.example:80 192.0.2.7 - - {AT} "GET /a HTTP/1.1" 200 1 "-" "x"',
        {"site": "shop.example", "agent": "x"},
    ),
    "a site first, with identd": (
        f'shop.example 192.0.2.7 me ada {AT} "GET /a HTTP/1.1" 200 1',
        {"site": "shop.example", "user": "ada", "unmapped": '{"ident":"me"}'},
    ),
    "a site, and a client by name": (
        f'shop.example c.example - - {AT} "GET /\\" HTTP/1.1" 200 1',
        {"site": "shop.example", "name": "c.example", "path": '/"'},
    ),
    "a client by name": (f'c.example - - {AT} "GET /a HTTP/1.1" 200 1', {"name": "c.example"}),
    "IPv6": (f'2001:DB8::7 - - {AT} "GET /a HTTP/1.1" 200 1', {"ip": "2001:db8::7"}),
    "IPv6 in brackets": (f'[2001:db8::7]:443 - - {AT} "GET /a HTTP/1.1" 200 1', {"ip": "2001:db8::7"}),
    "seconds behind": (
        f'192.0.2.7 - - {AT} "GET /a HTTP/1.1" 200 1 "-" "x" "-" 1.250',
        {"ms": 1250, "unmapped": '{"rest":"\\"-\\" 1.250"}'},
    ),
    "seconds, named": (
        f'192.0.2.7 - - {AT} "GET /a HTTP/1.1" 200 1 "-" "x" rt=0.004 uct=-',
        {"ms": 4, "unmapped": '{"rest":"rt=0.004 uct=-"}'},
    ),
    "no agent, but more": (
        f'192.0.2.7 - - {AT} "GET /a HTTP/1.1" 200 1 731',
        {"size": 1, "unmapped": '{"rest":"731"}'},
    ),
    "Traefik": (
        f'192.0.2.7 - - {AT} "GET /a HTTP/1.1" 200 1 "-" "-" 12 "r@docker" "http://10.0.0.2" 5ms',
        {"ms": 5, "unmapped": '{"rest":"12 \\"r@docker\\" \\"http://10.0.0.2\\" 5ms"}'},
    ),
    "escaped quotes": (
        f'192.0.2.7 - - {AT} "GET /\\"x\\" HTTP/1.1" 200 1 "-" "a \\"b\\" 200 9"',
        {"path": '/"x"', "agent": 'a "b" 200 9', "size": 1},
    ),
    "quotes as they came": (
        f'192.0.2.7 - - {AT} "GET /"x HTTP/1.1" 200 1 "-" "a "b" c"',
        {"path": '/"x', "agent": 'a "b" c'},
    ),
    "letters of the world": (
        f'192.0.2.7 - zoë {AT} "GET /ä HTTP/1.1" 200 1 "-" "ö"',
        {"user": "zoë", "path": "/ä", "agent": "ö"},
    ),
    "nothing was asked": (f'192.0.2.7 - - {AT} "-" 408 - "-" "-"', {"code": 408, "size": 0, "method": None}),
    "an empty request": (f'192.0.2.7 - - {AT} "" 400 0 "-" "-"', {"code": 400, "method": None}),
    "binary": (
        f'192.0.2.7 - - {AT} "\\x16\\x03\\x01" 400 166 "-" "-"',
        {"code": 400, "method": None, "message": "\\x16\\x03\\x01"},
    ),
    "raw control characters": (f'192.0.2.7 - - {AT} "GET /\x01\x7f HTTP/1.1" 400 1', {"path": "/\x01\x7f"}),
    "a code that is none": (f'192.0.2.7 - - {AT} "GET /a HTTP/1.1" 000 0 "-" "x"', {"code": None, "agent": "x"}),
    "a code that is a word": (
        f'192.0.2.7 - - {AT} "GET /a HTTP/1.1" OK 0 "-" "x"',
        {"code": None, "path": "/a", "agent": "x"},
    ),
    "no code": (f'192.0.2.7 - - {AT} "GET /a HTTP/1.1" - - "-" "x"', {"code": None, "agent": "x"}),
    "cut off in the request": (f'192.0.2.7 - - {AT} "GET /a?q=', {"path": "/a", "method": "GET"}),
    "cut off behind the code": (f'192.0.2.7 - - {AT} "GET /a HTTP/1.1" 200', {"code": 200}),
    "cut off in the agent": (f'192.0.2.7 - - {AT} "GET /a HTTP/1.1" 200 5 "-" "Mozi', {"code": 200, "size": 5}),
    "cut off behind the time": (f"192.0.2.7 - - {AT}", {"ip": "192.0.2.7"}),
    "a long request": (
        f'192.0.2.7 - - {AT} "GET /{"a" * 65_536} HTTP/1.1" 414 0',
        {"path": "/" + "a" * 65_536, "code": 414},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_line(case: str, read: Read) -> None:
    line, expected = CASES[case]
    (row,), rejects = read(line.encode())
    assert not rejects
    got = {short: row.get(name) for name, short in SHORT.items()}
    assert got == {**got, **expected}
    assert {k for k in ("user", "ms", "site", "name") if got[k] is not None} <= expected.keys()


def test_a_client_cannot_forge_what_stands_before_its_agent(read: Read) -> None:
    """A server that does not escape quotes: the code and the size are those that come first."""
    forged = f'192.0.2.7 - - {AT} "GET /a HTTP/1.1" 401 5 "-" "x" 200 9 "-" "y" z"'
    (row,), _ = read(forged.encode())
    assert (row["http_response.code"], row["http_response.body_length"]) == (401, 5)


@pytest.mark.parametrize(
    "line",
    [
        "x",
        "192.0.2.7",
        '192.0.2.7 - - "GET / HTTP/1.1" 200 1',
        '192.0.2.7 - - [05/Xyz/2026:08:01:12 +0100] "GET / HTTP/1.1" 200 1',
        '192.0.2.7 - - [99/Mar/2026:08:01:12 +0100] "GET / HTTP/1.1" 200 1',
        "[05/Mar/2026:08:01:12 +0100]",
        "\x00" * 100,
    ],
)
def test_no_access_line(line: str, read: Read) -> None:
    rows, (reject,) = read(f'192.0.2.7 - - {AT} "GET / HTTP/1.1" 200 1\n{line}\n'.encode())
    assert len(rows) == 1
    assert (reject["metadata.sequence"], reject["count"], reject["raw_data"]) == (1, 1, line)


def test_lines_of_many_shapes_stay_in_order(read: Read) -> None:
    lines = [line for line, _ in CASES.values()] * 3
    rows, rejects = read("\n".join(lines).encode())
    assert [r["metadata.sequence"] for r in rows] == list(range(len(lines)))
    assert not rejects
