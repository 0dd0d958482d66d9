"""Consent: what a patient is asked again, the texts of a clinic, who has not answered."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from db.errors import ConflictError
from diary_app.api.callers import Callers
from diary_app.api.forms import Form, SmallForm
from diary_app.api.pages import go, page
from diary_app.components.care_words import plain_day
from diary_app.routes import CONSENT_PAGE, CONSENT_TEXTS_PAGE, CONSENTS_PAGE
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.consents import ConsentDesk, OwnConsents
from diary_app.services.doors import Visitor
from diary_app.services.kit import Kit
from diary_app.services.refusals import RefusedError
from diary_app.text import _
from diary_app.text.languages import LANGUAGES

# Put off for this visit; the patient is asked again at the next opening.
LATER = "consent-later"
_LATER_SECONDS = 3600


def router(kit: Kit, callers: Callers) -> APIRouter:
    """Return the routes of consent."""
    routes = APIRouter(include_in_schema=False)

    def own_page(
        visitor: Visitor, sentence: str = "", status: int = 200, *, sure: bool = False
    ) -> Response:
        found = OwnConsents(kit, visitor.viewer).page()
        zone = visitor.time_zone
        return page(
            "consent_no.html" if sure else "consent.html",
            status=status,
            sentence=sentence,
            found=found,
            answers=[(row.version, row.agreed, _when(row.at, zone)) for row in found.answers],
        )

    @routes.get(CONSENT_PAGE)
    def ask(request: Request) -> Response:
        return own_page(callers.patient(request))

    @routes.post(CONSENT_PAGE)
    def answer(request: Request, form: SmallForm) -> Response:
        visitor = callers.patient(request)
        act = form.text("act")
        if act == "later":
            response = go("/")
            response.set_cookie(
                LATER, "1", max_age=_LATER_SECONDS, httponly=True, samesite="lax",
                secure=kit.origin.startswith("https://"),
            )  # fmt: skip
            return response
        if act == "no":
            return own_page(visitor, sure=True)
        if act not in {"yes", "refuse"}:
            return own_page(visitor, _("Please choose one of the buttons."), 400)
        if act == "yes" and form.text("agree") != "yes":
            return own_page(visitor, _("Please read the text and tick the box if you agree."), 400)
        try:
            OwnConsents(kit, visitor.viewer).answer(form.text("state"), agrees=act == "yes")
        except RefusedError as refused:
            return own_page(visitor, refused.sentence, 409)
        return go("/" if act == "yes" else CONSENT_PAGE)

    @routes.get(CONSENTS_PAGE)
    def answered(request: Request) -> Response:
        visitor = callers.staff(request)
        lines = ConsentDesk(kit, visitor.viewer).patients()
        return page(
            "consents.html",
            lines=[
                (line, "" if line.at is None else _when(line.at, visitor.time_zone))
                for line in lines
            ],
            missing=sum(line.answer == "missing" for line in lines),
            refused=sum(line.answer == "refused" for line in lines),
            may_write=visitor.viewer.may("consent.write"),
        )

    def texts_page(
        visitor: Visitor,
        typed: Mapping[str, str],
        sentence: str = "",
        status: int = 200,
    ) -> Response:
        desk = ConsentDesk(kit, visitor.viewer)
        found = desk.wordings()
        may_write = visitor.viewer.may("consent.write")
        begun = desk.begin() if may_write else {}
        after = found.written[0].number if found.written else 0
        values = {f"text-{tag}": text for tag, text in begun.items()}
        values["after"] = str(after)
        return page(
            "consent_texts.html",
            status=status,
            sentence=sentence,
            found=found,
            may_write=may_write,
            written=[(row, _when(row.at, visitor.time_zone)) for row in found.written],
            typed=values | dict(typed),
            tags=sorted(LANGUAGES, key=lambda tag: tag != found.language),
        )

    @routes.get(CONSENT_TEXTS_PAGE)
    def texts(request: Request) -> Response:
        return texts_page(callers.staff(request), {})

    @routes.post(CONSENT_TEXTS_PAGE)
    def write(request: Request, form: SmallForm) -> Response:
        visitor = callers.staff(request)
        typed = _typed(form)
        after = typed["after"]
        try:
            ConsentDesk(kit, visitor.viewer).write(
                int(after) if after.isascii() and after.isdecimal() else 0,
                {tag: typed[f"text-{tag}"] for tag in LANGUAGES},
                {tag: typed[f"changes-{tag}"] for tag in LANGUAGES},
            )
        except (UnusableAnswerError, ConflictError) as refused:
            status = 409 if isinstance(refused, ConflictError) else 400
            return texts_page(visitor, typed, str(refused), status)
        return go(CONSENTS_PAGE)

    return routes


def _typed(form: Form) -> dict[str, str]:
    names = ["after", *(f"{what}-{tag}" for tag in LANGUAGES for what in ("text", "changes"))]
    return {name: form.text(name).replace("\r\n", "\n") for name in names}


def _when(at: datetime, zone: str) -> str:
    here = at.astimezone(ZoneInfo(zone))
    return _("{day}, {time}").format(day=plain_day(here.date()), time=f"{here:%H:%M}")
