"""Changing the plan: typed, checked, confirmed, then kept."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from uuid import UUID

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_grid import grid
from diary_app.components.care_parts import band, button, text
from diary_app.components.care_patient import plan_words
from diary_app.components.care_pick import pick_list
from diary_app.components.care_words import day_words
from diary_app.exports.bundle import PlanStepLine
from diary_app.services.care_errors import REFUSALS, UnusableAnswerError
from diary_app.services.plan_change import PlanChange, PlanCheck
from diary_app.services.roster import Roster
from diary_app.text import _

_EMPTY = {"starts_on": "", "imatinib_mg": "", "prednisolone_mg": "", "reason": ""}


@keyed
def PlanForm(
    roster: Roster,
    patient_id: UUID,
    patient_name: str,
    today: date,
    done: Callable[[bool], Awaitable[None]],
) -> ft.Control:
    """Ask for a new step of the plan.

    Args:
        done: Called with whether the plan was changed, when the form is finished with.
    """
    typed, set_typed = ft.use_state({**_EMPTY, "starts_on": today.isoformat()})
    rhythm, set_rhythm = ft.use_state("1")
    problem, set_problem = ft.use_state(("", ""))
    unchecked: PlanCheck | None = None
    checked, set_checked = ft.use_state(unchecked)
    where, sentence = problem

    def change() -> PlanChange:
        return PlanChange(**typed, every_n_days=int(rhythm))

    async def ask() -> None:
        try:
            found: PlanCheck = await asyncio.to_thread(roster.check_plan, patient_id, change())
            set_checked(lambda _before: found)
            set_problem(("", ""))
        except UnusableAnswerError as error:
            set_problem((error.field, str(error)))
        except REFUSALS as error:
            set_problem(("", str(error)))

    async def keep() -> None:
        set_checked(None)
        try:
            await asyncio.to_thread(roster.change_plan, patient_id, change())
        except REFUSALS as error:
            set_problem(("", str(error)))
        else:
            await done(True)

    async def cancel() -> None:
        await done(False)

    def put(name: str, value: str) -> None:
        set_typed(lambda before: {**before, name: value})

    def field(name: str, label: str, hint: str = "") -> ft.Control:
        return ft.TextField(
            key=f"plan-{name}",
            label=label,
            helper=hint or None,
            value=typed[name],
            multiline=name == "reason",
            error=sentence if where == name else None,
            error_max_lines=4,
            on_change=lambda event: put(name, event.control.value),
        )

    ft.use_dialog(
        _confirm(patient_name, checked, keep, lambda: set_checked(None))
        if isinstance(checked, PlanCheck)
        else None
    )
    tomorrow = today + timedelta(days=1)
    return ft.Column(
        [
            *([band("prompt", sentence)] if sentence and not where else []),
            grid(
                [
                    field("starts_on", _("Starts on"), _("YYYY-MM-DD")),
                    pick_list(
                        _("How often"), rhythms(), rhythm, set_rhythm, key="rhythm", width=None
                    ),
                    field("imatinib_mg", _("Imatinib, mg"), _("0 = stopped")),
                    field(
                        "prednisolone_mg",
                        _("Prednisolone, mg a day"),
                        _("Empty: not in the plan"),
                    ),
                ]
            ),
            ft.Row(
                [
                    button(_("Today"), lambda: put("starts_on", today.isoformat()), key="today"),
                    button(
                        _("Tomorrow"),
                        lambda: put("starts_on", tomorrow.isoformat()),
                        key="tomorrow",
                    ),
                ],
                wrap=True,
                spacing=10,
                run_spacing=10,
            ),
            field("reason", _("Reason")),
            ft.Row(
                [
                    button(_("Check the change"), ask, key="check-plan", main=True),
                    button(_("Cancel"), cancel, key="cancel-plan"),
                ],
                spacing=10,
                wrap=True,
            ),
        ],
        spacing=12,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def rhythms() -> dict[str, str]:
    """Return the choices of how often a dose is taken."""
    return {"1": _("Every day"), "2": _("Every other day")}


def _confirm(
    patient_name: str,
    checked: PlanCheck,
    keep: Callable[[], Awaitable[None]],
    cancel: Callable[[], None],
) -> ft.AlertDialog:
    new = PlanStepLine(
        checked.starts_on,
        checked.imatinib_mg,
        checked.every_n_days,
        checked.prednisolone_mg,
        checked.reason,
        "",
    )
    before = _("No plan so far.")
    if checked.before_mg is not None:
        old = PlanStepLine(
            checked.starts_on, checked.before_mg, checked.before_every_n_days or 1, None, "", ""
        )
        before = _("Until now: {dose}.").format(dose=plan_words(old))
    return ft.AlertDialog(
        modal=True,
        scrollable=True,
        title=ft.Text(_("Change the plan of {name}?").format(name=patient_name), size=20),
        content=ft.Column(
            [
                text(before),
                text(
                    _("From {day}: {dose}.").format(
                        day=day_words(checked.starts_on), dose=plan_words(new)
                    ),
                    strong=True,
                ),
                text(_("Reason: {reason}").format(reason=checked.reason)),
                *(band("prompt", warning) for warning in checked.warnings),
            ],
            tight=True,
            width=460,
            spacing=10,
        ),
        actions=[
            ft.TextButton(_("Back"), key="plan-back", on_click=cancel),
            ft.FilledButton(_("Change the plan"), key="keep-plan", on_click=keep),
        ],
    )
