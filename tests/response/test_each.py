from __future__ import annotations

import pytest

from vedette.abc import Message
from vedette.errors import DeliveryError
from vedette.response.each import one_by_one
from vedette.testing.messages import message


def test_the_error_says_how_many_arrived() -> None:
    got: list[str] = []

    def send(one: Message) -> None:
        if one.key == "c":
            raise DeliveryError("no", again=False)
        got.append(one.key)

    one_by_one([], send)
    with pytest.raises(DeliveryError) as caught:
        one_by_one([message(key) for key in "abcd"], send)
    assert got == ["a", "b"]
    assert (caught.value.arrived, caught.value.again) == (2, False)
