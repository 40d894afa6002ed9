"""Who has a token is let in, in whichever header; nobody else is."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.errors import TransportError
from vedette.transports.http.http_door import Door, from_file, tokens
from vedette.transports.http.http_request import Trouble

TOKEN = "B5A79AAD-D822-46CC-80D1-819F80D7BFB0"  # noqa: S105 - of this test
HASH = "sha256:" + hashlib.sha256(TOKEN.encode()).hexdigest()
DOOR = Door(["sha256:" + "0" * 64, HASH])


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "said",
    [
        f"Bearer {TOKEN}",
        f"Splunk {TOKEN}",
        f"splunk  {TOKEN}",
        f"ApiKey {TOKEN}",
        f"ApiKey {b64('id:' + TOKEN)}",
        f"ApiKey {b64(TOKEN)}",
        f"Basic {b64('elastic:' + TOKEN)}",
    ],
)
def test_let_in(said: str) -> None:
    assert DOOR.trouble({"authorization": said}) is None


@pytest.mark.parametrize(
    "said",
    [
        f"Bearer {TOKEN}x",
        TOKEN,
        "Basic !!!",
        f"Basic {b64(TOKEN + ':x')}",
        f"Digest {TOKEN}",
        f"Bearer {HASH}",
        f"Bearer {HASH.removeprefix('sha256:')}",
        f"Bearer {' ' * 2000}{TOKEN}",
        "Bearer \udc80",
    ],
)
def test_not_let_in(said: str) -> None:
    assert DOOR.trouble({"authorization": said}) is Trouble.BAD_TOKEN


def test_without_a_token() -> None:
    assert DOOR.trouble({}) is Trouble.NO_TOKEN
    assert DOOR.trouble({"authorization": ""}) is Trouble.NO_TOKEN
    assert Door([]).trouble({}) is None


def test_a_page_in_a_browser_of_this_machine_needs_a_token() -> None:
    """It may post to loopback without asking anybody: only its headers tell."""
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        assert Door([]).trouble(headers) is Trouble.NO_TOKEN
        assert DOOR.trouble(headers | {"authorization": f"Bearer {TOKEN}"}) is None


@given(st.text(max_size=60))
def test_no_header_breaks_it(said: str) -> None:
    assert DOOR.trouble({"authorization": said}) in (Trouble.BAD_TOKEN, Trouble.NO_TOKEN)
    assert all(isinstance(token, str) for token in tokens(said))


def test_a_file_of_tokens(tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    path.write_text(f"# of our shippers\n\nweb-1 {HASH}  # since March\n{HASH}\n")
    assert from_file(str(path)) == [HASH, HASH]
    path.write_text(f"{HASH}\n{TOKEN}\n")
    with pytest.raises(TransportError, match="no hash of a token") as error:
        from_file(str(path))
    assert error.value.where == f"{path}:2"
    assert TOKEN not in str(error.value)
    with pytest.raises(TransportError, match="cannot be read"):
        from_file(str(tmp_path / "absent"))
