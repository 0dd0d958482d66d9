"""A patient's private calendar for the calendar program of their phone."""

from fastapi import APIRouter, Response

from diary_app.services.calendars import calendar
from diary_app.services.kit import Kit

_HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
}


def router(kit: Kit) -> APIRouter:
    """Return the route of the calendars; the token in the address is all that it asks for."""
    routes = APIRouter(include_in_schema=False)

    @routes.api_route("/calendar/{token}.ics", methods=["GET", "HEAD"])
    def feed(token: str) -> Response:
        found = calendar(kit, token)
        if found is None:
            return Response(
                "This calendar has ended. Make a new link in the diary, under Help, Reminders.\n",
                404,
                headers=_HEADERS,
                media_type="text/plain; charset=utf-8",
            )
        return Response(found, headers=_HEADERS, media_type="text/calendar; charset=utf-8")

    return routes
