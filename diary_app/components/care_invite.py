"""Inviting a patient: a one-time link with its QR code, by e-mail, or on a sheet of paper."""

from uuid import UUID

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_confirm import confirm_dialog
from diary_app.components.care_parts import button, fine, text
from diary_app.components.care_reading import attempt
from diary_app.components.care_words import day_words
from diary_app.routes import invitation_sheets
from diary_app.services.inviting import Inviting
from diary_app.services.people import InvitationLink
from diary_app.text import _


@keyed
def InvitePanel(patient_id: UUID, inviting: Inviting) -> ft.Control:
    """Make an invitation when asked; older unused ones of the patient end."""
    nothing: InvitationLink | None = None
    link, set_link = ft.use_state(nothing)
    mailing, set_mailing = ft.use_state(False)
    address, set_address = ft.use_state("")
    told, tell = ft.use_state("")
    losing, lose = ft.use_state(False)

    async def make() -> None:
        tell("")
        set_mailing(False)
        made = await attempt(inviting.link, patient_id)
        set_link(lambda _before: made)

    async def ask_address() -> None:
        tell("")
        set_link(lambda _before: None)
        set_mailing(True)

    async def mail() -> None:
        tell(_("Sending..."))
        until = await attempt(inviting.mail, patient_id, address)
        if until is None:
            tell("")
            return
        tell(
            _("The mail left. Its link works until {day}. The address was not kept.").format(
                day=day_words(until.date())
            )
        )
        set_mailing(False)
        set_address("")

    async def paper() -> None:
        set_mailing(False)
        set_link(lambda _before: None)
        ticket = await attempt(inviting.sheets, [patient_id])
        if ticket is not None:
            tell(_("The sheet opens in a new tab; print it there within 30 minutes."))
            await print_sheets(ticket)

    async def replace() -> None:
        lose(False)
        tell("")
        set_mailing(False)
        made = await attempt(inviting.replace_phone, patient_id)
        set_link(lambda _before: made)
        if made is not None:
            tell(_("The old phone is signed out. This link is for the new one."))

    ft.use_dialog(
        confirm_dialog(
            _("Is the patient's phone lost?"),
            [
                _(
                    "Every device of the patient is signed out at once, and its PIN and calendar "
                    "link end. Entries stay; one that was not sent yet is kept as begun."
                ),
                _("You then see a new link for the patient's next phone."),
            ],
            _("Sign the old phone out"),
            replace,
            lambda: lose(False),
        )
        if losing
        else None
    )
    shown: list[ft.Control] = [
        fine(_("A link works once, for 14 days. A new one ends older ones that were not used.")),
        ft.Row(
            [
                button(_("Show link and QR code"), make, key="invite", icon=ft.Icons.QR_CODE),
                button(_("By e-mail"), ask_address, key="invite-mail", icon=ft.Icons.MAIL_OUTLINE),
                button(_("On paper"), paper, key="invite-paper", icon=ft.Icons.PRINT),
                button(
                    _("Lost phone"),
                    lambda: lose(True),
                    key="lost-phone",
                    icon=ft.Icons.PHONELINK_ERASE,
                ),
            ],
            wrap=True,
            spacing=8,
            run_spacing=8,
        ),
    ]
    if mailing:
        shown += [
            ft.TextField(
                key="invite-address",
                label=_("E-mail address of the patient"),
                helper=_("The mail names neither the patient nor the clinic."),
                value=address,
                on_change=lambda event: set_address(event.control.value),
                on_submit=mail,
            ),
            ft.Row([button(_("Send the invitation"), mail, key="send-invitation", main=True)]),
        ]
    if told:
        shown.append(ft.Semantics(live_region=True, content=text(told)))
    if isinstance(link, InvitationLink):
        shown += _shown(link)
    return ft.Column(shown, spacing=10, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


async def print_sheets(ticket: str) -> None:
    """Open the page of the sheets behind a ticket in a new tab."""
    path = invitation_sheets(ticket)
    await ft.UrlLauncher().launch_url(path, web_only_window_name="_blank")


def _shown(link: InvitationLink) -> list[ft.Control]:
    return [
        ft.Row(
            [
                ft.Image(
                    src=link.qr_png,
                    width=200,
                    height=200,
                    semantics_label=_("QR code of the invitation link"),
                )
            ]
        ),
        ft.TextField(
            key="invitation-url",
            label=_("Invitation link"),
            value=link.url,
            read_only=True,
            multiline=True,
        ),
        fine(
            _("Let the patient scan the code now. It works until {day}.").format(
                day=day_words(link.expires_at.date())
            )
        ),
    ]
