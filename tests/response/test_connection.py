from __future__ import annotations

import socket
import time

import httpcore
import pytest

from vedette.errors import DeliveryError
from vedette.response.connection import Checked, Clock


def test_a_clock_runs_down() -> None:
    clock = Clock()
    assert clock.left() < 0
    clock.start(10)
    assert 9 < clock.left() <= 10
    assert clock.left(2) == 2


def test_every_step_ends_with_the_clock() -> None:
    clock = Clock()
    clock.start(0.4)
    with socket.create_server(("127.0.0.1", 0)) as server:
        stream = Checked(clock).connect_tcp("127.0.0.1", server.getsockname()[1], timeout=60)
        began = time.monotonic()
        with pytest.raises(httpcore.ReadTimeout):
            stream.read(10, timeout=60)
        for step in (lambda: stream.read(10, timeout=60), lambda: stream.write(b"x", timeout=60)):
            with pytest.raises(httpcore.TimeoutException):
                step()
        stream.close()
    assert time.monotonic() - began < 2


def test_a_forbidden_address_is_not_even_knocked_at() -> None:
    clock = Clock()
    clock.start(5)
    with pytest.raises(DeliveryError, match="never called"):
        Checked(clock).connect_tcp("169.254.169.254", 80)
