"""laboratory values

Why: a result raises an alert by itself; a drug level is read with its sampling times; a wrong
value can be withdrawn.
Cannot be back-filled: sampling times of results that were entered before.
Does the old program still run on it: yes, until the first assessment without an entry.
"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "c41f7be09d52"
down_revision = "a7cd92a6ffd1"
branch_labels = None
depends_on = None


def _forbid_changes() -> None:
    # SQLite makes the table anew for a column's NULL, and its triggers go with the old one.
    if op.get_bind().dialect.name != "sqlite":
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(f"DROP TRIGGER IF EXISTS assessment_no_{act.lower()}")
        op.execute(
            f"CREATE TRIGGER assessment_no_{act.lower()} BEFORE {act} ON assessment "
            "BEGIN SELECT RAISE(ABORT, 'assessment is append-only'); END"
        )


def upgrade() -> None:
    with op.batch_alter_table("lab_result", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sampled_at", db.types.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("last_dose_at", db.types.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_at", db.types.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_reason", sa.String(), nullable=True))

    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lab_on", sa.Date(), nullable=True))
        batch_op.alter_column("entry_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.create_check_constraint(
            op.f("ck_assessment_about"), "(entry_id IS NULL) <> (lab_on IS NULL)"
        )
    _forbid_changes()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER assessment_no_delete")
    else:
        op.execute("DROP TRIGGER IF EXISTS assessment_append_only ON assessment")
    op.execute("DELETE FROM assessment WHERE entry_id IS NULL")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_assessment_about"), type_="check")
        batch_op.alter_column("entry_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.drop_column("lab_on")
    _forbid_changes()

    with op.batch_alter_table("lab_result", schema=None) as batch_op:
        batch_op.drop_column("withdrawn_reason")
        batch_op.drop_column("withdrawn_at")
        batch_op.drop_column("last_dose_at")
        batch_op.drop_column("sampled_at")
