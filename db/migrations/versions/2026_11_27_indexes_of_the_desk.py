"""indexes of the desk

Why: the inbox and the list of patients read all that the clinic ever wrote; now what they show.
Cannot be back-filled: nothing.
Does the old program still run on it: yes.
"""

import sqlalchemy as sa
from alembic import op

revision = "c48b1f6e09d2"
down_revision = "a95c0e7f31d4"
branch_labels = None
depends_on = None


def _some(name: str, table: str, columns: list[str], condition: str) -> None:
    held = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=held, postgresql_where=held)


def upgrade() -> None:
    _some("ix_entry_replaced", "entry", ["clinic_id", "replaces_id"], "replaces_id IS NOT NULL")
    _some("ix_assessment_beside", "assessment", ["clinic_id", "patient_id"], "entry_id IS NULL")
    op.drop_index("ix_assessment_digest", table_name="assessment")
    _some("ix_assessment_digest", "assessment", ["clinic_id", "id"], "level = 'digest'")
    op.create_index("ix_assessment_made", "assessment", ["clinic_id", "assessed_at"])
    op.drop_index("ix_assessment_clinic_id", table_name="assessment")
    op.create_index("ix_dose_record_clinic_day", "dose_record", ["clinic_id", "diary_on"])
    op.drop_index("ix_dose_record_clinic_id", table_name="dose_record")
    op.create_index("ix_alert_closed", "alert", ["clinic_id", "closed_at"])


def downgrade() -> None:
    op.drop_index("ix_alert_closed", table_name="alert")
    op.create_index("ix_dose_record_clinic_id", "dose_record", ["clinic_id"])
    op.drop_index("ix_dose_record_clinic_day", table_name="dose_record")
    op.create_index("ix_assessment_clinic_id", "assessment", ["clinic_id"])
    op.drop_index("ix_assessment_made", table_name="assessment")
    op.drop_index("ix_assessment_digest", table_name="assessment")
    _some("ix_assessment_digest", "assessment", ["clinic_id", "assessed_at"], "level = 'digest'")
    op.drop_index("ix_assessment_beside", table_name="assessment")
    op.drop_index("ix_entry_replaced", table_name="entry")
