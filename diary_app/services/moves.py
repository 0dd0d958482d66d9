"""How follow-up ends and goes on, and patients offered to another clinic of the installation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from alerts.acknowledge import close_alert
from db.access import Viewer
from db.models import Alert, FollowUpChange
from db.stores import alerting, doors, handovers, moves, people
from diary_app.services.heads import PatientHead, head_of
from diary_app.services.kit import Kit, clinic_topic
from diary_app.services.refusals import RefusedError
from diary_app.services.taking_over import giver_for, take_over
from diary_app.services.watch import Watch, watch
from diary_app.text import _

_SILENCE = ("R11_", "R12_")


@dataclass(frozen=True)
class Leaving:
    """What stands before a patient may leave the list.

    Attributes:
        open_codes: Alerts that somebody must close first.
        silent_codes: Alerts about silence alone, which end with the follow-up.
        offered_to: Name of the clinic that was asked and did not answer; empty = none.
        handover_id: Of that offer.
        clinics: Other clinics of the installation, as (id, name).
    """

    active: bool
    open_codes: tuple[str, ...]
    silent_codes: tuple[str, ...]
    offered_to: str
    handover_id: UUID | None
    clinics: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True)
class Left:
    """One patient who is not followed any more.

    Attributes:
        kind: ``ended`` or ``moved_out``; empty = nobody wrote it down.
        can_resume: Whether follow-up can go on here.
    """

    patient: PatientHead
    kind: str
    reason: str
    at: datetime | None
    by: str
    clinic: str
    can_resume: bool


@dataclass(frozen=True)
class Offer:
    """One offer that waits. ``patient`` is shown to both clinics: who, and nothing of the diary."""

    id: UUID
    patient: PatientHead
    clinic: str
    by: str
    at: datetime


@dataclass(frozen=True)
class MovesPage:
    """Who came and went. ``to_us``: other clinics wait for this one."""

    now: datetime
    to_us: tuple[Offer, ...]
    by_us: tuple[Offer, ...]
    left: tuple[Left, ...]
    time_zone: str
    watch: Watch


class Moves:
    """Follow-up of the patients of the viewer's clinic."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    def page(self) -> MovesPage:
        """Return offers and the patients who left."""
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("patient.end")
        # An offer is a row of the clinic that makes it: asked for without the wall of one clinic.
        with self._kit.database.reading() as session:
            names = {row.id: row.name for row in doors.clinics(session)}
            guard = watch(session, viewer, now)
            to_us: list[Offer] = []
            by_us: list[Offer] = []
            for row in handovers.waiting(session, viewer):
                mine = row.clinic_id == viewer.clinic_id
                giver = viewer if mine else giver_for(viewer, row.clinic_id)
                offer = Offer(
                    row.id,
                    head_of(people.patient(session, giver, row.patient_id), now),
                    names[row.to_clinic_id if mine else row.clinic_id],
                    row.offered_by,
                    row.offered_at,
                )
                (by_us if mine else to_us).append(offer)
            left = tuple(
                _left(head_of(row, now), change) for row, change in moves.ended(session, viewer)
            )
        return MovesPage(now, tuple(to_us), tuple(by_us), left, guard.time_zone, guard)

    def waiting_for_us(self) -> int:
        """Return how many patients other clinics offer to this one."""
        viewer = self._viewer
        viewer.require("patient.end")
        with self._kit.database.reading() as session:
            rows = handovers.waiting(session, viewer)
        return sum(row.to_clinic_id == viewer.clinic_id for row in rows)

    def leaving(self, patient_id: UUID) -> Leaving:
        """Return what stands before a patient may leave; changes nothing."""
        viewer = self._viewer
        viewer.require("patient.end")
        with self._kit.database.reading() as session:
            who = people.patient(session, viewer, patient_id)
            names = {row.id: row.name for row in doors.clinics(session)}
            offered = handovers.open_of(session, viewer, patient_id)
            silent, others = _by_silence(alerting.open_alerts_of(session, viewer, patient_id))
        return Leaving(
            active=who.active,
            open_codes=tuple(alert.code for alert in others),
            silent_codes=tuple(alert.code for alert in silent),
            offered_to="" if offered is None else names[offered.to_clinic_id],
            handover_id=None if offered is None else offered.id,
            clinics=tuple(
                (clinic_id, name) for clinic_id, name in names.items()
                if clinic_id != viewer.clinic_id
            ),
        )  # fmt: skip

    def end(self, patient_id: UUID, reason: str) -> None:
        """End follow-up: alerts about silence close with it, an open offer is withdrawn.

        Raises:
            RefusedError: If another alert of the patient is still open.
            ConflictError: If a colleague ended it first.
        """
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("patient.end")
        with self._kit.database.writing(viewer.clinic_id) as session:
            close_silence(session, viewer, patient_id, _("Follow-up ended."), now)
            offered = handovers.open_of(session, viewer, patient_id)
            if offered is not None:
                handovers.settle(session, viewer, offered.id, "withdrawn", now)
            moves.end(session, viewer, patient_id, reason, now)
        self._kit.changed(viewer.clinic_id, patient_id)

    def resume(self, patient_id: UUID) -> None:
        """Let follow-up go on; alerts that were closed stay closed.

        Raises:
            ConflictError: If the patient is followed already, or by another clinic.
        """
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("patient.end")
        with self._kit.database.writing(viewer.clinic_id) as session:
            moves.resume(session, viewer, patient_id, now)
        self._kit.changed(viewer.clinic_id, patient_id)

    def offer(self, patient_id: UUID, clinic_id: UUID) -> None:
        """Offer a patient to another clinic; this clinic follows them until it accepts."""
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("patient.end")
        with self._kit.database.writing() as session:
            handovers.offer(session, viewer, patient_id, clinic_id, now)
        self._tell(viewer.clinic_id, clinic_id)

    def withdraw(self, handover_id: UUID) -> None:
        """Take an offer back that nobody answered."""
        self._settle(handover_id, "withdrawn")

    def decline(self, handover_id: UUID) -> None:
        """Decline an offer of another clinic, which goes on following the patient."""
        self._settle(handover_id, "declined")

    def accept(self, handover_id: UUID, code: str) -> UUID:
        """Take a patient over with their whole diary, under a code of this clinic.

        Returns:
            The patient's id here. They need a new invitation: their old access ends.

        Raises:
            UnusableAnswerError: If the code cannot be used.
            ConflictError: If the code is taken, or the offer was answered meanwhile.
            RefusedError: If the other clinic still has an open alert of this patient.
        """
        taken = take_over(self._kit, self._viewer, handover_id, code, close_silence)
        self._tell(self._viewer.clinic_id, taken.from_clinic_id)
        self._kit.changed(taken.from_clinic_id, taken.old_id)
        return taken.new_id

    def _settle(self, handover_id: UUID, state: str) -> None:
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("patient.end")
        with self._kit.database.writing() as session:
            row = handovers.settle(session, viewer, handover_id, state, now)
        self._tell(row.clinic_id, row.to_clinic_id)

    def _tell(self, *clinic_ids: UUID) -> None:
        for clinic_id in clinic_ids:
            self._kit.publish(clinic_topic(clinic_id))


