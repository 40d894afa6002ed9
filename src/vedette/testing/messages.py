"""Messages made by hand, for tests of deliveries."""

from __future__ import annotations

from vedette.abc import Message


def message(
    key: str, data: bytes = b"", *, media_type: str = "application/x-ndjson", title: str = "", severity_id: int = 4
) -> Message:
    """Return a message; by default a line of JSON with its key."""
    return Message(key, data or b'{"uid":"%b"}\n' % key.encode(), media_type, title or f"Case {key}", severity_id)
