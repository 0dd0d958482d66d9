"""rule set decisions

Why: who turned a proposal down, and why it was approved or turned down, is kept with it.
Cannot be back-filled: the reasons of earlier decisions; they stay empty.
Does the old program still run on it: yes.
"""

import sqlalchemy as sa
from alembic import op

revision = "9c4e27d1b8f0"
down_revision = "7e2f4c81b0d9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rule_set") as batch_op:
        batch_op.add_column(sa.Column("withdrawn_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("decision", sa.String(), nullable=False, server_default=""))
        batch_op.create_foreign_key(
            op.f("fk_rule_set_withdrawn_by_user"), "user", ["withdrawn_by"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("rule_set") as batch_op:
        batch_op.drop_constraint(op.f("fk_rule_set_withdrawn_by_user"), type_="foreignkey")
        batch_op.drop_column("decision")
        batch_op.drop_column("withdrawn_by")
