"""My ways out: how the diary reaches this member of staff, and whether that works."""

from uuid import UUID

import flet as ft

from diary_app.components.care_parts import button, fine, part, text
from diary_app.components.care_reading import attempt, tell, use_reading
from diary_app.components.care_shell import reading_body, shell, use_care
from diary_app.components.care_way import way_row
from diary_app.components.care_way_form import WayForm
from diary_app.components.speech import language_buttons
from diary_app.ground.boundary import screen_component
from diary_app.routes import WAYS
from diary_app.text import _


@screen_component
def WaysScreen() -> ft.View:
    """Show the viewer's own ways, test them, add and switch them."""
    care = use_care()
    mine = care.desk.ways
    adding, add = ft.use_state("")
    reading = use_reading(lambda _again: mine.own(), mine.topic, [care.desk])
    page = reading.value
    if page is None:
        return shell(care, _("My ways out"), reading_body(reading.problem), place=WAYS, watch=None)

    async def test(way_id: UUID | None) -> None:
        await attempt(mine.test, way_id)
        tell(
            ft.context.page, _("A test message is on its way. This page shows what becomes of it.")
        )
        await reading.again()

    async def off(way_id: UUID | None) -> None:
        await attempt(lambda: mine.switch(way_id, on=False) if way_id else None)
        await reading.again()

    async def on(way_id: UUID | None) -> None:
        await attempt(lambda: mine.switch(way_id, on=True) if way_id else None)
        await reading.again()

    async def confirm(way_id: UUID | None) -> None:
        await attempt(lambda: mine.confirm(way_id) if way_id else None)
        await reading.again()

    async def added(_result: object) -> None:
        add("")
        await reading.again()

    forms = {
        "apprise": lambda: WayForm(
            _("Apprise URL"),
            _(
                "The address that the Apprise documentation gives for your push service or text "
                "message gateway. It is kept encrypted and never shown again."
            ),
            _("Such as Mobile"),
            mine.add_url,
            added,
            lambda: add(""),
            key="form-apprise",
        ),
        "email": lambda: WayForm(
            _("E-mail address"),
            _("Alerts go there besides the address of your sign-in."),
            _("Such as Ward mailbox"),
            mine.add_email,
            added,
            lambda: add(""),
            key="form-email",
        ),
    }
    zone = page.watch.time_zone
    new: ft.Control = (
        forms[adding]()
        if adding
        else ft.Row(
            [
                button(
                    _("Add mobile (push, SMS)"),
                    lambda: add("apprise"),
                    key="add-apprise",
                    icon=ft.Icons.ADD,
                ),
                button(_("Add e-mail"), lambda: add("email"), key="add-email", icon=ft.Icons.ADD),
            ],
            wrap=True,
            spacing=8,
            run_spacing=8,
        )
    )
    return shell(
        care,
        _("My ways out"),
        [
            text(_("Alerts, tasks and tests reach you by every way that is switched on.")),
            *(
                way_row(
                    line,
                    page.now,
                    zone,
                    test=test,
                    switch_off=off,
                    switch_on=on,
                    confirm=confirm,
                )
                for line in page.lines
            ),
            part(
                _("Add a way"),
                [
                    fine(_("Messages hold the level, the alert's code and a link, nothing else.")),
                    new,
                ],
            ),
            part(_("Language"), language_buttons(care.desk.speech)),
        ],
        place=WAYS,
        watch=page.watch,
    )
