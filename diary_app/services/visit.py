"""One patient's period for the visit: the bundle behind figures, report and archive."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw
from sqlmodel import Session

from alerts.dose_log import counting
from alerts.grading.rules import RULES_VERSION
from db.access import Viewer
from db.errors import KeyMissingError, NotFoundError, TamperedError
from db.photos.vault import PhotoVault
from db.stores import (
    alerting,
    assessments,
    audit,
    diary,
    doses,
    people,
    questions,
    treatment,
    weekly,
)
from diary_app.exports.bundle import PhotoLine, VisitBundle
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.facts import medicines_of
from diary_app.services.kit import Kit
from diary_app.services.step_up import require_recent
from diary_app.services.visit_lines import (
    alert_line,
    dose_lines,
    entry_line,
    lab_line,
    photo_line,
    plan_line,
    week_line,
)
from diary_app.services.visit_questions import question_line
from diary_app.services.visit_since import first_day, last_visit_on
from diary_app.services.visit_whole import completed
from diary_app.text import _

LONGEST_PERIOD = timedelta(days=3700)


class Visits:
    """What a visit needs of one patient, for screens, downloads and the command line."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    def bundle(
        self, patient_id: UUID, first_on: date, last_on: date, *, with_pictures: bool = True
    ) -> VisitBundle:
        """Return a patient's period and write down that it left the diary.

        Args:
            patient_id: A patient of the viewer's clinic.
            first_on: First day, inclusive, in the patient's zone.
            last_on: Last day, inclusive.
            with_pictures: Also open the photos; otherwise their bytes are empty.

        Raises:
            AccessDeniedError: If the viewer may not export.
            NotFoundError: If the patient is not of this clinic.
            UnusableAnswerError: If the last day lies before the first.
        """
        return self._export(patient_id, first_on, last_on, "bundle", with_pictures=with_pictures)

    def report_pdf(
        self,
        patient_id: UUID,
        first_on: date,
        last_on: date,
        progress: Callable[[float, str], None] | None = None,
    ) -> bytes:
        """Return the visit report; raises what `bundle` raises."""
        from diary_app.exports.pdf import visit_report  # noqa: PLC0415  (typst loads slowly)

        return visit_report(self.whole(patient_id, first_on, last_on, "report"), progress)

    def since(self, patient_id: UUID) -> date:
        """Return the first day of a report "since last visit"; raises what `bundle` raises."""
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            who = people.patient(session, self._viewer, patient_id)
            today = self._kit.clock().astimezone(ZoneInfo(who.time_zone)).date()
            return first_day(
                last_visit_on(session, self._viewer, patient_id, today, who.time_zone), today
            )

    def archive(
        self,
        patient_id: UUID,
        first_on: date,
        last_on: date,
        progress: Callable[[float, str], None] | None = None,
    ) -> bytes:
        """Return everything as tables and pictures in a zip; raises what `bundle` raises."""
        from diary_app.exports.table import archive  # noqa: PLC0415

        tell = progress or (lambda _share, _words: None)
        tell(0.1, _("Collecting the diary"))
        made = self.whole(patient_id, first_on, last_on, "archive")
        tell(0.7, _("Writing the tables"))
        content = archive(made)
        tell(1.0, _("The file is ready"))
        return content

    def workbook(
        self,
        patient_id: UUID,
        first_on: date,
        last_on: date,
        progress: Callable[[float, str], None] | None = None,
    ) -> bytes:
        """Return the tables of the archive as an Excel workbook, without the pictures.

        Raises:
            UnusableAnswerError: A text is longer than a workbook allows; and what `bundle` raises.
        """
        from diary_app.exports.workbook import TooLongError, workbook  # noqa: PLC0415

        tell = progress or (lambda _share, _words: None)
        tell(0.1, _("Collecting the diary"))
        made = self._export(
            patient_id, first_on, last_on, "workbook", with_pictures=False, whole=True
        )
        try:
            return workbook(made, lambda share, words: tell(0.3 + 0.7 * share, words))
        except TooLongError as error:
            raise UnusableAnswerError(str(error), "shape") from error

    def fhir(
        self,
        patient_id: UUID,
        first_on: date,
        last_on: date,
        progress: Callable[[float, str], None] | None = None,
    ) -> bytes:
        """Return everything as a FHIR R4 document, photos included; raises what `bundle` raises."""
        from diary_app.exports.fhir import fhir_json  # noqa: PLC0415

        tell = progress or (lambda _share, _words: None)
        tell(0.1, _("Collecting the diary"))
        made = self.whole(patient_id, first_on, last_on, "fhir")
        tell(0.7, _("Writing the resources"))
        content = fhir_json(made)
        tell(1.0, _("The file is ready"))
        return content

    def whole(
        self, patient_id: UUID, first_on: date, last_on: date, shape: str = "whole"
    ) -> VisitBundle:
        """Return a period with all that another diary needs; raises what `bundle` raises.

        Args:
            shape: What is made of it, for the audit row.
        """
        return self._export(patient_id, first_on, last_on, shape, with_pictures=True, whole=True)

    def _export(
        self,
        patient_id: UUID,
        first_on: date,
        last_on: date,
        shape: str,
        *,
        with_pictures: bool,
        whole: bool = False,
    ) -> VisitBundle:
        self._viewer.require("patient.export", patient_id)
        require_recent(self._kit, self._viewer, self._kit.clock())
        check_period(first_on, last_on)
        now = self._kit.clock()
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            found = fill(session, self._viewer, patient_id, first_on, last_on, now)
            if whole:
                found = completed(session, self._viewer, patient_id, found)
            audit.note(
                session,
                self._viewer,
                "patient.export",
                "patient",
                now,
                subject_id=patient_id,
                patient_id=patient_id,
                detail={
                    "shape": shape,
                    "from": first_on.isoformat(),
                    "to": last_on.isoformat(),
                    "entries": len(found.entries),
                },
            )
        # Pictures are opened outside the transaction: nobody waits for the lock meanwhile.
        return open_pictures(self._kit.vault, found) if with_pictures else found


