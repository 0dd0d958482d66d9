"""The start page, staff sign-in and sign-out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from diary_app.api.callers import LANGUAGE_COOKIE, Callers, address_of, device_of, local_path
from diary_app.api.forms import SmallForm
from diary_app.api.pages import GoTo, form_headers, go, page
from diary_app.services.clinic_card import ClinicShown, clinic_shown
from diary_app.services.doors import Visitor, ended_clinic
from diary_app.services.kit import Kit
from diary_app.services.known_devices import COOKIE as KNOWN_COOKIE
from diary_app.services.openid import OpenId
from diary_app.services.passkeys import ask_to_sign_in, passkeys_possible, sign_in_with_passkey
from diary_app.services.refusals import RefusedError, TooManyTriesError
from diary_app.services.sign_in import sign_in_staff
from diary_app.text.languages import known


@dataclass(frozen=True)
class DemoHint:
    """One synthetic person of the demo, shown on the sign-in page.

    Attributes:
        role: In plain words, such as "Nurse".
        email: Empty for a patient.
        password: Empty for a patient.
        code: The one-time code that works now (services.sign_in.next_code).
        link: A patient's invitation to open; empty for staff.
    """

    name: str
    role: str
    email: str = ""
    password: str = ""
    code: str = ""
    link: str = ""


def router(
    kit: Kit,
    callers: Callers,
    *,
    leave: Callable[[Visitor], None],
    openid: OpenId | None,
    demo_hints: Callable[[], Sequence[DemoHint]],
) -> APIRouter:
    """Return the routes of the doors for staff, and of leaving."""
    routes = APIRouter(include_in_schema=False)

    def hints() -> Sequence[DemoHint]:
        return demo_hints() if kit.demo else ()

    @routes.get("/welcome")
    def welcome(request: Request) -> Response:
        visitor = callers.anybody(request)
        patients = [hint for hint in hints() if hint.link]
        return page(
            "welcome.html",
            signed_in=visitor is not None,
            ended=None if visitor is not None else _ended(kit, request),
            patients=patients,
        )

    def form_page(
        email: str,
        next_path: str,
        sentence: str = "",
        status: int = 200,
        *,
        recovery: bool = False,
    ) -> Response:
        staff = [hint for hint in hints() if hint.email]
        possible = passkeys_possible(kit)
        return page(
            "sign_in.html",
            status=status,
            headers=form_headers(passkeys=possible),
            recovery=recovery,
            passkey=ask_to_sign_in(kit, kit.clock()) if possible else None,
            hospital=openid.hospital.name if openid is not None else "",
            email=email,
            next_path=next_path,
            sentence=sentence,
            staff=staff,
        )

    @routes.get("/sign-in")
    def ask(request: Request) -> Response:
        next_path = local_path(request.query_params.get("next", "/"))
        visitor = callers.anybody(request)
        if visitor is not None and visitor.kind == "staff":
            return go(next_path)
        recovery = request.query_params.get("with") == "recovery"
        return form_page("", next_path, recovery=recovery)

    @routes.post("/sign-in")
    def sign_in(request: Request, form: SmallForm) -> Response:
        next_path = local_path(form.text("next") or "/")
        before = callers.anybody(request)
        try:
            opened = sign_in_staff(
                kit,
                email=form.text("email"),
                password=form.exact("password"),
                code=form.text("code"),
                address=address_of(request),
                device=device_of(request),
                now=kit.clock(),
                language=known(request.cookies.get(LANGUAGE_COOKIE, "")),
                known=request.cookies.get(KNOWN_COOKIE, ""),
            )
        except RefusedError as refused:
            status = 429 if isinstance(refused, TooManyTriesError) else 401
            recovery = form.text("with") == "recovery"
            return form_page(
                form.text("email"), next_path, refused.sentence, status, recovery=recovery
            )
        if before is not None:
            leave(before)
        # Whoever lacks their authenticator sees next what is left, and adds another one there.
        response = go("/devices" if form.text("with") == "recovery" else next_path)
        callers.keep(response, opened)
        callers.remember(request, response, form.text("email"))
        return response

    @routes.post("/sign-in/passkey")
    def by_passkey(request: Request, form: SmallForm) -> Response:
        next_path = local_path(form.text("next") or "/")
        before = callers.anybody(request)
        try:
            opened = sign_in_with_passkey(
                kit,
                form.text("state"),
                form.text("answer"),
                device=device_of(request),
                now=kit.clock(),
            )
        except RefusedError as refused:
            return form_page("", next_path, refused.sentence, 401)
        if before is not None:
            leave(before)
        response = go(next_path)
        callers.keep(response, opened)
        return response

    @routes.get("/sign-out")
    def ask_leave(request: Request) -> Response:
        visitor = callers.anybody(request)
        if visitor is None:
            raise GoTo("/welcome")
        return page("sign_out.html", patient=visitor.kind == "patient")

    @routes.post("/sign-out")
    def sign_out(request: Request) -> Response:
        visitor = callers.anybody(request)
        if visitor is not None:
            leave(visitor)
        response = go("/welcome")
        callers.forget(response)
        return response

    return routes


def _ended(kit: Kit, request: Request) -> ClinicShown | None:
    """Return the clinic that no longer reads the diary of this device; None = there is none."""
    clinic_id = ended_clinic(kit, request.cookies, kit.clock())
    return None if clinic_id is None else clinic_shown(kit, clinic_id)
