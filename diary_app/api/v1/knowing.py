"""Who asks: a program by its token, or a person by their cookie; and how often they ask."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Request, Response, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from db.access import Viewer
from diary_app.api.callers import Callers, address_of
from diary_app.api.pages import DATA_HEADERS
from diary_app.api.problems import ProblemError
from diary_app.api.v1.pace import Pace
from diary_app.services.attempts import network_of
from diary_app.services.doors import COOKIE, Visitor
from diary_app.services.kit import Kit
from diary_app.services.programs import Program, recognized

_BEARER = HTTPBearer(
    scheme_name="token",
    description="`Authorization: Bearer diary_...`; an administrator makes it (Admin, Programs).",
    auto_error=False,
)
_COOKIE = APIKeyCookie(
    name=COOKIE,
    scheme_name="signed-in",
    description="Of a browser in which somebody is signed in; it reads, it never writes.",
    auto_error=False,
)
_CHALLENGE = {"WWW-Authenticate": "Bearer"}


@dataclass(frozen=True)
class Caller:
    """Whoever asks; exactly one of the two is set."""

    program: Program | None
    visitor: Visitor | None

    def reader(self, scope: str) -> Viewer:
        """Return who reads, if their token has the scope; people are judged by their role.

        Raises:
            ProblemError: 403 for a token without the scope.
        """
        if self.visitor is not None:
            return self.visitor.viewer
        return self.writer(scope).viewer()

    def writer(self, scope: str) -> Program:
        """Return the program that writes; raises ProblemError (403) without the scope."""
        if self.program is None:
            raise ProblemError(
                403, "Forbidden", "Only a program with a token may send this; use the app instead."
            )
        if scope not in self.program.scopes:
            raise ProblemError(403, "Forbidden", f"This token lacks the scope {scope}.")
        return self.program

    def whose(self, scope: str, patient_id: UUID | None) -> tuple[Viewer, UUID]:
        """Return who reads, and of whom: patients mean themselves when they name nobody."""
        viewer = self.reader(scope)
        whose = patient_id or viewer.patient_id
        if whose is None:
            raise ProblemError.of_field("patient_id", "Please say of which patient.")
        return viewer, whose


def knowing(kit: Kit, callers: Callers, pace: Pace) -> Callable[..., Caller]:
    """Return the dependency that finds out who asks; it also counts, and protects the answer."""

    def known(
        request: Request,
        response: Response,
        bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
        _cookie: Annotated[str | None, Security(_COOKIE)],
    ) -> Caller:
        response.headers.update(DATA_HEADERS)
        now = kit.clock()
        if "authorization" in request.headers:
            token = bearer.credentials if bearer is not None else ""
            program = recognized(kit, token, now)
            if program is not None:
                _count(f"token {program.token_id}")
                return Caller(program, None)
            _count(f"address {network_of(address_of(request))}")
            raise ProblemError(
                401,
                "Unauthorized",
                "This token is not known, was withdrawn or ran out; ask an administrator.",
                headers=_CHALLENGE,
            )
        visitor = callers.anybody(request)
        if visitor is None or visitor.locked:
            _count(f"address {network_of(address_of(request))}")
            raise ProblemError(
                401, "Unauthorized", "Please send a token, or sign in first.", headers=_CHALLENGE
            )
        _count(f"sign-in {visitor.sign_in_id}")
        return Caller(None, visitor)

    def _count(who: str) -> None:
        seconds = pace.wait(who, kit.clock())
        if seconds:
            raise ProblemError(
                429,
                "Too Many Requests",
                f"At most {pace.most} requests a minute; please wait {seconds} seconds.",
                headers={"Retry-After": str(seconds)},
            )

    return known
