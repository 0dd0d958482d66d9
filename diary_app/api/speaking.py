"""Every page in the language of its reader, and the form that chooses one."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from diary_app.api.callers import LANGUAGE_COOKIE, Callers, local_path
from diary_app.api.forms import SmallForm
from diary_app.api.pages import go, standing_at
from diary_app.services.doors import COOKIE, SignInDesk
from diary_app.services.kit import Kit
from diary_app.services.languages import choose_language
from diary_app.text import speak
from diary_app.text.languages import best_of, known

_YEAR = int(timedelta(days=365).total_seconds())
# Files, health and the API of programs say nothing to people.
_WORDLESS = ("/_v/", "/api/", "/static/", "/healthz", "/metrics", "/sw.js")


class Speaking:
    """ASGI middleware: chooses the language of a request before anything is said.

    The signed-in person's language, else that of the cookie, else the browser's.

    Args:
        app: What answers.
        kit: To recognize the person.
    """

    def __init__(self, app: ASGIApp, kit: Kit) -> None:
        self._app = app
        self._kit = kit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; sockets choose their language themselves."""
        if scope["type"] == "http" and not scope["path"].startswith(_WORDLESS):
            headers = Headers(scope=scope)
            cookies = cookies_of(headers)
            standing_at(scope["path"])
            person = None
            if cookies.get(COOKIE):
                person = await run_in_threadpool(self._of_person, cookies)
            speak(person or asked_for(cookies, headers))
        await self._app(scope, receive, send)

    def _of_person(self, cookies: dict[str, str]) -> str | None:
        visitor = SignInDesk(self._kit).who(cookies, self._kit.clock(), active=False)
        return None if visitor is None else visitor.language


def cookies_of(headers: Headers) -> dict[str, str]:
    """Return the cookies of a request; unreadable ones are left out."""
    jar: dict[str, str] = {}
    for part in headers.get("cookie", "").split(";"):
        name, equals, value = part.strip().partition("=")
        if equals:
            jar[name] = value
    return jar


def asked_for(cookies: dict[str, str], headers: Headers) -> str:
    """Return the language of a browser where nobody is signed in."""
    chosen = known(cookies.get(LANGUAGE_COOKIE, ""))
    return chosen or best_of(headers.get("accept-language", ""))


def router(kit: Kit, callers: Callers) -> APIRouter:
    """Return the route that chooses a language."""
    routes = APIRouter(include_in_schema=False)

    @routes.post("/language")
    def choose(request: Request, form: SmallForm) -> Response:
        language = known(form.text("language"))
        response = go(local_path(form.text("next") or "/"))
        if language is None:
            return response
        visitor = callers.anybody(request)
        if visitor is not None:
            choose_language(kit, visitor.viewer, language)
        response.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=_YEAR,
            path="/",
            httponly=True,
            samesite="lax",
            secure=kit.origin.startswith("https://"),
        )
        return response

    return routes
