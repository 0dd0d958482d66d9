"""The weekly questions at the visit: a composite grade per symptom and week, patient-reported."""

from collections.abc import Sequence

import flet as ft

from alerts.grading.pro_ctcae_week import ItemOfWeek, items_of_week
from alerts.grading.pro_ctcae_wording import OWNER
from diary_app.components.care_parts import fine, text
from diary_app.components.care_table import Cell, table, wrapped
from diary_app.components.care_words import plain_day
from diary_app.exports.bundle import WeekLine
from diary_app.text import _

WEEKS_AT_ONCE = 5


def weekly_part(weeks: Sequence[WeekLine]) -> list[ft.Control]:
    """Return the newest weeks side by side, newest first, with what the grades are not.

    Args:
        weeks: Oldest first.
    """
    shown = list(reversed(weeks))[:WEEKS_AT_ONCE]
    by_week = [{each.item.number: each for each in items_of_week(week.answers)} for week in shown]
    asked = {number: each.item.term for week in by_week for number, each in week.items()}
    rows: list[list[Cell]] = [
        [
            wrapped(asked[number], 150),
            *(wrapped(_words(week.get(number)), 62) for week in by_week),
        ]
        for number in sorted(asked)
    ]
    return [
        text(_("PRO-CTCAE composite, patient-reported")),
        fine(
            _(
                "Composite grade 0 to 3 of the 7 days that ended on the day named; yes or no where "
                "only that is asked. It raises no alert and is not for diagnosis."
            )
        ),
        table(
            [_("Symptom"), *(_head(week) for week in shown)],
            rows,
            empty=_("No weekly answers in this period."),
        ),
        fine(OWNER),
    ]


def _head(week: WeekLine) -> str:
    day, year = plain_day(week.ends_on).rsplit(" ", 1)
    return f"{day}\n{year}"


def _words(each: ItemOfWeek | None) -> str:
    if each is None:
        return _("not asked")
    if each.is_present is not None:
        return _("Yes") if each.is_present else _("No")
    return _("not answered") if each.grade is None else str(each.grade)
