"""audit of a patient

Why: what was done about one patient is asked for at every visit: when was the last report made.
Cannot be back-filled: nothing; it is an index.
Does the old program still run on it: yes.
"""

from alembic import op

revision = "5b7e90c1d2fa"
down_revision = "4e1fa2d86c07"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_event_patient", "audit_event", ["clinic_id", "patient_id", "number"])


def downgrade() -> None:
    op.drop_index("ix_audit_event_patient", "audit_event")
