"""The parts of a patient's page: plan, laboratory values, entries, alerts and photos."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_entry import entry_card, entry_words, photo_strip
from diary_app.components.care_parts import button, fine, level_tag, pair, text
from diary_app.components.care_table import Cell, table, wrapped
from diary_app.components.care_words import (
    OUTCOMES,
    STATES,
    Word,
    day_words,
    logged_words,
    mg,
    plain_day,
    planned_words,
    step_words,
    when,
    word,
)
from diary_app.exports.bundle import EntryLine, PlanStepLine, VisitBundle
from diary_app.exports.code_words import symptom_words
from diary_app.routes import alert
from diary_app.services.roster import PatientPage
from diary_app.text import _

ENTRIES_AT_ONCE = 10
REMINDER_PROBLEMS: Mapping[str, Word] = {
    "off": lambda: _("switched off by the patient"),
    "no_way": lambda: _("cannot arrive: no address, no calendar"),
    "failed": lambda: _("the last one was not delivered"),
}


def head(page: PatientPage) -> ft.Control:
    """Return who the page is about and what they take today."""
    who, dose = page.patient, page.dose
    return ft.Column(
        [
            ft.Row(
                [
                    ft.Text(who.name, size=22, weight=ft.FontWeight.W_600),
                    text(who.code),
                    text(_("Born {day}").format(day=day_words(who.born_on))),
                    text(_("Phone {phone}").format(phone=who.phone or _("not known"))),
                ],
                wrap=True,
                spacing=18,
                run_spacing=4,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            ),
            ft.Row(
                [
                    pair(_("Imatinib today"), planned_words(dose), strong=True),
                    pair(_("Logged today"), logged_words(dose)),
                    pair(_("Dose step"), step_words(dose.step_up), strong=True),
                    pair(
                        _("Prednisolone today"),
                        _("not in the plan")
                        if dose.prednisolone_planned_mg is None
                        else mg(dose.prednisolone_planned_mg),
                    ),
                    pair(
                        _("Reminders"),
                        word(REMINDER_PROBLEMS, page.reminder_problem)
                        if page.reminder_problem
                        else _("reach the patient"),
                        strong=bool(page.reminder_problem),
                    ),
                ],
                wrap=True,
                spacing=32,
                run_spacing=8,
            ),
            *(
                ft.Row(
                    [
                        level_tag(level),
                        button(
                            _("Open alert {code}").format(code=code),
                            partial(_go, alert(alert_id)),
                            key=f"open-{code}",
                        ),
                    ],
                    spacing=10,
                )
                for alert_id, code, level in page.open_alerts
            ),
        ],
        spacing=10,
    )


def _go(path: str) -> None:
    ft.context.page.navigate(path)


def plan_words(step: PlanStepLine) -> str:
    """Return one step of the plan in words."""
    if step.imatinib_mg == 0:
        dose = _("Imatinib stopped")
    elif step.every_n_days > 1:
        dose = _("Imatinib {dose} every other day").format(dose=mg(step.imatinib_mg))
    else:
        dose = _("Imatinib {dose} daily").format(dose=mg(step.imatinib_mg))
    if step.prednisolone_mg is None:
        return dose
    if step.prednisolone_mg == 0:
        return _("{dose}, no prednisolone").format(dose=dose)
    return _("{dose}, prednisolone {steroid} daily").format(
        dose=dose, steroid=mg(step.prednisolone_mg)
    )


def plan(page: PatientPage, form: ft.Control | None, *, wide: bool) -> list[ft.Control]:
    """Return the plan in force in words, and its steps, replaced ones last.

    Args:
        form: What changes it, between the two; None = it is not changed now.
        wide: The steps are a table; otherwise cards, which need no scrolling sideways.
    """
    steps = page.bundle.plan
    now = [step for step in steps if step.starts_on <= page.patient.today]
    current = (
        _("{dose}, since {day}.").format(dose=plan_words(now[-1]), day=day_words(now[-1].starts_on))
        if now
        else _("No plan is in force yet.")
    )
    begin = [text(current, strong=True), *([form] if form is not None else [])]
    former = sorted(
        page.bundle.former_plan,
        key=lambda step: (step.superseded_at or page.now, step.starts_on),
        reverse=True,
    )
    states = [
        *((step, _("in force")) for step in reversed(steps)),
        *((step, _replaced(step, page)) for step in former),
    ]
    if not wide:
        return [
            *begin,
            *(_step_card(step, state) for step, state in states),
            *([] if states else [fine(_("No steps yet."))]),
        ]
    header = [_("From"), _("Dose"), _("Reason"), _("By"), _("State")]
    rows = [_step_row(step, state) for step, state in states]
    return [*begin, table(header, rows, empty=_("No steps yet."))]


def _replaced(step: PlanStepLine, page: PatientPage) -> str:
    moment = when(step.superseded_at or page.now, page.patient.time_zone, page.now)
    return _("replaced {time}").format(time=moment)


def _step_row(step: PlanStepLine, state: str) -> list[Cell]:
    return [
        plain_day(step.starts_on),
        wrapped(plan_words(step), 135),
        wrapped(step.reason or "-", 140),
        wrapped(step.author or "-", 85),
        wrapped(state, 85),
    ]


def _step_card(step: PlanStepLine, state: str) -> ft.Control:
    about = [each for each in (step.reason, step.author, state) if each]
    return ft.Container(
        padding=10,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=10,
        content=ft.Column(
            [
                fine(_("From {day}").format(day=plain_day(step.starts_on))),
                text(plan_words(step), strong=True),
                *([fine(", ".join(about))] if about else []),
            ],
            spacing=2,
        ),
    )


def alerts(bundle: VisitBundle, zone: str, now: datetime, *, wide: bool) -> ft.Control:
    """Return the period's alerts with their outcomes, newest first."""
    return table(
        [_("Code"), _("Level"), _("Raised"), _("State"), _("Taken by"), _("Outcome")],
        [
            [
                line.code,
                level_tag(line.level),
                when(line.raised_at, zone, now),
                word(STATES, line.state),
                line.acknowledged_by or "-",
                word(OUTCOMES, line.outcome) if line.outcome else "-",
            ]
            for line in reversed(bundle.alerts)
        ],
        empty=_("No alerts in this period."),
        stacked=not wide,
    )


