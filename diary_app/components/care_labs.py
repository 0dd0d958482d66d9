"""Laboratory values as a table, and withdrawing a wrong one."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import flet as ft

from alerts.grading.lab_units import umol_per_liter
from diary_app.components.care_component import keyed
from diary_app.components.care_parts import FINE, button, text
from diary_app.components.care_table import Cell, table, wrapped
from diary_app.components.care_words import LABS, number, plain_day, waiting_words, when, word
from diary_app.exports.bundle import LabLine
from diary_app.text import _

TROUGH = "imatinib_trough"
VALUES_AT_ONCE = 24


@keyed
def LabsTable(
    labs: Sequence[LabLine],
    zone: str,
    withdraw: Callable[[LabLine], None] | None = None,
    *,
    wide: bool = True,
) -> ft.Control:
    """Show laboratory values, newest first, with the laboratory's own limits; at first some.

    Args:
        labs: Oldest first.
        zone: The patient's time zone, for the times of a drug level.
        withdraw: Begins to withdraw a value; None = not offered.
        wide: Side by side; else one below the other, for a phone.
    """
    limit, set_limit = ft.use_state(VALUES_AT_ONCE)
    header = [_("Day"), _("Test"), _("Value"), _("Limits"), _("Reading")]
    rows: list[list[Cell]] = []
    for lab in labs[::-1][:limit]:
        row: list[Cell] = [
            plain_day(lab.taken_on),
            word(LABS, lab.name),
            wrapped(value_words(lab.name, lab.value, lab.unit), 110),
            limits_words(lab.lower_limit, lab.upper_limit),
            wrapped(reading_words(lab, zone), 140),
        ]
        if withdraw is not None:
            row.append(
                ft.TextButton(
                    ft.Text(_("Withdraw"), size=FINE),
                    key=f"withdraw-{lab.id}",
                    on_click=partial(withdraw, lab),
                )
            )
        rows.append(row)
    shown = table(
        [*header, *([_("Wrong?")] if withdraw is not None else [])],
        rows,
        empty=_("No laboratory values in this period."),
        stacked=not wide,
    )
    more = len(labs) - limit
    if more <= 0:
        return shown
    return ft.Column(
        [
            shown,
            button(
                _("Show {n} more").format(n=min(VALUES_AT_ONCE, more)),
                lambda: set_limit(limit + VALUES_AT_ONCE),
                key="more-labs",
            ),
        ],
        spacing=10,
    )


def value_words(name: str, value: float, unit: str) -> str:
    """Return a value with its unit; a drug level in both units."""
    said = _("{value} {unit}").format(value=number(value), unit=unit)
    if name == TROUGH and unit == "ng/mL":
        return _("{value} ({umol:.2f} umol/L)").format(value=said, umol=umol_per_liter(value))
    return said


def limits_words(lower: float | None, upper: float | None) -> str:
    """Return the laboratory's limits in words."""
    if lower is None and upper is None:
        return _("not given")
    if lower is None:
        return _("up to {upper}").format(upper=number(upper or 0))
    if upper is None:
        return _("from {lower}").format(lower=number(lower))
    return _("{lower} to {upper}").format(lower=number(lower), upper=number(upper))


def reading_words(lab: LabLine, zone: str) -> str:
    """Return how a value lies to its limits and its estimated grade; of a level, its times."""
    if lab.name == TROUGH:
        return _trough_words(lab, zone)
    said = _outside(lab.value, lab.lower_limit, lab.upper_limit)
    if lab.grade is None:
        return _("{where}, not graded").format(where=said)
    return _("{where}, estimated grade {grade}").format(where=said, grade=lab.grade)


def _outside(value: float, lower: float | None, upper: float | None) -> str:
    if upper is not None and value > upper:
        return _("above the limit")
    if lower is not None and value < lower:
        return _("below the limit")
    if upper is not None or lower is not None:
        return _("within the limits")
    return _("limits unknown")


def _trough_words(lab: LabLine, zone: str) -> str:
    if lab.sampled_at is None or lab.last_dose_at is None:
        return _("Times of sample and last dose not known")
    said = _("Drawn {time}, {hours} after the dose of {dose}").format(
        time=when(lab.sampled_at, zone, lab.sampled_at),
        hours=waiting_words(lab.last_dose_at, lab.sampled_at),
        dose=when(lab.last_dose_at, zone, lab.sampled_at),
    )
    if lab.is_trough is None:
        return said
    return (
        _("{said}: a trough").format(said=said)
        if lab.is_trough
        else _("{said}: not a trough").format(said=said)
    )


@keyed
def WithdrawDialog(
    lab: LabLine, withdraw: Callable[[str], Awaitable[None]], cancel: Callable[[], None]
) -> ft.Control:
    """Ask why a value is wrong; the row stays, marked as withdrawn."""
    reason, set_reason = ft.use_state("")
    problem, set_problem = ft.use_state("")

    async def done() -> None:
        if not reason.strip():
            set_problem(_("Say why the value is wrong."))
            return
        await withdraw(reason)

    what = _("{test} {value} of {day}").format(
        test=word(LABS, lab.name),
        value=value_words(lab.name, lab.value, lab.unit),
        day=plain_day(lab.taken_on),
    )
    ft.use_dialog(
        ft.AlertDialog(
            modal=True,
            scrollable=True,
            title=ft.Text(_("Withdraw {what}?").format(what=what), size=20),
            content=ft.Column(
                [
                    text(
                        _(
                            "It is no longer shown or graded; an alert that it raised stays open. "
                            "Then add the right value."
                        )
                    ),
                    ft.TextField(
                        key="withdraw-reason",
                        label=_("Why is it wrong?"),
                        value=reason,
                        max_length=500,
                        text_size=FINE,
                        error=problem or None,
                        on_change=lambda event: set_reason(event.control.value),
                    ),
                ],
                tight=True,
                width=460,
                spacing=10,
            ),
            actions=[
                ft.TextButton(_("Back"), key="withdraw-back", on_click=cancel),
                ft.FilledButton(_("Withdraw"), key="really-withdraw", on_click=done),
            ],
        )
    )
    return ft.Container()
