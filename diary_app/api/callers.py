"""Who calls: the cookie read, set and taken away; forms from elsewhere refused."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from fastapi import Request, Response

from diary_app.api.pages import GoTo, PageError
from diary_app.services.devices import device_name
from diary_app.services.doors import COOKIE, STAFF_LONGEST, NewSignIn, SignInDesk, Visitor
from diary_app.services.kit import Kit
from diary_app.services.known_devices import COOKIE as KNOWN_COOKIE
from diary_app.services.known_devices import with_account
from diary_app.text import _

# Browsers keep a cookie for at most 400 days (RFC 6265bis, section 5.6.2).
_PATIENT_COOKIE_SECONDS = 400 * 24 * 3600
LANGUAGE_COOKIE = "lang"
_LOCAL_PATH = re.compile(r"/(?!/)[A-Za-z0-9/_\-.~?=&%]{0,300}")


@dataclass(frozen=True)
class Callers:
    """Finds out who a request comes from.

    Attributes:
        kit: What every service needs.
    """

    kit: Kit

    def anybody(self, request: Request) -> Visitor | None:
        """Return who is signed in; None when nobody is."""
        return SignInDesk(self.kit).who(request.cookies, self.kit.clock())

    def somebody(self, request: Request) -> Visitor:
        """Return who is signed in, unlocked; leads everybody else to the right page."""
        visitor = self.anybody(request)
        if visitor is None:
            raise GoTo("/welcome")
        if visitor.locked:
            raise GoTo("/pin")
        return visitor

    def patient(self, request: Request) -> Visitor:
        """Return the signed-in patient, unlocked; leads or turns everybody else away."""
        visitor = self.somebody(request)
        if visitor.kind != "patient":
            raise PageError(403, _("This page is for patients; please go back to your inbox."))
        return visitor

    def staff(self, request: Request) -> Visitor:
        """Return the signed-in member of staff; leads or turns everybody else away."""
        visitor = self.anybody(request)
        if visitor is None:
            here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            raise GoTo(f"/sign-in?next={quote(here, safe='/')}")
        if visitor.kind != "staff":
            raise PageError(403, _("This page is for the care team; please go back to your diary."))
        return visitor

    def require_own_page(self, request: Request) -> None:
        """Pass for reading, and for changes sent by a page of ours.

        Raises:
            PageError: If a change was sent by another site, or by nobody knows whom.
        """
        if request.method in ("GET", "HEAD"):
            return
        sent_by = request.headers.get("origin") or request.headers.get("referer", "")
        if not self._is_ours(sent_by, request.headers.get("host", "")):
            raise PageError(
                403, _("This was not sent from a page of the diary; please open it and try again.")
            )

    def _is_ours(self, sent_by: str, host: str) -> bool:
        try:
            parts = urlsplit(sent_by.lower())
        except ValueError:
            return False
        if parts.scheme not in ("http", "https") or not parts.netloc:
            return False
        return parts.netloc == host.lower() or (
            f"{parts.scheme}://{parts.netloc}" == self.kit.origin.lower()
        )

    def keep(self, response: Response, opened: NewSignIn) -> None:
        """Put a new sign-in into the browser's cookie."""
        staff = opened.kind == "staff"
        self._set(
            response,
            opened.token,
            int(STAFF_LONGEST.total_seconds()) if staff else _PATIENT_COOKIE_SECONDS,
        )

    def renew(self, request: Request, response: Response, visitor: Visitor) -> None:
        """Let a patient's cookie last anew, so that a phone in use is never signed out."""
        if visitor.kind == "patient":
            self._set(response, request.cookies[COOKIE], _PATIENT_COOKIE_SECONDS)

    def remember(self, request: Request, response: Response, email: str) -> None:
        """Let the browser know that this account signed in here; see services.known_devices."""
        before = request.cookies.get(KNOWN_COOKIE, "")
        response.set_cookie(
            KNOWN_COOKIE,
            with_account(self.kit.key, before, email.strip().lower()),
            max_age=_PATIENT_COOKIE_SECONDS,
            path="/sign-in",
            httponly=True,
            samesite="strict",
            secure=self.kit.origin.startswith("https://"),
        )

    def forget(self, response: Response) -> None:
        """Take the cookie away."""
        self._set(response, "", 0)

    def _set(self, response: Response, value: str, seconds: int) -> None:
        response.set_cookie(
            COOKIE,
            value,
            max_age=seconds,
            path="/",
            httponly=True,
            samesite="lax",
            secure=self.kit.origin.startswith("https://"),
        )


def local_path(wanted: str) -> str:
    """Return a path of this site to go on to, or ``/`` when it is none."""
    return wanted if _LOCAL_PATH.fullmatch(wanted) else "/"


def device_of(request: Request) -> str:
    """Return the browser in plain words."""
    return device_name(request.headers.get("user-agent", ""))


def address_of(request: Request) -> str:
    """Return the network address that asks; empty behind a local socket."""
    return "" if request.client is None else request.client.host
