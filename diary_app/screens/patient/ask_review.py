"""The last look before saving: every answer, a line of one's own, and the button that saves."""

import flet as ft

from diary_app.components.buttons import Act, main_button
from diary_app.components.fields import edge
from diary_app.components.heading import heading
from diary_app.components.notice import card
from diary_app.screens.patient.asking import Asking, Sheet
from diary_app.state.answers import LONGEST_WORDS
from diary_app.state.summary import Line, lines
from diary_app.text import _
from diary_app.theme import BODY, SMALL


def review(asking: Asking, save: Act, change: Act, *, busy: bool) -> Sheet:
    """Show all answers.

    Args:
        save: Saves the entry.
        change: Opens a question again.
        busy: It is being saved.
    """
    told = lines(asking.draft, asking.planned, photos=len(asking.photos))
    return Sheet(
        title=_("Please check"),
        hint=_("Touch a line to change it."),
        controls=(
            ft.Column(
                [_line(line, change) for line in told],
                spacing=6,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
            OwnWords(asking),
        ),
        main=main_button(
            _("Saving...") if busy else _("Save"),
            save,
            key="save",
            icon=ft.Icons.SEND,
            disabled=busy,
        ),
    )


def _line(line: Line, change: Act) -> ft.Control:
    words = ft.Text(
        line.words,
        size=BODY,
        weight=ft.FontWeight.W_600,
        color=ft.Colors.TERTIARY if line.is_open else ft.Colors.ON_SURFACE,
    )
    return ft.OutlinedButton(
        key=f"review-{line.question}",
        on_click=lambda: change(line.question),
        content=ft.Container(
            ft.Row(
                [
                    ft.Column(
                        [
                            ft.Text(line.label, size=SMALL, color=ft.Colors.ON_SURFACE_VARIANT),
                            words,
                        ],
                        spacing=2,
                        expand=True,
                        tight=True,
                    ),
                    ft.Icon(ft.Icons.EDIT_OUTLINED, size=22),
                ]
            ),
            padding=ft.Padding.symmetric(vertical=6),
        ),
        style=ft.ButtonStyle(
            padding=ft.Padding.symmetric(horizontal=14, vertical=4),
            side=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT),
            bgcolor=ft.Colors.SURFACE_CONTAINER,
            shape=ft.RoundedRectangleBorder(radius=12),
        ),
    )


@ft.component
def OwnWords(asking: Asking) -> ft.Control:
    """Draw the line for anything else."""
    words = asking.value("words") or ""
    return card(
        [
            heading(_("Anything else? (you can leave this empty)"), 2),
            ft.TextField(
                key="words",
                label=_("In your own words"),
                value=words,
                multiline=True,
                min_lines=2,
                max_lines=6,
                max_length=LONGEST_WORDS,
                border=edge(),
                text_size=BODY,
                label_style=ft.TextStyle(size=BODY),
                on_change=lambda event: asking.answer(
                    typing=True, words=event.control.value or None
                ),
                on_blur=lambda: asking.answer(words=words or None),
            ),
        ]
    )
