from __future__ import annotations

import io
import sys

import pytest

from vedette.abc import Settings
from vedette.errors import DeliveryError
from vedette.response.deliveries.stdout import Stdout
from vedette.testing.messages import message


def test_a_line_a_message(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    Stdout(Settings()).send([message("a"), message("b", b"no line end")])
    assert capfdbinary.readouterr().out == b'{"uid":"a"}\nno line end\n'


def test_a_reader_that_left_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", closed)
    closed.buffer.close()
    with pytest.raises(DeliveryError, match="standard output") as caught:
        Stdout(Settings()).send([message("a")])
    assert caught.value.again
