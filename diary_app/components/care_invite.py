"""Inviting a patient: a one-time link and its QR code, shown once."""

from collections.abc import Callable
from uuid import UUID

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_parts import button, fine
from diary_app.components.care_reading import attempt
from diary_app.components.care_words import day_words
from diary_app.services.people import InvitationLink
from diary_app.text import _


@keyed
def InvitePanel(patient_id: UUID, invite: Callable[[UUID], InvitationLink]) -> ft.Control:
    """Make a link when asked; older unused links of the patient end."""
    nothing: InvitationLink | None = None
    link, set_link = ft.use_state(nothing)

    async def make() -> None:
        made = await attempt(invite, patient_id)
        set_link(lambda _before: made)

    shown: list[ft.Control] = [
        fine(_("A link works once, for 14 days. A new one ends older ones that were not used.")),
        ft.Row([button(_("New invitation link"), make, key="invite", icon=ft.Icons.QR_CODE)]),
    ]
    if isinstance(link, InvitationLink):
        shown += [
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
    return ft.Column(shown, spacing=10, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
