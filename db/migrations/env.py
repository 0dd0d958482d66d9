"""Run by Alembic: one connection, handed in by db.engine.migrate."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from db.models import METADATA
from db.types import UtcDateTime


def _written(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Return how a column type is written in a migration file; False = Alembic's own way."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "db.types.UtcDateTime()"
    if kind == "type" and type(item).__name__ == "AutoString":
        return "sa.String()"
    return False


def run() -> None:
    """Migrate over the connection that the caller opened."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=True,  # SQLite cannot alter most of a table in place
        compare_type=True,
        transactional_ddl=True,  # all or nothing: whatever dies in the middle leaves the old tables
        render_item=_written,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
