"""watching the alarm

Why: the alarm tries itself with a test patient, whose alerts are no patient's; what is due, waits
or came in on a day is found without reading every row.
Cannot be back-filled: nothing.
Does the old program still run on it: yes.
"""

import sqlalchemy as sa
from alembic import op

revision = "3c8e5a60f7d4"
down_revision = "9c41e7d20b58"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_alert_state", "alert", ["clinic_id", "state", "next_look_at"], None),
    ("ix_alert_step", "alert", ["clinic_id", "state", "step_entered_at"], None),
    ("ix_alert_taken", "alert", ["clinic_id", "state", "acknowledged_at"], None),
    ("ix_alert_raised", "alert", ["clinic_id", "raised_at"], None),
    ("ix_alert_event_at", "alert_event", ["clinic_id", "at"], None),
    ("ix_notification_made", "notification", ["clinic_id", "created_at"], None),
    ("ix_notification_state", "notification", ["clinic_id", "state", "next_attempt_at"], None),
    ("ix_entry_received", "entry", ["clinic_id", "received_at"], None),
    ("ix_entry_day", "entry", ["clinic_id", "patient_id", "diary_on"], None),
    ("ix_assessment_failed", "assessment", ["clinic_id", "entry_id"], "outcome = 'failed'"),
    ("ix_assessment_silence", "assessment", ["clinic_id", "assessed_at"], "entry_id IS NULL"),
    ("ix_lab_entered", "lab_result", ["clinic_id", "entered_at"], None),
)


def upgrade() -> None:
    # Not in batch mode, which makes a table anew: other tables point to these.
    op.add_column("clinic", sa.Column("probe_hour", sa.Integer(), nullable=True))
    op.add_column("clinic", sa.Column("probe_to", sa.Uuid(), nullable=True))
    op.add_column(
        "alert", sa.Column("is_test", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute("UPDATE clinic SET probe_hour = 10")
    for name, table, columns, some in INDEXES:
        where = None if some is None else sa.text(some)
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
    op.create_index(
        "ix_patient_test",
        "patient",
        ["clinic_id"],
        sqlite_where=sa.text("is_test IS 1"),
        postgresql_where=sa.text("is_test IS true"),
    )


def downgrade() -> None:
    op.drop_index("ix_patient_test", table_name="patient")
    for name, table, _columns, _some in INDEXES:
        op.drop_index(name, table_name=table)
    op.drop_column("alert", "is_test")
    op.drop_column("clinic", "probe_to")
    op.drop_column("clinic", "probe_hour")
