"""A file of lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from vedette.abc import Delivery, Message, Settings
from vedette.errors import ConfigError, DeliveryError
from vedette.response.rotated import Rotated


class FileSettings(Settings):
    """Which file, and how much of it stays."""

    path: str = Field(min_length=1)
    """The file; older ones get a number behind their name."""

    max_mb: int = Field(default=100, ge=1, le=1_000_000)
    """Megabytes that it holds before it is set aside."""

    keep: int = Field(default=10, ge=0, le=10_000)
    """How many older files stay."""


class File(Delivery):
    """Appends to a file that only its owner can read, a line a message; it is on the disk before the next is sent.

    The file is set aside when it is full. What a crash left half-written is taken off. For other programs to read, as Filebeat, Vector
    or a forwarder of Splunk do.
    """

    name = "file"
    options: ClassVar[type[Settings]] = FileSettings

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        assert isinstance(settings, FileSettings)  # noqa: S101 - for the reader of types
        path = Path(settings.path)
        if path.is_dir():
            raise ConfigError(f"{str(path)!r} is a folder", where=f"{self.name}.path", hint="name a file")
        self._file = Rotated(path, settings.max_mb << 20, settings.keep)

    def send(self, messages: Sequence[Message]) -> None:
        data = b"".join(m.data if m.data.endswith(b"\n") else m.data + b"\n" for m in messages)
        try:
            self._file.add(data)
        except OSError as error:
            raise DeliveryError(f"cannot write: {error.strerror}", where=str(self._file.path)) from error

    def close(self) -> None:
        self._file.close()
