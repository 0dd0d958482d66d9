"""One entry in plain words, its photos, and the days around it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import flet as ft

from diary_app.components.care_answers import not_asked, said, temperature_words
from diary_app.components.care_parts import fine, level_tag, text
from diary_app.components.care_photo import picture_path
from diary_app.components.care_table import Cell, table
from diary_app.components.care_words import (
    DOSE_HOWS,
    day_words,
    mg,
    number,
    planned_words,
    short_day,
    when,
    word,
)
from diary_app.exports.bundle import EntryLine, PhotoLine
from diary_app.exports.code_words import region_words
from diary_app.routes import thumbnail
from diary_app.services.alert_page import RecentDay
from diary_app.text import _

_AUTHORS: dict[str, Callable[[], str]] = {
    "patient": lambda: _("by the patient"),
    "carer": lambda: _("by a carer"),
    "staff": lambda: _("by the care team"),
}


def entry_card(entry: EntryLine, zone: str, now: datetime) -> ft.Control:
    """Return one entry: when, its level, the patient's words, the answers, what was not asked."""
    words = str(entry.answers.get("words") or "")
    lines: list[ft.Control] = [
        ft.Row(
            [
                text(entry_words(entry), strong=True),
                level_tag(entry.level),
                fine(_("received {time}").format(time=when(entry.received_at, zone, now))),
            ],
            wrap=True,
            spacing=10,
            run_spacing=4,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        )
    ]
    if words:
        lines.append(
            ft.Container(
                text(_("“{words}”").format(words=words)),
                padding=10,
                bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH,
                border_radius=8,
            )
        )
    lines += [_answer(label, answer) for label, answer in _answers(entry)]
    if entry.kind == "reading":
        lines.append(fine(_("A later temperature alone; nothing else was asked.")))
    else:
        missing = not_asked(entry.answers)
        if missing:
            lines.append(fine(_("Not asked: {list}.").format(list=", ".join(missing).lower())))
    return ft.Column(lines, spacing=6, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def entry_words(entry: EntryLine) -> str:
    """Return which entry it is: day, time, version and author."""
    words = day_words(entry.diary_on)
    if entry.local_time is not None:
        words = _("{day}, {time}").format(day=words, time=entry.local_time)
    if entry.version > 1:
        words = _("{entry}, corrected (version {n})").format(entry=words, n=entry.version)
    author = _AUTHORS.get(entry.author)
    return _("{entry}, {author}").format(entry=words, author=author()) if author else words


def _answers(entry: EntryLine) -> list[tuple[str, str]]:
    temperature = temperature_words(entry.answers, entry.temperature_celsius)
    return [
        (label, temperature if label == _("Temperature") and temperature else answer)
        for label, answer in said(entry.answers)
    ]


def _answer(label: str, answer: str) -> ft.Control:
    return ft.ResponsiveRow(
        [
            ft.Container(fine(label), col={"xs": 5, "sm": 4}),
            ft.Container(text(answer, size=15), col={"xs": 7, "sm": 8}),
        ],
        spacing=8,
        run_spacing=0,
    )


def photo_strip(photos: Sequence[PhotoLine], enlarge: Callable[[str], None]) -> list[ft.Control]:
    """Return thumbnails that open the picture; nothing when there are none."""
    if not photos:
        return []
    return [
        fine(_("Photos")),
        ft.Row([_thumb(photo, enlarge) for photo in photos], wrap=True, spacing=10, run_spacing=10),
    ]


def _thumb(photo: PhotoLine, enlarge: Callable[[str], None]) -> ft.Control:
    words = ", ".join(
        part
        for part in (
            region_words(photo.region) if photo.region else "",
            photo.description,
            short_day(photo.taken_on),
        )
        if part
    )
    label = _("Photo: {words}").format(words=words)
    return ft.Column(
        [
            ft.Semantics(
                label=label,
                button=True,
                content=ft.Container(
                    key=f"photo-{photo.id}",
                    content=ft.Image(
                        src=thumbnail(photo.id),
                        width=132,
                        height=132,
                        fit=ft.BoxFit.COVER,
                        border_radius=8,
                        semantics_label=label,
                        error_content=fine(_("This picture could not be opened.")),
                    ),
                    on_click=lambda: enlarge(picture_path(photo.id)),
                    ink=True,
                ),
            ),
            ft.Container(fine(words), width=132),
        ],
        spacing=4,
        tight=True,
    )


def recent_days(days: Sequence[RecentDay], *, wide: bool) -> ft.Control:
    """Return the last days with level, rash, itch, temperature and dose; on a phone two lines each.

    Args:
        wide: As a table, which a phone would have to push sideways until the dose is seen.
    """
    header = [_("Day"), _("Level"), _("Rash"), _("Itch"), _("Temp."), _("Imatinib")]
    if wide:
        return table(header, [_recent(day) for day in days], empty=_("No days."))
    return ft.Column([_day_card(_recent(day), header) for day in days], spacing=10)


def _day_card(cells: Sequence[Cell], header: Sequence[str]) -> ft.Control:
    day, level, *values = cells
    told = [
        f"{name} {value}" for name, value in zip(header[2:], values, strict=True) if value != "-"
    ]
    return ft.Column(
        [
            ft.Row([text(str(day), strong=True), fine(level) if isinstance(level, str) else level]),
            fine(", ".join(told)),
        ],
        spacing=2,
    )


def _recent(day: RecentDay) -> list[Cell]:
    dose = planned_words(day.dose)
    if day.dose.planned_mg:  # without a dose to take, "0 of No plan" would say nothing
        taken = "-" if day.dose.taken_mg is None else number(day.dose.taken_mg)
        dose = _("{taken} of {planned}").format(taken=taken, planned=dose)
        if day.dose.how in {"late", "vomited"}:
            dose = _("{dose}, {how}").format(dose=dose, how=word(DOSE_HOWS, day.dose.how))
    elif day.dose.taken_mg:
        dose = _("{planned}, took {taken}").format(planned=dose, taken=mg(day.dose.taken_mg))
    if not day.entries:
        return [short_day(day.on), _("no entry"), "-", "-", "-", dose]
    loudest = max(day.entries, key=lambda entry: _LOUDNESS.get(entry.level or "ungraded", 4))
    return [
        short_day(day.on),
        level_tag(loudest.level),
        _highest(entry.grades.get("rash") for entry in day.entries),
        _highest(entry.answers.get("itch_nrs") for entry in day.entries),
        _highest(entry.temperature_celsius for entry in day.entries),
        dose,
    ]


_LOUDNESS = {"none": 0, "digest": 1, "prompt": 2, "urgent": 3}


def _highest(values: Iterable[object]) -> str:
    known = [value for value in values if isinstance(value, int | float)]
    return number(max(known)) if known else "-"
