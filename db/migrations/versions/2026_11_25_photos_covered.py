"""photos covered

Why: photos are covered on a patient's device until somebody who may asked to see them; what a
photo seems to lack is asked once, after it arrived.
Cannot be back-filled: what earlier photos lack; nothing is asked about them.
Does the old program still run on it: yes, and covers no photo.
"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "4f9d2b6a81c7"
down_revision = "e81b5c07d2a6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sign_in", sa.Column("photos_until", db.types.UtcDateTime(), nullable=True))
    op.add_column("photo", sa.Column("doubt", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("photo", "doubt")
    op.drop_column("sign_in", "photos_until")
