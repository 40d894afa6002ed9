"""Messages that a receiver calls bad: kept in a file for a person to look at."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path

import orjson

from vedette.abc import Message
from vedette.errors import DeliveryError
from vedette.response.rotated import Rotated

SIZE_BYTES, KEEP = 16 << 20, 3


class DeadLetters:
    """A file ``<sink>.jsonl`` for each sink in a folder; old ones go when there are too many."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, sink: str, message: Message, error: DeliveryError) -> None:
        """Keep a message with what the receiver said.

        Raises:
            DeliveryError: it cannot be kept; worth trying again.
        """
        row = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "sink": sink,
            "key": message.key,
            "title": message.title,
            "why": str(error),
            **_body(message.data),
        }
        file = Rotated(self._folder / f"{sink}.jsonl", SIZE_BYTES, KEEP)
        try:
            file.add(orjson.dumps(row) + b"\n")
        except OSError as failed:
            said = f"what the receiver does not take cannot be kept: {failed.strerror}"
            raise DeliveryError(said, where=str(file.path)) from failed
        finally:
            file.close()


def _body(data: bytes) -> dict[str, str]:
    try:
        return {"data": data.decode()}
    except UnicodeDecodeError:
        return {"data_base64": base64.b64encode(data).decode()}
