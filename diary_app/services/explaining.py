"""What would have changed the level of an entry; a page without it is better than no page."""

import logging
from uuid import UUID

from alerts.explain import explain
from alerts.grading.counterfactual import Counterfactuals
from db.access import Viewer
from db.engine import Database

logger = logging.getLogger(__name__)


def explained(database: Database, viewer: Viewer, entry_id: UUID) -> Counterfactuals | None:
    """Return the nearest other answers of an entry; None when they cannot be told."""
    try:
        with database.reading() as session:
            return explain(session, viewer, entry_id)
    except Exception as error:
        logger.error("entry %s not explained: %s", entry_id, type(error).__name__)  # noqa: TRY400
        return None
