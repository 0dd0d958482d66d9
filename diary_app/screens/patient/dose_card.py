"""The doses of today on the first screen: one tap when all went as planned."""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any

import flet as ft

from diary_app import routes
from diary_app.components.buttons import Act, main_button, other_button
from diary_app.components.care_component import keyed
from diary_app.components.heading import body, heading, quiet
from diary_app.components.notice import card, notice
from diary_app.ground.controls import announce
from diary_app.screens.patient.around import go, use_around
from diary_app.state.calendar import day_words
from diary_app.state.dose_words import (
    advice,
    drug_words,
    else_words,
    is_more_than_planned,
    planned_words,
    take_words,
    undo_words,
)
from diary_app.state.dose_words import said_words as words_of
from diary_app.state.doses import DoseRow, Doses, DosesView
from diary_app.state.faults import DiaryError
from diary_app.state.wording import milligrams
from diary_app.text import _

OFF_DAY = ft.Icons.RADIO_BUTTON_UNCHECKED
DOSE_DAY = ft.Icons.CIRCLE


@keyed
def DosesCard(doses: Doses, view: DosesView, again: Act) -> ft.Control:
    """Draw each medicine of today with what was said of it.

    Args:
        again: Reads the first screen anew.
    """
    phone = use_around().clinic.phone
    busy, set_busy = ft.use_state(False)
    trouble, set_trouble = ft.use_state("")

    def act(method: Callable[..., Any], drug: str, on: date, said: str = "") -> Act:
        async def do() -> None:
            if busy:
                return
            set_busy(True)
            set_trouble("")
            try:
                await asyncio.to_thread(method, drug, on)
            except DiaryError as error:
                set_trouble(str(error))
            else:
                if said:
                    await announce(said)
            finally:
                set_busy(False)
            again()

        return do

    def take(drug: str, on: date) -> Act:
        return act(doses.take, drug, on)

    def undo(drug: str, on: date) -> Act:
        return act(doses.undo, drug, on, _("Nothing is logged for this dose now."))

    controls: list[ft.Control] = [heading(_("Doses today"), 2)]
    if trouble:
        controls.append(notice(trouble, level="prompt", live=True))
    for number, row in enumerate(view.today):
        if number:
            controls.append(ft.Divider(height=1))
        controls += dose_lines(row, view, phone, take, undo)
    if not view.is_night:
        controls += [_yesterday(row) for row in view.yesterday]
    return card(controls, key="doses-card")


def dose_lines(
    row: DoseRow,
    view: DosesView,
    phone: str,
    take: Callable[[str, date], Act],
    undo: Callable[[str, date], Act],
) -> list[ft.Control]:
    """Return one medicine of today: what is planned, what was said, what can be tapped."""
    lines: list[ft.Control] = [_planned(row)]
    if row.said is not None:
        return [*lines, *_said(row, phone, undo)]
    if not row.planned_mg:
        if row.off_day:
            lines.append(quiet(_("Off day: nothing to do. This is not a missed dose.")))
        lines.append(_else(row))
        return lines
    if view.is_unclear(row.drug):
        yesterday = view.row(row.drug, view.yesterday[0].on)
        lines.append(body(_("It is past midnight. Which day was this dose for?"), strong=True))
        for key, each in (("yesterday", yesterday), ("today", row)):
            if each is not None:
                label = _("Taken as planned: for {day}").format(day=day_words(each.on))
                lines.append(
                    main_button(label, take(each.drug, each.on), key=f"take-{row.drug}-{key}")
                )
        lines.append(_else(row))
        return lines
    lines.append(
        main_button(
            take_words(row.drug),
            take(row.drug, row.on),
            key=f"take-{row.drug}",
            icon=ft.Icons.CHECK,
        )
    )
    lines.append(_else(row))
    return lines


def told_after(row: DoseRow, phone: str) -> list[ft.Control]:
    """Return the card that follows a dose that did not go as planned; nothing when it did."""
    sentences = advice(row, phone)
    if not sentences:
        return []
    level = "urgent" if is_more_than_planned(row) else "prompt"
    return [notice(sentences[0], sentences[1:], level=level)]


def plan_change_card(on: date) -> ft.Control:
    """Return the notice of a plan that was changed and not read yet."""
    return notice(
        _("Your plan changed on {day}").format(day=day_words(on)),
        [_("Please look at it before your next dose.")],
        level="prompt",
        live=True,
        actions=[
            main_button(_("See my plan"), lambda: go(routes.PLAN), key="see-plan-change"),
        ],
    )


def _planned(row: DoseRow) -> ft.Control:
    icon = OFF_DAY if row.off_day else ft.Icons.MEDICATION_OUTLINED
    return ft.Row(
        [ft.Icon(icon, size=28), ft.Container(body(planned_words(row), strong=True), expand=True)],
        spacing=12,
    )


def _said(row: DoseRow, phone: str, undo: Callable[[str, date], Act]) -> list[ft.Control]:
    said = row.said
    if said is None:
        return []
    went_well = said.how == "planned"
    status = ft.Row(
        [
            ft.Icon(ft.Icons.CHECK_CIRCLE if went_well else ft.Icons.INFO_OUTLINE, size=28),
            ft.Container(
                ft.Column(
                    [
                        body(words_of(said), strong=True),
                        quiet(_("Logged at {clock}").format(clock=said.clock)),
                    ],
                    spacing=2,
                    tight=True,
                ),
                expand=True,
            ),
        ],
        spacing=12,
    )
    if row.can_undo:
        button = other_button(
            undo_words(row.drug), undo(row.drug, row.on), key=f"undo-{row.drug}", icon=ft.Icons.UNDO
        )
    else:
        button = _else(row)
    told = ft.Semantics(container=True, live_region=True, content=status)
    return [told, *told_after(row, phone), button]


def _else(row: DoseRow) -> ft.OutlinedButton:
    path = routes.dose(row.drug, row.on)
    return other_button(else_words(row), lambda: go(path), key=f"else-{row.drug}")


def _yesterday(row: DoseRow) -> ft.Control:
    path = routes.dose(row.drug, row.on)
    label = _("Yesterday's {drug} ({dose}): not logged").format(
        drug=drug_words(row.drug).lower(), dose=milligrams(row.planned_mg or 0)
    )
    return other_button(label, lambda: go(path), key=f"yesterday-{row.drug}")