def close_silence(
    session: Session, viewer: Viewer, patient_id: UUID, note: str, now: datetime
) -> None:
    """Close what is open about a patient's silence alone.

    Raises:
        RefusedError: Another alert is open: somebody must look at it first.
    """
    silent, others = _by_silence(alerting.open_alerts_of(session, viewer, patient_id))
    if others:
        codes = ", ".join(alert.code for alert in others)
        raise RefusedError(
            _("An alert of this patient is still open: {codes}. Close it first.").format(
                codes=codes
            )
        )
    for alert in silent:
        close_alert(session, viewer, alert.id, "no_action", note, now)


def _by_silence(alerts: Sequence[Alert]) -> tuple[list[Alert], list[Alert]]:
    """Return the alerts about silence alone, and the others."""
    silent = [
        alert
        for alert in alerts
        if any(code.startswith("R11_") for code in alert.reason_codes)
        and all(code.startswith(_SILENCE) for code in alert.reason_codes)
    ]
    return silent, [alert for alert in alerts if alert not in silent]


def _left(patient: PatientHead, change: FollowUpChange | None) -> Left:
    if change is None:
        return Left(patient, "", "", None, "", "", True)
    return Left(
        patient,
        change.kind,
        change.reason,
        change.at,
        change.by_name,
        change.clinic_name,
        change.kind != "moved_out",
    )
