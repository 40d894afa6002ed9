"""The store of findings and incidents, as the rest of the program sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from vedette.errors import QueryError
from vedette.model import EntityKind
from vedette.store.state import access, backup, erased, erasure, judging, pruning, reading, restoring, sinks, writing
from vedette.store.state.connect import Database
from vedette.store.state.migrate import migrate
from vedette.store.state.stored import (
    Change,
    Cursor,
    FindingFilter,
    IncidentFilter,
    Note,
    Page,
    StoredEntity,
    StoredFinding,
    StoredIncident,
    StoredToken,
    StoredVerdict,
)
from vedette.store.state.tables import CLOCK
from vedette.store.state.texts import micros
from vedette.store.state.work import Work


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


class State:
    """Findings, incidents and what people said of them. Safe to use from several threads; reading never waits for writing.

    Every method raises ``StoreError`` where the database fails; then nothing of what it was to change is stored.

    Args:
        database: with its tables in the newest form.
        clock: what the time is.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self.database = database
        self._clock = clock

    @classmethod
    def open(cls, url: str, *, create: bool = True, clock: Callable[[], datetime] = now) -> State:
        """Open a store and take it to the newest form.

        Args:
            url: ``sqlite:////folder/file``, or ``postgresql+psycopg://user:password@host/name``.
            create: make it where there is none.
            clock: what the time is.

        Raises:
            StoreError: there is none, it is of a newer format, or the database refused.
        """
        database = Database(url, create=create)
        try:
            migrate(database)
        except BaseException:
            database.close()
            raise
        return cls(database, clock)

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def _now(self) -> int:
        return micros(self._clock())

    @contextmanager
    def _turn(self) -> Iterator[writing.Turn]:
        """Give a transaction that changes what the feed tells of."""
        with self.database.write() as connection:
            turn = writing.Turn(connection, self._now())
            turn.begin()
            yield turn
            turn.end()

    # ---------------------------------------------------------------------------------------------- what looks change

    def commit(self, work: Work) -> int:
        """Store all of it, or nothing; what is the same as before makes no change. Return the last change of the feed."""
        with self.database.write() as connection:
            return writing.commit(connection, work, self._now())

    def position(self) -> int:
        """Return how far the intake log was judged."""
        with self.database.read() as connection:
            return int(connection.execute(select(CLOCK.c.position)).scalar_one())

    def provisional(self) -> set[str]:
        """Return the uids of stored findings that are neither final nor withdrawn."""
        with self.database.read() as connection:
            return reading.provisional(connection)

    # --------------------------------------------------------------------------------------------------------- reading

    def incidents(self, wanted: IncidentFilter, after: str = "", limit: int = 50) -> Page[StoredIncident]:
        """Return incidents without their findings, newest first.

        Raises:
            QueryError: ``after`` is no place in a list.
        """
        with self.database.read() as connection:
            return reading.incidents(connection, wanted, after, limit)

    def incident(self, uid: str) -> StoredIncident | None:
        """Return an incident with its findings; where it was replaced, that which holds them now.

        Args:
            uid: or its beginning, of at least four characters, where only one begins so.
        """
        with self.database.read() as connection:
            return reading.incident(connection, uid)

    def findings(self, wanted: FindingFilter, after: str = "", limit: int = 50) -> Page[StoredFinding]:
        """Return findings without their evidence, newest first.

        Raises:
            QueryError: ``after`` is no place in a list.
        """
        with self.database.read() as connection:
            return reading.findings(connection, wanted, after, limit)

    def finding(self, uid: str) -> StoredFinding | None:
        """Return a finding with its evidence; ``uid`` as for ``incident``."""
        with self.database.read() as connection:
            return reading.finding(connection, uid)

    def entities(self, after: str = "", limit: int = 50, text: str = "") -> Page[StoredEntity]:
        """Return what findings are about, newest first; ``text``: a part of the value.

        Raises:
            QueryError: ``after`` is no place in a list.
        """
        with self.database.read() as connection:
            return reading.entities(connection, after, limit, text)

    def changes(self, after: int, limit: int = 500) -> list[Change]:
        """Return what changed after a number, oldest first; each thing once, with its last change."""
        with self.database.read() as connection:
            return reading.changes(connection, after, limit)

    def last_change(self) -> int:
        """Return the last number of the change feed."""
        with self.database.read() as connection:
            return int(connection.execute(select(CLOCK.c.change)).scalar_one())

    # ---------------------------------------------------------------------------------------------------- what people say

    def verdict(self, uid: str, verdict: str, who: str, note: str) -> None:
        """Keep what somebody says of an incident: one of ``VERDICTS``. All are kept, the last one counts; "undecided" takes it back.

        Raises:
            QueryError: there is no such verdict or incident.
        """
        with self._turn() as turn:
            judging.judge(turn, uid, verdict, who, note)

    def verdicts(self, uid: str) -> list[StoredVerdict]:
        """Return what was said of an incident, and of those that went into it, oldest first."""
        with self.database.read() as connection:
            return judging.verdicts(connection, uid)

    def status(self, uid: str, status: str, who: str) -> None:
        """Change the status of an incident to one of ``STATUSES``; the audit log says who did.

        Raises:
            QueryError: there is no such status or incident.
        """
        with self._turn() as turn:
            judging.set_status(turn, uid, status)
            access.note(turn.connection, turn.at, (who, "status", uid, status))

    # -------------------------------------------------------------------------------------------------------------- sinks

    def cursor(self, sink: str) -> Cursor:
        """Return the place of a sink in the change feed; one that was never seen stands at 0."""
        with self.database.read() as connection:
            return sinks.cursor(connection, sink)

    def move(self, sink: str, number: int) -> None:
        """Note that a sink has everything up to a change; it never goes back."""
        with self.database.write() as connection:
            sinks.move(connection, sink, number)

    def failed(self, sink: str, why: str, until: datetime) -> None:
        """Note that a sink failed, and when to try again; it keeps its place."""
        with self.database.write() as connection:
            sinks.failed(connection, sink, why, until)

    # ------------------------------------------------------------------------------------------------------------- access

    def add_token(self, token: StoredToken) -> None:
        """Keep a token.

        Raises:
            QueryError: there is one of this name in use, or of this uid.
        """
        with self.database.write() as connection:
            access.add_token(connection, token)

    def tokens(self) -> list[StoredToken]:
        """Return every token, also revoked ones, oldest first."""
        with self.database.read() as connection:
            return access.tokens(connection)

    def token(self, uid: str) -> StoredToken | None:
        """Return the token of this public part."""
        with self.database.read() as connection:
            return access.token(connection, uid)

    def revoke_token(self, name: str) -> bool:
        """Revoke the token of this name or uid; return whether there was one in use."""
        with self.database.write() as connection:
            return access.revoke_token(connection, name, self._now())

    def note(self, who: str, what: str, about: str = "", detail: str = "") -> None:
        """Add a line to the audit log."""
        with self.database.write() as connection:
            access.note(connection, self._now(), (who, what, about, detail))

    def audit(self, after: str = "", limit: int = 50) -> Page[Note]:
        """Return lines of the audit log, newest first.

        Raises:
            QueryError: ``after`` is no place in the log.
        """
        with self.database.read() as connection:
            return access.audit(connection, after, limit)

    def value(self, key: str) -> str:
        """Return a small text that was kept; "" where there is none."""
        with self.database.read() as connection:
            return access.value(connection, key)

    def set_value(self, key: str, value: str) -> None:
        """Keep a small text; "" forgets it."""
        with self.database.write() as connection:
            access.set_value(connection, key, value)

    # ---------------------------------------------------------------------------------------------- retention and erasure

    def prune(self, findings_before: datetime, batch: int = 1000) -> int:
        """Remove what was last seen before a time, a batch at a time; return how many findings and incidents that were.

        Incidents with a verdict, and their findings, stay twice as long. What was withdrawn or replaced stays a week.
        """
        return pruning.prune(self.database, micros(findings_before), self._now(), batch)

    def erase(self, kind: EntityKind, value: str) -> int:
        """Replace a name by a token wherever it is stored; return in how many stored things it was.

        An erasure that waited (``begin_erasure``) is done then; a keyed hash of the name is kept, so that no backup brings it back.

        Raises:
            QueryError: the name is empty.
        """
        token = next((e.token for e in self.erasures() if (e.kind, e.value) == (kind, value)), "")
        count = erasure.erase(self.database, kind, value, token)
        with self.database.write() as connection:
            erased.end(connection, kind, value)
        erasure.sweep(self.database)
        return count

    def begin_erasure(self, kind: EntityKind, value: str) -> erased.Erasure:
        """Note that somebody is to be erased, for the running service; it holds until ``erase`` is through, also across a restart.

        Raises:
            QueryError: the name is empty.
        """
        if not value.strip():
            raise QueryError("a name to erase is needed", where=kind.value)
        with self.database.write() as connection:
            return erased.begin(connection, kind, value)

    def erasures(self) -> list[erased.Erasure]:
        """Return the erasures that were begun and are not done, oldest first."""
        with self.database.read() as connection:
            return erased.waiting(connection)

    # ------------------------------------------------------------------------------------------------------------ backups

    def backup(self, target: Path, journal: Path | None = None) -> backup.Manifest:
        """Write everything into one file, whole or not at all, as it is at one moment; return what it holds.

        Args:
            target: the file; one that is there is replaced.
            journal: that of responses, to be kept with it.
        """
        return backup.make(self.database, target, self._clock(), journal)

    @staticmethod
    def restore(source: Path, url: str, *, journal: Path | None = None, force: bool = False) -> list[Path]:
        """Put a backup back, all of it or nothing; nobody may use the store. Return what was moved aside.

        Args:
            source: the backup, also of another kind of database or an older version.
            url: as for ``open``.
            journal: where that of responses lies.
            force: also where there is something.
        """
        return restoring.restore(source, url, journal=journal, force=force)
