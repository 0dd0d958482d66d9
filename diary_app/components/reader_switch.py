"""The switch for people who use a screen reader or the keyboard; each browser remembers it."""

import flet as ft

from diary_app import routes
from diary_app.components.heading import body, heading, quiet
from diary_app.components.notice import card
from diary_app.ground.controls import open_same_window
from diary_app.text import _

# Read by ground/web/extras.js too, where the browser keeps it as "flutter.screen_reader".
REMEMBERED = "screen_reader"


@ft.component
def ReaderSwitch() -> ft.Control:
    """Draw the switch; turning it loads the page again, as the screen is then described or not."""
    is_on, set_on = ft.use_state(False)
    kept = ft.use_memo(ft.SharedPreferences, [])

    async def look() -> None:
        set_on(await kept.get(REMEMBERED) is True)

    ft.use_effect(look, [], cleanup=lambda: None)

    async def turn(event: ft.Event[ft.Switch]) -> None:
        wanted = bool(event.control.value)
        set_on(wanted)
        await kept.set(REMEMBERED, wanted)
        await open_same_window(routes.HELP)

    title = _("Screen reader and keyboard mode")
    return card(
        [
            heading(title, 2),
            body(
                _(
                    "Describes every screen to a screen reader and to the keyboard's Tab key. This"
                    " browser remembers it."
                )
            ),
            quiet(_("Number fields then open the full keyboard instead of the number pad.")),
            ft.MergeSemantics(
                ft.Row(
                    [
                        ft.Semantics(
                            exclude_semantics=True,
                            expand=True,
                            content=body(_("On") if is_on else _("Off"), strong=True),
                        ),
                        ft.Semantics(
                            label=title,
                            content=ft.Switch(value=is_on, on_change=turn, key="reader-switch"),
                        ),
                    ],
                    vertical_alignment=ft.CrossAxisAlignment.CENTER,
                )
            ),
        ],
        key="reader-mode",
    )
