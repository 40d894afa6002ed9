"""Standard output."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import ClassVar

from vedette.abc import Delivery, Message, Settings
from vedette.errors import DeliveryError


class Stdout(Delivery):
    """A line a message on standard output, for containers whose output is collected."""

    name = "stdout"
    options: ClassVar[type[Settings]] = Settings

    def send(self, messages: Sequence[Message]) -> None:
        try:
            for message in messages:
                sys.stdout.buffer.write(message.data if message.data.endswith(b"\n") else message.data + b"\n")
            sys.stdout.buffer.flush()
        except (OSError, ValueError) as error:  # ValueError: it is closed
            raise DeliveryError(f"standard output cannot be written to: {error}", where="stdout") from error
