"""Photos by HTTP: one uploaded with a ticket, one shown to somebody who may see it."""

import logging
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect

from db.access import Viewer
from db.errors import KeyMissingError, PhotoRefusedError, StorageError, TamperedError
from db.photos import require_size
from diary_app.api.callers import Callers
from diary_app.api.pages import DATA_HEADERS, PageError
from diary_app.api.path_ids import id_in_path
from diary_app.api.uploads import store
from diary_app.services.doors import Visitor
from diary_app.services.kit import Kit
from diary_app.services.photo_cover import cover_of
from diary_app.services.photos import keep_photo, note_refusal, photo_bytes, use_ticket
from diary_app.services.pictures import only_marked
from diary_app.services.refusals import RefusedError
from diary_app.text import _, said

logger = logging.getLogger(__name__)


def router(kit: Kit, callers: Callers) -> APIRouter:
    """Return the routes of single photos."""
    routes = APIRouter(include_in_schema=False)

    def admit(request: Request, ticket: str) -> tuple[Visitor, UUID]:
        visitor = callers.anybody(request)
        if visitor is None or visitor.locked:
            raise PageError(401, _("Please open your diary again, then add the photo once more."))
        return visitor, use_ticket(kit, visitor.viewer, ticket, kit.clock())

    @routes.put("/api/photos/{ticket}")
    async def upload(request: Request, ticket: str) -> Response:
        try:
            callers.require_own_page(request)
            visitor, draft_id = await run_in_threadpool(admit, request, ticket)
        except PageError as refused:
            return _sentence(refused.status, refused.sentence)
        except (RefusedError, StorageError) as refused:
            return _sentence(409, str(refused))
        try:
            photo_id = await _received(kit, visitor, draft_id, request)
        except UploadError as refused:
            await run_in_threadpool(note_refusal, kit, visitor.viewer, ticket, str(refused))
            return _sentence(refused.status, str(refused))
        return JSONResponse({"photo_id": str(photo_id)}, headers=DATA_HEADERS)

    def picture(request: Request, photo_id: str, size: Literal["full", "thumb"]) -> Response:
        visitor = callers.anybody(request)
        if visitor is None or visitor.locked:
            raise PageError(401, _("Please sign in to see this photo."))
        if visitor.kind == "patient" and not cover_of(visitor, kit.clock()).shown:
            raise PageError(
                403, _("This photo is covered."), link=("/photos/show", _("Show my photos"))
            )
        try:
            jpeg = photo_bytes(kit, visitor.viewer, id_in_path(photo_id), size, kit.clock())
        except KeyMissingError as error:
            raise PageError(
                503,
                _("This photo cannot be read without the key; please tell whoever runs the diary."),
            ) from error
        except TamperedError as error:
            logger.exception("Photo %s does not open.", id_in_path(photo_id))
            raise PageError(
                503, _("This photo cannot be shown; please tell whoever runs the diary.")
            ) from error
        return Response(jpeg, media_type="image/jpeg", headers=DATA_HEADERS)

    @routes.get("/photos/{photo_id}")
    def full(request: Request, photo_id: str) -> Response:
        return picture(request, photo_id, "full")

    @routes.get("/photos/{photo_id}/thumb")
    def thumb(request: Request, photo_id: str) -> Response:
        return picture(request, photo_id, "thumb")

    return routes


def keep_sent(kit: Kit, viewer: Viewer, draft_id: UUID, received: Path, now: datetime) -> UUID:
    """Keep a photo that says nothing of its place: the only region marked today, if it is one."""
    region = only_marked(kit, viewer, draft_id)
    return keep_photo(kit, viewer, draft_id, received, now, region=region)


class UploadError(Exception):
    """A photo that came with a good ticket was not kept; the text is the patient's sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


async def _received(kit: Kit, visitor: Visitor, draft_id: UUID, request: Request) -> UUID:
    try:
        with TemporaryDirectory(prefix="diary-photo-") as folder:
            received = Path(folder) / "received"
            size = await store(request.stream(), received)
            require_size(max(size, _announced(request)))
            return await run_in_threadpool(
                keep_sent, kit, visitor.viewer, draft_id, received, kit.clock()
            )
    except PhotoRefusedError as refused:
        raise UploadError(413, said(refused.sentence).format(**refused.values)) from refused
    except (RefusedError, StorageError) as refused:
        raise UploadError(409, str(refused)) from refused
    except ClientDisconnect as gone:
        raise UploadError(400, _("The photo did not arrive. Please choose it again.")) from gone
    except OSError as error:
        logger.error("A photo could not be received: error %s.", error.errno)  # noqa: TRY400
        raise UploadError(
            507, _("The diary has no room for this photo; tell your clinic.")
        ) from error


def _announced(request: Request) -> int:
    announced = request.headers.get("content-length", "")
    return int(announced) if announced.isascii() and announced.isdigit() else 0


def _sentence(status: int, sentence: str) -> Response:
    return JSONResponse({"sentence": sentence}, status, headers=DATA_HEADERS)
