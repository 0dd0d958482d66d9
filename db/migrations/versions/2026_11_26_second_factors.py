"""second factors

Why: staff sign in with passkeys, recovery codes or the hospital's sign-in service, and show again
that it is them before exports and changes of rules.
Cannot be back-filled: nothing; sign-ins that are open now are asked for a second factor once more.
Does the old program still run on it: yes, and knows nothing of these.
"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "a95c0e7f31d4"
down_revision = "7c2e91d05ab4"
branch_labels = None
depends_on = None


def _own(table: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f(f"fk_{table}_clinic_id_clinic")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f(f"fk_{table}_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_clinic_id"), table, ["clinic_id"])


def upgrade() -> None:
    op.add_column("sign_in", sa.Column("verified_at", db.types.UtcDateTime(), nullable=True))
    _own(
        "recovery_code",
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("made_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("used_at", db.types.UtcDateTime(), nullable=True),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
    )
    _own(
        "passkey",
        sa.Column("credential_id", sa.String(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", db.types.UtcDateTime(), nullable=False),
        sa.Column("last_used_at", db.types.UtcDateTime(), nullable=True),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    _own(
        "hospital_identity",
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("linked_at", db.types.UtcDateTime(), nullable=False),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_hospital_identity_issuer_subject")),
        sa.UniqueConstraint("user_id", name=op.f("uq_hospital_identity_user_id")),
    )
    for table in ("recovery_code", "passkey"):
        op.create_index(op.f(f"ix_{table}_user_id"), table, ["user_id"])
    op.create_table(
        "used_once",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", db.types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_used_once")),
        sa.UniqueConstraint("key", name=op.f("uq_used_once_key")),
    )
    op.create_index(op.f("ix_used_once_at"), "used_once", ["at"])


def downgrade() -> None:
    for table in ("used_once", "hospital_identity", "passkey", "recovery_code"):
        op.drop_table(table)
    with op.batch_alter_table("sign_in") as batch:
        batch.drop_column("verified_at")
