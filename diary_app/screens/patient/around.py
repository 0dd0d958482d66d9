"""What every screen of the patient finds around it, and the bar of the four main places."""

from dataclasses import dataclass

import flet as ft

from diary_app.routes import HELP, HISTORY, HOME, PLAN
from diary_app.state.diary import ClinicCard, Diary
from diary_app.text import _

WIDE_FROM = 720
_PLACES = (HOME, PLAN, HISTORY, HELP)


@dataclass(frozen=True)
class Around:
    """The patient's diary, whom to call, and how much room there is.

    Attributes:
        wide: A desktop window rather than a phone.
        language: Of every word on the screens; a change draws them all anew.
        bounce_seconds: A second tap this soon after a question appeared is a slip of the finger.
    """

    diary: Diary
    clinic: ClinicCard
    wide: bool
    bounce_seconds: float
    language: str = "en"


_nowhere: Around | None = None
AroundContext = ft.create_context(_nowhere)


def use_around() -> Around:
    """Return what is around this screen; a hook."""
    around = ft.use_context(AroundContext)
    if isinstance(around, Around):
        return around
    raise LookupError("A patient's screen is drawn inside PatientApp.")


def go(path: str) -> None:
    """Show the screen at this path."""
    ft.context.page.navigate(path)


def places(place: str) -> ft.NavigationBar:
    """Return the bar with Today, My plan, History and Help, of which ``place`` is shown."""

    def choose(event: ft.Event[ft.NavigationBar]) -> None:
        index = event.control.selected_index
        if index is not None and 0 <= index < len(_PLACES):
            go(_PLACES[index])

    return ft.NavigationBar(
        key="places",
        selected_index=_PLACES.index(place),
        label_behavior=ft.NavigationBarLabelBehavior.ALWAYS_SHOW,
        on_change=choose,
        destinations=[
            ft.NavigationBarDestination(icon=ft.Icons.TODAY, label=_("Today")),
            ft.NavigationBarDestination(icon=ft.Icons.MEDICATION_OUTLINED, label=_("My plan")),
            ft.NavigationBarDestination(icon=ft.Icons.HISTORY, label=_("History")),
            ft.NavigationBarDestination(icon=ft.Icons.HELP_OUTLINE, label=_("Help")),
        ],
    )
