"""Adding laboratory values: typed, checked, confirmed, then kept."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

import flet as ft

from alerts.grading.lab_units import ANALYTES, CELLS, read_lab, units
from diary_app.components.care_component import keyed
from diary_app.components.care_labs import TROUGH, limits_words, value_words
from diary_app.components.care_parts import band, button, choices, text
from diary_app.components.care_words import LABS, day_words, number, word
from diary_app.services.care_errors import REFUSALS
from diary_app.services.lab_form import LabCheck, LabForm, LabRead, LabTyped
from diary_app.services.labs import Labs, LabsKept
from diary_app.text import _


@keyed
def LabValuesForm(
    labs: Labs,
    patient_id: UUID,
    patient_name: str,
    start: LabForm,
    today: date,
    done: Callable[[LabsKept | None], Awaitable[None]],
) -> ft.Control:
    """Ask for the results of one day.

    Args:
        start: Empty, with units and limits as in the last results.
        done: Called when the form is finished with; None = nothing was kept.
    """
    form, set_form = ft.use_state(start)
    unchecked: LabCheck | None = None
    found, set_found = ft.use_state(unchecked)
    confirming, confirm = ft.use_state(False)
    refused, set_refused = ft.use_state("")
    problems = found.problems if isinstance(found, LabCheck) else {}

    async def ask() -> None:
        set_refused("")
        try:
            read: LabCheck = await asyncio.to_thread(labs.check, patient_id, form)
        except REFUSALS as error:
            set_refused(str(error))
            return
        set_found(lambda _before: read)
        confirm(not read.problems)

    async def keep() -> None:
        confirm(False)
        try:
            kept: LabsKept = await asyncio.to_thread(labs.keep, patient_id, [form])
        except REFUSALS as error:
            set_refused(str(error))
        else:
            await done(kept)

    async def cancel() -> None:
        await done(None)

    def change(**values: object) -> None:
        set_form(lambda before: replace(before, **values))

    def put(name: str, **values: str) -> None:
        def changed(before: LabForm) -> LabForm:
            typed = replace(before.values.get(name, LabTyped()), **values)
            return replace(before, values={**before.values, name: typed})

        set_form(changed)

    def number_field(name: str, part: str, label: str, width: int) -> ft.Control:
        return ft.TextField(
            key=f"lab-{name}" if part == "value" else f"lab-{name}-{part}",
            label=label,
            value=getattr(form.values[name], part),
            width=width,
            on_change=lambda event: put(name, **{part: event.control.value}),
        )

    def words_field(name: str, label: str, width: int) -> ft.Control:
        return ft.TextField(
            key=f"lab-{name}",
            label=label,
            value=getattr(form, name),
            width=width,
            on_change=lambda event: change(**{name: event.control.value}),
        )

    def told(*fields: str) -> list[ft.Control]:
        return [band("prompt", problems[name]) for name in fields if name in problems]

    def rows_of(name: str) -> list[ft.Control]:
        parts = [
            number_field(name, "value", word(LABS, name), 220 if name == TROUGH else 150),
            choices(
                [(unit, unit) for unit in units(name)],
                form.values[name].unit,
                # Limits of the other unit would be wrong by the factor between them.
                lambda unit: put(name, unit=unit, lower="", upper=""),
                key=f"lab-{name}-unit",
            ),
        ]
        if name != TROUGH:
            parts += [
                number_field(name, "lower", _("Lower limit"), 140),
                number_field(name, "upper", _("Upper limit"), 140),
            ]
        return [_line(parts), *told(name, f"{name}-lower", f"{name}-upper")]

    ft.use_dialog(
        _confirm(patient_name, found, keep, lambda: confirm(False))
        if confirming and isinstance(found, LabCheck)
        else None
    )
    may_insist = isinstance(found, LabCheck) and (found.may_insist or form.as_reported)
    return ft.Column(
        [
            *([band("prompt", refused)] if refused else []),
            _line(
                [
                    words_field("taken_on", _("Day of the sample (YYYY-MM-DD)"), 290),
                    button(
                        _("Today"),
                        lambda: change(taken_on=today.isoformat()),
                        key="lab-today",
                    ),
                ]
            ),
            *told("taken_on"),
            *(row for name in ANALYTES for row in rows_of(name)),
            _line(
                [
                    words_field("sampled", _("Level drawn at (HH:MM)"), 260),
                    words_field("last_dose", _("Last dose before it (YYYY-MM-DD HH:MM)"), 420),
                ]
            ),
            *told("sampled", "last_dose", "values"),
            *(
                [
                    ft.Checkbox(
                        key="lab-as-reported",
                        label=_("Unusual values and limits are exactly what the laboratory gave"),
                        value=form.as_reported,
                        on_change=lambda event: change(as_reported=event.control.value is True),
                    )
                ]
                if may_insist
                else []
            ),
            _line(
                [
                    button(_("Check the values"), ask, key="check-labs", main=True),
                    button(_("Cancel"), cancel, key="cancel-labs"),
                ]
            ),
        ],
        spacing=10,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def understood(value: LabRead) -> str:
    """Return one value as it was understood, in the canonical unit too where that differs."""
    said = value_words(value.name, value.value, value.unit)
    analyte = ANALYTES[value.name]
    if value.unit != analyte.unit:
        unit = f"x{CELLS}" if analyte.unit == CELLS else analyte.unit
        said = _("{said} = {value} {unit}").format(
            said=said,
            value=number(round(read_lab(value.name, value.value, value.unit), 3)),
            unit=unit,
        )
    said = _("{test}: {said}").format(test=word(LABS, value.name), said=said)
    if value.name == TROUGH:
        return said
    return _("{said}, limits {limits}").format(
        said=said, limits=limits_words(value.lower_limit, value.upper_limit)
    )


def _confirm(
    patient_name: str,
    found: LabCheck,
    keep: Callable[[], Awaitable[None]],
    cancel: Callable[[], None],
) -> ft.AlertDialog:
    level_timed = any(value.sampled_at and value.last_dose_at for value in found.values)
    has_level = any(value.name == TROUGH for value in found.values)
    return ft.AlertDialog(
        modal=True,
        scrollable=True,
        title=ft.Text(_("Keep these values of {name}?").format(name=patient_name), size=20),
        content=ft.Column(
            [
                *([text(day_words(found.taken_on), strong=True)] if found.taken_on else []),
                *(text(understood(value)) for value in found.values),
                *(band("prompt", doubt) for doubt in found.doubts),
                *(
                    [text(_("Without both times nobody can say whether the level is a trough."))]
                    if has_level and not level_timed
                    else []
                ),
                text(_("A value that crosses a limit of the rules tells the team at once.")),
            ],
            tight=True,
            width=460,
            spacing=8,
        ),
        actions=[
            ft.TextButton(_("Back"), key="labs-back", on_click=cancel),
            ft.FilledButton(_("Keep"), key="keep-labs", on_click=keep),
        ],
    )


def _line(parts: list[ft.Control]) -> ft.Control:
    return ft.Row(
        parts,
        wrap=True,
        spacing=8,
        run_spacing=8,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
