"""Downloads for the visit: the report and the archive of one patient."""

from collections.abc import Callable
from datetime import date
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from db.access import Viewer
from diary_app.api.callers import Callers
from diary_app.api.pages import DATA_HEADERS, PageError
from diary_app.api.path_ids import id_in_path
from diary_app.exports.calendar import CALENDAR_TYPE
from diary_app.services.appointments import Appointments
from diary_app.services.kit import Kit
from diary_app.text import _


class VisitFiles(Protocol):
    """What `diary_app.services.visit.Visits` offers."""

    def report_pdf(self, patient_id: UUID, first_on: date, last_on: date) -> bytes:
        """Return the visit report."""

    def archive(self, patient_id: UUID, first_on: date, last_on: date) -> bytes:
        """Return everything as tables and pictures."""

    def workbook(self, patient_id: UUID, first_on: date, last_on: date) -> bytes:
        """Return the tables as an Excel workbook."""

    def fhir(self, patient_id: UUID, first_on: date, last_on: date) -> bytes:
        """Return everything as a FHIR R4 document."""


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Visits = Callable[[Kit, Viewer], VisitFiles]


def router(kit: Kit, callers: Callers, visits: Visits) -> APIRouter:
    """Return the routes of the downloads."""
    routes = APIRouter(include_in_schema=False)

    def download(content: bytes, media_type: str, name: str) -> Response:
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=media_type, headers=DATA_HEADERS | headers)

    @routes.get("/exports/{patient_id}/report")
    def report(request: Request, patient_id: str) -> Response:
        visitor = callers.staff(request)
        who, (first_on, last_on) = id_in_path(patient_id), _period(request)
        content = visits(kit, visitor.viewer).report_pdf(who, first_on, last_on)
        made_on = kit.clock().astimezone(ZoneInfo(visitor.time_zone)).date()
        return download(content, "application/pdf", f"visit-report-{made_on}.pdf")

    @routes.get("/exports/{patient_id}/archive")
    def archive(request: Request, patient_id: str) -> Response:
        visitor = callers.staff(request)
        who, (first_on, last_on) = id_in_path(patient_id), _period(request)
        content = visits(kit, visitor.viewer).archive(who, first_on, last_on)
        made_on = kit.clock().astimezone(ZoneInfo(visitor.time_zone)).date()
        return download(content, "application/zip", f"visit-archive-{made_on}.zip")

    @routes.get("/exports/{patient_id}/workbook")
    def workbook(request: Request, patient_id: str) -> Response:
        visitor = callers.staff(request)
        who, (first_on, last_on) = id_in_path(patient_id), _period(request)
        content = visits(kit, visitor.viewer).workbook(who, first_on, last_on)
        made_on = kit.clock().astimezone(ZoneInfo(visitor.time_zone)).date()
        return download(content, XLSX, f"visit-tables-{made_on}.xlsx")

    @routes.get("/exports/{patient_id}/calendar")
    def calendar(request: Request, patient_id: str) -> Response:
        visitor = callers.staff(request)
        named = request.query_params.get("named") == "yes"
        appointments = Appointments(kit, visitor.viewer)
        content = appointments.calendar(id_in_path(patient_id), named=named)
        return download(content, CALENDAR_TYPE, "plan-and-visits.ics")

    @routes.get("/exports/{patient_id}/fhir")
    def fhir(request: Request, patient_id: str) -> Response:
        visitor = callers.staff(request)
        who, (first_on, last_on) = id_in_path(patient_id), _period(request)
        content = visits(kit, visitor.viewer).fhir(who, first_on, last_on)
        made_on = kit.clock().astimezone(ZoneInfo(visitor.time_zone)).date()
        return download(content, "application/fhir+json", f"visit-{made_on}.fhir.json")

    return routes


def _period(request: Request) -> tuple[date, date]:
    try:
        first_on = date.fromisoformat(request.query_params.get("from", ""))
        last_on = date.fromisoformat(request.query_params.get("to", ""))
    except ValueError:
        raise PageError(
            400, _("Please give the first and last day, such as from=2026-11-01&to=2026-11-21.")
        ) from None
    if last_on < first_on:
        raise PageError(400, _("The last day lies before the first; please swap them."))
    return first_on, last_on
