"""Deliveries that send a message at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vedette.abc import Message
from vedette.errors import DeliveryError


def one_by_one(messages: Sequence[Message], send: Callable[[Message], None]) -> None:
    """Send each by itself, in order.

    Raises:
        DeliveryError: that of the first that failed; ``arrived`` says how many came before it.
    """
    for arrived, message in enumerate(messages):
        try:
            send(message)
        except DeliveryError as error:
            error.arrived = arrived
            raise
