"""A patient joins by link: birth date, agreement, optional PIN."""

from datetime import date
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from diary_app.api.callers import Callers, device_of
from diary_app.api.forms import Form, SmallForm
from diary_app.api.pages import GoTo, PageError, go, page
from diary_app.services.invitations import (
    Confirmed,
    agree,
    check_link,
    confirm_birth_date,
    is_for,
    read_again,
)
from diary_app.services.kit import Kit
from diary_app.services.refusals import LinkError, RefusedError
from diary_app.text import _
from diary_app.text.dates import months

OLDEST_YEAR = 1900


def router(kit: Kit, callers: Callers) -> APIRouter:
    """Return the routes of a patient's invitation. Opening the link changes nothing."""
    routes = APIRouter(include_in_schema=False)

    def who_page(token: str, form: Form, sentence: str = "", status: int = 200) -> Response:
        return page(
            "join_who.html",
            action=f"/join/{token}",
            status=status,
            sentence=sentence,
            months=months(),
            typed={name: form.text(name) for name in ("day", "month", "year")},
        )

    def agree_page(
        token: str, confirmed: Confirmed, sentence: str = "", status: int = 200
    ) -> Response:
        return page(
            "join_agree.html",
            action=f"/join/{token}/agree",
            status=status,
            sentence=sentence,
            confirmed=confirmed,
        )

    def refuse_link(request: Request, token: str, refused: LinkError) -> PageError | GoTo:
        visitor = callers.anybody(request)
        if (
            refused.why == "used"
            and visitor is not None
            and visitor.kind == "patient"
            and is_for(kit, token, visitor.viewer.patient_id)
        ):
            return GoTo("/")
        status = 404 if refused.why == "unknown" else 410
        return PageError(status, refused.sentence)

    @routes.get("/join/{token}")
    def show(request: Request, token: str) -> Response:
        try:
            check_link(kit, token, "patient", kit.clock())
        except LinkError as refused:
            raise refuse_link(request, token, refused) from refused
        return who_page(token, Form({}))

    @routes.post("/join/{token}")
    def confirm(request: Request, token: str, form: SmallForm) -> Response:
        now = kit.clock()
        today = now.astimezone(ZoneInfo("UTC")).date()
        try:
            check_link(kit, token, "patient", now)
            born_on = _day(form, today)
            if born_on is None:
                sentence = _(
                    "Please enter day, month and year of your birth, such as 7 March 1958."
                )
                return who_page(token, form, sentence, 400)
            return agree_page(token, confirm_birth_date(kit, token, born_on, now))
        except LinkError as refused:
            raise refuse_link(request, token, refused) from refused
        except RefusedError as refused:
            return who_page(token, form, refused.sentence, 401)

    @routes.post("/join/{token}/agree")
    def accept(request: Request, token: str, form: SmallForm) -> Response:
        now, state = kit.clock(), form.text("state")
        try:
            if form.text("agree") != "yes":
                sentence = _("Please read the text and tick the box if you agree.")
                return agree_page(token, read_again(kit, token, state, now), sentence, 400)
            opened = agree(
                kit,
                token,
                state,
                device=device_of(request),
                browser_zone=unquote(request.cookies.get("tz", "")),
                now=now,
            )
            if opened is None:
                sentence = _("Your clinic changed this text just now; please read it once more.")
                return agree_page(token, read_again(kit, token, state, now), sentence, 409)
        except LinkError as refused:
            raise refuse_link(request, token, refused) from refused
        except RefusedError as refused:
            return who_page(token, Form({}), refused.sentence, 401)
        response = go("/pin/choose")
        callers.keep(response, opened)
        return response

    return routes


def _day(form: Form, today: date) -> date | None:
    """Return the day in the three fields; None when they do not make a possible birth date."""
    try:
        born_on = date(*(int(form.text(name)) for name in ("year", "month", "day")))
    except (ValueError, OverflowError):
        return None
    return born_on if date(OLDEST_YEAR, 1, 1) <= born_on <= today else None
