"""rule sets

Why: a clinic's thresholds are data: proposed by one person, replayed, approved by another.
Cannot be back-filled: nothing; without a row the reviewed rules hold, as before.
Does the old program still run on it: yes, with the reviewed rules.
"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "e0b6d1a94c37"
down_revision = "c41f7be09d52"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule_set",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("what_if", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("what_if_of", sa.String(), nullable=True),
        sa.Column("what_if_at", db.types.UtcDateTime(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", db.types.UtcDateTime(), nullable=True),
        sa.Column("in_force_from", db.types.UtcDateTime(), nullable=True),
        sa.Column("withdrawn_at", db.types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> proposed_by",
            name=op.f("ck_rule_set_two_people"),
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR withdrawn_at IS NULL", name=op.f("ck_rule_set_withdrawn")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["user.id"], name=op.f("fk_rule_set_approved_by_user")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_rule_set_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["user.id"], name=op.f("fk_rule_set_proposed_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_set")),
        sa.UniqueConstraint("clinic_id", "version", name=op.f("uq_rule_set_clinic_id_version")),
    )
    with op.batch_alter_table("rule_set", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rule_set_clinic_id"), ["clinic_id"], unique=False)


def downgrade() -> None:
    op.drop_table("rule_set")
