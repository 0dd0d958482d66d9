"""The page of the entry being written: finds the open draft, or begins one."""

import flet as ft

from diary_app.components.frame import framed
from diary_app.components.loading import could_not_read, use_loaded, waiting
from diary_app.ground.boundary import screen_component
from diary_app.screens.patient.around import use_around
from diary_app.screens.patient.wizard import Wizard
from diary_app.state.diary import DraftView
from diary_app.text import _


@screen_component
def EntryScreen() -> ft.View:
    """Draw the open draft where the patient left it."""
    around = use_around()
    route = ft.use_view_path()

    def read() -> DraftView:
        return around.diary.open_draft() or around.diary.begin("full")

    loaded = use_loaded(read)
    if loaded.value is None:
        content = waiting() if loaded.error is None else could_not_read(loaded.again)
        return framed(_("Your entry"), [content], route=route)
    view = loaded.value
    # Another draft, or another window's version of it, starts a new wizard.
    mark = f"{view.id}-{view.revision}"
    return Wizard(around, view, route, loaded.again, key=mark)  # type: ignore[call-arg]
