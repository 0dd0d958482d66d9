"""How long diaries are kept: the policy, and the erasures that it proposes."""

from fastapi import APIRouter, Request, Response

from db.errors import ConflictError
from diary_app.api.callers import Callers
from diary_app.api.forms import SmallForm
from diary_app.api.pages import go, page
from diary_app.api.path_ids import id_in_path
from diary_app.components.care_words import plain_day
from diary_app.routes import DATA_REQUESTS, RETENTION_PAGE
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.doors import Visitor
from diary_app.services.kit import Kit
from diary_app.services.retention import Retention


def router(kit: Kit, callers: Callers) -> APIRouter:
    """Return the routes of retention."""
    routes = APIRouter(include_in_schema=False)

    def shown(visitor: Visitor, sentence: str = "", status: int = 200) -> Response:
        found = Retention(kit, visitor.viewer).page()
        return page(
            "retention.html",
            status=status,
            sentence=sentence,
            found=found,
            days={line.id: plain_day(line.ended_on) for line in found.proposals},
            requests_page=DATA_REQUESTS,
        )

    @routes.get(RETENTION_PAGE)
    def read(request: Request) -> Response:
        return shown(callers.staff(request))

    @routes.post(RETENTION_PAGE)
    def change(request: Request, form: SmallForm) -> Response:
        visitor = callers.staff(request)
        desk = Retention(kit, visitor.viewer)
        try:
            if form.text("act") == "propose":
                desk.propose(id_in_path(form.text("patient")))
            else:
                desk.choose(form.text("years"))
        except (UnusableAnswerError, ConflictError) as refused:
            return shown(visitor, str(refused), 400)
        return go(RETENTION_PAGE)

    return routes
