"""tokens of programs

Why: other programs of the clinic read and write through the API under tokens of their own.
Cannot be back-filled: nothing; there were no tokens.
Does the old program still run on it: yes, and answers no token.
"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "d41b7e93a0c5"
down_revision = "6b0d3f92ce18"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scopes", db.types.Json, nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("expires_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("last_used_at", db.types.UtcDateTime(), nullable=True),
        sa.Column("ended_at", db.types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_api_token_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user.id"], name=op.f("fk_api_token_created_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_table(
        "api_write",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("body_sha256", sa.String(), nullable=False),
        sa.Column("at", db.types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_api_write_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_api_write_patient_id_patient")
        ),
        sa.ForeignKeyConstraint(
            ["token_id"], ["api_token.id"], name=op.f("fk_api_write_token_id_api_token")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_api_write_entry_id_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_write")),
        sa.UniqueConstraint("clinic_id", "key", name=op.f("uq_api_write_clinic_id_key")),
    )
    for table in ("api_token", "api_write"):
        op.create_index(op.f(f"ix_{table}_clinic_id"), table, ["clinic_id"])
    op.create_index(op.f("ix_api_write_patient_id"), "api_write", ["patient_id"])


def downgrade() -> None:
    op.drop_table("api_write")
    op.drop_table("api_token")
