"""follow-up that ends, and patients handed over

Why: a patient leaves the list, comes back or goes to another clinic, and everybody can see why.
Cannot be back-filled: why patients who are no longer active left.
Does the old program still run on it: yes.
"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "8d4b2f6c17ea"
down_revision = "c3f18a6e4d92"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "follow_up_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("at", db.types.UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("clinic_name", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IS NULL OR kind IN ('ended', 'resumed', 'moved_out', 'moved_in')",
            name=op.f("ck_follow_up_change_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_follow_up_change_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_follow_up_change_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_change")),
    )
    op.create_index(op.f("ix_follow_up_change_clinic_id"), "follow_up_change", ["clinic_id"])
    op.create_index(
        "ix_follow_up_change_patient", "follow_up_change", ["clinic_id", "patient_id", "at"]
    )
    op.create_table(
        "handover",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("to_clinic_id", sa.Uuid(), nullable=False),
        sa.Column("offered_by", sa.String(), nullable=False),
        sa.Column("offered_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("settled_at", db.types.UtcDateTime(), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=False),
        sa.Column("new_patient_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state IS NULL OR state IN ('offered', 'accepted', 'declined', 'withdrawn')",
            name=op.f("ck_handover_state"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_handover_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_handover_patient_id_patient")
        ),
        sa.ForeignKeyConstraint(
            ["to_clinic_id"], ["clinic.id"], name=op.f("fk_handover_to_clinic_id_clinic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    for column in ("clinic_id", "patient_id", "to_clinic_id"):
        op.create_index(op.f(f"ix_handover_{column}"), "handover", [column])


def downgrade() -> None:
    op.drop_table("handover")
    op.drop_table("follow_up_change")
