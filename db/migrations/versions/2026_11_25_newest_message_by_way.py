"""newest message by way

Why: everybody sees the last result of each of their ways out, also beside 100,000 messages.
Cannot be back-filled: nothing.
Does the old program still run on it: yes.
"""

from alembic import op

revision = "9d3c5f7a1b20"
down_revision = "3c8e5a60f7d4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_notification_way", "notification", ["user_id", "way", "created_at"])


def downgrade() -> None:
    op.drop_index("ix_notification_way", table_name="notification")
