"""questions for the visit

Why: patients write down what they want to ask, and the visit report prints it on page one.
Cannot be back-filled: nothing; there were no questions.
Does the old program still run on it: yes, and shows no question.
"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "5c2e90d7b1f4"
down_revision = "5e8c1d07b9a4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visit_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("asked_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("ended_at", db.types.UtcDateTime(), nullable=True),
        sa.Column("ended_how", sa.String(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "ended_how IS NULL OR ended_how IN ('answered', 'taken_back')",
            name=op.f("ck_visit_question_ended_how"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_visit_question_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_visit_question_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_question")),
    )
    for column in ("clinic_id", "patient_id"):
        op.create_index(op.f(f"ix_visit_question_{column}"), "visit_question", [column])


def downgrade() -> None:
    op.drop_table("visit_question")
