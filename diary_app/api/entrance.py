"""What the Flet app asks about a browser: who it is, and which page comes first."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Protocol
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool

from db.access import Viewer
from diary_app.api.callers import Callers
from diary_app.api.consents import LATER
from diary_app.ground.shell import Shell
from diary_app.ground.signed_in import SignedIn
from diary_app.routes import CONSENT_PAGE
from diary_app.services.clinic_card import clinic_shown
from diary_app.services.doors import SignInDesk
from diary_app.services.kit import Kit
from diary_app.text import _, language, speak_with
from diary_app.text.voices import voice_of

# Pages of the care team alone: a link to one leads there after the sign-in.
_DESK = ("/alerts", "/summary", "/clinic-week", "/patients", "/admin", "/on-call", "/thresholds")


class Lookup(Protocol):
    """Tells who cookies belong to; None when nobody, or the diary is locked."""

    def __call__(self, cookies: Mapping[str, str], *, active: bool = True) -> SignedIn | None:
        """Return the person; only an active look counts as a sign of life."""
        ...


def lookup(kit: Kit) -> Lookup:
    """Return the function that tells a socket's owner by its cookies.

    It gives None for a locked diary too, and for a patient who said no to the consent text.
    Call it with ``active=False`` for a mere look at a
    socket that may be idle, or its idle time never ends.
    """
    desk = SignInDesk(kit)

    def find(cookies: Mapping[str, str], *, active: bool = True) -> SignedIn | None:
        visitor = desk.who(cookies, kit.clock(), active=active)
        if visitor is None or visitor.locked or visitor.consent == "refused":
            return None
        return SignedIn(
            sign_in_id=visitor.sign_in_id,
            kind=visitor.kind,
            viewer=visitor.viewer,
            language=visitor.language,
            time_zone=visitor.time_zone,
        )

    return find


def arrive(person: SignedIn) -> None:
    """Let a socket's session speak the language of its person, also when they change it."""
    if isinstance(person.viewer, Viewer):
        speak_with(voice_of(str(person.viewer.actor_id), person.language))


def door(kit: Kit) -> Callable[[Request], str | None]:
    """Return the function that leads a browser to a page before the app; None = come in."""
    desk = SignInDesk(kit)

    def first_page(request: Request) -> str | None:
        visitor = desk.who(request.cookies, kit.clock())
        if visitor is None:
            path = request.url.path
            return f"/sign-in?next={quote(path, safe='/')}" if _is_desk(path) else "/welcome"
        if visitor.locked:
            return "/pin"
        later = visitor.consent == "asked" and LATER in request.cookies
        return None if visitor.consent == "agreed" or later else CONSENT_PAGE

    return first_page


def shell(kit: Kit) -> Callable[[Request], Shell]:
    """Return the function that gives the words of the first paint: the clinic and its numbers."""
    desk = SignInDesk(kit)

    def words(request: Request) -> Shell:
        visitor = desk.who(request.cookies, kit.clock(), active=False)
        clinic = clinic_shown(kit, None if visitor is None else visitor.viewer.clinic_id)
        return Shell(
            clinic_name=clinic.name,
            emergency_number=clinic.emergency_number,
            clinic_phone=clinic.phone,
            app_name=_("Symptom diary"),
            language=language(),
            light_page="" if visitor is not None and visitor.kind == "staff" else "/now",
            time_zone="" if visitor is None else visitor.time_zone,
        )

    return words


def keep_phones_signed_in(app: FastAPI, callers: Callers) -> None:
    """Renew a patient's cookie whenever the app is opened: a phone in use stays signed in."""

    @app.middleware("http")
    async def renew(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response = await call_next(request)
        if request.url.path == "/" and response.status_code == HTTPStatus.OK:
            visitor = await run_in_threadpool(callers.anybody, request)
            if visitor is not None and not visitor.locked:
                callers.renew(request, response, visitor)
        return response


def _is_desk(path: str) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in _DESK)
