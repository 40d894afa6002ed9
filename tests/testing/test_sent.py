from __future__ import annotations

import pytest

from vedette.errors import DeliveryError
from vedette.testing.messages import message
from vedette.testing.sent import KeptDelivery


def test_it_keeps_and_fails_as_told() -> None:
    mine = KeptDelivery()
    mine.send([message("a"), message("b")])
    mine.refuse = lambda _: DeliveryError("down")
    with pytest.raises(DeliveryError):
        mine.send([message("c")])
    assert mine.keys() == ["a", "b"]
    assert len(mine.wait(2)) == 2
    with pytest.raises(AssertionError, match="2 of 3"):
        mine.wait(3, seconds=0.05)
    mine.close()
    assert mine.closed
