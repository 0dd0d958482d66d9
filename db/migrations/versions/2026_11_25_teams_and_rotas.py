"""teams and rotas

Why: a policy tells teams and whoever is on call; rotas have overrides and cover for days away; a
snooze has a cap, and a holder who never closes is told again.
Cannot be back-filled: how long alerts were snoozed before; they were not.
Does the old program still run on it: yes; it tells nobody behind a team or a rota.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

import db.types

revision = "9c2f4d7e61b3"
down_revision = "9c4e27d1b8f0"
branch_labels = None
depends_on = None

USER = ("user_id", "user")
ROTA = ("rota_id", "rota")


def _table(
    name: str,
    columns: list["sa.Column[Any]"],
    keys: list[tuple[str, str]],
    *constraints: sa.Constraint,
    index: tuple[str, ...] = (),
) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        *columns,
        *constraints,
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{other}.id"], name=op.f(f"fk_{name}_{column}_{other}")
            )
            for column, other in [("clinic_id", "clinic"), *keys]
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    for column in ("clinic_id", *index):
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column], unique=False)


def _named(name: str) -> None:
    _table(
        name,
        [
            sa.Column("name", sa.String(), nullable=False),
            sa.Column("created_at", db.types.UtcDateTime(), nullable=False),
            sa.Column("ended_at", db.types.UtcDateTime(), nullable=True),
        ],
        [],
    )


def _id(name: str, *, needed: bool = True) -> "sa.Column[Any]":
    return sa.Column(name, sa.Uuid(), nullable=not needed)


def upgrade() -> None:
    _named("team")
    _named("rota")
    _table(
        "team_member",
        [_id("team_id"), _id("user_id")],
        [("team_id", "team"), USER],
        sa.UniqueConstraint("team_id", "user_id", name=op.f("uq_team_member_team_id_user_id")),
        index=("team_id",),
    )
    _table(
        "rota_shift",
        [
            _id("rota_id"),
            sa.Column("weekday", sa.Integer(), nullable=False),
            sa.Column("starts", sa.String(), nullable=False),
            sa.Column("ends", sa.String(), nullable=False),
            _id("user_id"),
        ],
        [ROTA, USER],
        sa.CheckConstraint(
            "weekday IS NULL OR (weekday >= 0 AND weekday <= 6)",
            name=op.f("ck_rota_shift_weekday"),
        ),
        index=("rota_id",),
    )
    _table(
        "rota_override",
        [
            _id("rota_id"),
            sa.Column("starts_at", db.types.UtcDateTime(), nullable=False),
            sa.Column("ends_at", db.types.UtcDateTime(), nullable=False),
            _id("user_id"),
        ],
        [ROTA, USER],
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_rota_override_forward")),
        index=("rota_id",),
    )
    _table(
        "absence",
        [
            _id("user_id"),
            sa.Column("first_on", sa.Date(), nullable=False),
            sa.Column("last_on", sa.Date(), nullable=False),
            _id("cover_id", needed=False),
        ],
        [USER, ("cover_id", "user")],
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_absence_forward")),
        sa.CheckConstraint(
            "cover_id IS NULL OR cover_id <> user_id", name=op.f("ck_absence_somebody_else")
        ),
        index=("user_id",),
    )
    # Not in batch mode, which makes a table anew: other tables point to this one.
    op.add_column(
        "alert", sa.Column("snoozed_seconds", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("alert", sa.Column("holder_told_at", db.types.UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("alert", "holder_told_at")
    op.drop_column("alert", "snoozed_seconds")
    for name in ("absence", "rota_override", "rota_shift", "team_member", "rota", "team"):
        op.drop_table(name)
