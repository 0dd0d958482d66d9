"""Claiming rows that several workers could act on: whoever locks them has them.

PostgreSQL skips what somebody else holds (FOR UPDATE SKIP LOCKED), so nobody waits in a queue
behind a row; SQLite has one writer at a time, who holds everything. A claim ends with the
transaction: what was done with the row is committed by then, or it is free again.
"""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import GenerativeSelect, text
from sqlmodel import Session

# A number of ours among the advisory locks of a database.
_TURNS = 1_146_046_295

Query = TypeVar("Query", bound=GenerativeSelect)


def unheld(query: Query, of: Any) -> Query:
    """Return the query for the rows that nobody else holds; they are held from then on.

    Args:
        of: The table whose rows are claimed.
    """
    return query.with_for_update(skip_locked=True, key_share=True, of=of)


def turn(session: Session, clinic_id: UUID) -> bool:
    """Take the clinic's one turn at its messages; False while another worker has it.

    Its own lock and no row's: whoever changes the clinic's settings, audits it or counts its
    summary holds up no message.
    """
    if session.get_bind().dialect.name != "postgresql":
        return True
    number = int.from_bytes(clinic_id.bytes[-4:], "big", signed=True)
    taken = session.connection().scalar(
        text("SELECT pg_try_advisory_xact_lock(:ours, :clinic)"),
        {"ours": _TURNS, "clinic": number},
    )
    return bool(taken)
