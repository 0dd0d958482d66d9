"""language of staff

Why: everybody at the clinic reads the diary in a language of their own.
Cannot be back-filled: nothing; without a choice the clinic's language is used.
Does the old program still run on it: yes.
"""

import sqlalchemy as sa
from alembic import op

revision = "4e1fa2d86c07"
down_revision = "4f9d2b6a81c7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user", sa.Column("language", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("user", "language")
