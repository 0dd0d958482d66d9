"""A form with files, read to its end or as far as it came; what was typed is never thrown away."""

from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from diary_app.api.uploads import TooMuchError, bounded
from diary_app.services.photos import MOST_PHOTOS
from diary_app.text import _


@dataclass(frozen=True)
class Received:
    """What came in.

    Attributes:
        form: Its fields and files; without any file when it did not arrive whole.
        status: 200, or the HTTP status of the refusal.
        sentence: Why it was refused; empty when all of it arrived.
    """

    form: FormData
    status: int = 200
    sentence: str = ""


async def receive(request: Request, *, most_bytes: int, most_fields: int) -> Received:
    """Return the multipart form of a request; close its ``form`` after use."""
    parser = MultiPartParser(
        request.headers,
        bounded(request.stream(), most_bytes),
        max_files=MOST_PHOTOS,
        max_fields=most_fields,
        max_part_size=64 * 1024,
    )
    try:
        return Received(await parser.parse())
    except TooMuchError:
        status = 413
        sentence = _("These photos are too large together; please send fewer at once.")
    except (MultiPartException, KeyError, ValueError, ClientDisconnect):
        status = 400
        sentence = _("The photos did not arrive; please choose at most 12 and try again.")
    except OSError:
        status = 507
        sentence = _("The diary has no room for these photos; please tell your clinic.")
    fields: list[tuple[str, str | UploadFile]] = [
        (name, value) for name, value in parser.items if isinstance(value, str)
    ]
    return Received(FormData(fields), status, sentence)
