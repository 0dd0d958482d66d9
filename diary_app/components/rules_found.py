"""What a what-if found: red flags first, then alerts, the budget, the weeks, and for whom."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

import flet as ft

from alerts.escalation.nurse_load import BUDGET, LOOKED_BACK
from diary_app.components.care_parts import FINE, band, fine, level_tag, text, title
from diary_app.components.care_table import Cell, table, wrapped
from diary_app.components.care_words import plain_day, short_day, when
from diary_app.routes import patient
from diary_app.services.rule_sets import Concerned, WhatIf
from diary_app.text import _
from diary_app.theme import look

Counts = Mapping[str, Any]

BAR_WIDTH, PHONE_BAR_WIDTH = 150, 60
KINDS = {
    "appears": lambda: _("appears"),
    "vanishes": lambda: _("vanishes"),
    "changes": lambda: _("changes level"),
}


def found_parts(
    counts: Counts, made_at: datetime | None, zone: str, now: datetime, *, wide: bool
) -> list[ft.Control]:
    """Return the findings without any patient.

    Args:
        counts: Of `ReplayReport.counts`.
        made_at: When the what-if was run.
        zone: The clinic's.
    """
    period = _("{first} to {last}").format(
        first=plain_day(date.fromisoformat(counts["from"])),
        last=plain_day(date.fromisoformat(counts["to"])),
    )
    run_at = "" if made_at is None else _("Run {time}. ").format(time=when(made_at, zone, now))
    return [
        _sensitivity(counts),
        fine(
            _("{run}{period}: {patients} patients, {entries} entries.").format(
                run=run_at, period=period, patients=counts["patients"], entries=counts["entries"]
            )
        ),
        title(_("Alerts"), 3),
        _alerts(counts),
        title(_("Alerts per patient-week"), 3),
        _budget(counts),
        title(_("Alerts a week for the care team"), 3),
        _forecast(counts),
        _weeks(counts, BAR_WIDTH if wide else PHONE_BAR_WIDTH),
    ]


def _sensitivity(counts: Counts) -> ft.Control:
    every, missed = counts["red_flag_courses"], counts["red_flag_courses_missed"]
    if missed:
        return band(
            "urgent",
            _("{n} of {every} red-flag courses would no longer be urgent: {names}.").format(
                n=len(missed), every=every, names=", ".join(missed)
            ),
        )
    return band(
        "none",
        _(
            "All {every} red-flag courses, published and made up at the limits of the rules, "
            "stay urgent."
        ).format(every=every),
    )


def _alerts(counts: Counts) -> ft.Control:
    kinds = counts["alerts"]
    if not any(kinds.values()):
        return text(_("No alert of this period would differ."))
    return text(
        _(
            "{appears} would appear, {vanishes} would vanish, {changes} would change their level. "
            "Patients concerned: {n}."
        ).format(**kinds, n=counts["patients_concerned"])
    )


def _budget(counts: Counts) -> ft.Control:
    before, after = (counts[f"alerts_per_patient_week_{side}"] for side in ("before", "after"))
    rows: list[list[Cell]] = []
    for level, most in BUDGET.items():
        rate = after[level]
        rows.append(
            [
                level_tag(level),
                f"{counts['alerts_before'][level]} ({_rate(before[level])})",
                f"{counts['alerts_after'][level]} ({_rate(rate)})",
                f"{most:g}",
                "-"
                if rate is None
                else level_tag("none", words=_("within"))
                if rate <= most
                else level_tag("prompt", words=_("over the budget")),
            ]
        )
    return table(
        [_("Level"), _("Now"), _("With these"), _("Budget"), ""], rows, empty=_("Nothing here.")
    )


def _rate(rate: float | None) -> str:
    return "-" if rate is None else f"{rate:.3f}"


def _forecast(counts: Counts) -> ft.Control:
    load = counts["forecast_per_week"]
    if load is None:
        return fine(_("No whole week, so no forecast."))
    last = [week["before"] for week in counts["weeks"][-LOOKED_BACK:]]
    now = sum(last) / len(last)
    return text(
        _(
            "A week to come: about {expected:.1f} alerts ({low:g} to {high:g}) instead of "
            "{now:.1f}, if it is like the last four weeks."
        ).format(expected=load["expected"], low=load["low"], high=load["high"], now=now),
        strong=True,
    )


def _weeks(counts: Counts, width: int) -> ft.Control:
    weeks = counts["weeks"]
    most = max([1, *(max(week["before"], week["after"]) for week in weeks)])
    before, after = look("none").ink, ft.Colors.PRIMARY
    return table(
        [_("Week from"), _("Now"), _("With these")],
        [
            [
                short_day(date.fromisoformat(week["from"])),
                _bar(week["before"], width / most, before),
                _bar(week["after"], width / most, after),
            ]
            for week in weeks
        ],
        empty=_("No week in this period."),
    )


def _bar(count: int, width_of_one: float, color: ft.ColorValue) -> ft.Control:
    return ft.Row(
        [
            ft.Container(fine(str(count), color=ft.Colors.ON_SURFACE), width=24),
            ft.Container(width=width_of_one * count, height=12, bgcolor=color, border_radius=3),
        ],
        spacing=6,
        tight=True,
    )


def concerned_part(found: WhatIf) -> ft.Control:
    """Return whose alerts differ, for those who may see alerts."""
    kinds = found.report.tally.kinds
    if found.concerned is None:
        return fine(_("Clinicians see whom the changes concern, when they run the what-if."))
    rows = found.concerned
    more = sum(kinds.values()) - len(rows)
    return ft.Column(
        [
            title(_("Whose alerts differ"), 3),
            fine(_("Alerts that would be lost or lowered come first.")),
            table(
                [_("Day"), _("Patient"), _("Alert"), _("Now"), _("With these"), _("Because")],
                [_row(each) for each in rows],
                empty=_("Nobody's."),
            ),
            *([fine(_("And {n} more, which are counted above.").format(n=more))] if more else []),
        ],
        spacing=10,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _row(each: Concerned) -> list[Cell]:
    head, change = each.patient, each.change
    return [
        plain_day(change.on),
        ft.TextButton(
            ft.Text(
                _("{name}\n{code}, born {day}").format(
                    name=head.name, code=head.code, day=head.born_on
                ),
                size=FINE,
            ),
            style=ft.ButtonStyle(padding=ft.Padding.symmetric(horizontal=4, vertical=6)),
            on_click=partial(ft.context.page.navigate, patient(head.id)),
        ),
        KINDS[change.kind](),
        _level(change.before),
        _level(change.after),
        wrapped(" ".join(change.reasons), 300),
    ]


def _level(level: str | None) -> Cell:
    return _("no alert") if level is None else level_tag(level)
