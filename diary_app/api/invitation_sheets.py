"""Invitations on paper: a plain page with one sheet for each patient, that the browser prints."""

import base64
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from diary_app.api.callers import Callers
from diary_app.api.pages import PageError, page
from diary_app.components.care_words import day_words
from diary_app.routes import invitation_sheets
from diary_app.services.inviting import Inviting, Sheet, Sheets
from diary_app.services.kit import Kit
from diary_app.services.refusals import RefusedError
from diary_app.text import _, spoken


def router(kit: Kit, callers: Callers) -> APIRouter:
    """Return the route of the sheets behind a ticket."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(invitation_sheets("{ticket}"))
    def sheets(request: Request, ticket: str) -> Response:
        viewer = callers.staff(request).viewer
        try:
            found = Inviting(kit, viewer).opened(ticket)
        except RefusedError as error:
            raise PageError(404, str(error)) from error
        return page(
            "invitation_sheets.html",
            count=len(found.sheets),
            sheets=[_words(sheet, found) for sheet in found.sheets],
        )

    return routes


def _words(sheet: Sheet, found: Sheets) -> dict[str, object]:
    """Return one sheet's words, in the language of its patient."""
    with spoken(sheet.language):
        until = day_words(sheet.expires_at.astimezone(ZoneInfo(found.time_zone)).date())
        hours = f" ({found.hours})" if found.hours else ""
        return {
            "language": sheet.language,
            "heading": _("Your symptom diary"),
            "who": f"{sheet.name}, {sheet.code}",
            "qr": base64.b64encode(sheet.qr_png).decode(),
            "qr_alt": _("QR code of the invitation link"),
            "steps": [
                _("Point the camera of your phone at this square code and tap the link."),
                _("Type your birth date, read the text and agree."),
                _("Put the diary on your home screen. Then it opens without this sheet."),
            ],
            "by_hand": _("No camera? Type this address into the browser:"),
            "url": sheet.url,
            "until": _("The code works once, until {day}.").format(day=until),
            "keep": _(
                "Whoever has this sheet and knows your birth date can open your diary: "
                "keep it safe until you have used it."
            ),
            "phone": _("Questions: {clinic}, {phone}").format(
                clinic=found.clinic, phone=found.phone + hours
            ),
            "emergency": _(
                "The diary is not for emergencies. In an emergency call {number}."
            ).format(number=found.emergency_number),
        }
