"""Whom to call, when, and what this diary is not."""

import flet as ft

from diary_app import routes
from diary_app.components.buttons import call_button, other_button
from diary_app.components.frame import framed
from diary_app.components.heading import body, heading
from diary_app.components.notice import card, notice
from diary_app.ground.boundary import screen_component
from diary_app.ground.controls import open_same_window
from diary_app.screens.patient.around import go, places, use_around
from diary_app.state import wording
from diary_app.state.advice import Call
from diary_app.text import _


@screen_component
def Help() -> ft.View:
    """Draw the help page."""
    clinic = use_around().clinic
    emergency = Call(
        _("Call {number}").format(number=clinic.emergency_number),
        clinic.emergency_number,
        is_emergency=True,
    )
    helpline = Call(_("Call the clinic {number}").format(number=clinic.phone), clinic.phone)
    hours = (
        _("Your team usually reads entries: {hours}.").format(hours=clinic.hours)
        if clinic.hours
        else _("Your team reads entries during its working hours.")
    )

    async def sign_out() -> None:
        await open_same_window(routes.SIGN_OUT_PAGE)

    async def simple_page() -> None:
        await open_same_window(routes.NOW_PAGE)

    async def change_pin() -> None:
        await open_same_window(routes.PIN_PAGE)

    controls: list[ft.Control] = [
        notice(
            _("In an emergency"),
            [
                _(
                    "Trouble breathing, swelling of lips or tongue, confusion, chest pain,"
                    " fainting, or you feel very ill: call at once."
                )
            ],
            level="urgent",
            actions=[call_button(emergency)],
        ),
        card(
            [
                heading(_("Call the clinic, day or night, for"), 2),
                *(body(f"• {line}") for line in wording.call_reasons()),
                call_button(helpline, strong=False),
                body(clinic.name, strong=True),
            ]
        ),
        card(
            [
                heading(_("About this diary"), 2),
                body(
                    _("This diary is not for emergencies and is not watched around the clock."),
                    strong=True,
                ),
                body(hours),
                body(_("Do not stop or change your medicine unless your team tells you.")),
                body(
                    _(
                        "The diary estimates from your answers how soon somebody should know."
                        " It does not replace a doctor's judgment."
                    )
                ),
            ]
        ),
        other_button(
            _("Reminders"),
            lambda: go(routes.REMINDERS),
            key="reminders",
            icon=ft.Icons.NOTIFICATIONS_OUTLINED,
        ),
        other_button(
            _("Simple page: for a slow phone, or to print"),
            simple_page,
            key="simple-page",
            icon=ft.Icons.LIST,
        ),
        other_button(_("Change my PIN"), change_pin, key="change-pin", icon=ft.Icons.PIN),
        other_button(_("Sign out"), sign_out, key="sign-out", icon=ft.Icons.LOGOUT),
    ]
    return framed(
        _("Help"), controls, route=routes.HELP, navigation=places(routes.HELP), back=False
    )
