"""The routes of version 1, their description, and an answer for every other address."""

from typing import Any

from fastapi import APIRouter, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

from diary_app.api.callers import Callers
from diary_app.api.exports import Visits
from diary_app.api.pages import page
from diary_app.api.problems import MEDIA_TYPE, Problem, ProblemError
from diary_app.api.v1 import exporting, reading, writing
from diary_app.api.v1.bodies import SmallBodies
from diary_app.api.v1.knowing import knowing
from diary_app.api.v1.pace import Pace
from diary_app.services.kit import Kit

PREFIX = "/api/v1"
VERSION = "1"
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_ABOUT = """\
For programs of the clinic. Send a token (`Authorization: Bearer diary_...`) that an administrator
made; its scopes say what it may do. Every read of patient data, and every entry sent, is in the
audit under the token's name.

Lists come in parts: ask again with `after` = the `next` of the answer, until `next` is null.
At most 120 requests a minute; more get 429 with `Retry-After`.
Errors are problem details (RFC 9457) with one sentence in `detail`.
Grades are estimates; a clinician assigns grades. What is absent is unknown, never "none".
No program takes or closes an alert, or changes a plan: a named person does that in the app.
"""
_PROBLEM: dict[str, Any] = {"model": Problem, "content": {MEDIA_TYPE: {}}}
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {**_PROBLEM, "description": words}
    for status, words in (
        (401, "No token that holds, and nobody is signed in."),
        (403, "The token lacks the scope, or the account may not do that."),
        (404, "There is nothing of this id in your clinic."),
        (422, "A field cannot be used; `errors` names it and says why."),
        (429, "Too many requests; `Retry-After` says for how many seconds to wait."),
        (503, "Something did not work; try again."),
    )
}


def router(kit: Kit, callers: Callers, visits: Visits, pace: Pace) -> APIRouter:
    """Return the routes of the JSON API, version 1."""
    routes = APIRouter(prefix=PREFIX, responses=_PROBLEMS, route_class=SmallBodies)
    known = knowing(kit, callers, pace)
    reading.add(routes, kit, known)
    writing.add(routes, kit, known)
    exporting.add(routes, kit, known, visits)
    described = list(routes.routes)

    def document() -> dict[str, Any]:
        return get_openapi(
            title="Symptom diary", version=VERSION, description=_ABOUT, routes=described
        )

    @routes.get("/openapi.json", include_in_schema=False)
    def openapi() -> Response:
        return JSONResponse(document(), headers={"X-Content-Type-Options": "nosniff"})

    @routes.get("/docs", include_in_schema=False)
    def docs() -> Response:
        common = [(status, told["description"]) for status, told in _PROBLEMS.items()]
        return page(
            "api_docs.html",
            document=f"{PREFIX}/openapi.json",
            operations=_operations(document()),
            about=_ABOUT.replace("`", "").split("\n\n"),
            common=[(status, words.replace("`", "")) for status, words in common],
        )

    @routes.api_route("/{rest:path}", methods=list(_METHODS), include_in_schema=False)
    def nothing() -> Response:
        raise ProblemError(404, "Not Found", "The API has nothing here; see /api/v1/openapi.json.")

    return routes


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each operation as the page lists it."""
    found = []
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            asked = [
                (
                    each["name"],
                    each["in"],
                    each.get("required", False),
                    each.get("description", "").replace("`", ""),
                )
                for each in told.get("parameters", ())
                if each["in"] != "cookie"
            ]
            found.append(
                {
                    "method": method.upper(),
                    "path": path,
                    "summary": told["summary"],
                    "description": told.get("description", "").replace("`", ""),
                    "asked": asked,
                    "answers": [
                        (status, each["description"])
                        for status, each in told["responses"].items()
                        if int(status) not in _PROBLEMS and "Successful" not in each["description"]
                    ],
                }
            )
    return found
