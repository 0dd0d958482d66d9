"""Visits ahead: agree on one, move it, cancel it."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_parts import button, fine, text
from diary_app.components.care_words import day_words
from diary_app.exports.calendar import VisitLine
from diary_app.services.appointments import Appointments
from diary_app.services.care_errors import REFUSALS, UnusableAnswerError
from diary_app.text import _, _n


@keyed
def VisitsPanel(
    appointments: Appointments,
    patient_id: UUID,
    time_zone: str,
    visits: Sequence[VisitLine],
    may_write: bool,
) -> ft.Control:
    """List the visits ahead, in the patient's time; the page is read anew after a change."""
    day, set_day = ft.use_state("")
    clock, set_clock = ft.use_state("")
    minutes, set_minutes = ft.use_state("30")
    nothing: VisitLine | None = None
    moving, set_moving = ft.use_state(nothing)
    is_open, set_open = ft.use_state(False)
    wrong, set_wrong = ft.use_state(("", ""))
    zone = ZoneInfo(time_zone)

    async def attempt(call: Callable[[], None]) -> None:
        try:
            await asyncio.to_thread(call)
        except REFUSALS as error:
            field = error.field if isinstance(error, UnusableAnswerError) else ""
            set_wrong((field, str(error)))
        else:
            close()

    def close() -> None:
        set_wrong(("", ""))
        set_open(False)
        set_moving(lambda _before: None)
        set_day("")
        set_clock("")

    async def keep() -> None:
        typed = (day, clock, minutes)
        if isinstance(moving, VisitLine):
            await attempt(partial(appointments.move, patient_id, moving.id, *typed))
        else:
            await attempt(partial(appointments.add, patient_id, *typed))

    async def cancel(visit: VisitLine) -> None:
        await attempt(partial(appointments.cancel, visit.id))

    def move(visit: VisitLine) -> None:
        at = visit.starts_at.astimezone(zone)
        set_day(at.date().isoformat())
        set_clock(f"{at:%H:%M}")
        set_minutes(str(visit.minutes))
        set_moving(lambda _before: visit)
        set_open(True)

    def typed_into(
        name: str, label: str, value: str, change: Callable[[str], None], width: int
    ) -> ft.Control:
        return ft.TextField(
            key=f"visit-{name}",
            label=label,
            value=value,
            width=width,
            error=wrong[1] if wrong[0] == name else None,
            on_change=lambda event: change(event.control.value),
        )

    lines: list[ft.Control] = []
    for visit in visits:
        at = visit.starts_at.astimezone(zone)
        lines.append(
            ft.Row(
                [
                    text(
                        _("{day} at {clock}").format(day=day_words(at.date()), clock=f"{at:%H:%M}"),
                        strong=True,
                    ),
                    fine(_n("{n} minute", "{n} minutes", visit.minutes).format(n=visit.minutes)),
                    *(
                        [
                            button(_("Move"), partial(move, visit), key=f"move-{visit.id}"),
                            button(
                                _("Cancel the visit"),
                                partial(cancel, visit),
                                key=f"cancel-{visit.id}",
                            ),
                        ]
                        if may_write
                        else []
                    ),
                ],
                wrap=True,
                spacing=10,
                run_spacing=10,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            )
        )
    if not visits:
        lines.append(fine(_("No visit is agreed in the diary so far.")))
    if wrong[1] and not wrong[0]:
        lines.append(ft.Semantics(live_region=True, content=text(wrong[1])))
    if is_open:
        lines += [
            ft.Row(
                [
                    typed_into("day", _("Day, YYYY-MM-DD"), day, set_day, 200),
                    typed_into("clock", _("Time, HH:MM"), clock, set_clock, 160),
                    typed_into("minutes", _("Minutes"), minutes, set_minutes, 130),
                ],
                wrap=True,
                spacing=10,
                run_spacing=10,
                vertical_alignment=ft.CrossAxisAlignment.START,
            ),
            fine(_("In the patient's time zone, {zone}.").format(zone=time_zone)),
            ft.Row(
                [
                    button(
                        _("Move the visit") if moving is not None else _("Agree on this visit"),
                        keep,
                        key="keep-visit",
                        main=True,
                    ),
                    button(_("Never mind"), close, key="close-visit"),
                ],
                wrap=True,
                spacing=10,
                run_spacing=10,
            ),
        ]
    elif may_write:
        lines.append(
            ft.Row(
                [
                    button(
                        _("Add a visit"),
                        partial(set_open, True),
                        key="add-visit",
                        icon=ft.Icons.EVENT,
                    )
                ]
            )
        )
    return ft.Column(lines, spacing=10)
