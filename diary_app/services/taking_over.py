"""A clinic takes a patient over from another one: the whole diary comes along, at once.

The diary is copied under new ids and stays with the clinic that kept it; from the same instant
that clinic follows the patient no longer and this one does.
"""

import secrets
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlmodel import Session

from alerts.escalation.codes import alert_code
from db.access import Viewer, worker_viewer
from db.errors import ConflictError, NotFoundError
from db.models import Clinic, Handover, Patient
from db.photos import CleanPhoto
from db.stores import alerting, doors, handovers, importing, moves, people
from diary_app.exports.bundle import VisitBundle
from diary_app.services.enrolling import code_typed, require_free
from diary_app.services.handover_copy import NewIds, copied
from diary_app.services.importing import keep_photo
from diary_app.services.importing_alerts import alert_rows
from diary_app.services.importing_rows import Newcomers, rows_of
from diary_app.services.kit import Kit
from diary_app.services.refusals import RefusedError
from diary_app.services.visit import LONGEST_PERIOD, fill, open_pictures
from diary_app.services.visit_whole import completed
from diary_app.text import _

# What taking over may read and end in the clinic that offered the patient, and nothing else.
_GIVER = frozenset(
    {
        "patient.list",
        "patient.read",
        "patient.end",
        "diary.read",
        "photo.read",
        "plan.read",
        "fact.read",
        "visit.read",
        "dose.read",
        "lab.read",
        "weekly.read",
        "alert.read",
        "alert.acknowledge",
        "alert.close",
        "alert.note",
    }
)
CloseSilence = Callable[[Session, Viewer, UUID, str, datetime], None]


@dataclass(frozen=True)
class TakenOver:
    """Who was taken over: the patient's id here, the one there, and where that was."""

    new_id: UUID
    old_id: UUID
    from_clinic_id: UUID


def giver_for(viewer: Viewer, clinic_id: UUID) -> Viewer:
    """Return the viewer under which somebody acts on a patient that a clinic offered to theirs."""
    return replace(viewer, clinic_id=clinic_id, verbs=_GIVER & viewer.verbs)


def take_over(
    kit: Kit, viewer: Viewer, handover_id: UUID, code: str, close_silence: CloseSilence
) -> TakenOver:
    """Copy the diary of an offered patient and end their follow-up there, all or nothing.

    Raises:
        UnusableAnswerError: If the code cannot be used.
        ConflictError: If the code is taken, or something happened meanwhile.
        NotFoundError: If nobody offers such a patient to this clinic.
        RefusedError: If an alert is still open there.
    """
    viewer.require("patient.end")
    viewer.require("patient.enroll")
    if kit.key_trouble:
        raise RefusedError(_("A diary cannot be copied while its key is missing."))
    now, kept_code = kit.clock(), code_typed(code)
    ids = NewIds()
    with kit.database.reading() as session:
        offer = _offer(session, viewer, handover_id)
        giver = giver_for(viewer, offer.clinic_id)
        require_free(session, viewer, kept_code)
        before = _whole(session, giver, offer.patient_id, now)
    with ExitStack() as undo, TemporaryDirectory(prefix="handover-") as folder:
        photos: dict[UUID, CleanPhoto] = {}
        for photo in open_pictures(kit.vault, before).photos:
            if photo.picture and photo.is_kept:
                new = replace(photo, id=ids.of(photo.id))
                photos[new.id] = keep_photo(kit, viewer.clinic_id, new, Path(folder), undo)
        with kit.database.writing() as session:
            offer = _offer(session, viewer, handover_id)
            note = _("Taken over by {clinic}.").format(
                clinic=people.own_clinic(session, viewer).name
            )
            close_silence(session, giver, offer.patient_id, note, now)
            bundle = _whole(session, giver, offer.patient_id, now)
            if {photo.id for photo in bundle.photos} != {photo.id for photo in before.photos}:
                raise ConflictError("A photo came in just now. Please try again.")
            new_patient = _keep(session, viewer, giver, offer, bundle, kept_code, photos, ids, now)
        undo.pop_all()
    return TakenOver(new_patient, offer.patient_id, offer.clinic_id)


def _offer(session: Session, viewer: Viewer, handover_id: UUID) -> Handover:
    for row in handovers.waiting(session, viewer):
        if row.id == handover_id and row.to_clinic_id == viewer.clinic_id:
            return row
    raise NotFoundError("This offer was withdrawn or answered before.")


def _whole(session: Session, giver: Viewer, patient_id: UUID, now: datetime) -> VisitBundle:
    last_on = now.date() + timedelta(days=1)
    bundle = fill(session, giver, patient_id, last_on - LONGEST_PERIOD, last_on, now)
    return completed(session, giver, patient_id, bundle)


def _keep(
    session: Session,
    viewer: Viewer,
    giver: Viewer,
    offer: Handover,
    bundle: VisitBundle,
    code: str,
    photos: dict[UUID, CleanPhoto],
    ids: NewIds,
    now: datetime,
) -> UUID:
    here = people.own_clinic(session, viewer)
    there = doors.clinic(session, offer.clinic_id)
    worker = worker_viewer(viewer.clinic_id)

    def free_code() -> str:
        while alerting.code_taken(session, worker, new := alert_code(secrets.token_bytes(8))):
            pass
        return new

    copy = copied(bundle, code, ids, free_code)
    old = people.patient(session, giver, offer.patient_id)
    patient = _patient(old, here, code, now)
    newcomers = Newcomers(
        here.id,
        people.staff(session, viewer),
        now,
        taken=people.staff_names(session, viewer),
    )
    require_free(session, viewer, code)
    rows, counts = rows_of(copy, patient, photos, newcomers)
    alerts, _open = alert_rows(copy, patient, here.policy, newcomers, now)
    importer = replace(viewer, verbs=viewer.verbs | {"diary.import"})
    importing.keep_diary(
        session,
        importer,
        patient,
        [*newcomers.rows, *rows, *alerts],
        now,
        {"source": "handover", **counts},
    )
    moves.leave(session, giver, offer.patient_id)
    moves.moved(session, giver, offer.patient_id, "moved_out", here.name, now)
    moves.moved(session, viewer, patient.id, "moved_in", there.name, now)
    handovers.settle(session, viewer, offer.id, "accepted", now, new_patient_id=patient.id)
    return patient.id


def _patient(old: Patient, here: Clinic, code: str, now: datetime) -> Patient:
    return Patient(
        clinic_id=here.id,
        code=code,
        name=old.name,
        born_on=old.born_on,
        phone=old.phone,
        time_zone=old.time_zone,
        language=old.language,
        temperature_unit=old.temperature_unit,
        prior_severe_reaction=old.prior_severe_reaction,
        prior_reaction_type=old.prior_reaction_type,
        on_systemic_steroid=old.on_systemic_steroid,
        baseline_grades=dict(old.baseline_grades),
        created_at=now,
    )
