"""The summary: the day and the week of the whole clinic, one line per patient."""

from collections.abc import Sequence
from uuid import UUID

import flet as ft

from diary_app.components.care_confirm import confirm_dialog
from diary_app.components.care_parts import band, button, fine, text
from diary_app.components.care_reading import attempt, tell, use_reading
from diary_app.components.care_shell import reading_body, shell, use_care
from diary_app.components.care_summary import (
    figures_part,
    group_part,
    load_part,
    mailing_part,
)
from diary_app.components.care_words import day_and_clock
from diary_app.ground.boundary import screen_component
from diary_app.routes import CLINIC_WEEK, SUMMARY, SUMMARY_PRINT
from diary_app.services.summary import GROUPS
from diary_app.text import _


@screen_component
def SummaryScreen() -> ft.View:
    """Show what is new, open, overdue, silent and listed, and the week's load; live."""
    care = use_care()
    nothing: tuple[UUID, ...] = ()
    asking, ask = ft.use_state(nothing)
    summary = care.desk.summary
    reading = use_reading(lambda again: summary.page(again=again), summary.topic, [care.desk])
    page = reading.value

    async def keep(ids: Sequence[UUID]) -> None:
        ask(nothing)
        done = await attempt(summary.review, ids)
        if done == 0:
            tell(ft.context.page, _("A colleague reviewed this first."))
        await reading.again()

    async def review(ids: Sequence[UUID]) -> None:
        rows = [] if page is None else [row for row in page.rows if set(row.review) & set(ids)]
        if len(rows) > 1:
            ask(tuple(ids))
        else:
            await keep(ids)

    async def print_out() -> None:
        await ft.UrlLauncher().launch_url(SUMMARY_PRINT, web_only_window_name="_blank")

    async def keep_all() -> None:
        await keep(asking)

    ft.use_dialog(
        confirm_dialog(
            _("Mark the whole weekly list as reviewed?"),
            [
                _("You say that you read these entries. Alerts and silent patients stay."),
                _("It is written down with your name."),
            ],
            _("Mark as reviewed"),
            keep_all,
            lambda: ask(nothing),
        )
        if asking
        else None
    )
    if page is None:
        return shell(care, _("Summary"), reading_body(reading.problem), place=SUMMARY, watch=None)
    groups = {name: [row for row in page.rows if row.group == name] for name in GROUPS}
    rest = page.patients - len(page.rows)
    as_of = _("As of {time}, {clinic}.").format(
        time=day_and_clock(page.now, page.watch.time_zone), clinic=page.clinic_name
    )
    return shell(
        care,
        _("Summary"),
        [
            *(
                band("prompt", words, key=f"summary-problem-{i}")
                for i, words in enumerate(page.problems)
            ),
            ft.Row(
                [
                    ft.Container(fine(as_of), expand=True),
                    button(_("Print"), print_out, key="print", icon=ft.Icons.PRINT),
                    button(
                        _("Weekly report"),
                        lambda: ft.context.page.navigate(CLINIC_WEEK),
                        key="clinic-week",
                    ),
                ],
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            ),
            figures_part(page),
            *(
                group_part(name, rows, page, review, wide=care.wide)
                for name, rows in groups.items()
                if rows
            ),
            *([] if page.rows else [text(_("Nobody waits, is silent or is on the weekly list."))]),
            *(
                [fine(_("{n} more patients: nothing open, wrote lately.").format(n=rest))]
                if rest > 0
                else []
            ),
            load_part(page),
            mailing_part(page),
        ],
        place=SUMMARY,
        watch=page.watch,
    )
