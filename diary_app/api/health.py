"""Whether this installation works, for monitors: as JSON, and as figures for Prometheus."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse

from diary_app.services.health import health
from diary_app.services.kit import Kit
from diary_app.services.metrics import metrics


def router(kit: Kit, *, worker_expected: bool) -> APIRouter:
    """Return the route that monitors and the reconnecting app ask."""
    routes = APIRouter(include_in_schema=False)

    @routes.api_route("/healthz", methods=["GET", "HEAD"])
    def healthz() -> JSONResponse:
        found = health(kit, kit.clock(), worker_expected=worker_expected)
        last = found.worker_last_run
        content = {
            "status": "ok" if found.healthy else "failing",
            "worker_last_run": None if last is None else last.isoformat(),
            "database": "ok" if found.database else "not answering",
            "last_audit": None if found.last_audit is None else found.last_audit.isoformat(),
            "reasons": list(found.reasons),
        }
        return JSONResponse(
            content, 200 if found.healthy else 503, headers={"Cache-Control": "no-store"}
        )

    @routes.get("/metrics")
    def figures() -> PlainTextResponse:
        return PlainTextResponse(
            metrics(kit, kit.clock()),
            headers={"Cache-Control": "no-store"},
            media_type="text/plain; version=0.0.4",
        )

    return routes
