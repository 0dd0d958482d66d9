"""A patient's own diary as files: the report, and everything sealed by a passphrase."""

from typing import get_args
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from diary_app.api.callers import Callers
from diary_app.api.forms import SmallForm
from diary_app.api.pages import DATA_HEADERS, page
from diary_app.exports.calendar import CALENDAR_TYPE
from diary_app.exports.pdf_errors import ReportError
from diary_app.services.appointments import own_calendar
from diary_app.services.doors import Visitor
from diary_app.services.kit import Kit
from diary_app.services.own_export import OwnExport, Period
from diary_app.services.refusals import RefusedError, TooManyTriesError


def router(kit: Kit, callers: Callers) -> APIRouter:
    """Return the routes of a patient's own export."""
    routes = APIRouter(include_in_schema=False)

    def form_page(visitor: Visitor, sentence: str = "", status: int = 200) -> Response:
        return page("own_export.html", status=status, sentence=sentence, has_pin=visitor.has_pin)

    def download(visitor: Visitor, content: bytes, media_type: str, ending: str) -> Response:
        made_on = kit.clock().astimezone(ZoneInfo(visitor.time_zone)).date()
        name = f'attachment; filename="my-diary-{made_on}.{ending}"'
        headers = DATA_HEADERS | {"Content-Disposition": name}
        return Response(content, media_type=media_type, headers=headers)

    @routes.get("/my-diary")
    def ask(request: Request) -> Response:
        return form_page(callers.patient(request))

    @routes.get("/my-diary/calendar")
    def calendar(request: Request) -> Response:
        visitor = callers.patient(request)
        content = own_calendar(kit, visitor.viewer, kit.clock())
        headers = DATA_HEADERS | {"Content-Disposition": 'attachment; filename="my-plan.ics"'}
        return Response(content, media_type=CALENDAR_TYPE, headers=headers)

    @routes.post("/my-diary/report")
    def report(request: Request, form: SmallForm) -> Response:
        visitor = callers.patient(request)
        chosen = form.text("period")
        period: Period = next((each for each in get_args(Period) if each == chosen), "quarter")
        try:
            content = OwnExport(kit, visitor).report(period, form.text("pin"), kit.clock())
        except (RefusedError, ReportError) as refused:
            return form_page(visitor, str(refused), _status(refused))
        return download(visitor, content, "application/pdf", "pdf")

    @routes.post("/my-diary/archive")
    def archive(request: Request, form: SmallForm) -> Response:
        visitor = callers.patient(request)
        secret, again = form.exact("passphrase"), form.exact("again")
        try:
            content = OwnExport(kit, visitor).archive(secret, again, form.text("pin"), kit.clock())
        except RefusedError as refused:
            return form_page(visitor, refused.sentence, _status(refused))
        return download(visitor, content, "application/octet-stream", "zip.age")

    return routes


def _status(refused: Exception) -> int:
    return 429 if isinstance(refused, TooManyTriesError) else 400
