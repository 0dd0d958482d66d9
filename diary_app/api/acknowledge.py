"""The page behind the link in an alert message: works in any browser, without signing in."""

from datetime import datetime

from fastapi import APIRouter, Response

from diary_app.api.pages import PageError, page
from diary_app.services.acknowledge_links import LinkedAlert, look, take_by_link
from diary_app.services.kit import Kit
from diary_app.services.refusals import LinkError, RefusedError
from diary_app.text import _


def router(kit: Kit) -> APIRouter:
    """Return the routes of the alert link. Opening it changes nothing; the button does."""
    routes = APIRouter(include_in_schema=False)

    def alert_page(alert: LinkedAlert, sentence: str = "") -> Response:
        now = kit.clock().astimezone(alert.raised_at.tzinfo)

        def clock(instant: datetime) -> str:
            same_day = instant.date() == now.date()
            return f"{instant:%H:%M}" if same_day else f"{instant:%d %b, %H:%M}"

        return page("acknowledge.html", alert=alert, clock=clock, sentence=sentence)

    @routes.get("/a/{token}")
    def show(token: str) -> Response:
        try:
            return alert_page(look(kit, token))
        except RefusedError as refused:
            raise _refusal(refused) from refused

    @routes.post("/a/{token}")
    def take(token: str) -> Response:
        try:
            mine, alert = take_by_link(kit, token, kit.clock())
        except RefusedError as refused:
            raise _refusal(refused) from refused
        if alert.state == "closed" or alert.taken_at is None:
            return alert_page(alert)
        if mine:
            sentence = _("You took alert {code} at {time}.")
        else:
            sentence = _("{name} took this alert at {time}.")
        return alert_page(
            alert,
            sentence.format(code=alert.code, name=alert.taken_by, time=f"{alert.taken_at:%H:%M}"),
        )

    return routes


def _refusal(refused: RefusedError) -> PageError:
    status = 404 if isinstance(refused, LinkError) else 403
    return PageError(status, refused.sentence, link=("/sign-in", _("Go to sign-in")))
