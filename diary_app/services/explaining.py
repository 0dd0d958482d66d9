"""What would have changed the level of an entry; a page without it is better than no page."""

import logging
from collections.abc import Callable
from datetime import date
from uuid import UUID

from sqlmodel import Session

from alerts.explain import explain, explain_labs, explain_timer
from alerts.grading.counterfactual import Counterfactuals
from alerts.silence import explain_silence
from db.access import Viewer
from db.engine import Database

logger = logging.getLogger(__name__)


def explained(database: Database, viewer: Viewer, entry_id: UUID) -> Counterfactuals | None:
    """Return the nearest other answers of an entry; None when they cannot be told."""
    return _told(database, f"entry {entry_id}", lambda each: explain(each, viewer, entry_id))


def explained_labs(
    database: Database, viewer: Viewer, patient_id: UUID, day: date
) -> Counterfactuals | None:
    """Return the nearest other values of a day's results; None when they cannot be told."""
    return _told(
        database, "laboratory values", lambda each: explain_labs(each, viewer, patient_id, day)
    )


def explained_silence(
    database: Database, viewer: Viewer, patient_id: UUID, day: date
) -> Counterfactuals | None:
    """Return the nearest other numbers of days without an entry; None when they cannot be told."""
    return _told(database, "a silence", lambda each: explain_silence(each, viewer, patient_id, day))


def explained_timer(database: Database, viewer: Viewer, entry_id: UUID) -> Counterfactuals | None:
    """Return the second temperatures that would have helped; None when they cannot be told."""
    return _told(database, f"timer {entry_id}", lambda each: explain_timer(each, viewer, entry_id))


def _told(
    database: Database, what: str, find: Callable[[Session], Counterfactuals | None]
) -> Counterfactuals | None:
    try:
        with database.reading() as session:
            return find(session)
    except Exception as error:
        logger.error("%s not explained: %s", what, type(error).__name__)  # noqa: TRY400
        return None
