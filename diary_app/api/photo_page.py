"""Adding photos with a plain form, for browsers where the app's own chooser does not open."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from db.errors import PhotoRefusedError
from db.photos import LARGEST_RECEIVED_BYTES, require_size
from diary_app.api.callers import Callers
from diary_app.api.multipart import receive
from diary_app.api.pages import CAMERA_PAGE_HEADERS, GoTo, PageError, go, page
from diary_app.api.path_ids import id_in_path
from diary_app.services.doors import Visitor
from diary_app.services.kit import Kit
from diary_app.services.photo_cover import cover_of
from diary_app.services.photos import (
    MOST_PHOTOS,
    check_words,
    keep_as_it_is,
    keep_photo,
    take_out,
    tray,
)
from diary_app.services.pictures import PatientPictures
from diary_app.services.refusals import RefusedError
from diary_app.state.photo_tips import tips
from diary_app.state.pictures import cover_words, dated_words, doubt_words, regions_to_offer
from diary_app.text import _, said

MOST_BYTES = MOST_PHOTOS * LARGEST_RECEIVED_BYTES
_SHOWN_NAME = 60


@dataclass(frozen=True)
class Outcome:
    """One chosen file that was not kept: its name as the person knows it, and why."""

    file_name: str
    sentence: str


def router(kit: Kit, callers: Callers, regions: Callable[[], Mapping[str, str]]) -> APIRouter:
    """Return the routes of the photo form.

    Args:
        kit: What every service needs.
        callers: Finds out who a request comes from.
        regions: Returns body-map region -> name for people, in the order to offer them.
    """
    routes = APIRouter(include_in_schema=False)

    def form_page(
        visitor: Visitor, draft_id: UUID | None, failed: list[Outcome], sentence: str = ""
    ) -> Response:
        try:
            draft_id, _photos = tray(kit, visitor.viewer, draft_id)
        except RefusedError as refused:
            raise _back(409, refused.sentence) from refused
        held = PatientPictures(kit, visitor.viewer, visitor.sign_in_id).tray(draft_id)
        offered = regions_to_offer(regions(), held.marked)
        return page(
            "photos_add.html",
            status=400 if failed or sentence else 200,
            headers=CAMERA_PAGE_HEADERS,
            draft_id=draft_id,
            here=f"/photos/add?draft={draft_id}",
            pictures=held.pictures,
            last=held.last,
            marked_last={key: held.last[key] for key in offered if key in held.last},
            covered=cover_of(visitor, kit.clock()),
            first=held.is_first,
            failed=failed,
            sentence=sentence,
            regions=offered,
            chosen=held.marked[0] if len(held.marked) == 1 else "",
            room=MOST_PHOTOS - len(held.pictures),
            tips=tips(),
            dated=dated_words,
            doubt_words=doubt_words,
            why_covered=cover_words(has_pin=visitor.has_pin),
        )

    def keep(visitor: Visitor, draft_id: UUID | None, form: FormData) -> Response:
        try:
            draft_id, _photos = tray(kit, visitor.viewer, draft_id)
        except RefusedError as refused:
            raise _back(409, refused.sentence) from refused
        files = [file for file in form.getlist("photos") if isinstance(file, UploadFile)]
        files = [file for file in files if file.filename]
        description = _word(form, "description")
        try:
            region = check_words(_word(form, "region"), description, regions())
        except RefusedError as refused:
            return form_page(visitor, draft_id, [], refused.sentence)
        if not files:
            return form_page(visitor, draft_id, [], _("Please choose a photo first."))
        failed = keep_all(kit, visitor, draft_id, files, region, description)
        return form_page(visitor, draft_id, failed) if failed else _here(draft_id)

    @routes.get("/photos/add")
    def ask(request: Request) -> Response:
        return form_page(callers.patient(request), _draft_of(request), [])

    @routes.post("/photos/add")
    async def add(request: Request) -> Response:
        visitor = await run_in_threadpool(callers.patient, request)
        draft_id = _draft_of(request)
        form = await _read(request)
        try:
            return await run_in_threadpool(keep, visitor, draft_id, form)
        finally:
            await form.close()

    @routes.post("/photos/{photo_id}/remove")
    def remove(request: Request, photo_id: str) -> Response:
        visitor = callers.patient(request)
        take_out(kit, visitor.viewer, id_in_path(photo_id), kit.clock())
        raise GoTo("/photos/add")

    @routes.post("/photos/{photo_id}/keep")
    def as_it_is(request: Request, photo_id: str) -> Response:
        visitor = callers.patient(request)
        keep_as_it_is(kit, visitor.viewer, id_in_path(photo_id))
        draft_id = _draft_of(request)
        return go("/photos/add") if draft_id is None else _here(draft_id)

    return routes


async def _read(request: Request) -> FormData:
    received = await receive(request, most_bytes=MOST_BYTES, most_fields=10)
    if received.sentence:
        raise _back(received.status, received.sentence)
    return received.form


def keep_all(
    kit: Kit,
    visitor: Visitor,
    draft_id: UUID,
    files: Sequence[UploadFile],
    region: str | None,
    description: str,
) -> list[Outcome]:
    """Keep what can be kept, and return the rest with its reasons."""
    failed = []
    for file in files:
        try:
            _keep_one(kit, visitor, draft_id, file, region, description)
        except PhotoRefusedError as refused:
            failed.append(Outcome(_name(file), said(refused.sentence).format(**refused.values)))
        except RefusedError as refused:
            failed.append(Outcome(_name(file), refused.sentence))
        except OSError:
            sentence = _("The diary has no room for this photo; please tell your clinic.")
            failed.append(Outcome(_name(file), sentence))
    return failed


def _keep_one(
    kit: Kit,
    visitor: Visitor,
    draft_id: UUID,
    file: UploadFile,
    region: str | None,
    description: str,
) -> None:
    require_size(file.size or 0)
    with TemporaryDirectory(prefix="diary-photo-") as folder:
        received = Path(folder) / "received"
        with received.open("wb") as target:
            shutil.copyfileobj(file.file, target)
        keep_photo(
            kit,
            visitor.viewer,
            draft_id,
            received,
            kit.clock(),
            region=region,
            description=description,
        )


def _draft_of(request: Request) -> UUID | None:
    wanted = request.query_params.get("draft", "")
    return id_in_path(wanted) if wanted else None


def _word(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip().replace("\0", "") if isinstance(value, str) else ""


def _name(file: UploadFile) -> str:
    name = file.filename or ""
    return name if len(name) <= _SHOWN_NAME else f"{name[:_SHOWN_NAME]}..."


def _here(draft_id: UUID) -> Response:
    return go(f"/photos/add?draft={draft_id}")


def _back(status: int, sentence: str) -> PageError:
    return PageError(status, sentence, link=("/entry", _("Back to your entry")))
