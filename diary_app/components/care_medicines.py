"""Other medicines of a patient: added, ended, or said to be a mistake; none is taken away."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from uuid import UUID

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_grid import grid
from diary_app.components.care_parts import band, button, fine, text
from diary_app.exports.bundle import MedicineLine
from diary_app.exports.fact_words import since_words, taken_words
from diary_app.services.care_errors import REFUSALS, UnusableAnswerError
from diary_app.services.facts import Facts, MedicineForm, newest_first
from diary_app.text import _

_EMPTY = {"name": "", "dose": "", "since": "", "until": "", "reason": ""}


@keyed
def MedicinesPanel(
    facts: Facts,
    patient_id: UUID,
    medicines: Sequence[MedicineLine],
    today: date,
    may_write: bool,
) -> ft.Control:
    """List what is taken now, then what was; the page is read anew after a change."""
    adding, set_adding = ft.use_state(False)
    nobody: UUID | None = None
    ending, set_ending = ft.use_state(nobody)

    def end(medicine_id: UUID | None) -> None:
        set_ending(lambda _before: medicine_id)

    listed = [line for line in newest_first(medicines) if not line.is_mistake]
    taken = [line for line in listed if line.ended_at is None and line.was_taken(today, today)]
    former = [line for line in listed if line not in taken]
    lines: list[ft.Control] = []
    for line in taken:
        lines.append(_line(line))
        if may_write and ending == line.id:
            lines.append(
                EndForm(facts, patient_id, line, today, partial(end, None), key=f"end-{line.id}")
            )
        elif may_write:
            words = _("End {name}").format(name=line.name)
            act = button(words, partial(end, line.id), key=f"end-medicine-{line.id}")
            lines.append(ft.Row([act], wrap=True))
    if not taken:
        lines.append(fine(_("No other medicine is noted; that does not mean that none is taken.")))
    if former:
        lines.append(text(_("Not taken any more"), strong=True))
        lines += [_line(line) for line in former]
    if adding:
        close = partial(set_adding, False)
        lines.append(MedicineEditor(facts, patient_id, close, key="add-medicine-form"))
    elif may_write:
        add = partial(set_adding, True)
        lines.append(
            ft.Row([button(_("Add a medicine"), add, key="add-medicine", icon=ft.Icons.MEDICATION)])
        )
    return ft.Column(lines, spacing=10, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def medicine_lines(medicines: Sequence[MedicineLine]) -> list[ft.Control]:
    """Return medicines to read, one below the other."""
    if not medicines:
        return [fine(_("No other medicine is noted; that does not mean that none is taken."))]
    return [_line(line) for line in medicines]


@keyed
def MedicineEditor(facts: Facts, patient_id: UUID, close: Callable[[], None]) -> ft.Control:
    """Ask for another medicine; ``close`` is called when the form is finished with."""
    typed, set_typed = ft.use_state(dict(_EMPTY))
    problem, set_problem = ft.use_state(("", ""))
    where, sentence = problem

    async def keep() -> None:
        try:
            await asyncio.to_thread(facts.add, patient_id, MedicineForm(**typed))
        except UnusableAnswerError as error:
            set_problem((error.field, str(error)))
        except REFUSALS as error:
            set_problem(("", str(error)))
        else:
            close()

    def field(name: str, label: str, hint: str = "") -> ft.Control:
        def put(event: ft.Event[ft.TextField]) -> None:
            value = event.control.value
            set_typed(lambda before: {**before, name: value})

        return ft.TextField(
            key=f"medicine-{name}",
            label=label,
            helper=hint or None,
            value=typed[name],
            error=sentence if where == name else None,
            error_max_lines=4,
            on_change=put,
        )

    unknown = _("YYYY-MM-DD; empty: not known")
    return ft.Column(
        [
            grid(
                [
                    field("name", _("Name of the medicine")),
                    field("dose", _("Dose in words"), _("Such as: 5 mg every morning")),
                    field("since", _("Taken since"), unknown),
                    field("until", _("Taken until"), _("YYYY-MM-DD; empty: still taken")),
                    field("reason", _("What it is for")),
                ],
                columns=1,
            ),
            *([band("prompt", sentence)] if sentence and not where else []),
            ft.Row(
                [
                    button(_("Add this medicine"), keep, key="keep-medicine", main=True),
                    button(_("Never mind"), close, key="close-medicine"),
                ],
                wrap=True,
                spacing=10,
                run_spacing=10,
            ),
        ],
        spacing=12,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@keyed
def EndForm(
    facts: Facts, patient_id: UUID, line: MedicineLine, today: date, close: Callable[[], None]
) -> ft.Control:
    """Ask when and why a medicine ended, or what is wrong with the line."""
    until, set_until = ft.use_state(today.isoformat())
    reason, set_reason = ft.use_state("")
    problem, set_problem = ft.use_state(("", ""))
    where, sentence = problem

    async def settle(call: Callable[[], object]) -> None:
        try:
            await asyncio.to_thread(call)
        except UnusableAnswerError as error:
            set_problem((error.field, str(error)))
        except REFUSALS as error:
            set_problem(("", str(error)))
        else:
            close()

    async def end() -> None:
        await settle(partial(facts.end, patient_id, line.id, until, reason))

    async def withdraw() -> None:
        await settle(partial(facts.withdraw, patient_id, line.id, reason))

    def field(
        name: str, label: str, value: str, put: Callable[[str], None], hint: str = ""
    ) -> ft.Control:
        return ft.TextField(
            key=f"medicine-{name}",
            label=label,
            helper=hint or None,
            value=value,
            error=sentence if where == name else None,
            error_max_lines=4,
            on_change=lambda event: put(event.control.value),
        )

    return ft.Column(
        [
            grid(
                [
                    field("until", _("Last day it was taken"), until, set_until, _("YYYY-MM-DD")),
                    field("end_reason", _("Why it ended"), reason, set_reason),
                ]
            ),
            *([band("prompt", sentence)] if sentence and not where else []),
            ft.Row(
                [
                    button(_("It has ended"), end, key="really-end", main=True),
                    button(_("It was added by mistake"), withdraw, key="was-mistake"),
                    button(_("Never mind"), close, key="close-end"),
                ],
                wrap=True,
                spacing=10,
                run_spacing=10,
            ),
        ],
        spacing=10,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _line(line: MedicineLine) -> ft.Control:
    about = [since_words(line)]
    if line.taken_for:
        about.append(_("for {reason}").format(reason=line.taken_for))
    if line.end_reason:
        about.append(_("ended: {reason}").format(reason=line.end_reason))
    return ft.Column(
        [text(taken_words(line), strong=True), fine(", ".join(about))], spacing=0, tight=True
    )
