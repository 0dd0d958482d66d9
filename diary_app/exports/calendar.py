"""Steps of the plan and visits as one iCalendar file (RFC 5545) to take into any calendar.

Ids stay the same from file to file and SEQUENCE rises with every change, so that a calendar which
reads a newer file moves or strikes out what it knows instead of showing it twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID, uuid5

from icalendar import Calendar, Event

from diary_app.exports.bundle import PlanStepLine, VisitLine
from diary_app.text import _

CALENDAR_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class CalendarOf:
    """What the file is made from.

    Attributes:
        whose: Stands before every title; empty = nobody is named.
        steps: Every step ever confirmed, replaced ones too.
        is_private: Nothing in it names a medicine or the clinic; a calendar at work shows this to
            others.
    """

    patient_id: UUID
    whose: str
    clinic_name: str
    clinic_phone: str
    steps: Sequence[PlanStepLine]
    visits: Sequence[VisitLine]
    made_at: datetime
    is_private: bool = False


def calendar_file(made: CalendarOf) -> bytes:
    """Return the file; lines are folded at 75 octets and end in CRLF."""
    calendar = Calendar()
    calendar.add("prodid", "-//Symptom diary//Plan and visits//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for event in plan_and_visits(made):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def plan_and_visits(made: CalendarOf) -> list[Event]:
    """Return steps and visits as events; the file and the private calendar hold the same."""
    return [*_steps(made), *(_visit(made, visit) for visit in made.visits)]


def _steps(made: CalendarOf) -> Iterable[Event]:
    """Yield one event for every day on which a step begins, or was to begin."""
    by_day = sorted(made.steps, key=lambda step: (step.starts_on, _at(step, made)))
    for day, group in groupby(by_day, key=lambda step: step.starts_on):
        versions = list(group)
        replaced = [step.superseded_at for step in versions if step.superseded_at is not None]
        newest = versions[-1]
        event = _event(
            made,
            uid=uuid5(made.patient_id, f"step {day.isoformat()}"),
            title=_("Change of plan") if made.is_private else _step_words(newest),
            # Confirmed and replaced both count, so that it rises whatever comes next.
            sequence=len(versions) + len(replaced) - 1,
            changed_at=max([*(_at(step, made) for step in versions), *replaced]),
            is_cancelled=newest.superseded_at is not None,
        )
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        yield event


def _visit(made: CalendarOf, visit: VisitLine) -> Event:
    event = _event(
        made,
        uid=visit.id,
        title=_("Appointment")
        if made.is_private
        else _("Visit at {clinic}").format(clinic=made.clinic_name),
        sequence=visit.sequence,
        changed_at=visit.changed_at,
        is_cancelled=visit.cancelled_at is not None,
    )
    event.add("dtstart", visit.starts_at)
    event.add("dtend", visit.starts_at + timedelta(minutes=visit.minutes))
    return event


def _event(
    made: CalendarOf,
    *,
    uid: UUID,
    title: str,
    sequence: int,
    changed_at: datetime,
    is_cancelled: bool,
) -> Event:
    event = Event()
    event.add("uid", str(uid))
    event.add("dtstamp", made.made_at)
    event.add("last-modified", changed_at)
    event.add("sequence", sequence)
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("summary", f"{made.whose}: {title}" if made.whose else title)
    if made.clinic_phone and not made.is_private:
        phone = _("Questions? {clinic}: {phone}")
        event.add("description", phone.format(clinic=made.clinic_name, phone=made.clinic_phone))
    event.add("class", "PRIVATE")
    return event


def _step_words(step: PlanStepLine) -> str:
    if not step.imatinib_mg:
        dose = _("no imatinib")
    elif step.every_n_days == 1:
        dose = _("imatinib {mg:g} mg daily").format(mg=step.imatinib_mg)
    else:
        dose = _("imatinib {mg:g} mg every other day").format(mg=step.imatinib_mg)
    if step.prednisolone_mg:
        dose += ", " + _("prednisolone {mg:g} mg").format(mg=step.prednisolone_mg)
    return _("New dose: {dose}").format(dose=dose)


def _at(step: PlanStepLine, made: CalendarOf) -> datetime:
    return step.approved_at or made.made_at
