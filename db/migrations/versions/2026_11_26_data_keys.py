"""data keys

Why: photos and free text are sealed with a key of their clinic.
Cannot be back-filled: nothing; `diary keys encrypt` seals what is there.
Does the old program still run on it: yes, until the first words are sealed; it shows those as
they are kept.
"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "7c2e91d05ab4"
down_revision = "e6a2c94f17b8"
branch_labels = None
depends_on = None

# Only added to, and with words in it that are sealed anew when the key is changed.
_SEALED = ("entry", "alert_event")
_RESEALING = "SELECT 1 FROM data_key WHERE clinic_id = OLD.clinic_id AND resealing"


def _forbid_changes(*, but_sealing: bool) -> None:
    """Make SQLite's triggers anew; PostgreSQL's walls are raised after the migrations."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in _SEALED:
        op.execute(f"DROP TRIGGER {table}_no_update")
        when = f"WHEN NOT EXISTS ({_RESEALING}) " if but_sealing else ""
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {when}"
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def upgrade() -> None:
    op.create_table(
        "data_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("settled_at", db.types.UtcDateTime(), nullable=True),
        sa.Column("resealing", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "version IS NULL OR (version >= 1 AND version <= 1000000)",
            name=op.f("ck_data_key_version"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_data_key_clinic_id_clinic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_key")),
        sa.UniqueConstraint("clinic_id", "version", name=op.f("uq_data_key_clinic_id_version")),
    )
    op.create_index(op.f("ix_data_key_clinic_id"), "data_key", ["clinic_id"])
    _forbid_changes(but_sealing=True)


def downgrade() -> None:
    _forbid_changes(but_sealing=False)
    op.drop_table("data_key")
