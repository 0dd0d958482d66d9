"""What patients take along of their own diary: the report, and everything sealed."""

import threading
from datetime import date, datetime, timedelta
from functools import partial
from typing import Literal
from zoneinfo import ZoneInfo

from sqlmodel import Session

from db.access import Viewer
from db.stores import audit, diary, doses, people, treatment
from diary_app.exports.bundle import VisitBundle
from diary_app.exports.sealed import sealed, weakness
from diary_app.services.access_log import AccessLog
from diary_app.services.doors import Visitor
from diary_app.services.kit import Kit
from diary_app.services.pin import check_pin
from diary_app.services.processes import AsideError, aside
from diary_app.services.refusals import RefusedError
from diary_app.services.visit import LONGEST_PERIOD, fill, open_pictures
from diary_app.text import _

Period = Literal["quarter", "year", "all"]
# The memory of one key at a time, beside the alarm in the same machine.
_one_at_a_time = threading.Lock()
_DAYS = {"quarter": 90, "year": 365}


class OwnExport:
    """The diary of the patient who is signed in, as files.

    Args:
        kit: What every service needs.
        visitor: The patient, not locked.
    """

    def __init__(self, kit: Kit, visitor: Visitor) -> None:
        self._kit = kit
        self._visitor = visitor

    def report(self, period: Period, pin: str, now: datetime) -> bytes:
        """Return the report of a period that ends today, as PDF.

        Raises:
            RefusedError: The PIN of the device is not right.
        """
        from diary_app.exports.pdf import visit_report  # noqa: PLC0415  (typst loads slowly)

        return visit_report(self._bundle(period, pin, now, "report"))

    def archive(self, secret: str, again: str, pin: str, now: datetime) -> bytes:
        """Return everything (report, tables, photos) sealed by a passphrase.

        Raises:
            RefusedError: The passphrase cannot be used, or the PIN is not right.
        """
        from diary_app.exports.own import own_archive  # noqa: PLC0415  (typst loads slowly)

        wrong = weakness(secret, again)
        if wrong is not None:
            raise RefusedError(wrong)
        bundle = self._bundle("all", pin, now, "archive")
        looks = AccessLog(self._kit, self._visitor.viewer).table(self._visitor.time_zone)
        packed = own_archive(bundle, looks)
        try:
            with _one_at_a_time:
                return aside(partial(sealed, secret=secret), packed)
        except AsideError as error:
            sentence = _("The locked file could not be made just now; please try again later.")
            raise RefusedError(sentence) from error

    def _bundle(self, period: Period, pin: str, now: datetime, shape: str) -> VisitBundle:
        viewer = self._visitor.viewer
        patient_id = viewer.actor_id
        viewer.require("diary.export", patient_id)
        if self._visitor.has_pin:
            if not pin:
                raise RefusedError(_("Please enter your PIN too: the file holds your photos."))
            check_pin(self._kit, self._visitor, pin, now)
        with self._kit.database.writing(viewer.clinic_id) as session:
            who = people.patient(session, viewer, patient_id)
            today = now.astimezone(ZoneInfo(who.time_zone)).date()
            since = today - timedelta(days=_DAYS[period] - 1) if period in _DAYS else None
            if since is None:
                since = max(_first_day(session, viewer, today), today - LONGEST_PERIOD)
            found = fill(session, viewer, patient_id, since, today, now)
            audit.note(
                session,
                viewer,
                "diary.export",
                "patient",
                now,
                subject_id=patient_id,
                patient_id=patient_id,
                detail={"shape": shape, "from": since.isoformat(), "to": today.isoformat()},
            )
        return open_pictures(self._kit.vault, found)


def _first_day(session: Session, viewer: Viewer, today: date) -> date:
    """Return the first day of which the diary knows anything."""
    patient_id = viewer.actor_id
    days = [
        *(row.diary_on for row in diary.entries(session, viewer, patient_id)),
        *(row.diary_on for row in doses.records(session, viewer, patient_id)),
        *(row.starts_on for row in treatment.plan(session, viewer, patient_id)),
        *(row.taken_on for row in treatment.labs(session, viewer, patient_id)),
    ]
    return min((day for day in days if day <= today), default=today)
