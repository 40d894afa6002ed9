"""What is written of the acts of people: rows per log, and the event batches that they become."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from bench.insiders.company import OWN
from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass

BEGIN = datetime(2026, 6, 1, tzinfo=UTC)
"""The first midnight: a Monday."""
HONEST = -1

CREATE, READ, DELETE, RENAME = 1, 2, 4, 5


@dataclass(slots=True)
class Log:
    """Collects acts; ``plants`` are (person, day) that a plot did something on -> number of the plot."""

    logons: list[tuple[Any, ...]] = field(default_factory=list)
    drives: list[tuple[Any, ...]] = field(default_factory=list)
    files: list[tuple[Any, ...]] = field(default_factory=list)
    web: list[tuple[Any, ...]] = field(default_factory=list)
    mails: list[tuple[Any, ...]] = field(default_factory=list)
    plants: dict[tuple[str, int], int] = field(default_factory=dict)
    plot: int = HONEST

    def _at(self, who: str, day: int, hour: float) -> datetime:
        when = BEGIN + timedelta(days=day, hours=hour)
        if self.plot != HONEST:
            self.plants[(who, (when - BEGIN).days)] = self.plot
        return when

    def logon(self, who: str, day: int, hour: float, machine: str) -> None:
        """Somebody sits down at a computer."""
        self.logons.append((self._at(who, day, hour), who, machine))

    def drive(self, who: str, day: int, hour: float, machine: str, serial: str) -> None:
        """A drive is attached."""
        self.drives.append((self._at(who, day, hour), who, machine, serial))

    def file(self, who: str, day: int, hour: float, machine: str, act: int, path: str) -> None:
        """A document is opened, written or deleted."""
        self.files.append((self._at(who, day, hour), who, machine, act, path))

    def request(self, who: str, day: int, hour: float, site: str, path: str = "/", sent: int = 0) -> None:
        """A page is asked for, or bytes are sent."""
        self.web.append((self._at(who, day, hour), who, site, path, "POST" if sent else "GET", sent))

    def mail(self, who: str, day: int, hour: float, to: list[str], sizes: list[int]) -> None:
        """A mail is sent; ``sizes`` are its attachments'."""
        self.mails.append((self._at(who, day, hour), f"{who}@{OWN}", to, sizes))

    def batches(self) -> Iterator[EventBatch]:
        """Yield everything as event batches, a class each."""
        yield self._batch(
            EventClass.AUTHENTICATION,
            self.logons,
            ("time", "user.name", "device.hostname"),
            activity_id=1,
            status_id=1,
            logon_type_id=2,
        )
        yield self._batch(
            EventClass.PERIPHERAL_ACTIVITY,
            self.drives,
            ("time", "actor.user.name", "device.hostname", "peripheral_device.serial_number"),
            **{"activity_id": 1, "peripheral_device.class": "DiskDrive"},
        )
        yield self._batch(
            EventClass.FILE_ACTIVITY,
            self.files,
            ("time", "actor.user.name", "device.hostname", "activity_id", "file.path"),
        )
        yield self._batch(
            EventClass.HTTP_ACTIVITY,
            self.web,
            (
                "time",
                "actor.user.name",
                "http_request.url.hostname",
                "http_request.url.path",
                "http_request.http_method",
                "http_request.body_length",
            ),
            status_id=1,
        )
        yield self._batch(
            EventClass.EMAIL_ACTIVITY,
            self.mails,
            ("time", "email.from", "email.to", "email.files.size"),
            direction_id=2,
        )

    def _batch(
        self, kind: EventClass, rows: list[tuple[Any, ...]], names: tuple[str, ...], **same: object
    ) -> EventBatch:
        types = SCHEMAS[kind]
        frame = pl.DataFrame(rows, schema={n: types[n] for n in names}, orient="row").sort("time")
        told = [pl.lit(value, dtype=types[n]).alias(n) for n, value in same.items()]
        sequence = pl.int_range(pl.len(), dtype=pl.Int64).alias("metadata.sequence")
        return EventBatch(
            kind, frame.with_columns(*told, sequence, pl.lit(kind.name.lower()).alias("metadata.log_name"))
        )
