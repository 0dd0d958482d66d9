"""The whole plan at once: laid out, filled from a template, checked and confirmed together."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from uuid import UUID

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_grid import grid
from diary_app.components.care_parts import band, button, fine, text
from diary_app.components.care_patient import plan_words
from diary_app.components.care_pick import pick_list
from diary_app.components.care_plan_form import rhythms
from diary_app.components.care_words import day_words
from diary_app.exports.bundle import PlanStepLine
from diary_app.services.care_errors import REFUSALS, UnusableAnswerError
from diary_app.services.plan_change import PlanChange
from diary_app.services.plan_course import CourseCheck, TypedStep, UnusableStepError
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


@dataclass(frozen=True)
class _Problem:
    """What cannot be used, and where; step 0 = the whole plan.

    Attributes:
        plain: The sentence at the field itself.
    """

    sentence: str = ""
    plain: str = ""
    step: int = 0
    field: str = ""

    @classmethod
    def of(cls, error: Exception) -> "_Problem":
        if isinstance(error, UnusableStepError):
            return cls(str(error), error.plain, error.step, error.field)
        where = error.field if isinstance(error, UnusableAnswerError) else ""
        return cls(str(error), str(error), 0, where)

    def at(self, step: int, field: str) -> str | None:
        """Return the sentence for one field; None = nothing is wrong there."""
        return self.plain if (step, field) == (self.step, self.field) else None


_FINE = _Problem()


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
    problem, set_problem = ft.use_state(_FINE)
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
            set_problem(_FINE)
        except REFUSALS as error:
            set_problem(_Problem.of(error))

    async def keep() -> None:
        set_checked(None)
        try:
            await asyncio.to_thread(roster.change_course, patient_id, typed())
        except REFUSALS as error:
            set_problem(_Problem.of(error))
        else:
            await done(True)

    def fill(name: str) -> None:
        set_lines(_filled(name, today))
        set_problem(_FINE)

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
        def field(name: str, label: str, hint: str = "") -> ft.Control:
            return ft.TextField(
                key=f"course-{at}-{name}",
                label=label,
                helper=hint or None,
                value=getattr(line, name),
                error=problem.at(at + 1, name),
                error_max_lines=4,
                on_change=lambda event: put(at, name, event.control.value),
            )

        return ft.Container(
            padding=12,
            border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
            border_radius=10,
            content=ft.Column(
                [
                    text(_("Step {number}").format(number=at + 1), strong=True),
                    grid(
                        [
                            field("starts_on", _("Starts on"), _("YYYY-MM-DD")),
                            field("days", _("Days"), _("Empty: until the next step")),
                            field("imatinib_mg", _("Imatinib, mg"), _("0 = stopped")),
                            pick_list(
                                _("How often"),
                                rhythms(),
                                line.rhythm,
                                lambda value: put(at, "rhythm", value),
                                key=f"course-{at}-rhythm",
                                width=None,
                            ),
                            field(
                                "prednisolone_mg",
                                _("Prednisolone, mg a day"),
                                _("Empty: not in the plan"),
                            ),
                        ]
                    ),
                ],
                spacing=10,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
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
                label=_("Reason for the whole plan"),
                value=reason,
                multiline=True,
                error=problem.at(0, "reason"),
                on_change=lambda event: set_reason(event.control.value),
            ),
            *([band("prompt", problem.sentence)] if problem.sentence else []),
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
