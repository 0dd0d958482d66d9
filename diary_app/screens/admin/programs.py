"""Other programs of the clinic: their tokens, made and withdrawn by an administrator."""

from uuid import UUID

import flet as ft

from diary_app.components.care_parts import button, fine, part, text
from diary_app.components.care_reading import attempt, tell, use_reading
from diary_app.components.care_shell import ADMIN, reading_body, shell, use_care
from diary_app.components.care_token import ShownToken, TokenForm, TokenRow
from diary_app.ground.boundary import screen_component
from diary_app.routes import API_PAGE
from diary_app.text import _


@screen_component
def ProgramsScreen() -> ft.View:
    """Show the clinic's tokens; make one, show it once, withdraw one."""
    care = use_care()
    programs = care.desk.programs
    adding, add = ft.use_state(False)
    token, set_token = ft.use_state("")
    reading = use_reading(lambda _again: programs.page(), programs.topic, [care.desk])
    page = reading.value
    heading = _("Programs")
    if page is None:
        return shell(
            care, heading, reading_body(reading.problem), place=ADMIN, watch=None, deep=True
        )

    async def made(new: str) -> None:
        add(False)
        set_token(new)
        await reading.again()

    async def end(token_id: UUID) -> None:
        await attempt(programs.end, token_id)
        await reading.again()

    async def open_description() -> None:
        await ft.UrlLauncher().launch_url(API_PAGE, web_only_window_name="_blank")

    def copied() -> None:
        tell(ft.context.page, _("The token is copied."))

    zone = page.watch.time_zone
    new: ft.Control = (
        TokenForm(programs.make, made, lambda: add(False), key="form-token")
        if adding
        else ft.Row(
            [button(_("Make a token"), lambda: add(True), key="add-token", icon=ft.Icons.ADD)]
        )
    )
    return shell(
        care,
        heading,
        [
            part(
                _("Tokens"),
                [
                    text(
                        _(
                            "A program of the clinic reads the diary, or sends entries, under a "
                            "token. Every read is in the audit under the program's name. No "
                            "program takes or closes an alert, or changes a plan."
                        )
                    ),
                    *(
                        [ShownToken(token, copied, lambda: set_token(""), key="shown-token")]
                        if token
                        else []
                    ),
                    new,
                    *(
                        TokenRow(line, page.now, zone, end, key=f"token-{line.id}-{line.state}")
                        for line in page.lines
                    ),
                    *([] if page.lines or adding else [fine(_("No program has a token."))]),
                ],
                actions=[
                    button(_("What programs can ask"), open_description, key="api-description")
                ],
            ),
        ],
        place=ADMIN,
        watch=page.watch,
        deep=True,
    )
