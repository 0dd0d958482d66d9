"""The clinic's ways out: the mail server, and webhooks to the clinic's own system."""

from uuid import UUID

import flet as ft

from diary_app.components.care_parts import band, button, fine, part, text
from diary_app.components.care_reading import attempt, tell, use_reading
from diary_app.components.care_shell import ADMIN, reading_body, shell, use_care
from diary_app.components.care_way import way_row
from diary_app.components.care_way_form import WayForm
from diary_app.ground.boundary import screen_component
from diary_app.text import _


@screen_component
def ClinicWaysScreen() -> ft.View:
    """Show how the clinic's messages leave, test it, add and switch webhooks."""
    care = use_care()
    clinics = care.desk.ways
    adding, add = ft.use_state("")
    secret, set_secret = ft.use_state("")
    reading = use_reading(lambda _again: clinics.of_clinic(), clinics.topic, [care.desk])
    page = reading.value
    heading = _("The clinic's ways out")
    if page is None:
        return shell(
            care, heading, reading_body(reading.problem), place=ADMIN, watch=None, deep=True
        )

    async def test(way_id: UUID | None) -> None:
        await attempt(clinics.test, way_id)
        tell(
            ft.context.page, _("A test message is on its way. This page shows what becomes of it.")
        )
        await reading.again()

    async def off(way_id: UUID | None) -> None:
        await attempt(lambda: clinics.switch(way_id, on=False) if way_id else None)
        await reading.again()

    async def on(way_id: UUID | None) -> None:
        await attempt(lambda: clinics.switch(way_id, on=True) if way_id else None)
        await reading.again()

    async def confirm(way_id: UUID | None) -> None:
        await attempt(lambda: clinics.confirm(way_id) if way_id else None)
        await reading.again()

    async def added(result: object) -> None:
        add("")
        set_secret(str(result))
        await reading.again()

    zone = page.watch.time_zone
    rows = [
        way_row(line, page.now, zone, test=test, switch_off=off, switch_on=on, confirm=confirm)
        for line in page.lines
    ]
    new: ft.Control = (
        WayForm(
            _("Address"),
            _("It begins with https://. Each message is signed; docs/webhook.md says how."),
            _("Such as Ward board"),
            clinics.add_webhook,
            added,
            lambda: add(""),
            key="form-webhook",
        )
        if adding
        else ft.Row(
            [
                button(
                    _("Add webhook"),
                    lambda: add("webhook"),
                    key="add-webhook",
                    icon=ft.Icons.ADD,
                )
            ]
        )
    )
    return shell(
        care,
        heading,
        [
            part(_("E-mail"), [fine(_("The test goes to your own address.")), rows[0]]),
            part(
                _("The clinic's own system"),
                [
                    text(_("Every step of every alert is also sent to these webhooks.")),
                    *([_secret(secret)] if secret else []),
                    *rows[1:],
                    new,
                ],
            ),
        ],
        place=ADMIN,
        watch=page.watch,
        deep=True,
    )


def _secret(secret: str) -> ft.Control:
    return ft.Column(
        [
            band("digest", _("Copy the signing key now; it is not shown again."), key="secret"),
            ft.TextField(key="signing-key", label=_("Signing key"), value=secret, read_only=True),
        ],
        spacing=8,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
