"""Who looked at my diary: a patient's own page, and the same as a table to take along."""

from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from diary_app.api.callers import Callers
from diary_app.api.pages import DATA_HEADERS, page
from diary_app.components.care_words import plain_day
from diary_app.routes import WHO_LOOKED_PAGE
from diary_app.services.access_log import AccessLog
from diary_app.services.kit import Kit


def router(kit: Kit, callers: Callers) -> APIRouter:
    """Return the routes of the access log."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(WHO_LOOKED_PAGE)
    def shown(request: Request) -> Response:
        visitor = callers.patient(request)
        wanted = request.query_params.get("below", "")[:12]
        below = int(wanted) if wanted.isascii() and wanted.isdecimal() else None
        found = AccessLog(kit, visitor.viewer).page(below)
        days: dict[str, list[tuple[str, str, str, str]]] = {}
        for line in found.lines:
            here = line.at.astimezone(ZoneInfo(visitor.time_zone))
            row = (f"{here:%H:%M}", line.name, line.role, line.what)
            days.setdefault(plain_day(here.date()), []).append(row)
        return page("who_looked.html", days=days, older=found.older, below=below)

    @routes.get(f"{WHO_LOOKED_PAGE}.csv")
    def table(request: Request) -> Response:
        visitor = callers.patient(request)
        content = AccessLog(kit, visitor.viewer).table(visitor.time_zone)
        made_on = kit.clock().astimezone(ZoneInfo(visitor.time_zone)).date()
        name = f'attachment; filename="who-looked-{made_on}.csv"'
        # With the mark of UTF-8, which Excel needs for letters beyond ASCII.
        return Response(
            "\ufeff" + content,
            media_type="text/csv; charset=utf-8",
            headers=DATA_HEADERS | {"Content-Disposition": name},
        )

    return routes
