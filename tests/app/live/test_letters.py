from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from vedette.app.live.letters import DeadLetters
from vedette.errors import DeliveryError
from vedette.testing.messages import message


def test_a_message_is_kept_with_what_was_said(tmp_path: Path) -> None:
    letters = DeadLetters(tmp_path / "dead")
    letters.add("siem", message("a"), DeliveryError("HTTP 400: no\nsuch field", where="https://x:443"))
    letters.add("siem", message("b", b"\xff\x00"), DeliveryError("no"))
    first, second = map(json.loads, (tmp_path / "dead" / "siem.jsonl").read_text().splitlines())
    assert (first["key"], first["sink"], first["title"]) == ("a", "siem", "Case a")
    assert first["data"] == '{"uid":"a"}\n'
    assert "no such" not in first["why"]
    assert "https://x:443" in first["why"]
    assert base64.b64decode(second["data_base64"]) == b"\xff\x00"


def test_what_cannot_be_kept_comes_again(tmp_path: Path) -> None:
    (tmp_path / "dead").write_bytes(b"")
    with pytest.raises(DeliveryError, match="cannot be kept") as caught:
        DeadLetters(tmp_path / "dead").add("siem", message("a"), DeliveryError("no"))
    assert caught.value.again
