"""All routes beside the Flet app, in one list."""

from collections.abc import Callable, Mapping, Sequence

from fastapi import APIRouter, Depends

from diary_app.api import (
    access_log,
    acknowledge,
    calendar,
    consents,
    devices,
    exports,
    health,
    hospital,
    invitation_sheets,
    join,
    now,
    office_files,
    own_export,
    photo_cover,
    photo_page,
    photos,
    pin,
    retention,
    sign_in,
    speaking,
    staff_join,
    style,
    summary,
    verify,
)
from diary_app.api.callers import Callers
from diary_app.api.errors import install_errors
from diary_app.api.exports import Visits
from diary_app.api.sign_in import DemoHint
from diary_app.api.v1 import router as version_1
from diary_app.api.v1.pace import CALLS_A_MINUTE, Pace
from diary_app.services.doors import Visitor, end_visit
from diary_app.services.kit import Kit, signed_out_topic
from diary_app.services.openid import OpenId

__all__ = ["DemoHint", "install_errors", "routers"]


def _no_hints() -> Sequence[DemoHint]:
    return ()


def _no_regions() -> Mapping[str, str]:
    return {}


def routers(
    kit: Kit,
    *,
    end_sockets: Callable[[str], None],
    visits: Visits,
    demo_hints: Callable[[], Sequence[DemoHint]] = _no_hints,
    regions: Callable[[], Mapping[str, str]] = _no_regions,
    worker_expected: bool = True,
    calls_a_minute: int = CALLS_A_MINUTE,
    openid: OpenId | None = None,
) -> list[APIRouter]:
    """Return the routers to include before the Flet app is mounted; call `install_errors` too.

    Args:
        kit: What every service needs.
        end_sockets: Closes the live screens of a sign-in that ended; called from any thread.
        visits: Such as the class `diary_app.services.visit.Visits`.
        demo_hints: The demo's people, asked at every view of the sign-in page of a demo.
        regions: Body-map region -> name for people, for the photo form; none: it does not ask.
        worker_expected: Whether `/healthz` is red without a worker, in this process or elsewhere.
        calls_a_minute: How many requests of the JSON API one caller may send within a minute.
        openid: The hospital's own sign-in service; None = there is none.
    """
    callers = Callers(kit)

    def end_everywhere(sign_in_id: str) -> None:
        end_sockets(sign_in_id)
        kit.publish(signed_out_topic(sign_in_id))

    def leave(visitor: Visitor) -> None:
        end_visit(kit, visitor, kit.clock())
        end_everywhere(visitor.sign_in_id)

    open_to_all = [
        health.router(kit, worker_expected=worker_expected),
        style.router(),
        calendar.router(kit),
    ]
    own_pages_only = [
        sign_in.router(kit, callers, leave=leave, openid=openid, demo_hints=demo_hints),
        devices.router(kit, callers, end_sockets=end_everywhere),
        verify.router(kit, callers, openid),
        join.router(kit, callers),
        staff_join.router(kit, callers, end_sockets=end_everywhere),
        pin.router(kit, callers),
        retention.router(kit, callers),
        access_log.router(kit, callers),
        consents.router(kit, callers),
        now.router(kit, callers),
        acknowledge.router(kit),
        photo_cover.router(kit, callers),
        photo_page.router(kit, callers, regions),
        exports.router(kit, callers, visits),
        own_export.router(kit, callers),
        office_files.router(kit, callers),
        summary.router(kit, callers),
        invitation_sheets.router(kit, callers),
        speaking.router(kit, callers),
    ]
    if openid is not None:
        own_pages_only.append(hospital.router(kit, callers, openid, leave=leave))
    for router in own_pages_only:
        guarded = APIRouter(dependencies=[Depends(callers.require_own_page)])
        guarded.include_router(router)
        open_to_all.append(guarded)
    # These check themselves, because they answer in JSON: the upload looks at the origin, the API
    # lets nothing but a token write.
    api = version_1.router(kit, callers, visits, Pace(calls_a_minute))
    return [*open_to_all, photos.router(kit, callers), api]
