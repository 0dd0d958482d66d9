"""Plain HTML pages: rendered, protected, and honest when something went wrong."""

from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from diary_app.text import _, _n, language
from diary_app.text.languages import LANGUAGES

# `same-origin`, not `no-referrer`: with the latter browsers send `Origin: null` with every form
# (Fetch standard, "append a request Origin header"), and the check of the origin would refuse
# everybody. Nothing is ever sent to another origin either way.
FORM_PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
# The photo form alone runs a script, from our own file, and looks through the camera.
CAMERA_PAGE_HEADERS = {
    **FORM_PAGE_HEADERS,
    "Content-Security-Policy": (
        FORM_PAGE_HEADERS["Content-Security-Policy"] + "; script-src 'self'; media-src 'self' blob:"
    ),
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}
# Pages that ask for a passkey run a script, from our own file, that asks nobody but the browser.
PASSKEY_PAGE_HEADERS = {
    **FORM_PAGE_HEADERS,
    "Content-Security-Policy": (
        FORM_PAGE_HEADERS["Content-Security-Policy"] + "; script-src 'self'"
    ),
}

DATA_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_here: ContextVar[str] = ContextVar("diary_here", default="/")
_templates.globals |= {
    "_": _,
    "_n": _n,
    "language": language,
    "languages": LANGUAGES,
    "here": _here.get,
}


def standing_at(path: str) -> None:
    """Remember the path of the request, for the language form of its page."""
    _here.set(path)


def form_headers(*, passkeys: bool) -> Mapping[str, str]:
    """Return the headers of a page with a form; only one that asks for a passkey runs a script."""
    return PASSKEY_PAGE_HEADERS if passkeys else FORM_PAGE_HEADERS


class PageError(Exception):
    """Ends a request with a page of one sentence.

    Attributes:
        status: HTTP status, 400 to 503.
        sentence: What is wrong and what to do.
        link: Where to go on, and the words on the button; None for the start page.
    """

    def __init__(self, status: int, sentence: str, *, link: tuple[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.link = link


class GoTo(Exception):  # noqa: N818  nothing went wrong, the person is led elsewhere
    """Ends a request by leading the person to another page.

    Attributes:
        path: A path of this site.
    """

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def page(
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] = FORM_PAGE_HEADERS,
    **values: Any,
) -> HTMLResponse:
    """Return a rendered page."""
    html = _templates.get_template(template).render(values)
    return HTMLResponse(html, status_code=status, headers=dict(headers))


def told(error: PageError) -> HTMLResponse:
    """Return the page of one sentence."""
    link = error.link or ("/", _("Go to the start page"))
    return page("told.html", status=error.status, sentence=error.sentence, link=link)


def go(path: str) -> Response:
    """Return the answer that leads to another page after a form."""
    return RedirectResponse(path, status_code=303, headers=FORM_PAGE_HEADERS)
