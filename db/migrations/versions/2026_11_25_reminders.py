"""reminders and silence

Why: what is due for a patient (reminders, the end of a silent day, second readings) lies in rows;
silent days and missing second readings are graded; patients have a private calendar address.
Cannot be back-filled: silent days before today; they count when the next one is judged.
Does the old program still run on it: yes.
"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "9c41e7d20b58"
down_revision = "9c2f4d7e61b3"
branch_labels = None
depends_on = None


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IS NULL OR {column} IN ({', '.join(repr(word) for word in words)})"


def _one_set(*columns: str) -> str:
    return (
        " + ".join(f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in columns) + " = 1"
    )


def _keys(table: str, *more: sa.ForeignKeyConstraint) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f(f"fk_{table}_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f(f"fk_{table}_patient_id_patient")
        ),
        *more,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _forbid_changes() -> None:
    # SQLite makes the table anew for a check, and its triggers go with the old one.
    if op.get_bind().dialect.name != "sqlite":
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(f"DROP TRIGGER IF EXISTS assessment_no_{act.lower()}")
        op.execute(
            f"CREATE TRIGGER assessment_no_{act.lower()} BEFORE {act} ON assessment "
            "BEGIN SELECT RAISE(ABORT, 'assessment is append-only'); END"
        )


def upgrade() -> None:
    op.create_table(
        "reminder_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("local_time", sa.String(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("changed_at", db.types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(_one_of("kind", ("entry", "dose")), name=op.f("ck_reminder_rule_kind")),
        sa.UniqueConstraint("patient_id", "kind", name=op.f("uq_reminder_rule_patient_id_kind")),
        *_keys("reminder_rule"),
    )
    op.create_table(
        "due_row",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column("local_time", sa.String(), nullable=True),
        sa.Column("due_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("settled_at", db.types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            _one_of(
                "kind",
                ("entry", "dose", "second", "silence", "recheck", "recheck_missing", "morning"),
            ),
            name=op.f("ck_due_row_kind"),
        ),
        sa.CheckConstraint(
            _one_of("state", ("waiting", "done", "skipped", "cancelled")),
            name=op.f("ck_due_row_state"),
        ),
        sa.UniqueConstraint("patient_id", "key", name=op.f("uq_due_row_patient_id_key")),
        *_keys(
            "due_row",
            sa.ForeignKeyConstraint(
                ["entry_id"], ["entry.id"], name=op.f("fk_due_row_entry_id_entry")
            ),
        ),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("discreet", sa.Boolean(), nullable=False),
        sa.Column("created_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("ended_at", db.types.UtcDateTime(), nullable=True),
        sa.Column("fetched_on", sa.Date(), nullable=True),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
        *_keys("calendar_feed"),
    )
    for table, columns in (
        ("reminder_rule", ("clinic_id", "patient_id")),
        ("due_row", ("clinic_id",)),
        ("calendar_feed", ("clinic_id", "patient_id")),
    ):
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.create_index("ix_due_row_due", "due_row", ["clinic_id", "state", "due_at"])

    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("silent_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("timer_of", sa.Uuid(), nullable=True))
        batch_op.drop_constraint(batch_op.f("ck_assessment_about"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_assessment_about"),
            _one_set("entry_id", "lab_on", "silent_on", "timer_of"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_assessment_timer_of_entry"), "entry", ["timer_of"], ["id"]
        )
    _forbid_changes()

    # Not in batch mode, which makes a table anew: other tables point to this one.
    op.add_column("patient", sa.Column("planned_until", db.types.UtcDateTime(), nullable=True))
    op.create_index(
        "ix_patient_planned", "patient", ["clinic_id", "active", "is_test", "planned_until"]
    )


def downgrade() -> None:
    op.drop_index("ix_patient_planned", "patient")
    op.drop_column("patient", "planned_until")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER assessment_no_delete")
    else:
        op.execute("DROP TRIGGER IF EXISTS assessment_append_only ON assessment")
    op.execute("DELETE FROM assessment WHERE silent_on IS NOT NULL OR timer_of IS NOT NULL")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_assessment_timer_of_entry"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("ck_assessment_about"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_assessment_about"), "(entry_id IS NULL) <> (lab_on IS NULL)"
        )
        batch_op.drop_column("timer_of")
        batch_op.drop_column("silent_on")
    _forbid_changes()
    for table in ("calendar_feed", "due_row", "reminder_rule"):
        op.drop_table(table)
