"""Earlier body maps of one patient, to be copied."""

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from alerts.grading.body_surface import AMOUNTS, PERCENT_BY_REGION
from db.access import Viewer
from db.errors import AccessDeniedError, NotFoundError
from db.stores import diary as entries
from db.stores import drafts, people
from diary_app.services.kit import Kit
from diary_app.state.earlier_map import EarlierMap
from diary_app.state.entry_draft import EntryDraft
from diary_app.state.faults import NotInDiaryError
from diary_app.text import _

OLDEST = timedelta(days=6)
"""Within these days a weekday names one day alone; what is older is not the same rash."""


class PatientBody:
    """The earlier maps of the signed-in patient.

    Args:
        kit: Database and clock.
        viewer: The signed-in patient.
    """

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    def earlier(self, draft_id: UUID) -> EarlierMap | None:
        """Return the map of the full entry before a draft.

        Returns:
            None when that entry had no map, or is more than six days older.

        Raises:
            NotInDiaryError: It is not the patient's own draft.
        """
        patient_id = self._viewer.actor_id
        try:
            with self._kit.database.reading(self._viewer.clinic_id) as session:
                draft = drafts.draft(session, self._viewer, draft_id)
                told = EntryDraft.from_content(draft.content)
                zone = ZoneInfo(people.patient(session, self._viewer, patient_id).time_zone)
                on = (
                    date.fromisoformat(told.day)
                    if told.day
                    else draft.created_at.astimezone(zone).date()
                )
                rows = entries.entries(
                    session, self._viewer, patient_id, first_on=on - OLDEST, last_on=on
                )
        except (NotFoundError, AccessDeniedError) as error:
            raise NotInDiaryError(_("This entry is not in your diary.")) from error
        ids = [row.id for row in rows]
        if draft.correcting_id in ids:
            rows = rows[: ids.index(draft.correcting_id)]
        full = [row for row in rows if row.kind == "full"]
        if not full:
            return None
        regions = {
            region: amount
            for region, amount in (full[-1].regions or {}).items()
            if region in PERCENT_BY_REGION and AMOUNTS.get(amount)
        }
        last_on = full[-1].diary_on
        return EarlierMap(last_on, (on - last_on).days, regions) if regions else None
