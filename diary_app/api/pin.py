"""The PIN of a patient's device: asked, chosen, changed."""

from fastapi import APIRouter, Request, Response

from diary_app.api.callers import Callers, local_path
from diary_app.api.forms import SmallForm
from diary_app.api.pages import GoTo, go, page
from diary_app.services.doors import Visitor
from diary_app.services.kit import Kit
from diary_app.services.pin import numbers, remove_pin, set_pin, unlock
from diary_app.services.refusals import RefusedError, TooManyTriesError


def router(kit: Kit, callers: Callers) -> APIRouter:
    """Return the routes of the PIN."""
    routes = APIRouter(include_in_schema=False)

    def locked_page(
        visitor: Visitor, next_path: str, sentence: str = "", status: int = 200
    ) -> Response:
        return page(
            "pin.html",
            status=status,
            sentence=sentence,
            numbers=numbers(kit, visitor),
            next_path=next_path,
        )

    def locked(request: Request) -> Visitor:
        visitor = callers.anybody(request)
        if visitor is None:
            raise GoTo("/welcome")
        if not visitor.locked:
            raise GoTo("/")
        return visitor

    @routes.get("/pin")
    def ask(request: Request) -> Response:
        return locked_page(locked(request), local_path(request.query_params.get("next", "/")))

    @routes.post("/pin")
    def open_(request: Request, form: SmallForm) -> Response:
        visitor = locked(request)
        next_path = local_path(form.text("next") or "/")
        try:
            unlock(kit, visitor, form.text("pin"), kit.clock())
        except RefusedError as refused:
            return locked_page(visitor, next_path, refused.sentence, _status(refused))
        response = go(next_path)
        callers.renew(request, response, visitor)
        return response

    def set_page(visitor: Visitor, sentence: str = "", status: int = 200) -> Response:
        template = "pin_change.html" if visitor.has_pin else "pin_choose.html"
        return page(template, status=status, sentence=sentence)

    @routes.get("/pin/choose")
    @routes.get("/pin/change")
    def ask_new(request: Request) -> Response:
        return set_page(callers.patient(request))

    @routes.post("/pin/choose")
    @routes.post("/pin/change")
    def set_new(request: Request, form: SmallForm) -> Response:
        visitor = callers.patient(request)
        current, now = form.text("current"), kit.clock()
        try:
            if form.text("act") == "remove":
                remove_pin(kit, visitor, current=current, now=now)
            else:
                pin, again = form.text("pin"), form.text("again")
                set_pin(kit, visitor, current=current, pin=pin, again=again, now=now)
        except RefusedError as refused:
            return set_page(visitor, refused.sentence, _status(refused))
        return go("/")

    return routes


def _status(refused: RefusedError) -> int:
    return 429 if isinstance(refused, TooManyTriesError) else 400
