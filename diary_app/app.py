"""A Flet session begins: who is it, and which app is theirs."""

from collections.abc import Callable

import flet as ft

from db.access import Viewer
from diary_app import theme
from diary_app.ground.signed_in import signed_in
from diary_app.screens.care_team.app import CareTeamApp
from diary_app.screens.patient.app import PatientApp
from diary_app.services.desk import desk_for
from diary_app.services.diary import PatientDiary
from diary_app.services.kit import Kit
from diary_app.text import _


def session_main(kit: Kit) -> Callable[[ft.Page], None]:
    """Return the function that draws a new session's first screen."""

    def main(page: ft.Page) -> None:
        person = signed_in(page)
        if not isinstance(person.viewer, Viewer):
            raise TypeError("A Flet session belongs to a viewer.")
        theme.apply(page)
        page.title = _("Symptom diary")
        if person.viewer.patient_id is not None:
            page.render_views(PatientApp, PatientDiary(kit, person.viewer, person.sign_in_id))
        else:
            page.render_views(CareTeamApp, desk_for(kit, person.viewer))

    return main
