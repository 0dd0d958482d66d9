"""Days and greetings in words."""

from datetime import date, timedelta

from babel import Locale

from diary_app.text import _, language
from diary_app.text.dates import day


def day_words(on: date, *, year: bool = False) -> str:
    """Return a day such as "Monday, March 2", with the year when asked."""
    return day(on, "yMMMMEEEEd" if year else "MMMMEEEEd")


def weekday_short(on: date) -> str:
    """Return the weekday in short, such as "Mon"."""
    return day(on, "EEE")


def weekday(on: date) -> str:
    """Return a day of the last week, such as "Tuesday"."""
    return day(on, "EEEE")


def greeting(first_name: str) -> str:
    """Return the first line of the first screen; an empty name is left out."""
    if not first_name:
        return _("Hello")
    return _("Hello, {name}").format(name=first_name)


def month_words(on: date) -> str:
    """Return the month of a day such as "March 2026"."""
    return day(on, "yMMMM")


def weekdays() -> tuple[str, ...]:
    """Return the days of the week in short, in the order of the calendar's columns."""
    names = Locale.parse(language()).days["stand-alone"]["short"]
    first = Locale.parse(language()).first_week_day
    return tuple(names[(first + place) % 7] for place in range(7))


def weeks_of(month: date) -> tuple[tuple[date | None, ...], ...]:
    """Return the days of a month in rows of a week; None = before its first or after its last.

    Args:
        month: The first of the month.
    """
    offset = (month.weekday() - Locale.parse(language()).first_week_day) % 7
    length = ((month + timedelta(days=31)).replace(day=1) - month).days
    places: list[date | None] = [None] * offset
    places += [month + timedelta(days=number) for number in range(length)]
    places += [None] * (-len(places) % 7)
    return tuple(tuple(places[start : start + 7]) for start in range(0, len(places), 7))
