"""The weekly report of the clinic: load, response times, what has no outcome, who is silent."""

from collections.abc import Mapping

import flet as ft

from alerts.escalation.clinic_week import LevelWeek
from alerts.escalation.summary import LevelLoad
from diary_app.components.care_parts import band, button, fine, pair, part
from diary_app.components.care_reading import use_reading
from diary_app.components.care_shell import ADMIN, reading_body, shell, use_care
from diary_app.components.care_table import table
from diary_app.components.care_words import Word, day_words
from diary_app.ground.boundary import screen_component
from diary_app.routes import SUMMARY, clinic_week_table
from diary_app.text import _, _n

LEVELS: Mapping[str, Word] = {"urgent": lambda: _("Urgent"), "prompt": lambda: _("Same day")}


@screen_component
def ClinicWeekScreen() -> ft.View:
    """Show one week, Monday to Sunday; the last whole one first."""
    care = use_care()
    weeks = care.desk.weeks
    back, set_back = ft.use_state(1)
    reading = use_reading(lambda _again: weeks.page(back), weeks.topic, [care.desk, back])
    page = reading.value
    place = SUMMARY if care.desk.me.may("digest.review") else ADMIN
    if page is None:
        body = reading_body(reading.problem)
        return shell(care, _("Weekly report"), body, place=place, watch=None)
    week = page.week

    async def download() -> None:
        await ft.UrlLauncher().launch_url(clinic_week_table(back), web_only_window_name="_blank")

    turns = [
        button(_("Week before"), lambda: set_back(back + 1), key="week-before"),
        *([button(_("Week after"), lambda: set_back(back - 1), key="week-after")] if back else []),
        button(_("CSV"), download, key="week-csv", icon=ft.Icons.DOWNLOAD),
    ]
    lost = week.without_outcome
    outcome = (
        band(
            "urgent",
            _n(
                "{n} alert was closed without an outcome. Call your administrator.",
                "{n} alerts were closed without an outcome. Call your administrator.",
                lost,
            ).format(n=lost),
            key="without-outcome",
        )
        if lost
        else pair(_("Alerts closed without an outcome"), _("none, as it must be"))
    )
    return shell(
        care,
        _("Weekly report"),
        [
            part(
                _("{first} to {last}").format(
                    first=day_words(week.first_on), last=day_words(week.last_on)
                ),
                [
                    *([] if week.whole else [fine(_("This week is not over yet."))]),
                    ft.Row(
                        [
                            pair(_("Patients in follow-up"), str(week.patients), strong=True),
                            pair(_("Silent patients"), str(week.silent), strong=True),
                            pair(_("Alerts not closed yet"), str(week.not_closed), strong=True),
                            outcome,
                        ],
                        wrap=True,
                        spacing=32,
                        run_spacing=12,
                    ),
                ],
                actions=turns,
            ),
            part(
                _("How soon alerts were taken"),
                [
                    table(
                        [
                            _("Level"),
                            _("Alerts"),
                            _("Median"),
                            _("Longest"),
                            _("Target"),
                            _("In time"),
                            _("Waiting"),
                        ],
                        [_answers(each) for each in week.levels],
                        empty="",
                        stacked=not care.wide,
                    ),
                    fine(
                        _(
                            "From reaching the level until somebody took it. An alert that waits "
                            "past the target counts as not in time."
                        )
                    ),
                ],
            ),
            part(
                _("Load against the alert budget"),
                [
                    table(
                        [_("Level"), _("Alerts a patient-week"), _("Budget"), _("Load")],
                        [_load(each) for each in week.load],
                        empty="",
                        stacked=not care.wide,
                    )
                ],
            ),
            fine(_("Counts alone. The same goes to all staff by mail on Monday.")),
        ],
        place=place,
        watch=page.watch,
    )


def _answers(each: LevelWeek) -> list[str]:
    return [
        LEVELS[each.level](),
        str(each.alerts),
        _minutes(each.median),
        _minutes(each.worst),
        _minutes(each.target),
        "-" if each.share is None else f"{100 * each.share:.0f} %",
        str(each.waiting),
    ]


def _load(each: LevelLoad) -> list[str]:
    if each.rate is None:
        return [LEVELS[each.level](), "-", f"{each.budget:.2f}", _("not known")]
    verdict = _("above the budget") if each.over else _("within the budget")
    return [LEVELS[each.level](), f"{each.rate:.2f}", f"{each.budget:.2f}", verdict]


def _minutes(value: float | None) -> str:
    if value is None:
        return "-"
    if value < 90:
        return _("{n} min").format(n=round(value))
    return _("{n} h").format(n=f"{round(value / 60, 1):g}")
