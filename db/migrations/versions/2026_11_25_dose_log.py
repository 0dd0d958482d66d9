"""dose log

Why: what was taken is said day by day, also beside an entry, with how it was taken; a day's doses
can be graded without an entry; a patient may have read a changed plan or not.
Cannot be back-filled: doses said in entries before; their entries go on to say them.
Does the old program still run on it: yes, without the log.
"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "e81b5c07d2a6"
down_revision = "4d7a1c93e5b6"
branch_labels = None
depends_on = None

_ABOUT = ("entry_id", "lab_on", "silent_on", "timer_of")


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IS NULL OR {column} IN ({', '.join(repr(word) for word in words)})"


def _between(column: str, low: int, high: int) -> str:
    return f"{column} IS NULL OR ({column} >= {low} AND {column} <= {high})"


def _one_set(*columns: str) -> str:
    return (
        " + ".join(f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in columns) + " = 1"
    )


def _forbid_changes(table: str) -> None:
    # SQLite makes a table anew for a check, and its triggers go with the old one.
    if op.get_bind().dialect.name != "sqlite":
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act.lower()}")
        op.execute(
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def upgrade() -> None:
    op.create_table(
        "dose_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("diary_on", sa.Date(), nullable=False),
        sa.Column("drug", sa.String(), nullable=False),
        sa.Column("planned_mg", sa.Float(), nullable=True),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("taken_mg", sa.Float(), nullable=True),
        sa.Column("taken_clock", sa.String(), nullable=True),
        sa.Column("vomited_after", sa.String(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("recorded_at", db.types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            _one_of("drug", ("imatinib", "prednisolone")), name=op.f("ck_dose_record_drug")
        ),
        sa.CheckConstraint(
            _one_of("how", ("planned", "late", "missed", "different", "vomited", "taken_back")),
            name=op.f("ck_dose_record_how"),
        ),
        sa.CheckConstraint(
            _one_of("vomited_after", ("within_30", "within_120", "later", "unknown")),
            name=op.f("ck_dose_record_vomited_after"),
        ),
        sa.CheckConstraint(_between("planned_mg", 0, 1000), name=op.f("ck_dose_record_planned_mg")),
        sa.CheckConstraint(_between("taken_mg", 0, 5000), name=op.f("ck_dose_record_taken_mg")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_dose_record_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_dose_record_patient_id_patient")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_dose_record_entry_id_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dose_record")),
    )
    op.create_index(op.f("ix_dose_record_clinic_id"), "dose_record", ["clinic_id"])
    op.create_index("ix_dose_record_day", "dose_record", ["clinic_id", "patient_id", "diary_on"])
    _forbid_changes("dose_record")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dose_on", sa.Date(), nullable=True))
        batch_op.drop_constraint(batch_op.f("ck_assessment_about"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_assessment_about"), _one_set(*_ABOUT, "dose_on")
        )
    _forbid_changes("assessment")
    # Not in batch mode, which makes a table anew: other tables point to this one.
    op.add_column("patient", sa.Column("plan_read_at", db.types.UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("patient", "plan_read_at")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER assessment_no_delete")
    else:
        op.execute("DROP TRIGGER IF EXISTS assessment_append_only ON assessment")
    op.execute("DELETE FROM assessment WHERE dose_on IS NOT NULL")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_assessment_about"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_assessment_about"), _one_set(*_ABOUT))
        batch_op.drop_column("dose_on")
    _forbid_changes("assessment")
    op.drop_table("dose_record")
