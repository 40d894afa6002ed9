"""The tables. Times are microseconds since 1970, UTC; ``content`` is JSON by msgspec and stands last, so that rows are passed over quickly.

Every thing that can change has its number in the change feed beside it: the feed is these two columns, so it never grows by itself.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
PREFIX = "vedette_"
"""Of every table: a PostgreSQL database may hold others' too."""

UID = Text().with_variant(Text(collation="C"), "postgresql")
"""Compared byte by byte, so that a beginning is found by the index."""
_ID = BigInteger().with_variant(Integer, "sqlite")
_PROVISIONAL = text("state = 'provisional'")


def _table(name: str, *columns: Column[Any] | Index | UniqueConstraint) -> Table:
    return Table(PREFIX + name, METADATA, *columns)


def _link(name: str, of: str, *columns: Column[Any]) -> Table:
    """Return a table of links of findings or incidents; they go with them."""
    return Table(PREFIX + name, METADATA, _owner(of), *columns, sqlite_with_rowid=False)


def _owner(of: str) -> Column[Any]:
    return Column("owner_id", _ID, ForeignKey(f"{PREFIX}{of}.id", ondelete="CASCADE"), primary_key=True)


def _entity() -> Column[Any]:
    return Column("entity_id", _ID, ForeignKey(f"{PREFIX}entities.id"), primary_key=True, index=True)


def _technique() -> Column[Any]:
    return Column("technique", UID, primary_key=True, index=True)


CLOCK = _table(
    "clock",
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
)
"""One row: how far the intake log was judged, and the last number of the change feed. Who writes locks it first."""

FINDINGS = _table(
    "findings",
    Column("id", _ID, primary_key=True),
    Column("uid", UID, nullable=False),
    Column("detector", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("severity_id", SmallInteger, nullable=False),
    Column("score", Float, nullable=False),
    Column("alert", Boolean, nullable=False),
    Column("first_seen", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("changed", BigInteger, nullable=False, index=True),
    Column("changed_at", BigInteger, nullable=False),
    Column("digest", String(32), nullable=False),
    Column("content", Text, nullable=False),
    UniqueConstraint("uid"),
    Index(None, "last_seen", "id"),
    Index("ix_vedette_findings_provisional", "id", sqlite_where=_PROVISIONAL, postgresql_where=_PROVISIONAL),
)
EVIDENCE = _table(
    "evidence",
    _owner("findings"),
    Column("digest", String(32), nullable=False),
    Column("content", Text, nullable=False),
)
INCIDENTS = _table(
    "incidents",
    Column("id", _ID, primary_key=True),
    Column("uid", UID, nullable=False),
    Column("title", Text, nullable=False),
    Column("severity_id", SmallInteger, nullable=False),
    Column("risk", Float, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("first_seen", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    Column("status", String(16), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("successor", Text, nullable=False),
    Column("finding_count", Integer, nullable=False),
    Column("changed", BigInteger, nullable=False, index=True),
    Column("changed_at", BigInteger, nullable=False),
    Column("digest", String(32), nullable=False),
    Column("plans", Text, nullable=False),
    Column("content", Text, nullable=False),
    UniqueConstraint("uid"),
    Index(None, "gone", "last_seen", "id"),
)
INCIDENT_FINDINGS = _link(
    "incident_findings",
    "incidents",
    Column("finding_id", _ID, ForeignKey(f"{PREFIX}findings.id", ondelete="CASCADE"), primary_key=True, index=True),
)
ENTITIES = _table(
    "entities",
    Column("id", _ID, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("value", UID, nullable=False),
    Column("first_seen", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    UniqueConstraint("value", "kind"),
    Index(None, "last_seen", "id"),
)
FINDING_ENTITIES = _link("finding_entities", "findings", _entity())
INCIDENT_ENTITIES = _link("incident_entities", "incidents", _entity())
FINDING_TECHNIQUES = _link("finding_techniques", "findings", _technique())
INCIDENT_TECHNIQUES = _link("incident_techniques", "incidents", _technique())

VERDICTS = _table(
    "verdicts",
    Column("id", _ID, primary_key=True),
    Column("incident", UID, nullable=False, index=True),
    Column("given_on", UID, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("who", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""``incident``: what it is called now; ``given_on``: as it was called when it was judged."""

CURSORS = _table(
    "cursors",
    Column("sink", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("why", Text, nullable=False),
    Column("until", BigInteger, nullable=True),
)
TOKENS = _table(
    "tokens",
    Column("uid", Text, primary_key=True),
    Column("name", Text, nullable=False, index=True),
    Column("role", String(16), nullable=False),
    Column("secret_hash", Text, nullable=False),
    Column("made", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=True),
    Column("revoked", BigInteger, nullable=True),
)
NOTES = _table(
    "notes",
    Column("number", _ID, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("detail", Text, nullable=False),
)
VALUES = _table("values", Column("key", Text, primary_key=True), Column("value", Text, nullable=False))
