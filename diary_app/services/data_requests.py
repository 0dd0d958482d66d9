"""Data requests: take everything along, correct who somebody is, erase with a tombstone."""

import io
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts.asking import tell
from db.access import ROLE_VERBS, Viewer, worker_viewer
from db.errors import NotFoundError
from db.models import Patient
from db.stores import people, requests
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.enrolling import LONGEST_CODE, LONGEST_NAME, birth_date
from diary_app.services.kit import Kit, clinic_topic
from diary_app.services.readable import readable
from diary_app.services.refusals import RefusedError
from diary_app.services.step_up import require_recent
from diary_app.services.visit import LONGEST_PERIOD, fill, open_pictures
from diary_app.services.watch import Watch, watch
from diary_app.text import _

LONGEST_REASON = 200
# A mail in English like all that leave to staff; it says neither who asked nor about whom.
SECOND_PERSON = (
    "An erasure waits for a second person: open Patients, Data requests, and confirm it or "
    "withdraw it."
)
_DAYS = ("diary_on", "starts_on", "taken_on", "period_ends_on")


@dataclass(frozen=True)
class RequestLine:
    """One data request.

    Attributes:
        patient_code: Of the tombstone once it was erased.
        mine: The viewer asked for it, so somebody else must confirm it.
        decided_by: Empty while it is open.
        erased: Table -> rows that are gone.
        fields: What was corrected.
    """

    id: UUID
    kind: str
    state: str
    patient_code: str
    reason: str
    asked_by: str
    asked_at: datetime
    mine: bool
    decided_by: str
    decided_at: datetime | None
    erased: tuple[tuple[str, int], ...]
    fields: tuple[str, ...]


@dataclass(frozen=True)
class RequestsPage:
    """The clinic's data requests, open ones first. ``may_export``: the viewer reads diaries."""

    lines: tuple[RequestLine, ...]
    may_export: bool
    now: datetime
    watch: Watch


@dataclass(frozen=True)
class Subject:
    """Whose data it is about, as kept; ``rows``: table -> how many an erasure would erase."""

    id: UUID
    name: str
    code: str
    born_on: date
    phone: str
    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Correction:
    """The form as typed; ``born_on`` is YYYY-MM-DD."""

    name: str
    code: str
    born_on: str
    phone: str
    reason: str


