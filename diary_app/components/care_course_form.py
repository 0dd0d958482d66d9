"""The whole plan at once: laid out, filled from a template, checked and confirmed together."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from uuid import UUID

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_parts import band, button, choices, fine, text
from diary_app.components.care_patient import plan_words
from diary_app.components.care_words import day_words
from diary_app.exports.bundle import PlanStepLine
from diary_app.services.care_errors import REFUSALS
from diary_app.services.plan_change import PlanChange
from diary_app.services.plan_course import CourseCheck, TypedStep
from diary_app.services.plan_templates import TEMPLATES, name_of
from diary_app.services.roster import Roster
from diary_app.text import _


@dataclass(frozen=True)
class _Line:
    starts_on: str = ""
    imatinib_mg: str = ""
    rhythm: str = "1"
    prednisolone_mg: str = ""
    days: str = ""


@keyed
def CourseForm(
    roster: Roster,
    patient_id: UUID,
    patient_name: str,
    today: date,
    done: Callable[[bool], Awaitable[None]],
) -> ft.Control:
    """Ask for a whole plan; ``done`` is called with whether the plan was changed."""
    first: tuple[_Line, ...] = (_Line(starts_on=today.isoformat()),)
    lines, set_lines = ft.use_state(first)
    reason, set_reason = ft.use_state("")
    problem, set_problem = ft.use_state("")
    nothing: CourseCheck | None = None
    checked, set_checked = ft.use_state(nothing)

    def typed() -> list[TypedStep]:
        return [
            TypedStep(
                PlanChange(
                    line.starts_on,
                    line.imatinib_mg,
                    int(line.rhythm),
                    line.prednisolone_mg,
                    reason,
                ),
                line.days,
            )
            for line in lines
        ]

    async def ask() -> None:
        try:
            found: CourseCheck = await asyncio.to_thread(roster.check_course, patient_id, typed())
            set_checked(lambda _before: found)
            set_problem("")
        except REFUSALS as error:
            set_problem(str(error))

    async def keep() -> None:
        set_checked(None)
        try:
            await asyncio.to_thread(roster.change_course, patient_id, typed())
        except REFUSALS as error:
            set_problem(str(error))
        else:
            await done(True)

    def fill(name: str) -> None:
        set_lines(_filled(name, today))

    async def cancel() -> None:
        await done(False)

    def put(at: int, name: str, value: str) -> None:
        set_lines(
            lambda before: tuple(
                replace(line, **{name: value}) if number == at else line
                for number, line in enumerate(before)
            )
        )

    def row(at: int, line: _Line) -> ft.Control:
        def field(name: str, label: str, width: int) -> ft.Control:
            return ft.TextField(
                key=f"course-{at}-{name}",
                label=label,
                value=getattr(line, name),
                width=width,
                on_change=lambda event: put(at, name, event.control.value),
            )

        return ft.Column(
            [
                text(_("Step {number}").format(number=at + 1), strong=True),
                ft.Row(
                    [
                        field("starts_on", _("Starts on (YYYY-MM-DD)"), 220),
                        field("imatinib_mg", _("Imatinib, mg (0 = stopped)"), 240),
                        choices(
                            [("1", _("Every day")), ("2", _("Every other day"))],
                            line.rhythm,
                            lambda value: put(at, "rhythm", value),
                            key=f"course-{at}-rhythm",
                        ),
                        field("prednisolone_mg", _("Prednisolone, mg a day"), 220),
                        field("days", _("Days (empty: until the next step)"), 260),
                    ],
                    wrap=True,
                    spacing=10,
                    run_spacing=10,
                ),
            ],
            spacing=6,
        )

    ft.use_dialog(
        _preview(patient_name, checked, reason, keep, lambda: set_checked(None))
        if isinstance(checked, CourseCheck)
        else None
    )
    return ft.Column(
        [
            fine(_("A template fills in a published schedule. Check every day and amount.")),
            ft.Row(
                [
                    button(
                        name_of(name),
                        partial(fill, name),
                        key=f"template-{name}",
                    )
                    for name in TEMPLATES
                ],
                wrap=True,
                spacing=10,
                run_spacing=10,
            ),
            *(row(at, line) for at, line in enumerate(lines)),
            ft.Row(
                [
                    button(
                        _("Add a step"),
                        lambda: set_lines(lambda before: (*before, _Line())),
                        key="course-add",
                    ),
                    *(
                        [
                            button(
                                _("Remove the last step"),
                                lambda: set_lines(lambda before: before[:-1] or before),
                                key="course-remove",
                            )
                        ]
                        if len(lines) > 1
                        else []
                    ),
                ],
                wrap=True,
                spacing=10,
            ),
            ft.TextField(
                key="course-reason",
                label=_("Reason"),
                value=reason,
                multiline=True,
                on_change=lambda event: set_reason(event.control.value),
            ),
            *([band("prompt", problem)] if problem else []),
            ft.Row(
                [
                    button(_("Check the plan"), ask, key="check-course", main=True),
                    button(_("Cancel"), cancel, key="cancel-course"),
                ],
                wrap=True,
                spacing=10,
            ),
        ],
        spacing=12,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _filled(name: str, today: date) -> tuple[_Line, ...]:
    """Return the template's lines; a day that the publication does not give stays empty."""
    start: date | None = today
    found = []
    for line in TEMPLATES[name]:
        found.append(
            _Line(
                "" if start is None else start.isoformat(),
                "" if line.imatinib_mg is None else f"{line.imatinib_mg:g}",
                str(line.every_n_days),
                "" if line.prednisolone_mg is None else f"{line.prednisolone_mg:g}",
                "" if line.days is None else str(line.days),
            )
        )
        start = None if start is None or line.days is None else start + timedelta(days=line.days)
    return tuple(found)


def _preview(
    patient_name: str,
    checked: CourseCheck,
    reason: str,
    keep: Callable[[], Awaitable[None]],
    cancel: Callable[[], None],
) -> ft.AlertDialog:
    rows: list[ft.Control] = []
    for step in checked.steps:
        line = PlanStepLine(
            step.starts_on, step.imatinib_mg, step.every_n_days, step.prednisolone_mg, "", ""
        )
        rows.append(
            text(
                _("From {day}: {dose}.").format(
                    day=day_words(step.starts_on), dose=plan_words(line)
                ),
                strong=True,
            )
        )
        rows.extend(band("prompt", warning) for warning in step.warnings)
    return ft.AlertDialog(
        modal=True,
        scrollable=True,
        title=ft.Text(_("Change the plan of {name}?").format(name=patient_name), size=20),
        content=ft.Column(
            [
                *rows,
                *(band("prompt", warning) for warning in checked.warnings),
                text(_("Reason: {reason}").format(reason=reason)),
            ],
            tight=True,
            width=520,
            spacing=10,
        ),
        actions=[
            ft.TextButton(_("Back"), key="course-back", on_click=cancel),
            ft.FilledButton(_("Change the plan"), key="keep-course", on_click=keep),
        ],
    )
