"""The plan as the clinician confirmed it: today's dose, what comes, what was."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise

import flet as ft

from diary_app.components.buttons import Act, call_button, main_button, other_button
from diary_app.components.frame import framed
from diary_app.components.heading import body, heading, quiet
from diary_app.components.loading import could_not_read, use_loaded, waiting
from diary_app.components.notice import card, notice
from diary_app.ground.boundary import screen_component
from diary_app.ground.controls import open_same_window
from diary_app.ground.live import use_topic
from diary_app.routes import MY_CALENDAR, PLAN
from diary_app.screens.patient.around import places, use_around
from diary_app.screens.patient.dose_card import DOSE_DAY, OFF_DAY
from diary_app.screens.patient.visit_questions import VisitQuestionsCard
from diary_app.state.advice import Call
from diary_app.state.calendar import day_words, weekday_short
from diary_app.state.diary import ClinicCard
from diary_app.state.dose_words import (
    both_doses,
    drug_words,
    planned_words,
    step_dose,
    steroid_dose,
)
from diary_app.state.doses import DoseRow, PlanLine, PlanView, StripDay
from diary_app.state.wording import amount, milligrams
from diary_app.text import _
from diary_app.theme import LARGE, ROUND, SMALL

BIG = LARGE + 14
_DAY_WIDTH = 44


@screen_component
def MyPlan() -> ft.View:
    """Draw the plan; it follows what the clinician changes."""
    around = use_around()
    loaded = use_loaded(around.diary.doses.plan)
    use_topic(around.diary.topic, loaded.again)

    async def read() -> None:
        await asyncio.to_thread(around.diary.doses.read_plan)
        loaded.again()

    if loaded.value is None:
        content = [waiting()] if loaded.error is None else [could_not_read(loaded.again)]
    else:
        asking = VisitQuestionsCard(around, key="visit-questions")
        content = _content(loaded.value, around.clinic, read, asking)
    return framed(_("My plan"), content, route=PLAN, navigation=places(PLAN), back=False)


def _content(view: PlanView, clinic: ClinicCard, read: Act, asking: ft.Control) -> list[ft.Control]:
    controls: list[ft.Control] = []
    if view.doses.plan_changed_on is not None:
        controls.append(
            notice(
                _("Your plan changed on {day}").format(day=day_words(view.doses.plan_changed_on)),
                level="prompt",
                live=True,
                actions=[main_button(_("I have read it"), read, key="plan-read")],
            )
        )
    controls.append(_today(view))
    if view.strip:
        controls.append(_strip(view.strip))
    ahead = _changing([*_present(view.now), *view.ahead])
    if ahead:
        controls.append(_steps(_("What comes next"), ahead, "plan-ahead"))
    elif view.now is not None:
        controls.append(quiet(_("No further step is planned so far.")))
    steroid = _steroid([*_present(view.now), *view.ahead])
    if steroid is not None:
        controls.append(steroid)
    controls += [_visits(view), asking, _nobody_else(clinic)]
    if view.past:
        controls.append(_steps(_("Before"), view.past, "plan-past", past=True))
    return controls


def _today(view: PlanView) -> ft.Control:
    lines: list[ft.Control] = [heading(_("Today, {day}").format(day=day_words(view.doses.on)), 2)]
    for row in view.doses.today:
        lines.append(_big(row))
    if view.now is not None:
        since = _("Since {day}: {dose}").format(
            day=day_words(view.now.starts_on), dose=step_dose(view.now)
        )
        lines += [body(since), _confirmed(view.now)]
    return card(lines, key="plan-today")


def _big(row: DoseRow) -> ft.Control:
    if not row.planned_mg:
        icon = OFF_DAY if row.off_day else ft.Icons.MEDICATION_OUTLINED
        return ft.Row(
            [
                ft.Icon(icon, size=36),
                ft.Container(body(planned_words(row), strong=True), expand=True),
            ],
            spacing=12,
        )
    words = ft.Text(
        milligrams(row.planned_mg),
        style=ft.TextStyle(size=BIG, weight=ft.FontWeight.W_700, color=ft.Colors.ON_SURFACE),
    )
    return ft.MergeSemantics(ft.Column([body(drug_words(row.drug)), words], spacing=0, tight=True))


def _strip(days: Sequence[StripDay]) -> ft.Control:
    legend = [
        _legend(DOSE_DAY, _("Dose day, with the milligrams of imatinib"), ft.Colors.PRIMARY),
        _legend(OFF_DAY, _("Off day: no imatinib"), ft.Colors.ON_SURFACE_VARIANT),
    ]
    return card(
        [
            heading(_("The next two weeks"), 2),
            *(
                ft.Row(
                    [_strip_day(day, today=day is days[0]) for day in days[first : first + 7]],
                    wrap=True,
                    spacing=4,
                    run_spacing=8,
                    alignment=ft.MainAxisAlignment.CENTER,
                )
                for first in range(0, len(days), 7)
            ),
            *legend,
        ],
        key="plan-strip",
    )


def _strip_day(day: StripDay, *, today: bool) -> ft.Control:
    dosed = bool(day.imatinib_mg)
    word = amount(day.imatinib_mg) if dosed else _("off") if day.off_day else _("none")
    spoken = milligrams(day.imatinib_mg) if dosed else _("no imatinib")
    inside = ft.Column(
        [
            ft.Text(weekday_short(day.on), size=14),
            ft.Text(str(day.on.day), size=SMALL, weight=ft.FontWeight.W_600),
            ft.Icon(
                DOSE_DAY if dosed else OFF_DAY,
                size=24,
                color=ft.Colors.PRIMARY if dosed else ft.Colors.ON_SURFACE_VARIANT,
            ),
            ft.Text(word, size=SMALL, weight=ft.FontWeight.W_600 if dosed else None),
        ],
        spacing=2,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
    return ft.Semantics(
        container=True,
        exclude_semantics=True,
        label=_("{day}: {dose}").format(day=day_words(day.on), dose=spoken),
        content=ft.Container(
            inside,
            width=_DAY_WIDTH,
            padding=ft.Padding.symmetric(vertical=6),
            alignment=ft.Alignment.CENTER,
            border_radius=ROUND,
            border=ft.Border.all(2.5, ft.Colors.PRIMARY) if today else None,
        ),
    )


def _legend(icon: ft.IconData, words: str, color: ft.ColorValue) -> ft.Control:
    return ft.Row(
        [ft.Icon(icon, size=20, color=color), ft.Container(quiet(words), expand=True)], spacing=8
    )


def _steps(title: str, lines: Sequence[PlanLine], key: str, *, past: bool = False) -> ft.Control:
    controls: list[ft.Control] = [heading(title, 2)]
    for line in lines:
        if past and line.until is not None:
            words = _("{first} to {last}: {dose}").format(
                first=day_words(line.starts_on), last=day_words(line.until), dose=both_doses(line)
            )
        else:
            words = _("From {day}: {dose}").format(
                day=day_words(line.starts_on), dose=step_dose(line)
            )
        controls.append(
            ft.Column([body(words, strong=not past), _confirmed(line)], spacing=2, tight=True)
        )
    return card(controls, key=key)


def _steroid(lines: Sequence[PlanLine]) -> ft.Control | None:
    """Return the prednisolone from now on, where it changes; None when there is none."""
    said = [line for line in lines if line.prednisolone_mg is not None]
    if not any(line.prednisolone_mg for line in said):
        return None
    steps = said[:1] + [
        after for before, after in pairwise(said) if after.prednisolone_mg != before.prednisolone_mg
    ]
    return card(
        [
            heading(_("Prednisolone"), 2),
            *(
                body(
                    _("From {day}: {dose}").format(
                        day=day_words(line.starts_on), dose=steroid_dose(line)
                    )
                )
                for line in steps
            ),
            quiet(_("Never stop prednisolone on your own.")),
        ],
        key="plan-steroid",
    )


def _visits(view: PlanView) -> ft.Control:
    async def take_along() -> None:
        await open_same_window(MY_CALENDAR)

    lines: list[ft.Control] = [heading(_("Your visits"), 2)]
    if not view.visits:
        lines.append(quiet(_("No visit is agreed in the diary so far.")))
    lines += [
        body(
            _("{day} at {clock}").format(day=day_words(at.date(), year=True), clock=f"{at:%H:%M}"),
            strong=True,
        )
        for at in view.visits
    ]
    lines += [
        other_button(
            _("Put plan and visits in my calendar"),
            take_along,
            key="plan-calendar",
            icon=ft.Icons.CALENDAR_MONTH,
        ),
        quiet(
            _(
                "You get a file that your calendar opens. Your name is not in it; your doses are."
                " Take a new file when something changes."
            )
        ),
    ]
    return card(lines, key="plan-visits")


def _confirmed(line: PlanLine) -> ft.Text:
    who = line.confirmed_by or _("your care team")
    return quiet(
        _("Confirmed by {name} on {day}").format(name=who, day=day_words(line.confirmed_on))
    )


def _nobody_else(clinic: ClinicCard) -> ft.Control:
    call = Call(_("Call the clinic {number}").format(number=clinic.phone), clinic.phone)
    return card(
        [
            body(
                _("Your clinician decides about each step: do not change it by yourself."),
                strong=True,
            ),
            body(_("Not sure about a dose? Ask before you take it.")),
            call_button(call, strong=False, key="plan-call"),
        ]
    )


def _changing(lines: Sequence[PlanLine]) -> list[PlanLine]:
    """Return the steps with another dose of imatinib than the step before them."""
    return [after for before, after in pairwise(lines) if step_dose(after) != step_dose(before)]


def _present(line: PlanLine | None) -> list[PlanLine]:
    return [] if line is None else [line]
