"""Where one is signed in, ending it from here, and one's own second factors."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from diary_app.api.callers import Callers
from diary_app.api.forms import SmallForm
from diary_app.api.pages import form_headers, go, page
from diary_app.api.path_ids import id_in_path
from diary_app.services import authenticator, totp
from diary_app.services.devices import devices, end_all_devices, end_device
from diary_app.services.doors import Visitor
from diary_app.services.kit import Kit
from diary_app.services.passkeys import add, ask_to_add, passkeys, passkeys_possible, remove
from diary_app.services.recovery import codes_left, make_codes
from diary_app.services.refusals import RefusedError, StepUpError, TooManyTriesError
from diary_app.services.step_up import require_recent


def router(kit: Kit, callers: Callers, *, end_sockets: Callable[[str], None]) -> APIRouter:
    """Return the routes of devices, passkeys, recovery codes and the authenticator app."""
    routes = APIRouter(include_in_schema=False)

    def time_words(visitor: Visitor) -> Callable[[datetime], str]:
        zone = ZoneInfo(visitor.time_zone)
        return lambda instant: f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"

    def list_page(visitor: Visitor, sentence: str = "", status: int = 200) -> Response:
        staff, now = visitor.kind == "staff", kit.clock()
        addable = staff and passkeys_possible(kit)
        return page(
            "devices.html",
            status=status,
            headers=form_headers(passkeys=addable),
            sentence=sentence,
            devices=devices(kit, visitor, now),
            clock=time_words(visitor),
            staff=staff,
            passkeys=passkeys(kit, visitor) if staff else [],
            adding=ask_to_add(kit, visitor, now) if addable else None,
            codes=codes_left(kit, visitor) if staff else None,
        )

    @routes.get("/devices")
    def list_devices(request: Request) -> Response:
        return list_page(callers.somebody(request))

    @routes.post("/devices/end-all")
    def end_all(request: Request) -> Response:
        visitor = callers.somebody(request)
        for ended in end_all_devices(kit, visitor, kit.clock()):
            end_sockets(ended)
        response = go("/welcome")
        callers.forget(response)
        return response

    @routes.post("/devices/{sign_in_id}/end")
    def end_one(request: Request, sign_in_id: str) -> Response:
        visitor = callers.somebody(request)
        ended = id_in_path(sign_in_id)
        end_device(kit, visitor, ended, kit.clock())
        end_sockets(str(ended))
        if str(ended) != visitor.sign_in_id:
            return go("/devices")
        response = go("/welcome")
        callers.forget(response)
        return response

    @routes.post("/passkeys")
    def add_passkey(request: Request, form: SmallForm) -> Response:
        visitor = callers.staff(request)
        state, answer, name = form.text("state"), form.text("answer"), form.text("name")
        try:
            add(kit, visitor, state, answer, name, kit.clock())
        except StepUpError:
            return go("/verify?next=/devices")
        except RefusedError as refused:
            return list_page(visitor, refused.sentence, 400)
        return go("/devices")

    @routes.post("/passkeys/{passkey_id}/remove")
    def remove_passkey(request: Request, passkey_id: str) -> Response:
        visitor = callers.staff(request)
        remove(kit, visitor, id_in_path(passkey_id), kit.clock())
        return go("/devices")

    @routes.post("/recovery-codes")
    def new_codes(request: Request) -> Response:
        visitor, now = callers.staff(request), kit.clock()
        try:
            codes = make_codes(kit, visitor, now)
        except StepUpError:
            return go("/verify?next=/devices")
        return page(
            "recovery_codes.html",
            codes=codes,
            name=visitor.viewer.name,
            made=time_words(visitor)(now),
        )

    def app_page(
        visitor: Visitor, state: str = "", sentence: str = "", status: int = 200
    ) -> Response:
        shown = authenticator.begin(kit, visitor, state)
        return page(
            "authenticator.html",
            status=status,
            sentence=sentence,
            state=shown.state,
            qr=totp.data_uri(totp.qr_png(shown.uri)),
            secret=totp.in_groups(shown.secret),
        )

    @routes.get("/authenticator")
    def ask_app(request: Request) -> Response:
        visitor = callers.staff(request)
        require_recent(kit, visitor.viewer, kit.clock())
        return app_page(visitor)

    @routes.post("/authenticator")
    def change_app(request: Request, form: SmallForm) -> Response:
        visitor = callers.staff(request)
        try:
            authenticator.finish(kit, visitor, form.text("state"), form.text("code"), kit.clock())
        except StepUpError:
            return go("/verify?next=/authenticator")
        except RefusedError as refused:
            status = 429 if isinstance(refused, TooManyTriesError) else 400
            return app_page(visitor, form.text("state"), refused.sentence, status)
        return go("/devices")

    return routes