class DataRequests:
    """What patients of the viewer's clinic asked to become of their data."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    @property
    def topic(self) -> str:
        """The topic that is published when anything in the clinic changed."""
        return clinic_topic(self._viewer.clinic_id)

    def page(self) -> RequestsPage:
        """Return all requests, those that wait for a person first."""
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("data.request")
        with self._kit.database.reading(viewer.clinic_id) as session:
            names = people.staff_names(session, viewer)
            rows = requests.all_requests(session, viewer)
            codes = {
                row.patient_id: people.patient(session, viewer, row.patient_id).code for row in rows
            }
            lines = [
                RequestLine(
                    id=row.id,
                    kind=row.kind,
                    state=row.state,
                    patient_code=codes[row.patient_id],
                    reason=readable(row.reason),
                    asked_by=names.get(row.asked_by, ""),
                    asked_at=row.asked_at,
                    mine=row.asked_by == viewer.actor_id,
                    decided_by="" if row.decided_by is None else names.get(row.decided_by, ""),
                    decided_at=row.decided_at,
                    erased=tuple(row.outcome.items()) if row.kind == "erasure" else (),
                    fields=tuple(row.outcome.get("fields", ())),
                )
                for row in rows
            ]
            guard = watch(session, viewer, now)
        lines.sort(key=lambda line: line.state != "open")
        return RequestsPage(tuple(lines), viewer.may("patient.export"), now, guard)

    def find(self, code: str) -> Subject:
        """Return the patient with a code, also when no longer in follow-up.

        Raises:
            UnusableAnswerError: No patient has this code, or their data were erased.
        """
        viewer = self._viewer
        viewer.require("data.request")
        with self._kit.database.reading(viewer.clinic_id) as session:
            row = _by_code(session, viewer, code)
            rows = requests.how_much(session, viewer, row.id)
        return Subject(row.id, row.name, row.code, row.born_on, row.phone, tuple(rows.items()))

    def waiting(self) -> int:
        """Return how many erasures wait for this viewer to confirm them; 0 for who may not."""
        viewer = self._viewer
        if not viewer.may("data.erase"):
            return 0
        with self._kit.database.reading(viewer.clinic_id) as session:
            return requests.waiting_for(session, viewer)

    def ask_erasure(self, code: str, typed: str, reason: str) -> int:
        """Ask that a patient's data are erased; another person must confirm it, and is told.

        Everybody else who may confirm gets a message without a word about the patient.

        Args:
            code: Of the patient that was found.
            typed: The same code, typed once more.
            reason: How the patient asked.

        Returns:
            How many people were told; with none, somebody must be invited who may confirm.

        Raises:
            UnusableAnswerError: The codes differ, or no reason is given.
            ConflictError: An alert is not closed, or it was asked for already.
        """
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("data.request")
        _require_same(code, typed)
        require_recent(self._kit, viewer, now)
        with self._kit.database.writing(viewer.clinic_id) as session:
            row = _by_code(session, viewer, code)
            asked = requests.ask_erasure(session, viewer, row.id, _reason(reason), now)
            others = [
                person.id
                for person in people.staff(session, viewer)
                if "data.erase" in ROLE_VERBS[person.role]
                and person.id != viewer.actor_id
                and person.password_hash is not None
            ]
            content = {"task": str(asked), "sentence": SECOND_PERSON}
            tell(session, worker_viewer(viewer.clinic_id), others, "task", content, now)
        self._kit.changed(viewer.clinic_id)
        return len(others)

    def confirm(self, request_id: UUID, typed: str) -> None:
        """Erase what another person asked to erase; the photos first, then every row.

        Raises:
            UnusableAnswerError: The typed code is not the patient's.
            ConflictError: The viewer asked for it, or an alert is not closed.
            RefusedError: The photos could not be deleted; nothing else was erased.
        """
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("data.erase")
        require_recent(self._kit, viewer, now)
        with self._kit.database.writing(viewer.clinic_id) as session:
            known = {row.id: row.patient_id for row in requests.all_requests(session, viewer)}
            if request_id not in known:
                raise NotFoundError("There is no such request in your clinic.")
            patient_id = known[request_id]
            _require_same(people.patient(session, viewer, patient_id).code, typed)
            photos = requests.photos_to_erase(session, viewer, request_id)
            requests.erase(session, viewer, request_id, now)
            # Before the commit: if a file stays, so do the rows, and it can be tried again.
            try:
                for photo_id in photos:
                    self._kit.vault.remove(photo_id)
            except OSError as error:
                raise RefusedError(
                    _("A photo could not be deleted, so nothing was erased. Please try again.")
                ) from error
        self._kit.database.forget()
        self._kit.changed(viewer.clinic_id, patient_id)

    def withdraw(self, request_id: UUID) -> None:
        """Take back an erasure that nobody carried out yet."""
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            requests.withdraw(session, self._viewer, request_id, self._kit.clock())
        self._kit.publish(self.topic)

    def correct(self, patient_id: UUID, form: Correction) -> bool:
        """Correct who a patient is; False when nothing differs.

        Raises:
            UnusableAnswerError: For the first field that cannot be used.
        """
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("data.request")
        name, code = form.name.strip(), form.code.strip()
        if not 0 < len(name) <= LONGEST_NAME:
            raise UnusableAnswerError(_("Give the patient's name."), "name")
        if not 0 < len(code) <= LONGEST_CODE:
            raise UnusableAnswerError(
                _("Give a code of up to 20 characters, such as P-014."), "code"
            )
        with self._kit.database.writing(viewer.clinic_id) as session:
            row = people.patient(session, viewer, patient_id)
            today = now.astimezone(ZoneInfo(row.time_zone)).date()
            if code != row.code and _is_taken(session, viewer, code, patient_id):
                raise UnusableAnswerError(
                    _("Another patient of the clinic already has this code."), "code"
                )
            values: dict[str, Any] = {
                "name": name,
                "code": code,
                "born_on": birth_date(form.born_on, today),
                "phone": form.phone.strip(),
            }
            changed = requests.correct(
                session, viewer, patient_id, values, _reason(form.reason), now
            )
        self._kit.changed(viewer.clinic_id, patient_id)
        return bool(changed)

    def everything(self, patient_id: UUID) -> bytes:
        """Return a ZIP of all there is about a patient: report, tables, photos, every row kept.

        Raises:
            AccessDeniedError: The viewer may not export.
        """
        from diary_app.exports.own import own_archive  # noqa: PLC0415  (typst loads slowly)

        viewer, now = self._viewer, self._kit.clock()
        viewer.require("data.request")
        viewer.require("patient.export")
        require_recent(self._kit, viewer, now)
        with self._kit.database.writing(viewer.clinic_id) as session:
            row = people.patient(session, viewer, patient_id)
            if row.erased_at is not None:
                raise NotFoundError("This patient's data were erased.")
            rows = requests.everything(session, viewer, patient_id, now)
            today = now.astimezone(ZoneInfo(row.time_zone)).date()
            since = _first_day(rows, today)
            found = fill(session, viewer, patient_id, since, today, now)
        packed = io.BytesIO(own_archive(open_pictures(self._kit.vault, found)))
        with ZipFile(packed, "a") as archive:
            text = json.dumps(rows, ensure_ascii=False, indent=1)
            archive.writestr("everything.json", text, ZIP_DEFLATED)
        return packed.getvalue()


def _first_day(rows: dict[str, list[dict[str, Any]]], today: date) -> date:
    days = [
        date.fromisoformat(str(row[name]))
        for table in rows.values()
        for row in table
        for name in _DAYS
        if row.get(name)
    ]
    return max(min((day for day in days if day <= today), default=today), today - LONGEST_PERIOD)


def _by_code(session: Session, viewer: Viewer, code: str) -> Patient:
    try:
        row = people.by_code(session, viewer, code.strip())
    except NotFoundError:
        raise UnusableAnswerError(_("No patient of your clinic has this code."), "code") from None
    if row.erased_at is not None:
        raise UnusableAnswerError(_("The data of this patient were erased."), "code")
    return row


def _is_taken(session: Session, viewer: Viewer, code: str, patient_id: UUID) -> bool:
    try:
        return people.by_code(session, viewer, code).id != patient_id
    except NotFoundError:
        return False


def _require_same(code: str, typed: str) -> None:
    if typed.strip().casefold() != code.strip().casefold():
        raise UnusableAnswerError(_("Type the patient's code exactly, to be sure."), "typed")


def _reason(typed: str) -> str:
    reason = typed.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise UnusableAnswerError(
            _("Say how the patient asked, such as: letter of 3 March."), "reason"
        )
    return reason
