"""ways out and tasks

Why: people are told by more than e-mail, patients too; a message keeps its receipt and who leased
it; what cannot be delivered becomes a task; an alert can be snoozed; alarms are tried with a test
patient.
Cannot be back-filled: receipts of messages that were sent before.
Does the old program still run on it: yes.
"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "5b1d90c2ea74"
down_revision = "e0b6d1a94c37"
branch_labels = None
depends_on = None

KINDS = ("alert", "digest", "reminder", "task", "report", "probe", "test")
STATES = (
    "pending",
    "sending",
    "sent",
    "delivered",
    "failed_temporary",
    "failed_permanent",
    "superseded",
)


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IS NULL OR {column} IN ({', '.join(repr(word) for word in words)})"


def upgrade() -> None:
    op.create_table(
        "contact_way",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", db.types.UtcDateTime(), nullable=True),
        sa.Column("disabled_at", db.types.UtcDateTime(), nullable=True),
        sa.Column("disabled_because", sa.String(), nullable=True),
        sa.CheckConstraint(
            _one_of("kind", ("email", "apprise", "webhook")), name=op.f("ck_contact_way_kind")
        ),
        sa.CheckConstraint(
            "user_id IS NULL OR patient_id IS NULL", name=op.f("ck_contact_way_one_owner")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_contact_way_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_contact_way_patient_id_patient")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_contact_way_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_way")),
    )
    with op.batch_alter_table("contact_way", schema=None) as batch_op:
        for column in ("clinic_id", "patient_id", "user_id"):
            batch_op.create_index(batch_op.f(f"ix_contact_way_{column}"), [column], unique=False)

    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.add_column(sa.Column("patient_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("way_id", sa.Uuid(), nullable=True))
        batch_op.add_column(
            sa.Column("held_because", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("bundle_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("lease_owner", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("receipt", sa.String(), nullable=False, server_default=""))
        batch_op.alter_column("user_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.drop_constraint(batch_op.f("ck_notification_kind"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_notification_state"), type_="check")
        batch_op.drop_constraint(
            batch_op.f("uq_notification_alert_id_user_id_step_round"), type_="unique"
        )
        batch_op.create_check_constraint(batch_op.f("ck_notification_kind"), _one_of("kind", KINDS))
        batch_op.create_check_constraint(
            batch_op.f("ck_notification_state"), _one_of("state", STATES)
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_notification_one_recipient"), "user_id IS NULL OR patient_id IS NULL"
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_notification_alert_id_user_id_way_step_round"),
            ["alert_id", "user_id", "way", "step", "round"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_notification_patient_id_patient"), "patient", ["patient_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_notification_way_id_contact_way"), "contact_way", ["way_id"], ["id"]
        )
        batch_op.create_index(
            batch_op.f("ix_notification_patient_id"), ["patient_id"], unique=False
        )

    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=True),
        sa.Column("notification_id", sa.Uuid(), nullable=True),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("created_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("done_at", db.types.UtcDateTime(), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(
            _one_of(
                "kind",
                (
                    "undeliverable",
                    "nobody_to_notify",
                    "ungraded",
                    "stuck",
                    "books_differ",
                    "probe_lost",
                ),
            ),
            name=op.f("ck_task_kind"),
        ),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_task_alert_id_alert")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_task_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(["done_by"], ["user.id"], name=op.f("fk_task_done_by_user")),
        sa.ForeignKeyConstraint(
            ["notification_id"],
            ["notification.id"],
            name=op.f("fk_task_notification_id_notification"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_task_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_alert_id"), ["alert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_clinic_id"), ["clinic_id"], unique=False)

    # Not in batch mode, which makes a table anew: other tables point to these two.
    op.add_column("alert", sa.Column("snoozed_until", db.types.UtcDateTime(), nullable=True))
    op.add_column(
        "patient", sa.Column("is_test", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("patient", "is_test")
    op.drop_column("alert", "snoozed_until")
    op.drop_table("task")
    op.execute("DELETE FROM notification WHERE user_id IS NULL OR way_id IS NOT NULL")
    op.execute("DELETE FROM notification WHERE kind NOT IN ('alert', 'digest')")
    op.execute("UPDATE notification SET state = 'sent' WHERE state = 'delivered'")
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notification_patient_id"))
        for name in ("fk_notification_patient_id_patient", "fk_notification_way_id_contact_way"):
            batch_op.drop_constraint(batch_op.f(name), type_="foreignkey")
        for name in ("one_recipient", "kind", "state"):
            batch_op.drop_constraint(batch_op.f(f"ck_notification_{name}"), type_="check")
        batch_op.drop_constraint(
            batch_op.f("uq_notification_alert_id_user_id_way_step_round"), type_="unique"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_notification_kind"), _one_of("kind", ("alert", "digest"))
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_notification_state"),
            _one_of("state", tuple(state for state in STATES if state != "delivered")),
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_notification_alert_id_user_id_step_round"),
            ["alert_id", "user_id", "step", "round"],
        )
        batch_op.alter_column("user_id", existing_type=sa.Uuid(), nullable=False)
        for column in (
            "receipt",
            "lease_owner",
            "bundle_id",
            "held_because",
            "way_id",
            "patient_id",
        ):
            batch_op.drop_column(column)
    op.drop_table("contact_way")
