"""A patient's calendar as iCalendar (RFC 5545): reminders with alarms, beside plan and visits.

Every event is one instant in UTC, computed by the patient's clock, so that no calendar program has
to know what clock changes do. Programs ask again by themselves, so two months are enough.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from alerts.local_time import day_of, days_between, instant_of
from alerts.records import planned_dose
from alerts.reminders import Rule, takes_medicine
from db.models import PlanStep

DAYS = 60
LASTS = timedelta(minutes=15)


@dataclass(frozen=True)
class CalendarWords:
    """What stands in the calendar.

    Attributes:
        name: Of the calendar.
        entry: Title of the entry reminder.
        dose: Title of the dose reminder; ``{dose}`` stands for the planned doses.
        imatinib: Such as "imatinib {mg} mg"; prednisolone likewise.
        stopped: Instead of a dose.
    """

    name: str
    entry: str
    dose: str
    imatinib: str
    prednisolone: str
    stopped: str


DISCREET = CalendarWords("Diary", "Diary", "Reminder", "", "", "")
PLAIN = CalendarWords(
    "Symptom diary",
    "Write today's entry in the symptom diary",
    "Take {dose}",
    "imatinib {mg:g} mg",
    "prednisolone {mg:g} mg",
    "no imatinib",
)


def calendar_of(
    *,
    feed: str,
    rules: dict[str, Rule],
    steps: Sequence[PlanStep],
    zone: ZoneInfo,
    discreet: bool,
    link: str,
    now: datetime,
    beside: Iterable[Event] = (),
    say: Callable[[str], str] = str,
) -> bytes:
    """Return the calendar: reminders of the next 60 days, and what stands beside them.

    Args:
        feed: Names the calendar in the events' ids; the same at every fetch.
        rules: As ``alerts.reminders.rules_of`` returns them.
        steps: The plan in force.
        discreet: Nothing in it names a medicine or an illness.
        link: Opens the diary.
        beside: Steps of the plan and visits, under the ids that they have everywhere.
        say: Words of ``CalendarWords`` to the same in the reader's language.
    """
    words = _said(DISCREET if discreet else PLAIN, say)
    calendar = Calendar()
    calendar.add("prodid", "-//Symptom diary//Reminders//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", words.name)
    calendar.add("x-wr-calname", words.name)
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    today = day_of(now, zone)
    days = days_between(today, today + timedelta(days=DAYS - 1), zone)
    for day in days:
        if rules["entry"].is_on:
            at = instant_of(day, rules["entry"].local_time, zone)
            calendar.add_component(_reminder(f"entry-{day}-{feed}", words.entry, at, link, now))
        if rules["dose"].is_on and takes_medicine(steps, day):
            at = instant_of(day, rules["dose"].local_time, zone)
            title = words.dose.format(dose=_dose_words(steps, day, words))
            calendar.add_component(_reminder(f"dose-{day}-{feed}", title, at, link, now))
    for event in beside:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _said(words: CalendarWords, say: Callable[[str], str]) -> CalendarWords:
    return CalendarWords(**{name: say(english) for name, english in asdict(words).items()})


def _dose_words(steps: Sequence[PlanStep], day: date, words: CalendarWords) -> str:
    planned = planned_dose(steps, day)
    named = []
    if planned.imatinib_mg:
        named.append(words.imatinib.format(mg=planned.imatinib_mg))
    elif not planned.off_day:
        named.append(words.stopped)
    if planned.prednisolone_mg:
        named.append(words.prednisolone.format(mg=planned.prednisolone_mg))
    return ", ".join(named)


def _reminder(uid: str, title: str, at: datetime, link: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{uid}@diary")
    event.add("dtstamp", now)
    event.add("dtstart", at)
    event.add("duration", LASTS)
    event.add("summary", title)
    event.add("description", link)
    event.add("url", link)
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(0))
    event.add_component(alarm)
    return event
