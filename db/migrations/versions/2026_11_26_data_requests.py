"""data requests, and the weekly report

Why: a patient may have everything about them, have it corrected, and have it erased; and which
week was reported is known.
Cannot be back-filled: nothing; nobody asked before.
Does the old program still run on it: yes.
"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "6b0d3f92ce18"
down_revision = "8d4b2f6c17ea"
branch_labels = None
depends_on = None

_ERASING = (
    "SELECT 1 FROM data_request WHERE kind = 'erasure' AND state = 'erasing' AND patient_id = {}"
)
_OF_ALERT = _ERASING.format("(SELECT patient_id FROM alert WHERE alert.id = OLD.alert_id)")
# Whose rows may leave while their patient's erasure is carried out; nothing else ever may.
_ERASABLE = {
    "entry": _ERASING.format("OLD.patient_id"),
    "assessment": _ERASING.format("OLD.patient_id"),
    "dose_record": _ERASING.format("OLD.patient_id"),
    "weekly_report": _ERASING.format("OLD.patient_id"),
    "alert_event": _OF_ALERT,
}


def _forbid_deleting(unless: dict[str, str | None]) -> None:
    """Make SQLite's triggers anew; PostgreSQL's walls are raised after the migrations."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for table, erasing in unless.items():
        op.execute(f"DROP TRIGGER {table}_no_delete")
        when = "" if erasing is None else f"WHEN NOT EXISTS ({erasing}) "
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {when}"
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def upgrade() -> None:
    op.create_table(
        "data_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", db.types.UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=False),
        sa.CheckConstraint(
            "kind IS NULL OR kind IN ('export', 'correction', 'erasure')",
            name=op.f("ck_data_request_kind"),
        ),
        sa.CheckConstraint(
            "state IS NULL OR state IN ('open', 'erasing', 'done', 'withdrawn')",
            name=op.f("ck_data_request_state"),
        ),
        sa.CheckConstraint(
            "kind <> 'erasure' OR state NOT IN ('erasing', 'done') OR decided_by <> asked_by",
            name=op.f("ck_data_request_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_data_request_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_data_request_patient_id_patient")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["user.id"], name=op.f("fk_data_request_asked_by_user")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user.id"], name=op.f("fk_data_request_decided_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_request")),
    )
    op.create_index(op.f("ix_data_request_clinic_id"), "data_request", ["clinic_id"])
    op.create_index(op.f("ix_data_request_patient_id"), "data_request", ["patient_id"])
    op.add_column("clinic", sa.Column("weekly_sent_on", sa.Date(), nullable=True))
    op.add_column("patient", sa.Column("erased_at", db.types.UtcDateTime(), nullable=True))
    _forbid_deleting(dict(_ERASABLE))


def downgrade() -> None:
    _forbid_deleting(dict.fromkeys(_ERASABLE))
    op.drop_column("patient", "erased_at")
    op.drop_column("clinic", "weekly_sent_on")
    op.drop_table("data_request")
