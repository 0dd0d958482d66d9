"""One entry of the past as a wide button: when, what was told of it, and its main answers."""

from collections.abc import Callable

import flet as ft

from diary_app.state.calendar import day_words
from diary_app.state.diary import EntryView
from diary_app.state.summary import facts
from diary_app.text import _, _n
from diary_app.theme import BODY, ROUND, SMALL, look


def entry_row(entry: EntryView, show: Callable[[], None], *, place: str = "entry") -> ft.Control:
    """Return the button.

    Args:
        show: Called when it is touched.
        place: Begins its key; screens that lie on each other use different ones.
    """
    seen = look(entry.level)
    words = [seen.patient_word()]
    if entry.kind == "reading":
        words.append(_("temperature only"))
    if entry.version > 1:
        words.append(corrected_words(entry.version - 1))
    known = " · ".join(facts(entry.answers)) or _("Nothing was answered")
    return ft.OutlinedButton(
        key=f"{place}-{entry.id}",
        on_click=show,
        style=ft.ButtonStyle(
            padding=14,
            bgcolor=ft.Colors.SURFACE_CONTAINER,
            side=ft.BorderSide(1.5, ft.Colors.OUTLINE_VARIANT),
            shape=ft.RoundedRectangleBorder(radius=ROUND),
        ),
        content=ft.Row(
            [
                ft.Container(
                    ft.Icon(seen.icon, size=30, color=seen.ink),
                    bgcolor=seen.ground,
                    border_radius=ROUND,
                    padding=8,
                ),
                ft.Column(
                    [
                        ft.Text(
                            f"{day_words(entry.on)}, {entry.clock}",
                            size=BODY,
                            weight=ft.FontWeight.W_600,
                            color=ft.Colors.ON_SURFACE,
                        ),
                        ft.Text(" · ".join(words), size=SMALL, color=ft.Colors.ON_SURFACE),
                        ft.Text(known, size=SMALL, color=ft.Colors.ON_SURFACE_VARIANT),
                    ],
                    spacing=2,
                    expand=True,
                    tight=True,
                ),
                ft.Icon(ft.Icons.CHEVRON_RIGHT, size=28),
            ],
            spacing=12,
        ),
    )


def corrected_words(times: int) -> str:
    """Return how often an entry was corrected."""
    return _n("corrected once", "corrected {count} times", times).format(count=times)
