"""Visits ahead: agree on one, move it, cancel it."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_parts import button, fine, text
from diary_app.components.care_reading import attempt
from diary_app.components.care_words import day_words
from diary_app.exports.bundle import VisitLine
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
    nothing: VisitLine | None = None
    moving, set_moving = ft.use_state(nothing)
    is_open, set_open = ft.use_state(False)
    nobody: UUID | None = None
    asked, set_asked = ft.use_state(nobody)

    def ask(visit_id: UUID | None) -> None:
        set_asked(lambda _before: visit_id)

    async def cancel(visit: VisitLine) -> None:
        ask(None)
        await attempt(appointments.cancel, visit.id)

    def open_form(visit: VisitLine | None) -> None:
        set_moving(lambda _before: visit)
        set_open(True)

    lines: list[ft.Control] = []
    for visit in visits:
        lines.append(_line(visit, time_zone))
        if may_write and asked == visit.id:
            really = partial(cancel, visit)
            lines.append(
                _row(
                    [
                        button(_("Yes, cancel this visit"), really, key="really-cancel", main=True),
                        button(_("Never mind"), partial(ask, None), key="keep-standing"),
                    ]
                )
            )
        elif may_write:
            lines.append(
                _row(
                    [
                        button(_("Move"), partial(open_form, visit), key=f"move-{visit.id}"),
                        button(
                            _("Cancel the visit"), partial(ask, visit.id), key=f"cancel-{visit.id}"
                        ),
                    ]
                )
            )
    if not visits:
        lines.append(fine(_("No visit is agreed in the diary so far.")))
    if is_open:
        named = moving.id if isinstance(moving, VisitLine) else "new"
        lines.append(
            VisitForm(
                appointments,
                patient_id,
                time_zone,
                moving,
                partial(set_open, False),
                key=f"form-{named}",
            )
        )
    elif may_write:
        add = partial(open_form, None)
        lines.append(_row([button(_("Add a visit"), add, key="add-visit", icon=ft.Icons.EVENT)]))
    return ft.Column(lines, spacing=10)


@keyed
def VisitForm(
    appointments: Appointments,
    patient_id: UUID,
    time_zone: str,
    moving: VisitLine | None,
    close: Callable[[], None],
) -> ft.Control:
    """Ask when a visit is.

    Args:
        moving: The visit to move; None = a new one.
        close: Called when the form is finished with.
    """
    at = None if moving is None else moving.starts_at.astimezone(ZoneInfo(time_zone))
    day, set_day = ft.use_state("" if at is None else at.date().isoformat())
    clock, set_clock = ft.use_state("" if at is None else f"{at:%H:%M}")
    minutes, set_minutes = ft.use_state("30" if moving is None else str(moving.minutes))
    wrong, set_wrong = ft.use_state(("", ""))

    async def keep() -> None:
        typed = (day, clock, minutes)
        call = (
            partial(appointments.add, patient_id, *typed)
            if moving is None
            else partial(appointments.move, patient_id, moving.id, *typed)
        )
        try:
            await asyncio.to_thread(call)
        except UnusableAnswerError as error:
            set_wrong((error.field, str(error)))
        except REFUSALS as error:
            set_wrong(("", str(error)))
        else:
            close()

    def asked(
        name: str, label: str, value: str, change: Callable[[str], None], width: int
    ) -> ft.Control:
        return ft.TextField(
            key=f"visit-{name}",
            label=label,
            value=value,
            width=width,
            error=wrong[1] if wrong[0] == name else None,
            error_max_lines=4,
            on_change=lambda event: change(event.control.value),
        )

    words = _("Agree on this visit") if moving is None else _("Move the visit")
    lines: list[ft.Control] = [
        _row(
            [
                asked("day", _("Day, YYYY-MM-DD"), day, set_day, 210),
                asked("clock", _("Time, HH:MM"), clock, set_clock, 190),
                asked("minutes", _("Minutes"), minutes, set_minutes, 190),
            ],
            ft.CrossAxisAlignment.START,
        ),
        fine(_("In the patient's time zone, {zone}.").format(zone=time_zone)),
        _row(
            [
                button(words, keep, key="keep-visit", main=True),
                button(_("Never mind"), close, key="close-visit"),
            ]
        ),
    ]
    if wrong[1] and not wrong[0]:
        lines.insert(1, ft.Semantics(live_region=True, content=text(wrong[1])))
    return ft.Column(lines, spacing=10)


def _line(visit: VisitLine, time_zone: str) -> ft.Control:
    at = visit.starts_at.astimezone(ZoneInfo(time_zone))
    words = _("{day} at {clock}").format(day=day_words(at.date()), clock=f"{at:%H:%M}")
    lasts = _n("{n} minute", "{n} minutes", visit.minutes).format(n=visit.minutes)
    return _row([text(words, strong=True), fine(lasts)])


def _row(
    controls: list[ft.Control],
    alignment: ft.CrossAxisAlignment = ft.CrossAxisAlignment.CENTER,
) -> ft.Control:
    return ft.Row(controls, wrap=True, spacing=10, run_spacing=10, vertical_alignment=alignment)
