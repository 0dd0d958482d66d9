"""The care team's app: which screen answers which path."""

import flet as ft

from diary_app.components.care_keys import Keys
from diary_app.components.care_parts import text
from diary_app.components.care_shell import ADMIN, WIDE_FROM, Care, CareContext
from diary_app.components.speech import use_language
from diary_app.ground.boundary import screen_component
from diary_app.routes import CLINIC_WEEK, HOME, ON_CALL, PATIENTS, SUMMARY, THRESHOLDS, WAYS
from diary_app.screens.admin.audit import AuditScreen
from diary_app.screens.admin.clinic import ClinicScreen
from diary_app.screens.admin.clinic_ways import ClinicWaysScreen
from diary_app.screens.admin.data_requests import DataRequestsScreen
from diary_app.screens.admin.office import OfficeScreen
from diary_app.screens.admin.people import PeopleScreen
from diary_app.screens.admin.programs import ProgramsScreen
from diary_app.screens.admin.proposal import ProposalScreen
from diary_app.screens.admin.propose import ProposeScreen
from diary_app.screens.admin.thresholds import ThresholdsScreen
from diary_app.screens.care_team.alert import AlertScreen
from diary_app.screens.care_team.clinic_week import ClinicWeekScreen
from diary_app.screens.care_team.enroll import EnrollScreen
from diary_app.screens.care_team.inbox import InboxScreen
from diary_app.screens.care_team.moves import MovesScreen
from diary_app.screens.care_team.on_call import OnCallScreen
from diary_app.screens.care_team.patient import PatientScreen
from diary_app.screens.care_team.patient_list import PatientListScreen
from diary_app.screens.care_team.policy import PolicyScreen
from diary_app.screens.care_team.roster import RosterScreen
from diary_app.screens.care_team.summary import SummaryScreen
from diary_app.screens.care_team.ways import WaysScreen
from diary_app.services.desk import Desk
from diary_app.text import _


@ft.component
def CareTeamApp(desk: Desk) -> ft.Control:
    """The whole app of one member of staff; draw it with ``page.render_views``.

    Args:
        desk: Of ``diary_app.services.desk.desk_for``.
    """
    page = ft.context.page
    wide, set_wide = ft.use_state((page.width or 1280) >= WIDE_FROM)

    def watch_width() -> None:
        def resized(_event: ft.PageResizeEvent) -> None:
            set_wide((page.width or 1280) >= WIDE_FROM)

        page.on_resize = resized

    keys = ft.use_memo(Keys, [])

    def hear_keys() -> None:
        page.on_keyboard_event = keys.pressed

    ft.use_effect(watch_width, [])
    ft.use_effect(hear_keys, [])
    home = InboxScreen if desk.me.may("alert.read") else OfficeScreen
    routes = [
        ft.Route(
            path=HOME,
            component=home,
            children=[ft.Route(path="alerts/:alert_id", component=AlertScreen)],
        ),
        ft.Route(path=SUMMARY, component=SummaryScreen),
        ft.Route(path=CLINIC_WEEK, component=ClinicWeekScreen),
        ft.Route(
            path=PATIENTS,
            component=RosterScreen,
            children=[
                ft.Route(path="new", component=EnrollScreen),
                ft.Route(path="list", component=PatientListScreen),
                ft.Route(path="moves", component=MovesScreen),
                ft.Route(path="data", component=DataRequestsScreen),
                ft.Route(path=":patient_id", component=PatientScreen),
            ],
        ),
        ft.Route(
            path=THRESHOLDS,
            component=ThresholdsScreen,
            children=[
                ft.Route(path="new", component=ProposeScreen),
                ft.Route(path=":rule_set_id", component=ProposalScreen),
            ],
        ),
        ft.Route(
            path=ON_CALL,
            component=OnCallScreen,
            children=[ft.Route(path="policy", component=PolicyScreen)],
        ),
        ft.Route(path=WAYS, component=WaysScreen),
        ft.Route(
            path=ADMIN,
            component=OfficeScreen,
            children=[
                ft.Route(path="people", component=PeopleScreen),
                ft.Route(path="clinic", component=ClinicScreen),
                ft.Route(path="ways", component=ClinicWaysScreen),
                ft.Route(path="audit", component=AuditScreen),
                ft.Route(path="programs", component=ProgramsScreen),
            ],
        ),
    ]
    return CareContext(
        Care(desk, wide, use_language(desk.speech), keys),
        lambda: ft.Router(routes, not_found=NotFound, manage_views=True),
    )


@screen_component
def NotFound() -> ft.Control:
    """Say that a path leads nowhere."""
    return ft.Column(
        [
            text(_("There is no such page.")),
            ft.TextButton(_("To the inbox"), on_click=lambda: ft.context.page.navigate(HOME)),
        ]
    )
