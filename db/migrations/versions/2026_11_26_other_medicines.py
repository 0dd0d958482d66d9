"""other medicines

Why: what else a patient takes stands beside the diary, and who changed what the rules know of them.
Cannot be back-filled: medicines and changes that were noted elsewhere.
Does the old program still run on it: yes, without both.
"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "e6a2c94f17b8"
down_revision = "5c2e90d7b1f4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "other_medicine",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("dose", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", db.types.UtcDateTime(), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=False),
        sa.Column("is_mistake", sa.Boolean(), nullable=False),
        *_ties("other_medicine", {"added_by": "user", "ended_by": "user"}),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_medicine")),
    )
    op.create_table(
        "fact_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("before", db.types.Json, nullable=False),
        sa.Column("after", db.types.Json, nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", db.types.UtcDateTime(), nullable=False),
        *_ties("fact_change", {"changed_by": "user"}),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_change")),
    )
    for table in ("other_medicine", "fact_change"):
        for column in ("clinic_id", "patient_id"):
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _ties(table: str, others: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
        )
        for column, other in ({"clinic_id": "clinic", "patient_id": "patient"} | others).items()
    ]


def downgrade() -> None:
    op.drop_table("fact_change")
    op.drop_table("other_medicine")
