"""light drafts

Why: a report on the light page holds its photos before it is sent, and must not replace the entry
that is being written in the app.
Cannot be back-filled: nothing; every earlier draft was written in the app.
Does the old program still run on it: yes; it would take a report begun on the light page for the
open entry.
"""

import sqlalchemy as sa
from alembic import op

revision = "4d7a1c93e5b6"
down_revision = "b7a40d5c913e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In place: photos and tickets point to this table.
    op.add_column(
        "draft", sa.Column("light", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )


def downgrade() -> None:
    op.drop_column("draft", "light")
