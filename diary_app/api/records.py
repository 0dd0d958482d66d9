"""The JSON API: who am I, my entries, the team's alerts."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from diary_app.api.callers import Callers
from diary_app.api.pages import DATA_HEADERS
from diary_app.api.problems import MEDIA_TYPE, FieldProblem, Problem, ProblemError
from diary_app.services import records
from diary_app.services.doors import Visitor
from diary_app.services.kit import Kit
from diary_app.text import _

VERSION = "1"
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_PROBLEM: dict[str, Any] = {"model": Problem, "content": {MEDIA_TYPE: {}}}
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {**_PROBLEM, "description": words}
    for status, words in (
        (401, "Nobody is signed in, or the diary is locked."),
        (403, "This account may not do that."),
        (404, "There is no such patient in your clinic."),
        (422, "A field cannot be used; `errors` names it and says why."),
        (503, "Something did not work; try again."),
    )
}


class Me(BaseModel):
    """Who is signed in."""

    kind: str
    role: str
    clinic_id: UUID
    patient_id: UUID | None
    language: str
    time_zone: str


class Assessed(BaseModel):
    """What the rules made of an entry: estimated grades 0 to 4, and the level."""

    level: str | None
    grades: dict[str, int]
    reason_codes: list[str]
    rules_version: str
    ctcae_version: str


class EntryOut(BaseModel):
    """One entry in its newest version. ``answers`` holds what was answered; absent = unknown."""

    id: UUID
    first_id: UUID
    version: int
    kind: str
    author: str
    diary_on: date
    local_time: str | None
    time_zone: str
    written_at: datetime
    received_at: datetime
    answers: dict[str, Any]
    assessment: Assessed | None


class AlertOut(BaseModel):
    """One alert that is open, taken, or was closed within the last day."""

    id: UUID
    code: str
    patient_id: UUID
    level: str
    state: str
    reason_codes: list[str]
    raised_at: datetime
    acknowledged_at: datetime | None
    closed_at: datetime | None
    outcome: str | None


def router(kit: Kit, callers: Callers) -> APIRouter:
    """Return the routes of the JSON API, version 1."""
    routes = APIRouter(prefix="/api/v1", responses=_PROBLEMS)

    def caller(request: Request) -> Visitor:
        visitor = callers.anybody(request)
        if visitor is None or visitor.locked:
            raise ProblemError(401, "Unauthorized", _("Please sign in first."))
        return visitor

    @routes.get("/me", response_model=Me)
    def me(request: Request, response: Response) -> Me:
        """Say who is signed in."""
        response.headers.update(DATA_HEADERS)
        visitor = caller(request)
        return Me(
            kind=visitor.kind,
            role=visitor.viewer.role,
            clinic_id=visitor.viewer.clinic_id,
            patient_id=visitor.viewer.patient_id,
            language=visitor.language,
            time_zone=visitor.time_zone,
        )

    @routes.get("/entries", response_model=list[EntryOut])
    def entries(
        request: Request,
        response: Response,
        first_on: Annotated[date | None, Query(alias="from")] = None,
        last_on: Annotated[date | None, Query(alias="to")] = None,
        patient_id: UUID | None = None,
    ) -> list[dict[str, Any]]:
        """List entries, oldest first: a patient's own, or those of one patient of the clinic."""
        response.headers.update(DATA_HEADERS)
        visitor = caller(request)
        whose = patient_id or visitor.viewer.patient_id
        if whose is None:
            wrong = FieldProblem(field="patient_id", reason=_("Please say whose entries."))
            raise ProblemError(422, "Unprocessable Content", wrong.reason, [wrong])
        if first_on is not None and last_on is not None and last_on < first_on:
            wrong = FieldProblem(field="to", reason=_("The last day lies before the first."))
            raise ProblemError(422, "Unprocessable Content", wrong.reason, [wrong])
        return records.entries(kit, visitor.viewer, whose, first_on, last_on, kit.clock())

    @routes.get("/alerts", response_model=list[AlertOut])
    def alerts(request: Request, response: Response) -> list[dict[str, Any]]:
        """List the clinic's alerts: urgent first, then the longest waiting."""
        response.headers.update(DATA_HEADERS)
        return records.alerts(kit, caller(request).viewer, kit.clock())

    described = list(routes.routes)

    @routes.get("/openapi.json", include_in_schema=False)
    def openapi() -> Response:
        document = get_openapi(title="Symptom diary", version=VERSION, routes=described)
        return JSONResponse(document, headers={"X-Content-Type-Options": "nosniff"})

    @routes.api_route("/{rest:path}", methods=list(_METHODS), include_in_schema=False)
    def nothing() -> Response:
        raise ProblemError(
            404, "Not Found", _("The API has nothing here; see /api/v1/openapi.json.")
        )

    return routes
