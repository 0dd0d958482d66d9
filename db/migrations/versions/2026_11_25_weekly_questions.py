"""weekly questions

Why: a clinic may ask the weekly PRO-CTCAE questions; they are off until it does.
Cannot be back-filled: nothing.
Does the old program still run on it: yes, without the questions.
"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "7e2f4c81b0d9"
down_revision = "5b1d90c2ea74"
branch_labels = None
depends_on = None


def _forbid_changes() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER weekly_report_no_{act.lower()} BEFORE {act} ON weekly_report "
            "BEGIN SELECT RAISE(ABORT, 'weekly_report is append-only'); END"
        )


def upgrade() -> None:
    # Not in a batch: that would make the table anew, and every other table points to it.
    op.add_column(
        "clinic",
        sa.Column("weekly_questions", sa.Boolean(), nullable=False, server_default="0"),
    )
    op.add_column("clinic", sa.Column("weekly_items", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "weekly_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("period_ends_on", sa.Date(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("answers", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("written_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("received_at", db.types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "author IS NULL OR author IN ('patient', 'carer', 'staff')",
            name=op.f("ck_weekly_report_author"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_weekly_report_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_weekly_report_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_report")),
    )
    op.create_table(
        "weekly_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("sent_at", db.types.UtcDateTime(), nullable=True),
        sa.Column("discarded_at", db.types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_weekly_draft_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_weekly_draft_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_draft")),
    )
    for table in ("weekly_report", "weekly_draft"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in ("clinic_id", "patient_id"):
                batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)
    _forbid_changes()


def downgrade() -> None:
    op.drop_table("weekly_draft")
    op.drop_table("weekly_report")
    op.drop_column("clinic", "weekly_items")
    op.drop_column("clinic", "weekly_questions")
