"""The clinic's patients: who wrote when, on which dose, how loud the newest entry was."""

import flet as ft

from diary_app.components.care_parts import button, fine, level_tag, text
from diary_app.components.care_reading import use_reading
from diary_app.components.care_shell import reading_body, shell, use_care
from diary_app.components.care_words import planned_words, short_day, step_words
from diary_app.ground.boundary import screen_component
from diary_app.routes import DATA_REQUESTS, PATIENTS, patient
from diary_app.services.roster import RosterRow
from diary_app.text import _

NEW = f"{PATIENTS}/new"


@screen_component
def RosterScreen() -> ft.View:
    """Show the patients in follow-up, open alerts first, then the longest silent."""
    care = use_care()
    sought, seek = ft.use_state("")
    roster = care.desk.roster
    reading = use_reading(lambda _again: roster.list(), roster.topic, [care.desk])
    page = reading.value
    if page is None:
        return shell(care, _("Patients"), reading_body(reading.problem), place=PATIENTS, watch=None)
    rows = [row for row in page.rows if _matches(row, sought)]
    rows.sort(key=_rank)
    go = ft.context.page
    top: list[ft.Control] = [
        ft.Container(
            ft.TextField(
                key="search",
                label=_("Search name or code"),
                prefix_icon=ft.Icons.SEARCH,
                value=sought,
                on_change=lambda event: seek(event.control.value),
            ),
            expand=True,
        )
    ]
    if care.desk.me.may("patient.enroll"):
        top.append(
            button(
                _("Add patient"),
                lambda: go.navigate(NEW),
                key="add-patient",
                icon=ft.Icons.PERSON_ADD,
                main=True,
            )
        )
    count = _("{n} of {all} patients").format(n=len(rows), all=len(page.rows))
    return shell(
        care,
        _("Patients"),
        [
            ft.Row(top, spacing=12, vertical_alignment=ft.CrossAxisAlignment.CENTER),
            ft.Row(
                [
                    fine(count),
                    *(
                        [
                            button(
                                _("Data requests"),
                                lambda: go.navigate(DATA_REQUESTS),
                                key="data-requests",
                            )
                        ]
                        if care.desk.me.may("data.request")
                        else []
                    ),
                ],
                alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
                wrap=True,
            ),
            *(_line(row, clinical=page.clinical, wide=care.wide) for row in rows),
        ],
        place=PATIENTS,
        watch=page.watch,
    )


def _matches(row: RosterRow, sought: str) -> bool:
    words = sought.casefold().split()
    name = f"{row.patient.name} {row.patient.code}".casefold()
    return all(word in name for word in words)


def _rank(row: RosterRow) -> tuple[int, int, str]:
    loud = {"urgent": 0, "prompt": 1}.get(row.open_level or "", 2)
    silent = -1 if row.silent_days is None else row.silent_days
    return (loud, -silent, row.patient.code)


def _line(row: RosterRow, *, clinical: bool, wide: bool) -> ft.Control:
    go, path = ft.context.page, patient(row.patient.id)
    who = ft.Column(
        [
            text(row.patient.name, strong=True),
            fine(_("{code}, born {day}").format(code=row.patient.code, day=row.patient.born_on)),
        ],
        spacing=0,
        expand=3,
    )
    cells: list[ft.Control] = [who]
    if clinical and row.dose is not None:
        dose = ft.Column(
            [
                text(_("Imatinib: {dose}").format(dose=planned_words(row.dose)), size=15),
                fine(step_words(row.dose.step_up)),
            ],
            spacing=0,
            expand=3,
        )
        silence = ft.Column([_silence(row)], expand=3)
        levels = ft.Column(_levels(row), spacing=4, expand=3)
        cells = [who, silence, dose, levels]
    opener = button(_("Open"), lambda: go.navigate(path), key=f"open-{row.patient.code}")
    content: ft.Control
    if wide:
        content = ft.Row(
            [*cells, opener], spacing=16, vertical_alignment=ft.CrossAxisAlignment.CENTER
        )
    else:
        for cell in cells:
            cell.expand = None
        content = ft.Row(
            [ft.Column(cells, spacing=6, expand=True), opener],
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    return ft.Container(
        key=f"patient-{row.patient.code}",
        content=content,
        padding=12,
        bgcolor=ft.Colors.SURFACE_CONTAINER,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=10,
    )


def _silence(row: RosterRow) -> ft.Control:
    if row.last_entry_on is None or row.silent_days is None:
        return text(_("No entry yet"), size=15)
    words = {0: _("Wrote today"), 1: _("Wrote yesterday")}.get(
        row.silent_days, _("Silent for {n} days").format(n=row.silent_days)
    )
    return ft.Column(
        [
            text(words, size=15, strong=row.silent_days > 1),
            fine(_("Last entry {day}").format(day=short_day(row.last_entry_on))),
        ],
        spacing=0,
        tight=True,
    )


def _levels(row: RosterRow) -> list[ft.Control]:
    shown: list[ft.Control] = []
    if row.open_level is not None:
        words = _("Open alert: urgent") if row.open_level == "urgent" else _("Open alert: same day")
        shown.append(level_tag(row.open_level, words=words))
    if row.last_entry_on is not None and row.open_level is None:
        shown.append(fine(_("Newest entry")))
        shown.append(level_tag(row.newest_level))
    return shown