def photos(bundle: VisitBundle, enlarge: Callable[[str], None]) -> list[ft.Control]:
    """Return the period's photos, newest first."""
    return photo_strip(tuple(reversed(bundle.photos)), enlarge) or [
        fine(_("No photos in this period."))
    ]


@keyed
def Entries(entries: Sequence[EntryLine], zone: str, now: datetime) -> ft.Control:
    """Show the period's entries, newest first; one opens to its answers with a tap."""
    opened, open_one = ft.use_state("")
    limit, set_limit = ft.use_state(ENTRIES_AT_ONCE)
    newest = list(reversed(entries))

    def toggle(named: str) -> None:
        open_one(lambda before: "" if before == named else named)

    rows: list[ft.Control] = []
    for entry in newest[:limit]:
        named = str(entry.id)
        is_open = opened == named
        rows.append(
            ft.Row(
                [
                    ft.Column(
                        [
                            text(entry_words(entry), size=15, strong=True),
                            fine(_grades(entry)),
                        ],
                        spacing=0,
                        expand=True,
                    ),
                    level_tag(entry.level),
                    button(
                        _("Hide") if is_open else _("Answers"),
                        partial(toggle, named),
                        key=f"entry-{named}",
                    ),
                ],
                spacing=12,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            )
        )
        if is_open:
            rows.append(entry_card(entry, zone, now))
        rows.append(ft.Divider(height=1))
    if len(newest) > limit:
        rows.append(
            button(
                _("Show {n} more").format(n=min(ENTRIES_AT_ONCE, len(newest) - limit)),
                lambda: set_limit(limit + ENTRIES_AT_ONCE),
                key="more-entries",
            )
        )
    if not rows:
        rows.append(fine(_("No entries in this period.")))
    return ft.Column(rows, spacing=8)


def _grades(entry: EntryLine) -> str:
    if entry.level is None:
        return _("Could not be graded.")
    found = [
        _("{symptom} {grade}").format(symptom=symptom_words(symptom), grade=grade)
        for symptom, grade in sorted(entry.grades.items(), key=lambda item: (-item[1], item[0]))
        if grade > 0
    ]
    if not found:
        return _("No estimated grade above 0.")
    return _("Estimated grade (CTCAE 5.0): {grades}").format(grades=", ".join(found))
