"""The one stylesheet of the plain pages."""

from pathlib import Path

from fastapi import APIRouter, Response

_SHEET = (Path(__file__).parent / "templates" / "pages.css").read_bytes()


def router() -> APIRouter:
    """Return the route of the stylesheet."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/static/pages.css")
    def sheet() -> Response:
        headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
        return Response(_SHEET, media_type="text/css", headers=headers)

    return routes
