"""How long diaries are kept: after that an erasure is proposed, which two people must decide."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from db.access import Viewer
from db.stores import leftovers, people, requests, retention
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.kit import Kit, clinic_topic
from diary_app.text import _

FEWEST_YEARS, MOST_YEARS = 1, 50


@dataclass(frozen=True)
class Proposal:
    """A patient whose time is over. ``asked``: an erasure waits for a second person."""

    id: UUID
    code: str
    ended_on: date
    due_on: date
    asked: bool


@dataclass(frozen=True)
class RetentionPage:
    """The policy and whom it proposes.

    Attributes:
        years: After the end of follow-up; None = no erasure is ever proposed.
        kept_days: Table of passing things -> days after which they are deleted.
    """

    years: int | None
    proposals: tuple[Proposal, ...]
    may_set: bool
    kept_days: tuple[tuple[str, int], ...]


class Retention:
    """How long the viewer's clinic keeps diaries."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    def page(self) -> RetentionPage:
        """Return the policy and the patients whose erasure it proposes, longest ended first."""
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("data.request")
        with self._kit.database.reading(viewer.clinic_id) as session:
            return RetentionPage(
                years=people.own_clinic(session, viewer).keep_years,
                proposals=_proposals(session, viewer, now),
                may_set=viewer.may("clinic.write"),
                kept_days=tuple((name, span.days) for name, span in leftovers.KEPT.items()),
            )

    def choose(self, typed: str) -> None:
        """Set after how many years an erasure is proposed; empty = never.

        Raises:
            UnusableAnswerError: It is no whole number from 1 to 50.
        """
        viewer, word = self._viewer, typed.strip()
        viewer.require("clinic.write")
        years = int(word) if word.isascii() and word.isdecimal() and len(word) < 4 else None
        if word and (years is None or not FEWEST_YEARS <= years <= MOST_YEARS):
            raise UnusableAnswerError(
                _("Give whole years from 1 to 50, or nothing for never."), "years"
            )
        with self._kit.database.writing(viewer.clinic_id) as session:
            retention.choose(session, viewer, years, self._kit.clock())
        self._kit.publish(clinic_topic(viewer.clinic_id))

    def propose(self, patient_id: UUID) -> None:
        """Ask for the erasure of a patient whose time is over; somebody else must confirm it.

        Raises:
            UnusableAnswerError: The policy does not propose this patient.
            ConflictError: It was asked for already, or an alert is not closed.
        """
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("data.request")
        with self._kit.database.writing(viewer.clinic_id) as session:
            found = {line.id: line for line in _proposals(session, viewer, now)}
            if patient_id not in found:
                raise UnusableAnswerError(
                    _("The clinic's policy does not propose this patient."), "patient"
                )
            reason = _("Kept until {day}, as the clinic's policy says.").format(
                day=found[patient_id].due_on
            )
            requests.ask_erasure(session, viewer, patient_id, reason, now)
        self._kit.publish(clinic_topic(viewer.clinic_id))


def _proposals(session: Session, viewer: Viewer, now: datetime) -> tuple[Proposal, ...]:
    clinic = people.own_clinic(session, viewer)
    if clinic.keep_years is None:
        return ()
    zone = ZoneInfo(clinic.time_zone)
    today = now.astimezone(zone).date()
    asked = {
        row.patient_id
        for row in requests.all_requests(session, viewer)
        if row.kind == "erasure" and row.state == "open"
    }
    found = []
    for patient_id, code, ended_at in retention.ended(session, viewer):
        ended_on = ended_at.astimezone(zone).date()
        due_on = _years_later(ended_on, clinic.keep_years)
        if due_on <= today:
            found.append(Proposal(patient_id, code, ended_on, due_on, patient_id in asked))
    return tuple(sorted(found, key=lambda line: (line.ended_on, line.code)))


def _years_later(on: date, years: int) -> date:
    try:
        return on.replace(year=on.year + years)
    except ValueError:  # 29 February
        return date(on.year + years, 3, 1)
