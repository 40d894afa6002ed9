"""Puts a backup back in place of a newer store: says what was found between the two, and erases again who was erased between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from vedette.errors import StoreError
from vedette.store.state import erased, erasure, restoring
from vedette.store.state.connect import Database
from vedette.store.state.tables import CLOCK, FINDINGS, INCIDENTS, VERDICTS
from vedette.store.state.texts import moment


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a store is.

    Attributes:
        position: of the intake log, judged up to here; ``change``: the last of the change feed.
        at: when something last changed; None where nothing ever did.
        uids: of its findings and incidents; ``verdicts``: how many.
        done: the erasures.
    """

    position: int
    change: int
    at: datetime | None
    findings: frozenset[str]
    incidents: frozenset[str]
    verdicts: int
    done: erased.Done


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done.

    Attributes:
        moved: files that were moved aside.
        before: how far the store was that gave way; None where there was none, or it could not be read.
        now: how far it is now.
        erased: things in which a name was erased again.
    """

    moved: list[Path]
    before: Standing | None
    now: Standing
    erased: int

    @property
    def findings(self) -> int:
        """Findings that were there, and are not any more."""
        return len(self.before.findings - self.now.findings) if self.before else 0

    @property
    def incidents(self) -> int:
        """Incidents that were there, and are not any more."""
        return len(self.before.incidents - self.now.incidents) if self.before else 0


def restore(source: Path, url: str, *, journal: Path | None = None, force: bool = False) -> Restored:
    """Put a backup back as ``restoring.restore`` does, and compare it with what was there.

    Raises:
        StoreError: as there.
    """
    before = _standing_of(url)
    moved = restoring.restore(source, url, journal=journal, force=force)
    database = Database(url, create=False)
    try:
        count = 0
        if before is not None and before.done.hashes:
            with database.read() as connection:
                names = erased.named(connection, before.done)
            count = sum(erasure.erase(database, kind, value) for kind, value in names)
            with database.write() as connection:
                erased.take(connection, before.done)
            erasure.sweep(database)
        return Restored(moved, before, _standing(database), count)
    finally:
        database.close()


def _standing_of(url: str) -> Standing | None:
    """Return how far the store is that is there; None where there is none that can be read."""
    try:
        database = Database(url, create=False)
    except StoreError:
        return None
    try:
        return _standing(database)
    except StoreError:
        return None  # it is damaged, or of another form: that it gives way is the reason to put a backup back
    finally:
        database.close()


def _standing(database: Database) -> Standing:
    with database.read() as connection:
        clock = connection.execute(select(CLOCK.c.position, CLOCK.c.change)).one()
        last = [connection.execute(select(func.max(t.c.changed_at))).scalar() for t in (FINDINGS, INCIDENTS)]
        changed = [at for at in last if at is not None]
        findings, incidents = (frozenset(connection.execute(select(t.c.uid)).scalars()) for t in (FINDINGS, INCIDENTS))
        verdicts = connection.execute(select(func.count()).select_from(VERDICTS)).scalar_one()
        at = moment(max(changed)) if changed else None
        return Standing(clock.position, clock.change, at, findings, incidents, verdicts, erased.done(connection))
