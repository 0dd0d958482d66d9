"""Parts of the summary: the figures, the week's load, one line per patient, the last mail."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from uuid import UUID

import flet as ft

from diary_app.components.care_parts import button, fine, level_tag, part, text
from diary_app.components.care_summary_words import (
    COUNTS,
    GROUP_WORDS,
    alert_words,
    load_words,
    mailing_words,
    review_words,
    silence_words,
    week_words,
)
from diary_app.components.care_words import plain_day, planned_words, reason_words, step_words
from diary_app.routes import alert, patient
from diary_app.services.summary import SummaryPage, SummaryRow
from diary_app.text import _
from diary_app.theme import look

Review = Callable[[Sequence[UUID]], Awaitable[None]]

_LOUD = {"overdue_alerts", "ungraded_entries", "lost_messages"}


def figures_part(page: SummaryPage) -> ft.Control:
    """Show the counts; those that ask for something stand out."""
    shown = [
        _figure(getattr(page.counts, name), words(), loud=name in _LOUD)
        for name, words in COUNTS.items()
    ]
    return part(_("Now"), [ft.Row(shown, wrap=True, spacing=10, run_spacing=10)])


def load_part(page: SummaryPage) -> ft.Control:
    """Show the alerts of the last seven days against the budget, in words and as bars."""
    weeks = _("{patients} patients, {weeks} patient-weeks.").format(
        patients=page.patients, weeks=f"{page.patient_weeks:.1f}"
    )
    about = _(
        "The budget is what a team can answer for stable patients: a design choice of the diary, "
        "not a published figure. An alert counts at the level it has reached."
    )
    bars: list[ft.Control] = []
    for each in page.load:
        seen = look(each.level)
        share = 0.0 if each.rate is None else each.rate / (2 * each.budget)
        bars.append(
            ft.Column(
                [
                    text(load_words(each.level, each.alerts, each.rate, each.budget)),
                    ft.Stack(
                        [
                            ft.ProgressBar(
                                value=min(share, 1.0),
                                bar_height=14,
                                color=ft.Colors.ERROR if each.over else ft.Colors.PRIMARY,
                                bgcolor=ft.Colors.SURFACE_CONTAINER_HIGHEST,
                                border_radius=7,
                                semantics_label=seen.word(),
                            ),
                            # The budget is the middle of the bar.
                            ft.Row(
                                [ft.Container(width=3, height=14, bgcolor=ft.Colors.ON_SURFACE)],
                                alignment=ft.MainAxisAlignment.CENTER,
                            ),
                        ]
                    ),
                ],
                spacing=4,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            )
        )
    mark = fine(_("The mark in the middle of a bar is the budget."))
    return part(_("The week's load"), [fine(weeks), *bars, mark, fine(about)])


def group_part(
    group: str, rows: Sequence[SummaryRow], page: SummaryPage, review: Review, *, wide: bool
) -> ft.Control:
    """Show the patients of one group, one line each."""
    listed = [each for row in rows for each in row.review]
    acts: list[ft.Control] = []
    if group == "weekly" and len(rows) > 1:
        acts = [
            button(
                _("Mark all {n} as reviewed").format(n=len(rows)),
                partial(review, listed),
                key="review-all",
                icon=ft.Icons.DONE_ALL,
            )
        ]
    heading = _("{group} ({n})").format(group=GROUP_WORDS[group](), n=len(rows))
    return part(heading, [_line(row, page, review, wide=wide) for row in rows], actions=acts)


def mailing_part(page: SummaryPage) -> ft.Control:
    """Show when the last summary was mailed and whom it did not reach."""
    zone = page.watch.time_zone
    lines: list[ft.Control] = [text(words) for words in mailing_words(page.mailing, zone)]
    return part(_("By mail"), lines)


def _figure(number: int, words: str, *, loud: bool) -> ft.Control:
    seen = look("prompt") if loud and number else None
    ink = seen.ink if seen else None
    return ft.Container(
        width=138,
        padding=ft.Padding.symmetric(horizontal=12, vertical=8),
        border_radius=10,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        bgcolor=seen.ground if seen else ft.Colors.SURFACE,
        content=ft.Semantics(
            label=f"{words}: {number}",
            exclude_semantics=True,
            content=ft.Column(
                [
                    text(str(number), strong=True, size=22, color=ink),
                    fine(words, color=ink or ft.Colors.ON_SURFACE_VARIANT),
                ],
                spacing=0,
                tight=True,
            ),
        ),
    )


def _line(row: SummaryRow, page: SummaryPage, review: Review, *, wide: bool) -> ft.Control:
    go = ft.context.page
    who = ft.Column(
        [
            text(row.patient.name, strong=True),
            fine(
                _("{code}, born {day}").format(
                    code=row.patient.code, day=plain_day(row.patient.born_on)
                )
            ),
        ],
        spacing=0,
    )
    waiting = review_words(row, page.watch.time_zone)
    why = ft.Column(
        [
            ft.Row(_tags(row), wrap=True, spacing=6, run_spacing=4),
            *([text(reason_words(row.reason), size=15)] if row.reason is not None else []),
            *(fine(words) for words in alert_words(row, page)),
            *([fine(waiting)] if waiting else []),
        ],
        spacing=4,
    )
    course = ft.Column(
        [
            text(silence_words(row), size=15, strong=row.silent),
            fine(_("Imatinib: {dose}").format(dose=planned_words(row.dose))),
            fine(step_words(row.dose.step_up)),
        ],
        spacing=0,
    )
    first = row.alerts[0].alert_id if row.alerts else None
    path = patient(row.patient.id) if first is None else alert(first)
    acts: list[ft.Control] = [
        button(_("Open"), lambda: go.navigate(path), key=f"open-{row.patient.code}")
    ]
    if row.review:
        acts.append(
            button(
                _("Mark reviewed"),
                partial(review, row.review),
                key=f"review-{row.patient.code}",
                icon=ft.Icons.DONE,
            )
        )
    content: ft.Control
    if wide:
        who.expand, why.expand, course.expand = 3, 6, 3
        ends = ft.Column(acts, spacing=6, width=176)
        ends.horizontal_alignment = ft.CrossAxisAlignment.STRETCH
        content = ft.Row(
            [who, why, course, ends], spacing=16, vertical_alignment=ft.CrossAxisAlignment.START
        )
    else:
        content = ft.Column([who, why, course, ft.Row(acts, spacing=8, wrap=True)], spacing=6)
    return ft.Container(
        key=f"summary-{row.patient.code}",
        content=content,
        padding=ft.Padding.only(top=10, bottom=10),
        border=ft.Border.only(top=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
    )


def _tags(row: SummaryRow) -> list[ft.Control]:
    shown: list[ft.Control] = []
    if row.alerts:
        loudest = row.alerts[0]
        shown.append(level_tag(loudest.level, words=_alert_tag(row)))
    if row.assessed:
        shown.append(level_tag(row.level, words=week_words(row)))
    else:
        shown.append(fine(week_words(row)))
    return shown


def _alert_tag(row: SummaryRow) -> str:
    words = _("Alert: {level}").format(level=look(row.alerts[0].level).word())
    if any(each.overdue for each in row.alerts):
        return _("{alert}, overdue").format(alert=words)
    if all(each.held_by is not None for each in row.alerts):
        return _("{alert}, taken").format(alert=words)
    return _("{alert}, new").format(alert=words) if row.alerts[0].new else words
