"""What can be sent: entries, each kept once, however often it is sent."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Response

from db.errors import ConflictError
from diary_app.api.problems import MEDIA_TYPE, Problem, ProblemError
from diary_app.api.v1.knowing import Caller
from diary_app.api.v1.shapes import EntryOut, NewEntry
from diary_app.services import records
from diary_app.services.kit import Kit
from diary_app.services.program_entry import (
    NotFollowedError,
    OtherBodyError,
    Told,
    UnusableFieldError,
    send,
)

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[A-Za-z0-9._~-]{16,100}$",
        description="Made anew for each entry, such as a UUID; the same key is the same entry.",
    ),
]
_CONFLICT: dict[int | str, dict[str, Any]] = {
    200: {"model": EntryOut, "description": "It was sent before; nothing was done now."},
    400: {"model": Problem, "content": {MEDIA_TYPE: {}}, "description": "The body is not JSON."},
    409: {
        "model": Problem,
        "content": {MEDIA_TYPE: {}},
        "description": "The key stands for another entry, what it corrects was corrected already, "
        "or the patient is no longer in follow-up.",
    },
    413: {"model": Problem, "content": {MEDIA_TYPE: {}}, "description": "Over 64 KB."},
}


def add(routes: APIRouter, kit: Kit, known: Callable[..., Caller]) -> None:
    """Add the route that keeps an entry."""
    caller = Depends(known)

    @routes.post(
        "/entries",
        response_model=EntryOut,
        status_code=201,
        responses=_CONFLICT,
        summary="Send an entry",
    )
    def keep(body: NewEntry, response: Response, key: Key, who: Caller = caller) -> dict[str, Any]:
        """Scope `entries:write`. It is graded and raises alerts like an entry from the app."""
        program = who.writer("entries:write")
        told = Told(
            patient_id=body.patient_id,
            kind=body.kind,
            author=body.author,
            said_at=body.said_at,
            corrects=body.corrects,
            answers=body.answers.said(),
        )
        try:
            taken = send(kit, program, key, told)
        except UnusableFieldError as error:
            raise ProblemError.of_field(error.field, error.sentence) from error
        except (OtherBodyError, NotFollowedError) as error:
            raise ProblemError(409, "Conflict", error.sentence) from error
        except ConflictError as error:
            raise ProblemError(409, "Conflict", str(error)) from error
        response.headers["Location"] = f"/api/v1/entries/{taken.entry_id}"
        if taken.again:
            response.status_code = 200
        viewer = program.viewer(body.patient_id)
        return records.entry(kit, viewer, taken.entry_id, kit.clock())
