"""weekly list

Why: what asks for the next summary stays listed until somebody of the care team reviewed it.
Cannot be back-filled: who read what before; earlier assessments are listed as not reviewed.
Does the old program still run on it: yes, without the list.
"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "b7a40d5c913e"
down_revision = "9d3c5f7a1b20"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digest_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("reviewed_by", sa.Uuid(), nullable=False),
        sa.Column("reviewed_at", db.types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_digest_review_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_digest_review_patient_id_patient")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_digest_review_assessment_id_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by"], ["user.id"], name=op.f("fk_digest_review_reviewed_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_review")),
        sa.UniqueConstraint("assessment_id", name=op.f("uq_digest_review_assessment_id")),
    )
    for column in ("clinic_id", "patient_id"):
        op.create_index(op.f(f"ix_digest_review_{column}"), "digest_review", [column])


def downgrade() -> None:
    op.drop_table("digest_review")
