"""Who is on call: rotas, teams and days away."""

import flet as ft

from diary_app.components.care_groups import AwayPart, NewGroup, TeamCard
from diary_app.components.care_parts import button, fine, part
from diary_app.components.care_reading import use_reading
from diary_app.components.care_rota import RotaCard
from diary_app.components.care_shell import reading_body, shell, use_care
from diary_app.ground.boundary import screen_component
from diary_app.routes import ON_CALL, POLICY
from diary_app.text import _


@screen_component
def OnCallScreen() -> ft.View:
    """Show who is on call now and in the week; who may, changes it after a confirmation."""
    care = use_care()
    on_call = care.desk.on_call
    reading = use_reading(lambda _again: on_call.page(), on_call.topic, [care.desk])
    page = reading.value
    if page is None:
        body = reading_body(reading.problem)
        return shell(care, _("On call"), body, place=ON_CALL, watch=None)
    may_write = care.desk.me.may("policy.write")
    new: list[ft.Control] = []
    if may_write:
        new = [
            part(
                _("New rota or team"),
                [
                    NewGroup(
                        _("Name of the rota"),
                        _("Add a rota"),
                        on_call.add_rota,
                        reading.again,
                        "rota",
                        key="new-rota",
                    ),
                    NewGroup(
                        _("Name of the team"),
                        _("Add a team"),
                        on_call.add_team,
                        reading.again,
                        "team",
                        key="new-team",
                    ),
                ],
            )
        ]
    return shell(
        care,
        _("On call"),
        [
            ft.Row(
                [
                    button(
                        _("Who is told, and when"),
                        lambda: ft.context.page.navigate(POLICY),
                        key="to-policy",
                        icon=ft.Icons.STAIRS,
                    )
                ]
            ),
            *(
                RotaCard(
                    on_call,
                    rota,
                    page.staff,
                    page.watch.time_zone,
                    reading.again,
                    may_write=may_write,
                    key=f"rota-{rota.rota_id}",
                )
                for rota in page.rotas
            ),
            *(
                []
                if page.rotas
                else [fine(_("The clinic has no rota. Alerts go to roles, teams and people."))]
            ),
            *(
                TeamCard(
                    on_call,
                    team,
                    page.staff,
                    reading.again,
                    may_write=may_write,
                    key=f"team-{team.team_id}",
                )
                for team in page.teams
            ),
            AwayPart(
                on_call,
                page.absences,
                page.staff,
                reading.again,
                may_write=may_write,
                key="away",
            ),
            *new,
        ],
        place=ON_CALL,
        watch=page.watch,
    )
