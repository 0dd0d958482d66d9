"""The one stylesheet of the plain pages, and the one script, which no page needs."""

from pathlib import Path

from fastapi import APIRouter, Response

_SHEET = (Path(__file__).parent / "templates" / "pages.css").read_bytes()

_CAMERA = (Path(__file__).parent / "templates" / "photo-camera.js").read_bytes()


def router() -> APIRouter:
    """Return the routes of the stylesheet and the script."""
    routes = APIRouter(include_in_schema=False)
    headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}

    @routes.get("/static/pages.css")
    def sheet() -> Response:
        return Response(_SHEET, media_type="text/css", headers=headers)

    @routes.get("/static/photo-camera.js")
    def camera() -> Response:
        return Response(_CAMERA, media_type="text/javascript", headers=headers)

    return routes
