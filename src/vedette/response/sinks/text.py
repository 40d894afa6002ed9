"""Plain text for people: the words of a mail."""

from __future__ import annotations

from collections.abc import Sequence

from vedette.abc import Sink
from vedette.events.batch import EventBatch
from vedette.response.summary import Summary, summaries

END = b"\f\n"
"""What ends a frame; no text has a form feed in it."""


class Text(Sink):
    """Plain text, for mail: heading, facts, what happened, why, what to do next; each row ends with a form feed.

    Links are broken (``hxxp``, ``bad[.]com``), so that nobody opens them by accident.
    """

    name = "text"
    media_type = "text/plain; charset=utf-8"

    def encode(self, batch: EventBatch) -> bytes:
        return b"".join(_text(s).encode("utf-8", "replace") + END for s in summaries(batch))

    def frames(self, data: bytes) -> int:
        return data.count(END)

    def parts(self, data: bytes) -> list[bytes]:
        return [part + END for part in data.split(END)[:-1]]


def _text(of: Summary) -> str:
    lines = [f"{'CLOSED: ' if of.is_closed else ''}{of.title}", ""]
    width = max((len(word) for word, _ in of.facts), default=0)
    lines += [f"{word + ':':<{width + 1}} {value}" for word, value in of.facts]
    lines += _part("What happened", of.story, "")
    lines += _part("Why we think so", of.reasons, "- ")
    lines += _part("What to do next", of.steps, "- ")
    return "\n".join(lines) + "\n"


def _part(heading: str, lines: Sequence[str], mark: str) -> list[str]:
    return ["", heading, *(f"  {mark}{line}" for line in lines)] if lines else []
