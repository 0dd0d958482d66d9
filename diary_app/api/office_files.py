"""Downloads of the office: everything about a patient, and a week of the clinic as CSV."""

from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from diary_app.api.callers import Callers
from diary_app.api.pages import DATA_HEADERS
from diary_app.api.path_ids import id_in_path
from diary_app.services.data_requests import DataRequests
from diary_app.services.kit import Kit
from diary_app.services.weeks import Weeks


def router(kit: Kit, callers: Callers) -> APIRouter:
    """Return the routes of these downloads."""
    routes = APIRouter(include_in_schema=False)

    def download(content: bytes | str, media_type: str, name: str) -> Response:
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=media_type, headers=DATA_HEADERS | headers)

    @routes.get("/exports/{patient_id}/everything")
    def everything(request: Request, patient_id: str) -> Response:
        visitor = callers.staff(request)
        content = DataRequests(kit, visitor.viewer).everything(id_in_path(patient_id))
        made_on = kit.clock().astimezone(ZoneInfo(visitor.time_zone)).date()
        return download(content, "application/zip", f"all-data-{made_on}.zip")

    @routes.get("/clinic-week.csv")
    def week(request: Request) -> Response:
        visitor = callers.staff(request)
        back = request.query_params.get("back", "1")[:4]
        first_on, table = Weeks(kit, visitor.viewer).table(
            int(back) if back.isascii() and back.isdecimal() else 1
        )
        return download(table, "text/csv; charset=utf-8", f"clinic-week-{first_on}.csv")

    return routes
