"""Makes weeks of people at work, for the tests of what is read of their days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
ANNA = "anna.berg"
SHARE = "\\\\files\\plans\\north"


def events(kind: EventClass, rows: Sequence[dict[str, Any]], **same: Any) -> EventBatch:  # noqa: ANN401 - of any column
    """Return events; ``at`` is in hours after ``MONDAY``; names have ``__`` for dots."""
    told = [{k.replace("__", "."): v for k, v in {**same, **row}.items()} for row in rows]
    names = list(dict.fromkeys(k for row in told for k in row if k != "at"))
    types = SCHEMAS[kind]
    data = {n: pl.Series(n, [row.get(n) for row in told], dtype=types.get(n, pl.String)) for n in names}
    time = pl.Series("time", [MONDAY + timedelta(hours=row["at"]) for row in told], dtype=types["time"])
    sequence = pl.Series("metadata.sequence", range(len(told)), dtype=pl.Int64)
    log = pl.Series("metadata.log_name", [kind.name.lower()] * len(told))
    return EventBatch(kind, pl.DataFrame([time, sequence, log, *data.values()]))


def logons(who: str, hours: Sequence[float], machine: str = "", **columns: Any) -> EventBatch:  # noqa: ANN401 - of any column
    """Return logons at a keyboard."""
    same = {"activity_id": 1, "status_id": 1, "logon_type_id": 2, "device__hostname": machine or f"pc-{who}", **columns}
    return events(EventClass.AUTHENTICATION, [{"at": h, "user__name": who} for h in hours], **same)


def files(who: str, hour: float, paths: Sequence[str], act: int = 2, **columns: Any) -> EventBatch:  # noqa: ANN401 - of any column
    """Return acts on files within half an hour."""
    rows = [{"at": hour + n / (2 * len(paths)), "file__path": path} for n, path in enumerate(paths)]
    return events(EventClass.FILE_ACTIVITY, rows, actor__user__name=who, activity_id=act, **columns)


def drive(who: str, hour: float) -> EventBatch:
    """Return a drive that is attached."""
    same = {"actor__user__name": who, "activity_id": 1, "peripheral_device__class": "DiskDrive"}
    return events(EventClass.PERIPHERAL_ACTIVITY, [{"at": hour, "peripheral_device__serial_number": "4C53"}], **same)


def requests(who: str, hour: float, site: str, n: int = 1, sent: int = 0, path: str = "/") -> EventBatch:
    """Return requests to a site."""
    same = {"actor__user__name": who, "http_request__url__hostname": site, "http_request__url__path": path}
    return events(
        EventClass.HTTP_ACTIVITY, [{"at": hour + i / 100} for i in range(n)], http_request__body_length=sent, **same
    )


def mail(who: str, hour: float, to: Sequence[str], size: int = 0) -> EventBatch:
    """Return a mail that is sent."""
    row = {
        "at": hour,
        "email__from": f"{who}@corp.example",
        "email__to": list(to),
        "email__files__size": [size] if size else [],
    }
    return events(EventClass.EMAIL_ACTIVITY, [row], direction_id=2)


@cache
def office(days: int = 40, people: int = 12, seed: int = 1) -> tuple[EventBatch, ...]:
    """Return the working days of an office: ``anna.berg`` and others log on between 8 and 17, open documents and write to customers."""
    rng, out = np.random.default_rng(seed), dict[EventClass, list[pl.DataFrame]]()
    for n in range(people):
        who = ANNA if not n else f"person{n}"
        for day in range(days):
            if day % 7 > 4:
                continue
            at = 24.0 * day
            made = [
                logons(who, [at + 8 + float(rng.random()), at + 13 + float(rng.random())]),
                files(who, at + 10, [f"{SHARE}\\paper-{rng.integers(200)}.docx" for _ in range(rng.integers(5, 20))]),
                mail(who, at + 11, ["buyer@customer.example"], int(rng.lognormal(11, 1)) if rng.random() < 0.5 else 0),
            ]
            if n in (1, 2, 3) and rng.random() < 0.4:
                made += [
                    drive(who, at + 14),
                    files(who, at + 14.1, [f"E:\\{rng.integers(99)}.pdf" for _ in range(8)], 1),
                ]
            for batch in made:
                out.setdefault(batch.kind, []).append(batch.frame)
    return tuple(EventBatch(kind, pl.concat(frames, how="diagonal")) for kind, frames in out.items())
