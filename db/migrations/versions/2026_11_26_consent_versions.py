"""consent versions, and how long the diary is kept

Why: a clinic writes its own consent text in versions, a patient can say no to one, and a clinic
says how many years after the end of follow-up an erasure is proposed.
Cannot be back-filled: nothing; every answer so far was a yes.
Does the old program still run on it: yes, and takes every answer for a yes.
"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "5e8c1d07b9a4"
down_revision = "e6a0c3d58b12"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consent_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("texts", db.types.Json, nullable=False),
        sa.Column("changes", db.types.Json, nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", db.types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_consent_text_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["user.id"], name=op.f("fk_consent_text_written_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_text")),
        sa.UniqueConstraint("clinic_id", "number", name=op.f("uq_consent_text_clinic_id_number")),
    )
    op.create_index(op.f("ix_consent_text_clinic_id"), "consent_text", ["clinic_id"])
    op.add_column(
        "consent", sa.Column("answer", sa.String(), nullable=False, server_default="agreed")
    )
    op.add_column("clinic", sa.Column("keep_years", sa.Integer(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":  # PostgreSQL's walls are raised afterwards
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER consent_text_no_{act} BEFORE {act.upper()} ON consent_text "
                "BEGIN SELECT RAISE(ABORT, 'consent_text is append-only'); END"
            )


def downgrade() -> None:
    op.drop_column("clinic", "keep_years")
    op.drop_column("consent", "answer")
    op.drop_table("consent_text")
