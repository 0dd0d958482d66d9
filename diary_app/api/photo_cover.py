"""Photos shown or covered on this device, by plain forms."""

from fastapi import APIRouter, Request, Response

from diary_app.api.callers import Callers, local_path
from diary_app.api.forms import SmallForm
from diary_app.api.pages import go, page
from diary_app.services import photo_cover
from diary_app.services.doors import Visitor
from diary_app.services.kit import Kit
from diary_app.services.refusals import RefusedError, TooManyTriesError
from diary_app.state.pictures import cover_words


def router(kit: Kit, callers: Callers) -> APIRouter:
    """Return the routes that show photos on this device and cover them again."""
    routes = APIRouter(include_in_schema=False)

    def ask_page(visitor: Visitor, back: str, sentence: str = "", status: int = 200) -> Response:
        covered = photo_cover.cover_of(visitor, kit.clock())
        return page(
            "photos_show.html",
            status=status,
            covered=covered,
            back=back,
            sentence=sentence,
            why_covered=cover_words(has_pin=visitor.has_pin),
        )

    @routes.get("/photos/show")
    def ask(request: Request) -> Response:
        return ask_page(callers.patient(request), "/")

    @routes.post("/photos/show")
    def show(request: Request, form: SmallForm) -> Response:
        visitor, back = callers.patient(request), local_path(form.text("back"))
        pin, now = form.text("pin"), kit.clock()
        try:
            photo_cover.show(kit, visitor.viewer, visitor.sign_in_id, pin, now)
        except RefusedError as refused:
            status = 429 if isinstance(refused, TooManyTriesError) else 400
            return ask_page(visitor, back, refused.sentence, status)
        return go(back)

    @routes.post("/photos/hide")
    def hide(request: Request, form: SmallForm) -> Response:
        visitor = callers.patient(request)
        photo_cover.hide(kit, visitor.viewer, visitor.sign_in_id, kit.clock())
        return go(local_path(form.text("back")))

    return routes
