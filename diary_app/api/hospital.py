"""The way to the hospital's own sign-in service and back (OpenID Connect)."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response

from diary_app.api.callers import Callers, device_of, local_path
from diary_app.api.pages import PageError, go, page
from diary_app.services.doors import Visitor
from diary_app.services.hospital_sign_in import COOKIE, VALID, begin, finish
from diary_app.services.kit import Kit
from diary_app.services.openid import OpenId
from diary_app.services.refusals import RefusedError
from diary_app.text import _


def router(
    kit: Kit, callers: Callers, openid: OpenId, *, leave: Callable[[Visitor], None]
) -> APIRouter:
    """Return the two routes of the hospital's sign-in service.

    Args:
        leave: Ends the sign-in that a new one in the same browser replaces.
    """
    routes = APIRouter(include_in_schema=False)

    def refusal(refused: RefusedError) -> PageError:
        return PageError(401, refused.sentence, link=("/sign-in", _("Go to sign-in")))

    def keep(response: Response, value: str, seconds: int) -> None:
        response.set_cookie(
            COOKIE,
            value,
            max_age=seconds,
            path="/sign-in/hospital",
            httponly=True,
            samesite="lax",
            secure=kit.origin.startswith("https://"),
        )

    @routes.get("/sign-in/hospital")
    def leave_for_hospital(request: Request) -> Response:
        next_path = local_path(request.query_params.get("next", "/"))
        visitor = callers.staff(request) if request.query_params.get("again") == "yes" else None
        try:
            begun = begin(kit, openid, next_path, kit.clock(), visitor=visitor)
        except RefusedError as refused:
            raise refusal(refused) from refused
        response = go(begun.address)
        keep(response, begun.cookie, int(VALID.total_seconds()))
        return response

    @routes.get("/sign-in/hospital/return")
    def come_back(request: Request) -> Response:
        before = callers.anybody(request)
        try:
            back = finish(
                kit,
                openid,
                request.cookies.get(COOKIE, ""),
                dict(request.query_params),
                device=device_of(request),
                visitor=before,
                now=kit.clock(),
            )
        except RefusedError as refused:
            raise refusal(refused) from refused
        if back.opened is None and back.next_path.startswith("/exports/"):
            response: Response = page("verified.html", download=back.next_path)
        else:
            response = go(back.next_path)
        keep(response, "", 0)
        if back.opened is not None:
            if before is not None:
                leave(before)
            callers.keep(response, back.opened)
        return response

    return routes
