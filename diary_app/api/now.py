"""The light page: a report in plain HTML, without scripts, for any browser."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from db.errors import NotFoundError
from diary_app.api.callers import Callers
from diary_app.api.multipart import Received, receive
from diary_app.api.now_pages import NowPages, Shown
from diary_app.api.pages import GoTo, PageError, go
from diary_app.api.path_ids import id_in_path
from diary_app.api.photo_page import MOST_BYTES, Outcome, keep_all
from diary_app.routes import CONSENT_PAGE
from diary_app.services import light_report
from diary_app.services.doors import Visitor
from diary_app.services.kit import Kit
from diary_app.services.light_report import Held, Refusal, Sent
from diary_app.services.pin import unlock
from diary_app.services.refusals import RefusedError
from diary_app.state.faults import DiaryError
from diary_app.state.light_report import ONE, REPORT, SEVERAL, Report, Typed, read_report
from diary_app.text import _

logger = logging.getLogger(__name__)

_MOST_FIELDS = 100
# Of somebody who is not signed in nothing is kept; enough is read that the answer arrives.
_MOST_BYTES_OF_STRANGERS = 32 * 1024 * 1024


def router(kit: Kit, callers: Callers) -> APIRouter:
    """Return the routes of the light page."""
    routes = APIRouter(include_in_schema=False)
    pages = NowPages(kit)
    posting = _Posting(kit, callers, pages)

    @routes.get("/now")
    def ask(request: Request) -> Response:
        visitor = callers.anybody(request)
        if visitor is None or visitor.kind != "patient" or visitor.locked:
            return pages.closed(visitor)
        if visitor.consent == "refused":
            raise GoTo(CONSENT_PAGE)
        begun = (
            None if "new" in request.query_params else light_report.unfinished(kit, visitor.viewer)
        )
        shown = Shown() if begun is None else Shown(begun.typed, begun, begun_at=begun.clock)
        response = pages.form(visitor, shown)
        callers.renew(request, response, visitor)
        return response

    @routes.post("/now")
    async def report(request: Request) -> Response:
        visitor = await run_in_threadpool(callers.anybody, request)
        known = visitor is not None and visitor.kind == "patient"
        received = await receive(
            request,
            most_bytes=MOST_BYTES if known else _MOST_BYTES_OF_STRANGERS,
            most_fields=_MOST_FIELDS,
        )
        try:
            return await run_in_threadpool(posting.answer, request, visitor, received)
        finally:
            await received.form.close()

    @routes.get("/now/sent/{report_id}")
    def sent(request: Request, report_id: str) -> Response:
        visitor = callers.anybody(request)
        if visitor is None:
            raise GoTo("/now")
        if visitor.locked:
            raise GoTo(f"/pin?next=/now/sent/{id_in_path(report_id)}")
        visitor = callers.patient(request)
        return pages.sent(visitor, id_in_path(report_id))

    return routes


class _Posting:
    """Takes one report in; whatever happens, what was typed comes back or was sent."""

    def __init__(self, kit: Kit, callers: Callers, pages: NowPages) -> None:
        self._kit = kit
        self._callers = callers
        self._pages = pages

    def answer(self, request: Request, visitor: Visitor | None, received: Received) -> Response:
        """Return the page that follows."""
        typed = _typed(received.form)
        if visitor is None or visitor.kind != "patient":
            return self._pages.closed(visitor, typed, status=401)
        if visitor.consent == "refused":
            raise GoTo(CONSENT_PAGE)
        try:
            if visitor.locked:
                self._unlock(visitor, _word(received.form, "pin"))
                visitor = replace(visitor, locked=False)
            return self._take(visitor, typed, received)
        except (PageError, GoTo, NotFoundError):
            raise
        except RefusedError as refused:
            report_id = _id(received.form)
            return self._pages.locked_form(visitor, typed, report_id, refused.sentence)
        except DiaryError as refused:
            return self._pages.form(visitor, Shown(typed, problems={REPORT: str(refused)}), 400)
        except Exception as error:
            # The text of an error may hold what a patient wrote; its kind may not.
            logger.error("A report was not taken: %s.", type(error).__name__)  # noqa: TRY400
            return self._pages.not_taken(typed)

    def _unlock(self, visitor: Visitor, pin: str) -> None:
        if not pin:
            # Locked while it was being written: that is no wrong try.
            raise RefusedError(_("Your diary was locked meanwhile. Please type your PIN."))
        unlock(self._kit, visitor, pin, self._kit.clock())

    def _take(self, visitor: Visitor, typed: Typed, received: Received) -> Response:
        viewer, form = visitor.viewer, received.form
        files = [file for file in form.getlist("photos") if isinstance(file, UploadFile)]
        files = [file for file in files if file.filename]
        hashes = [light_report.digest(file.file) for file in files]
        report_id = _id(form)
        held = light_report.hold(self._kit, viewer, report_id, typed)
        said = ""
        if isinstance(held, Sent):
            if held.is_same(read_report(typed, photos=len(held.hashes)), hashes):
                return go(f"/now/sent/{report_id}")
            # What was sent stays; what differs from it is a report of its own.
            said = _(
                "Your report of {clock} was sent. What you see here is a new one:"
                " press “Send” again if you want to send it, too."
            ).format(clock=held.clock)
            held = light_report.begin_anew(self._kit, viewer, typed)
        light_report.leave_out(self._kit, viewer, held, _ids(form))
        refused = self._keep(visitor, held, files, hashes)
        held = light_report.with_photos(self._kit, viewer, held)
        report = read_report(typed, photos=len(held.photo_ids))
        problems = dict(report.problems)
        if said:
            problems = {REPORT: said, **problems}
        if received.sentence:
            problems["photos"] = received.sentence
        if problems:
            return self._not_yet(
                visitor, held, typed, report, problems, [each for each, _r in refused]
            )
        return self._send(visitor, held, typed, report, hashes, [each for _o, each in refused])

    def _send(
        self,
        visitor: Visitor,
        held: Held,
        typed: Typed,
        report: Report,
        hashes: Sequence[str],
        refused: Sequence[Refusal],
    ) -> Response:
        before = light_report.send(self._kit, visitor.viewer, held.id, report, refused)
        if before is not None and not before.is_same(report, hashes):
            sentence = _(
                "Another report was sent at {clock}; this one was not. Press “Send” again."
            )
            problems = {REPORT: sentence.format(clock=before.clock)}
            return self._pages.form(visitor, Shown(typed, problems=problems), 409)
        return go(f"/now/sent/{held.id}")

    def _not_yet(
        self,
        visitor: Visitor,
        held: Held,
        typed: Typed,
        report: Report,
        problems: dict[str, str],
        failed: Sequence[Outcome],
    ) -> Response:
        shown = Shown(
            typed,
            held,
            problems=problems,
            temperature=report.temperature,
            failed=failed,
            is_emergency=report.is_emergency,
        )
        return self._pages.form(visitor, shown, 400)

    def _keep(
        self, visitor: Visitor, held: Held, files: Sequence[UploadFile], hashes: Sequence[str]
    ) -> list[tuple[Outcome, Refusal]]:
        refused = []
        for file, sha256 in zip(files, hashes, strict=True):
            for outcome in keep_all(self._kit, visitor, held.id, [file], None, ""):
                refused.append((outcome, Refusal(outcome.sentence, sha256)))
        return refused


def _typed(form: FormData) -> Typed:
    several = {
        name: [value for value in form.getlist(name) if isinstance(value, str)] for name in SEVERAL
    }
    return Typed({name: _word(form, name) for name in ONE if name in form}, several)


def _word(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip().replace("\0", "") if isinstance(value, str) else ""


def _id(form: FormData) -> UUID:
    try:
        return UUID(_word(form, "report"))
    except ValueError:
        raise PageError(
            400, _("This report could not be read; please open the page again.")
        ) from None


def _ids(form: FormData) -> list[UUID]:
    found = []
    for value in form.getlist("leave_out"):
        if isinstance(value, str):
            found.append(id_in_path(value))
    return found
