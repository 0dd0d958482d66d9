"""Shifts, overrides and days away as typed, checked before anything is kept."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from alerts.escalation.local_time import instant_of
from alerts.escalation.on_call import MINUTES_A_DAY
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.policy_form import read_clock
from diary_app.text import _

LONGEST_NAME = 40
LONGEST_OVERRIDE = timedelta(days=366)


@dataclass(frozen=True)
class ShiftForm:
    """One row of the week, read.

    Attributes:
        weekday: 0 (Monday) to 6.
        starts: HH:MM.
        ends: HH:MM; not later than ``starts`` means on the next day.
    """

    weekday: int
    starts: str
    ends: str
    user_id: UUID


def read_name(typed: str, what: str) -> str:
    """Return the name of a team or rota, 1 to 40 characters; raises UnusableAnswerError."""
    name = " ".join(typed.split())
    if not 0 < len(name) <= LONGEST_NAME:
        sentence = _("Give {what} a name of 1 to {n} characters.")
        raise UnusableAnswerError(sentence.format(what=what, n=LONGEST_NAME), "name")
    return name


def read_shifts(
    days: tuple[int, ...], starts: str, ends: str, user_id: UUID | None
) -> tuple[ShiftForm, ...]:
    """Return one shift per day; raises UnusableAnswerError."""
    if not days:
        raise UnusableAnswerError(_("Choose at least one day."), "days")
    begin, end = (_clock(typed, name) for typed, name in ((starts, "starts"), (ends, "ends")))
    whose = _person(user_id)
    return tuple(ShiftForm(day, f"{begin:%H:%M}", f"{end:%H:%M}", whose) for day in sorted(days))


def shift_minutes(shift: ShiftForm) -> int:
    """Return how long a shift lasts when no clock changes, 1 to 1440 minutes."""
    begin, end = (time.fromisoformat(each) for each in (shift.starts, shift.ends))
    length = (end.hour - begin.hour) * 60 + end.minute - begin.minute
    return length % MINUTES_A_DAY or MINUTES_A_DAY


def read_override(
    starts: str, ends: str, user_id: UUID | None, zone: ZoneInfo, now: datetime
) -> tuple[datetime, datetime, UUID]:
    """Return begin, end (UTC) and who is on call; raises UnusableAnswerError.

    Args:
        starts: YYYY-MM-DD HH:MM on the clinic's clock.
        ends: Likewise; after ``starts`` and after now.
        user_id: None = nobody chosen yet.
        zone: Of the clinic.
        now: Present instant.
    """
    begin, end = _instant(starts, "starts", zone), _instant(ends, "ends", zone)
    if end <= begin:
        raise UnusableAnswerError(_("The end must lie after the begin."), "ends")
    if end <= now:
        raise UnusableAnswerError(_("This is over already."), "ends")
    if end - begin > LONGEST_OVERRIDE:
        raise UnusableAnswerError(_("An override lasts a year at most."), "ends")
    return begin, end, _person(user_id)


def read_absence(
    first_on: str, last_on: str, user_id: UUID | None, cover_id: UUID | None, today: date
) -> tuple[date, date, UUID, UUID | None]:
    """Return first and last day, who is away and who covers; raises UnusableAnswerError."""
    first, last = _day(first_on, "first_on"), _day(last_on or first_on, "last_on")
    if last < first:
        raise UnusableAnswerError(_("The last day must not lie before the first."), "last_on")
    if last < today:
        raise UnusableAnswerError(_("This is over already."), "last_on")
    whose = _person(user_id)
    if cover_id == whose:
        raise UnusableAnswerError(_("Nobody can cover for themselves."), "cover")
    return first, last, whose, cover_id


def _person(user_id: UUID | None) -> UUID:
    if user_id is None:
        raise UnusableAnswerError(_("Choose a person."), "person")
    return user_id


def _clock(typed: str, field: str) -> time:
    found = read_clock(typed)
    if found is None:
        raise UnusableAnswerError(_("Give the time as HH:MM, such as 20:00."), field)
    return found


def _day(typed: str, field: str) -> date:
    try:
        found = date.fromisoformat(typed.strip())
    except ValueError:
        raise UnusableAnswerError(_("Give the day as YYYY-MM-DD."), field) from None
    if not date(2000, 1, 1) <= found <= date(2100, 1, 1):
        raise UnusableAnswerError(_("Give a day of this century."), field)
    return found


def _instant(typed: str, field: str, zone: ZoneInfo) -> datetime:
    day, _space, clock = typed.strip().partition(" ")
    at = read_clock(clock)
    if at is None:
        raise UnusableAnswerError(_("Give day and time as YYYY-MM-DD HH:MM."), field)
    return instant_of(_day(day, field), at, zone).astimezone(UTC)
