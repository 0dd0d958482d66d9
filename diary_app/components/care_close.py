"""Dialogs on an alert: closing it with an outcome, a note, a call, snoozing it."""

from collections.abc import Awaitable, Callable, Sequence

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_parts import button, text
from diary_app.components.care_words import CALL_ENDS, OUTCOMES
from diary_app.text import _

LONGEST_NOTE = 2000


@keyed
def CloseDialog(
    code: str,
    close: Callable[[str, str], Awaitable[None]],
    cancel: Callable[[], None],
) -> ft.Control:
    """Ask for the outcome, which is needed, and a note, which is not."""
    outcome, set_outcome = ft.use_state("")
    note, set_note = ft.use_state("")
    problem, set_problem = ft.use_state("")

    async def done() -> None:
        if not outcome:
            set_problem(_("Choose what was done before closing the alert."))
            return
        await close(outcome, note)

    ft.use_dialog(
        ft.AlertDialog(
            modal=True,
            scrollable=True,
            title=ft.Text(_("Close alert {code}: what was done?").format(code=code), size=20),
            content=ft.Column(
                [
                    ft.RadioGroup(
                        key="outcome",
                        value=outcome,
                        on_change=lambda event: set_outcome(event.control.value or ""),
                        content=ft.Column(
                            [
                                ft.Radio(value=value, label=words())
                                for value, words in OUTCOMES.items()
                            ],
                            spacing=2,
                            tight=True,
                        ),
                    ),
                    text(problem, color=ft.Colors.ERROR),
                    ft.TextField(
                        key="close-note",
                        label=_("Note (optional)"),
                        value=note,
                        multiline=True,
                        max_lines=4,
                        max_length=LONGEST_NOTE,
                        on_change=lambda event: set_note(event.control.value),
                    ),
                ],
                tight=True,
                width=440,
                spacing=8,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
            actions=[
                ft.TextButton(_("Cancel"), key="cancel", on_click=cancel),
                ft.FilledButton(_("Close alert"), key="really-close", on_click=done),
            ],
        )
    )
    return ft.Container()


@keyed
def NoteDialog(keep: Callable[[str], Awaitable[None]], cancel: Callable[[], None]) -> ft.Control:
    """Ask for a note."""
    note, set_note = ft.use_state("")

    async def done() -> None:
        await keep(note)

    ft.use_dialog(
        ft.AlertDialog(
            modal=True,
            title=ft.Text(_("Add a note"), size=20),
            content=ft.TextField(
                key="note",
                label=_("Note"),
                value=note,
                multiline=True,
                min_lines=3,
                max_lines=6,
                max_length=LONGEST_NOTE,
                width=440,
                on_change=lambda event: set_note(event.control.value),
            ),
            actions=[
                ft.TextButton(_("Cancel"), key="cancel", on_click=cancel),
                ft.FilledButton(_("Save note"), key="save-note", on_click=done),
            ],
        )
    )
    return ft.Container()


@keyed
def CallDialog(
    phone: str, keep: Callable[[str, str], Awaitable[None]], cancel: Callable[[], None]
) -> ft.Control:
    """Ask how a call ended, which is needed, and what was said, which is not.

    Args:
        phone: The patient's number; empty = not known.
        keep: Takes one of ``alerts.acknowledge.CALL_ENDS`` and what was said.
        cancel: Closes it.
    """
    end, set_end = ft.use_state("")
    words, set_words = ft.use_state("")
    problem, set_problem = ft.use_state("")

    async def done() -> None:
        if not end:
            set_problem(_("Choose how the call ended."))
            return
        await keep(end, words)

    ft.use_dialog(
        ft.AlertDialog(
            modal=True,
            scrollable=True,
            title=ft.Text(_("Log a call to the patient"), size=20),
            content=ft.Column(
                [
                    text(_("Phone: {number}").format(number=phone or _("not known"))),
                    ft.RadioGroup(
                        key="call-end",
                        value=end,
                        on_change=lambda event: set_end(event.control.value or ""),
                        content=ft.Column(
                            [
                                ft.Radio(value=value, label=label())
                                for value, label in CALL_ENDS.items()
                            ],
                            spacing=2,
                            tight=True,
                        ),
                    ),
                    text(problem, color=ft.Colors.ERROR),
                    ft.TextField(
                        key="call-words",
                        label=_("What was said (optional)"),
                        value=words,
                        multiline=True,
                        max_lines=4,
                        max_length=LONGEST_NOTE,
                        on_change=lambda event: set_words(event.control.value),
                    ),
                ],
                tight=True,
                width=440,
                spacing=8,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
            actions=[
                ft.TextButton(_("Cancel"), key="cancel", on_click=cancel),
                ft.FilledButton(_("Save call"), key="save-call", on_click=done),
            ],
        )
    )
    return ft.Container()


@keyed
def SnoozeDialog(
    choices: Sequence[int], rest: Callable[[int], Awaitable[None]], cancel: Callable[[], None]
) -> ft.Control:
    """Ask for how many minutes to snooze, of those the cap still allows."""

    def choose(minutes: int) -> Callable[[], Awaitable[None]]:
        async def chosen() -> None:
            await rest(minutes)

        return chosen

    ft.use_dialog(
        ft.AlertDialog(
            modal=True,
            scrollable=True,
            title=ft.Text(_("Tell me again in ..."), size=20),
            content=ft.Column(
                [
                    text(
                        _(
                            "You keep the alert. If it is still not closed one round after you "
                            "were told again, it goes back to the team."
                        )
                    ),
                    ft.Row(
                        [
                            button(
                                _("{n} minutes").format(n=minutes),
                                choose(minutes),
                                key=f"snooze-{minutes}",
                            )
                            for minutes in choices
                        ],
                        wrap=True,
                        spacing=8,
                        run_spacing=8,
                    ),
                ],
                tight=True,
                width=440,
                spacing=12,
            ),
            actions=[ft.TextButton(_("Cancel"), key="cancel", on_click=cancel)],
        )
    )
    return ft.Container()
