"""indexes of a clinic

Why: the weekly list and the list of patients read the days of all clinics; now only their own.
Cannot be back-filled: nothing.
Does the old program still run on it: yes.
"""

import sqlalchemy as sa
from alembic import op

revision = "e6a0c3d58b12"
down_revision = "d41b7e93a0c5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    listed = sa.text("level = 'digest'")
    op.create_index(
        "ix_assessment_digest",
        "assessment",
        ["clinic_id", "assessed_at"],
        sqlite_where=listed,
        postgresql_where=listed,
    )
    op.create_index("ix_entry_clinic_day", "entry", ["clinic_id", "diary_on"])
    op.drop_index("ix_entry_diary_on", table_name="entry")


def downgrade() -> None:
    op.create_index("ix_entry_diary_on", "entry", ["diary_on"])
    op.drop_index("ix_entry_clinic_day", table_name="entry")
    op.drop_index("ix_assessment_digest", table_name="assessment")
