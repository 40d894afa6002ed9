from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from vedette.abc import Settings
from vedette.errors import ConfigError
from vedette.response.secret import MOST_BYTES, secret


class Own(Settings):
    token: SecretStr = SecretStr("")
    token_env: str = ""
    token_file: str = ""


def test_a_secret_is_said_or_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VEDETTE_TEST_TOKEN", " from-env\n")
    file = tmp_path / "token"
    file.write_text("from-file\n")
    assert secret(Own(token=SecretStr("plain")), "token") == "plain"
    assert secret(Own.model_validate({"token_env": "VEDETTE_TEST_TOKEN"}), "token") == "from-env"
    named = Own(token_file=str(file))
    assert secret(named, "token") == "from-file"
    file.write_text("changed")
    assert secret(named, "token") == "changed"
    assert secret(Own(), "token") == ""


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"token": "a", "token_env": "B"}, "twice: token and token_env"),
        ({"token_env": "VEDETTE_NO_SUCH_VARIABLE"}, "holds no secret"),
        ({"token_file": "/nowhere/at/all"}, "No such file"),
        ({"token_file": "/dev/null"}, "holds no secret"),
    ],
)
def test_what_cannot_be_had_stops_the_start(given: dict[str, str], told: str) -> None:
    with pytest.raises(ConfigError, match=told) as caught:
        secret(Own.model_validate(given), "token", "sinks[0]")
    assert caught.value.where == "sinks[0]"


def test_of_a_huge_file_a_part_is_read(tmp_path: Path) -> None:
    (tmp_path / "huge").write_bytes(b"x" * (2 * MOST_BYTES))
    assert len(secret(Own(token_file=str(tmp_path / "huge")), "token")) == MOST_BYTES


def test_a_secret_does_not_stand_in_what_is_printed() -> None:
    assert "hunter2" not in repr(Own(token=SecretStr("hunter2")))