def check_period(first_on: date, last_on: date) -> None:
    """Pass, or raise UnusableAnswerError for days in the wrong order or ten years apart."""
    if last_on < first_on:
        raise UnusableAnswerError(_("The last day lies before the first."), "last_on")
    if last_on - first_on > LONGEST_PERIOD:
        raise UnusableAnswerError(_("Choose a period of at most ten years."), "first_on")


def fill(
    session: Session,
    viewer: Viewer,
    patient_id: UUID,
    first_on: date,
    last_on: date,
    now: datetime,
) -> VisitBundle:
    """Return a patient's period from rows; pictures of photos stay empty."""
    who = people.patient(session, viewer, patient_id)
    clinic = people.own_clinic(session, viewer)
    names = people.staff_names(session, viewer)
    steps = treatment.plan(session, viewer, patient_id)
    labs = treatment.labs(session, viewer, patient_id, last_on=last_on)
    rows = diary.entries(session, viewer, patient_id, first_on=first_on, last_on=last_on)
    made = assessments.of_entries(session, viewer, [row.id for row in rows])
    log = counting(doses.records(session, viewer, patient_id, first_on=first_on, last_on=last_on))
    # A photo hangs on the version it was sent with; a correction keeps it.
    by_version = {
        version.id: row
        for row in rows
        for version in (
            [row] if row.version == 1 else diary.versions(session, viewer, row.first_id)
        )
    }
    zone = ZoneInfo(who.time_zone)
    return VisitBundle(
        clinic_name=clinic.name,
        clinic_phone=clinic.phone,
        patient_code=who.code,
        patient_name=who.name,
        born_on=who.born_on,
        time_zone=who.time_zone,
        first_on=first_on,
        last_on=last_on,
        made_at=now,
        made_by=viewer.name,
        plan=tuple(plan_line(step, names) for step in steps),
        entries=tuple(entry_line(row, made.get(row.id), steps, log) for row in rows),
        labs=tuple(lab_line(row, labs, steps) for row in labs if row.taken_on >= first_on),
        alerts=tuple(
            alert_line(row, names)
            for row in alerting.alerts_of(
                session,
                viewer,
                patient_id,
                since=datetime.combine(first_on, time(), zone),
                until=datetime.combine(last_on + timedelta(days=1), time(), zone),
            )
        ),
        photos=tuple(
            photo_line(photo, by_version[photo.draft_id])
            for photo in diary.photos(session, viewer, patient_id)
            if photo.draft_id in by_version
        ),
        rules_version=RULES_VERSION,
        doses=dose_lines(log),
        questions=tuple(
            question_line(row, names)
            for row in questions.open_questions(session, viewer, patient_id)
        )
        if viewer.may("question.read")
        else (),
        weeks=tuple(
            week_line(row)
            for row in weekly.reports(
                session, viewer, patient_id, first_on=first_on, last_on=last_on
            )
        ),
        medicines=medicines_of(session, viewer, patient_id),
    )


def open_pictures(vault: PhotoVault, bundle: VisitBundle) -> VisitBundle:
    """Return the bundle with the bytes of its photos; a picture that does not open says so."""
    return replace(bundle, photos=tuple(_opened(vault, photo) for photo in bundle.photos))


def _opened(vault: PhotoVault, photo: PhotoLine) -> PhotoLine:
    try:
        return replace(photo, picture=vault.picture(photo.id), thumbnail=vault.thumbnail(photo.id))
    except KeyMissingError:
        sign = _sign(_("Cannot be read without the key."))
        return replace(photo, picture=sign, thumbnail=sign, is_kept=False)
    except (NotFoundError, TamperedError):
        sign = _sign(_("This picture could not be opened."))
        return replace(photo, picture=sign, thumbnail=sign, is_kept=False)


def _sign(words: str) -> bytes:
    picture = Image.new("RGB", (320, 240), "#e4e7ea")
    ImageDraw.Draw(picture).text((160, 120), words, fill="#1b1f24", anchor="mm", font_size=18)
    kept = io.BytesIO()
    picture.save(kept, "JPEG")
    return kept.getvalue()
