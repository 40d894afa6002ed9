"""What a running service says of itself: one JSON object a line, on standard error.

The standard library's logging with a formatter of our own, and no structlog: uvicorn, SQLAlchemy and alembic log through the standard
library already, so one formatter makes all lines alike. Every line is plain ASCII (what is not is escaped, as JSON allows), so no value
of an event can end a line, hide in it, or turn it around; every value is bounded. What repeats is said a few times a minute and then
counted: nobody fills a disk with our words.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TextIO

LONGEST = 4_000
"""Characters of one value."""
PER_MINUTE = 30
"""Lines a minute from one place in the code."""
_PLACES = 1_000
_MINUTE_SECONDS = 60
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message", "repeated"}
"""What every record has; the rest was given as ``extra``."""


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON: ``time``, ``level``, ``logger``, ``message``, what was given as ``extra``, and the error."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _bounded(record.getMessage()),
        }
        line |= {k: _plain(v) for k, v in vars(record).items() if k not in _STANDARD and k not in line}
        if repeated := getattr(record, "repeated", 0):
            line["repeated"] = repeated
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = _bounded(self.formatException(record.exc_info), from_end=True)
        return json.dumps(line, ensure_ascii=True)


class Sparing(logging.Filter):
    """Lets so many records a minute through from one place in the code; the next one after that says how many were left out."""

    def __init__(self, per_minute: int = PER_MINUTE, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._per_minute, self._clock = per_minute, clock
        self._counts: dict[tuple[str, int], tuple[float, int]] = {}
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether a record is written."""
        now, place = self._clock(), (record.pathname, record.lineno)
        with self._lock:
            began, count = self._counts.get(place, (now, 0))
            if now - began >= _MINUTE_SECONDS:
                record.repeated = max(0, count - self._per_minute)
                began, count = now, 0
            if place not in self._counts and len(self._counts) >= _PLACES:
                self._counts.clear()
            self._counts[place] = (began, count + 1)
            return count < self._per_minute


def setup(level: int = logging.INFO, stream: TextIO | None = None) -> logging.Handler:
    """Let all of the process log JSON lines to ``stream`` (standard error), and return the handler for ``teardown``."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    handler.addFilter(Sparing())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    logging.captureWarnings(capture=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):  # theirs go the same way
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    return handler


def teardown(handler: logging.Handler) -> None:
    """Take back what ``setup`` did."""
    logging.captureWarnings(capture=False)
    root = logging.getLogger()
    root.removeHandler(handler)
    root.setLevel(logging.WARNING)
    handler.close()


def _plain(value: object) -> object:
    """Return a value as JSON has it, in one level: numbers and truths as they are, all else as text."""
    return value if value is None or isinstance(value, (bool, int, float)) else _bounded(str(value))


def _bounded(text: str, *, from_end: bool = False) -> str:
    if len(text) <= LONGEST:
        return text
    return "..." + text[-LONGEST:] if from_end else text[:LONGEST] + "..."
