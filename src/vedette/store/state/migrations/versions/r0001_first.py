"""The first form of the store."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_UID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "vedette_clock",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vedette_clock")),
    )
    op.create_table(
        "vedette_cursors",
        sa.Column("sink", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("sink", name=op.f("pk_vedette_cursors")),
    )
    op.create_table(
        "vedette_entities",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value", _UID, nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vedette_entities")),
        sa.UniqueConstraint("value", "kind", name=op.f("uq_vedette_entities_value_kind")),
    )
    op.create_index(op.f("ix_vedette_entities_last_seen_id"), "vedette_entities", ["last_seen", "id"], unique=False)
    op.create_table(
        "vedette_findings",
        sa.Column("id", _ID, nullable=False),
        sa.Column("uid", _UID, nullable=False),
        sa.Column("detector", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("severity_id", sa.SmallInteger(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("alert", sa.Boolean(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vedette_findings")),
        sa.UniqueConstraint("uid", name=op.f("uq_vedette_findings_uid")),
    )
    op.create_index(op.f("ix_vedette_findings_changed"), "vedette_findings", ["changed"], unique=False)
    op.create_index(op.f("ix_vedette_findings_last_seen_id"), "vedette_findings", ["last_seen", "id"], unique=False)
    op.create_index(
        "ix_vedette_findings_provisional",
        "vedette_findings",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'provisional'"),
        postgresql_where=sa.text("state = 'provisional'"),
    )
    op.create_table(
        "vedette_incidents",
        sa.Column("id", _ID, nullable=False),
        sa.Column("uid", _UID, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("severity_id", sa.SmallInteger(), nullable=False),
        sa.Column("risk", sa.Float(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("successor", sa.Text(), nullable=False),
        sa.Column("finding_count", sa.Integer(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("plans", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vedette_incidents")),
        sa.UniqueConstraint("uid", name=op.f("uq_vedette_incidents_uid")),
    )
    op.create_index(op.f("ix_vedette_incidents_changed"), "vedette_incidents", ["changed"], unique=False)
    op.create_index(
        op.f("ix_vedette_incidents_gone_last_seen_id"), "vedette_incidents", ["gone", "last_seen", "id"], unique=False
    )
    op.create_table(
        "vedette_notes",
        sa.Column("number", _ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_vedette_notes")),
    )
    op.create_table(
        "vedette_tokens",
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=True),
        sa.Column("revoked", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_vedette_tokens")),
    )
    op.create_index(op.f("ix_vedette_tokens_name"), "vedette_tokens", ["name"], unique=False)
    op.create_table(
        "vedette_values",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_vedette_values")),
    )
    op.create_table(
        "vedette_verdicts",
        sa.Column("id", _ID, nullable=False),
        sa.Column("incident", _UID, nullable=False),
        sa.Column("given_on", _UID, nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vedette_verdicts")),
    )
    op.create_index(op.f("ix_vedette_verdicts_incident"), "vedette_verdicts", ["incident"], unique=False)
    op.create_table(
        "vedette_evidence",
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["vedette_findings.id"], name=op.f("fk_vedette_evidence_owner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("owner_id", name=op.f("pk_vedette_evidence")),
    )
    op.create_table(
        "vedette_finding_entities",
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("entity_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["vedette_entities.id"], name=op.f("fk_vedette_finding_entities_entity_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["vedette_findings.id"], name=op.f("fk_vedette_finding_entities_owner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("owner_id", "entity_id", name=op.f("pk_vedette_finding_entities")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_vedette_finding_entities_entity_id"), "vedette_finding_entities", ["entity_id"], unique=False
    )
    op.create_table(
        "vedette_finding_techniques",
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("technique", _UID, nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["vedette_findings.id"],
            name=op.f("fk_vedette_finding_techniques_owner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "technique", name=op.f("pk_vedette_finding_techniques")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_vedette_finding_techniques_technique"), "vedette_finding_techniques", ["technique"], unique=False
    )
    op.create_table(
        "vedette_incident_entities",
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("entity_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["vedette_entities.id"], name=op.f("fk_vedette_incident_entities_entity_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["vedette_incidents.id"],
            name=op.f("fk_vedette_incident_entities_owner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "entity_id", name=op.f("pk_vedette_incident_entities")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_vedette_incident_entities_entity_id"), "vedette_incident_entities", ["entity_id"], unique=False
    )
    op.create_table(
        "vedette_incident_findings",
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("finding_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["vedette_findings.id"],
            name=op.f("fk_vedette_incident_findings_finding_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["vedette_incidents.id"],
            name=op.f("fk_vedette_incident_findings_owner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "finding_id", name=op.f("pk_vedette_incident_findings")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_vedette_incident_findings_finding_id"), "vedette_incident_findings", ["finding_id"], unique=False
    )
    op.create_table(
        "vedette_incident_techniques",
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("technique", _UID, nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["vedette_incidents.id"],
            name=op.f("fk_vedette_incident_techniques_owner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "technique", name=op.f("pk_vedette_incident_techniques")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_vedette_incident_techniques_technique"), "vedette_incident_techniques", ["technique"], unique=False
    )
    op.execute(sa.text("INSERT INTO vedette_clock (id, position, change) VALUES (1, 0, 0)"))
