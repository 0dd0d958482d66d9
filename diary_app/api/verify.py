"""Showing again that it is you: by a code, a passkey or the hospital's sign-in."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response

from diary_app.api.callers import Callers, local_path
from diary_app.api.forms import SmallForm
from diary_app.api.pages import form_headers, go, page
from diary_app.routes import VERIFIED_PAGE
from diary_app.services.doors import Visitor
from diary_app.services.hospital_sign_in import is_linked
from diary_app.services.kit import Kit
from diary_app.services.openid import OpenId
from diary_app.services.passkeys import (
    ask_to_sign_in,
    passkeys,
    passkeys_possible,
    verify_with_passkey,
)
from diary_app.services.refusals import RefusedError, TooManyTriesError
from diary_app.services.sign_in import next_code_of
from diary_app.services.step_up import verify


def router(kit: Kit, callers: Callers, openid: OpenId | None) -> APIRouter:
    """Return the routes of the step before an export or a change of rules."""
    routes = APIRouter(include_in_schema=False)

    def form_page(
        visitor: Visitor, next_path: str, sentence: str = "", status: int = 200
    ) -> Response:
        now = kit.clock()
        has_passkey = passkeys_possible(kit) and bool(passkeys(kit, visitor))
        hospital = openid.hospital.name if openid and is_linked(kit, visitor) else ""
        return page(
            "verify.html",
            status=status,
            headers=form_headers(passkeys=has_passkey),
            sentence=sentence,
            next_path=next_path,
            passkey=ask_to_sign_in(kit, now) if has_passkey else None,
            hospital=hospital,
            demo_code=next_code_of(kit, visitor.viewer, now),
        )

    def confirmed(visitor: Visitor, next_path: str, prove: Callable[[], None]) -> Response:
        try:
            prove()
        except RefusedError as refused:
            status = 429 if isinstance(refused, TooManyTriesError) else 400
            return form_page(visitor, next_path, refused.sentence, status)
        if next_path.startswith("/exports/"):
            return page("verified.html", download=next_path)
        return go(next_path)

    @routes.get("/verify")
    def ask(request: Request) -> Response:
        visitor = callers.staff(request)
        return form_page(visitor, local_path(request.query_params.get("next", "/")))

    @routes.post("/verify")
    def by_code(request: Request, form: SmallForm) -> Response:
        visitor = callers.staff(request)
        return confirmed(
            visitor,
            local_path(form.text("next") or "/"),
            lambda: verify(kit, visitor.viewer, form.text("code"), kit.clock()),
        )

    @routes.post("/verify/passkey")
    def by_passkey(request: Request, form: SmallForm) -> Response:
        visitor = callers.staff(request)
        return confirmed(
            visitor,
            local_path(form.text("next") or "/"),
            lambda: verify_with_passkey(
                kit, visitor, form.text("state"), form.text("answer"), kit.clock()
            ),
        )

    @routes.get(VERIFIED_PAGE)
    def done(request: Request) -> Response:
        callers.staff(request)
        return page("verified.html", download="")

    return routes
