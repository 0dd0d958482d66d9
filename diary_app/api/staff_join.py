"""A member of staff joins by link: password and authenticator app."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response

from diary_app.api.callers import Callers, device_of
from diary_app.api.forms import SmallForm
from diary_app.api.pages import PageError, go, page
from diary_app.services import totp
from diary_app.services.kit import Kit
from diary_app.services.refusals import LinkError, RefusedError, TooManyTriesError
from diary_app.services.staff_invitations import begin, finish
from diary_app.text import _


def router(kit: Kit, callers: Callers, *, end_sockets: Callable[[str], None]) -> APIRouter:
    """Return the routes of a staff invitation. Opening the link changes nothing."""
    routes = APIRouter(include_in_schema=False)

    def form_page(token: str, state: str, sentence: str = "", status: int = 200) -> Response:
        shown = begin(kit, token, state, kit.clock())
        return page(
            "staff_join.html",
            status=status,
            sentence=sentence,
            shown=shown,
            qr=totp.data_uri(totp.qr_png(shown.uri)),
            secret=totp.in_groups(shown.secret),
        )

    def refuse_link(refused: LinkError) -> PageError:
        status = 404 if refused.why == "unknown" else 410
        return PageError(status, refused.sentence, link=("/sign-in", _("Go to sign-in")))

    @routes.get("/staff/join/{token}")
    def show(token: str) -> Response:
        try:
            return form_page(token, "")
        except LinkError as refused:
            raise refuse_link(refused) from refused

    @routes.post("/staff/join/{token}")
    def join(request: Request, token: str, form: SmallForm) -> Response:
        state = form.text("state")
        try:
            enrolled = finish(
                kit,
                token,
                state,
                password=form.exact("password"),
                again=form.exact("again"),
                code=form.text("code"),
                device=device_of(request),
                now=kit.clock(),
            )
        except LinkError as refused:
            raise refuse_link(refused) from refused
        except RefusedError as refused:
            status = 429 if isinstance(refused, TooManyTriesError) else 400
            return form_page(token, state, refused.sentence, status)
        for ended in enrolled.ended:
            end_sockets(str(ended))
        response = go("/")
        callers.keep(response, enrolled.sign_in)
        return response

    return routes
