"""planned visits

Why: a visit is agreed in the diary and stands in the patient's calendar.
Cannot be back-filled: visits agreed elsewhere.
Does the old program still run on it: yes, without visits.
"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "c3f18a6e4d92"
down_revision = "5b7e90c1d2fa"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "planned_visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("cancelled_at", db.types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "minutes IS NULL OR (minutes >= 5 AND minutes <= 480)",
            name=op.f("ck_planned_visit_minutes"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_planned_visit_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_planned_visit_patient_id_patient")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["user.id"], name=op.f("fk_planned_visit_changed_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_visit")),
    )
    for column in ("clinic_id", "patient_id"):
        op.create_index(op.f(f"ix_planned_visit_{column}"), "planned_visit", [column])


def downgrade() -> None:
    op.drop_table("planned_visit")
