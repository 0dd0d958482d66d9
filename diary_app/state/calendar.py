"""Days and greetings in words."""

from datetime import date

from babel.dates import format_date

from diary_app.text import _


def day_words(on: date, *, year: bool = False) -> str:
    """Return a day such as "Monday, March 2", with the year when asked."""
    pattern = "EEEE, MMMM d, y" if year else "EEEE, MMMM d"
    return format_date(on, pattern, locale="en")


def weekday(on: date) -> str:
    """Return a day of the last week, such as "Tuesday"."""
    return format_date(on, "EEEE", locale="en")


def greeting(first_name: str) -> str:
    """Return the first line of the first screen; an empty name is left out."""
    if not first_name:
        return _("Hello")
    return _("Hello, {name}").format(name=first_name)
