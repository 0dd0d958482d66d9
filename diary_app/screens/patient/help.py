"""How to reach somebody: whom to call, when, what when nobody answers, and how this diary works."""

import flet as ft

from diary_app import routes
from diary_app.components.buttons import call_button, other_button
from diary_app.components.frame import framed
from diary_app.components.heading import body, heading
from diary_app.components.notice import card, notice
from diary_app.components.reader_switch import ReaderSwitch
from diary_app.components.speech import language_buttons
from diary_app.ground.boundary import screen_component
from diary_app.ground.controls import open_same_window
from diary_app.screens.patient.around import go, places, use_around
from diary_app.state import wording
from diary_app.state.advice import Call
from diary_app.state.diary import ClinicCard
from diary_app.text import _
from diary_app.theme import look


@screen_component
def Help() -> ft.View:
    """Draw the help page."""
    around = use_around()
    clinic = around.clinic

    async def sign_out() -> None:
        await open_same_window(routes.SIGN_OUT_PAGE)

    async def change_pin() -> None:
        await open_same_window(routes.PIN_PAGE)

    async def who_looked() -> None:
        await open_same_window(routes.WHO_LOOKED_PAGE)

    async def my_consent() -> None:
        await open_same_window(routes.CONSENT_PAGE)

    async def show_devices() -> None:
        await open_same_window(routes.DEVICES_PAGE)

    async def open_simple_page() -> None:
        await open_same_window(routes.NOW_PAGE)

    controls: list[ft.Control] = [
        _emergency(clinic),
        _clinic(clinic),
        _nobody_answers(clinic),
        card(
            [
                heading(_("How this diary works"), 2),
                body(
                    _("This diary is not for emergencies and is not watched around the clock."),
                    strong=True,
                ),
                body(
                    _(
                        "You write down your medicine, skin, itch and temperature, and your care"
                        " team can see every entry."
                    )
                ),
                body(
                    _(
                        "The diary estimates from your answers how soon somebody should know, and"
                        " tells you and your clinic when that is today or now."
                    )
                ),
                body(
                    _(
                        "It does not replace a doctor's judgment: do not stop or change your"
                        " medicine unless your team tells you."
                    )
                ),
            ]
        ),
        card([heading(_("Language"), 2), *language_buttons(around.diary.speech)]),
        card(
            [
                heading(_("The simple page"), 2),
                body(
                    _(
                        "When the app does not open or is too slow, report danger signs, fever or"
                        " a photo on a simple page that can also be printed. The same rules hold"
                        " there."
                    )
                ),
                other_button(
                    _("Open the simple page"),
                    open_simple_page,
                    key="simple-page",
                    icon=ft.Icons.PHONE_IPHONE,
                ),
            ]
        ),
        card(
            [
                heading(_("Reminders"), 2),
                body(
                    _(
                        "The diary can remind you of your entry and your medicine by e-mail, by"
                        " push or in your phone's calendar."
                    )
                ),
                other_button(
                    _("Set my reminders"),
                    lambda: go(routes.REMINDERS),
                    key="reminders",
                    icon=ft.Icons.NOTIFICATIONS_OUTLINED,
                ),
            ]
        ),
        card(
            [
                heading(_("Your data"), 2),
                body(_("See who looked at your diary, and what you agreed to.")),
                other_button(
                    _("Who looked at my diary"),
                    who_looked,
                    key="who-looked",
                    icon=ft.Icons.VISIBILITY_OUTLINED,
                ),
                other_button(
                    _("What I agreed to"),
                    my_consent,
                    key="my-consent",
                    icon=ft.Icons.FACT_CHECK_OUTLINED,
                ),
            ]
        ),
        ReaderSwitch(),
        other_button(_("Change my PIN"), change_pin, key="change-pin", icon=ft.Icons.PIN),
        other_button(_("My devices"), show_devices, key="devices", icon=ft.Icons.DEVICES),
        other_button(_("Sign out"), sign_out, key="sign-out", icon=ft.Icons.LOGOUT),
    ]
    return framed(
        _("Help"), controls, route=routes.HELP, navigation=places(routes.HELP), back=False
    )


def _emergency(clinic: ClinicCard) -> ft.Control:
    number = clinic.emergency_number
    call = Call(_("Call {number}").format(number=number), number, is_emergency=True)
    ink = look("urgent").ink
    signs = [body(f"• {line}", color=ink) for line in _signs()]
    return notice(
        _("Emergency: call {number} at once for").format(number=number),
        level="urgent",
        actions=[*signs, call_button(call)],
    )


def _clinic(clinic: ClinicCard) -> ft.Control:
    call = Call(_("Call the clinic {number}").format(number=clinic.phone), clinic.phone)
    return card(
        [
            heading(_("Call the clinic, day or night, for"), 2),
            *(body(f"• {line}") for line in wording.call_reasons()),
            call_button(call),
            body(clinic.name, strong=True),
            body(
                _("Your team usually reads entries: {hours}.").format(hours=clinic.hours)
                if clinic.hours
                else _("Your team reads entries during its working hours.")
            ),
            body(_("Outside these hours an entry alone is not enough: call.")),
        ]
    )


def _nobody_answers(clinic: ClinicCard) -> ft.Control:
    number = clinic.emergency_number
    again = Call(_("Call the clinic again"), clinic.phone)
    emergency = Call(_("Call {number} instead").format(number=number), number, is_emergency=True)
    return card(
        [
            heading(_("When nobody answers"), 2),
            body(_("Try once more. Do not wait for an answer to your entry.")),
            body(
                _(
                    "If you still cannot reach the clinic and have one of the signs above, call"
                    " {number}. Say that you take imatinib and what you noticed."
                ).format(number=number)
            ),
            call_button(again, strong=False, key="call-again"),
            call_button(emergency, strong=False, key="call-instead"),
        ]
    )


def _signs() -> tuple[str, ...]:
    return (
        _("trouble breathing"),
        _("swelling of lips, tongue or throat"),
        _("chest pain or pressure"),
        _("confusion, or very hard to wake"),
        _("fainting"),
        _("feeling very ill"),
    )
