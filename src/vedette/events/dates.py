"""What a stamp does not say: the year and the zone of a line of a log.

A stamp without a year gets the latest year that does not put it after the file's last change (a day of grace for skewed clocks), line by
line: so a file that runs over New Year walks back by itself. A stamp without a zone is taken to be in the zone of the input.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import orjson
import polars as pl

GRACE = timedelta(days=1)
_LATEST = datetime(9998, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What fills in a stamp's missing year and zone: the last moment it may mean, and the zone of the input."""

    bound: datetime
    zone: tzinfo

    @classmethod
    def of(cls, modified: datetime | None, zone: tzinfo) -> Calendar:
        """Return the calendar of an input that was last written then; one of unknown age is taken to end now."""
        last = min(modified or datetime.now(UTC), _LATEST)
        return cls(last.astimezone(zone) + GRACE, zone)

    def year(self, stamp: pl.Expr) -> pl.Expr:
        """Return the year of each "MM-DD HH:MM:SS"."""
        last = self.bound.year
        leap = next(y for y in range(last, 0, -1) if calendar.isleap(y) and (y < last or self._after("02-29")))
        return (
            pl.when(stamp.str.starts_with("02-29"))
            .then(pl.lit(f"{leap:04}"))
            .when(stamp <= f"{self.bound:%m-%d %H:%M:%S}")
            .then(pl.lit(f"{last:04}"))
            .otherwise(pl.lit(f"{last - 1:04}"))
        )

    def _after(self, day: str) -> bool:
        return f"{self.bound:%m-%d}" >= day

    def utc(self, local: pl.Expr) -> pl.Expr:
        """Return local times in UTC; of the two readings of the hour when clocks go back the first; the hour skipped is moved on."""
        if isinstance(self.zone, ZoneInfo):
            hour = pl.duration(hours=1)
            there = [
                (t.dt.replace_time_zone(self.zone.key, ambiguous="earliest", non_existent="null")).dt.convert_time_zone(
                    "UTC"
                )
                for t in (local, local - hour)
            ]
            return pl.coalesce(there[0], there[1] + hour)
        offset = self.bound.utcoffset() or timedelta(0)
        return (local - offset).dt.replace_time_zone("UTC")

    def note(self, *, year: bool, zone: bool) -> str | None:
        """Return the assumptions as a JSON object."""
        said: dict[str, object] = {"year_assumed": True} if year else {}
        return orjson.dumps(said | {"zone_assumed": str(self.zone)}).decode() if zone else None
