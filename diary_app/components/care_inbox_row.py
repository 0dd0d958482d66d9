"""One alert in the inbox, readable at one glance."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

import flet as ft

from diary_app.components.care_parts import FINE, button, fine, level_tag, text
from diary_app.components.care_words import (
    CALL_ENDS,
    OUTCOMES,
    logged_words,
    plain_day,
    planned_words,
    reason_words,
    step_words,
    waiting_words,
    when,
    word,
)
from diary_app.routes import alert
from diary_app.services.inbox import InboxRow
from diary_app.text import _, _n
from diary_app.theme import look

ACTS_WIDTH = 164


def inbox_row(
    row: InboxRow,
    now: datetime,
    zone: str,
    take: Callable[[InboxRow], Awaitable[None]],
    *,
    wide: bool,
    marked: bool = False,
) -> ft.Control:
    """Return one alert.

    Args:
        now: Of the reading; waiting times count up to it.
        zone: The clinic's time zone.
        take: Takes the alert with one tap.
        wide: Columns beside each other instead of below each other.
        marked: The one that keys act on.
    """
    page = ft.context.page
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
        tight=True,
    )
    level = ft.Row(
        [level_tag(row.level), fine(_("Alert {code}").format(code=row.code))],
        spacing=8,
        wrap=True,
        run_spacing=4,
    )
    why = ft.Column(
        [text(reason_words(reason), size=15) for reason in row.reasons], spacing=2, tight=True
    )
    dose = ft.Row(
        [
            ft.Text(step_words(row.dose.step_up), size=FINE, weight=ft.FontWeight.W_600),
            fine(
                _("Today: planned {planned}, taken {taken}").format(
                    planned=planned_words(row.dose), taken=logged_words(row.dose)
                )
            ),
        ],
        spacing=12,
        run_spacing=0,
        wrap=True,
    )
    wait = _wait(row, now, zone)
    acts = ft.Row(
        [
            *(
                [button(_("Take"), partial(take, row), key=f"take-{row.code}", main=True)]
                if row.state == "open"
                else []
            ),
            button(
                _("Open"),
                lambda: page.navigate(alert(row.alert_id)),
                key=f"open-{row.code}",
            ),
        ],
        spacing=8,
        tight=True,
    )
    content: ft.Control
    if wide:
        content = ft.Row(
            [
                ft.Column([level, who], spacing=4, expand=3),
                ft.Column(
                    [why, dose],
                    spacing=4,
                    expand=6,
                    horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                ),
                ft.Column([wait], expand=2),
                ft.Container(acts, width=ACTS_WIDTH, alignment=ft.Alignment.CENTER_RIGHT),
            ],
            spacing=16,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        )
    else:
        content = ft.Column(
            [
                ft.Row(
                    [ft.Container(level, expand=True), wait],
                    vertical_alignment=ft.CrossAxisAlignment.START,
                ),
                who,
                why,
                dose,
                acts,
            ],
            spacing=8,
        )
    line = (
        ft.BorderSide(3, ft.Colors.PRIMARY)
        if marked
        else ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)
    )
    return ft.Container(
        key=ft.ScrollKey(row_key(row)),  # type: ignore[call-arg]
        content=ft.Semantics(content=content, container=True, selected=True) if marked else content,
        padding=ft.Padding.only(left=14, top=10, right=14, bottom=10),
        bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH if marked else ft.Colors.SURFACE_CONTAINER,
        border=ft.Border(
            left=ft.BorderSide(6, look(row.level).ink), top=line, right=line, bottom=line
        ),
    )


def row_key(row: InboxRow) -> str:
    """Return the key to which the screen can scroll."""
    return f"alert-{row.code}"


def _wait(row: InboxRow, now: datetime, zone: str) -> ft.Control:
    if row.state == "closed" and row.closed_at is not None:
        lines = [
            _("Closed {time}").format(time=when(row.closed_at, zone, now)),
            word(OUTCOMES, row.outcome or ""),
        ]
    elif row.held_by is not None and row.held_at is not None:
        lines = [
            _("You have it") if row.mine else _("{name} has it").format(name=row.held_by),
            _("since {time}").format(time=when(row.held_at, zone, now)),
        ]
    else:
        lines = [
            _("Waiting {time}").format(time=waiting_words(row.raised_at, now)),
            _("since {time}").format(time=when(row.raised_at, zone, now)),
        ]
    if row.last_call is not None:
        said = word(CALL_ENDS, row.last_call.end)
        lines.append(
            _n("{n} call, {time}: {end}", "{n} calls, last {time}: {end}", row.calls).format(
                n=row.calls, time=when(row.last_call.at, zone, now), end=said
            )
        )
    if row.snoozed_until is not None:
        lines.append(_("snoozed until {time}").format(time=when(row.snoozed_until, zone, now)))
    if row.held_until is not None:
        lines.append(
            _("message held until {time}, quiet hours").format(time=when(row.held_until, zone, now))
        )
    first, *others = lines
    return ft.Column(
        [text(first, strong=True), *(fine(line) for line in others)], spacing=0, tight=True
    )
