"""What an import would do, line by line."""

from collections.abc import Callable, Mapping

import flet as ft

from diary_app.components.care_parts import band, fine, text
from diary_app.services.patient_list import ListCheck, ListLine
from diary_app.text import _, _n

MOST_SHOWN = 100
OUTCOMES: Mapping[str, tuple[Callable[[], str], ft.IconData]] = {
    "new": (lambda: _("Will be added"), ft.Icons.PERSON_ADD),
    "there": (lambda: _("In the list already, nothing changes"), ft.Icons.CHECK),
    "refused": (lambda: _("Cannot be added"), ft.Icons.ERROR_OUTLINE),
}


def list_lines(check: ListCheck) -> list[ft.Control]:
    """Return the sum and the lines; of very many those that were refused, and the first ones."""
    new, there, refused = (check.count(outcome) for outcome in OUTCOMES)
    sums = [
        _n("{count} patient would be added.", "{count} patients would be added.", new).format(
            count=new
        )
    ]
    if there:
        sums.append(
            _n("{count} is in the list already.", "{count} are in the list already.", there)
            .format(count=there)
        )  # fmt: skip
    shown: list[ft.Control] = [text(" ".join(sums), strong=True)]
    if refused:
        words = _n(
            "{count} line cannot be added, so nothing is imported. Correct it and check again.",
            "{count} lines cannot be added, so nothing is imported. Correct them and check again.",
            refused,
        )
        shown.append(band("prompt", words.format(count=refused), key="refused"))
    if check.unread:
        names = ", ".join(check.unread)
        shown.append(
            fine(_("Not read, because no column of the diary: {names}").format(names=names))
        )
    listed = [line for line in check.lines if line.outcome == "refused"]
    listed += [line for line in check.lines if line.outcome != "refused"][:MOST_SHOWN]
    listed.sort(key=lambda line: line.number)
    shown.append(ft.Column([_line(line) for line in listed], spacing=0))
    left = len(check.lines) - len(listed)
    if left:
        shown.append(fine(_("And {n} more lines that are fine.").format(n=left)))
    return shown


def _line(line: ListLine) -> ft.Control:
    words, icon = OUTCOMES[line.outcome]
    bad = line.outcome == "refused"
    color = ft.Colors.ERROR if bad else ft.Colors.ON_SURFACE_VARIANT
    who = ", ".join(part for part in (line.code, line.name, line.born_on) if part)
    numbered = _("Line {n}: {who}").format(n=line.number, who=who)
    told = f"{words()}: {line.sentence}" if bad else words()
    return ft.Container(
        key=f"line-{line.number}",
        padding=ft.Padding.symmetric(vertical=8),
        border=ft.Border(top=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
        content=ft.Row(
            [
                ft.Icon(icon, size=20, color=color),
                ft.Column(
                    [text(numbered, size=15), ft.Text(told, size=14, color=color)],
                    spacing=0,
                    expand=True,
                ),
            ],
            spacing=10,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
    )
