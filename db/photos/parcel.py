"""What the decoding process hands back: a line of JSON, then the two pictures.

Read as data, never unpickled: whoever took over the decoder must not get further with it.
"""

import hashlib
import json
from typing import Any

from db.errors import PhotoRefusedError
from db.photos.photo import DOUBTS, CleanPhoto
from db.photos.sentences import SENTENCES

# Two JPEG pictures of at most 2048 and 360 pixels stay far below; more is not from our decoder.
LARGEST_PARCEL_BYTES = 32 * 1024 * 1024


def pack(outcome: CleanPhoto | PhotoRefusedError) -> bytes:
    """Return the outcome of one decoding as bytes."""
    head: dict[str, Any]
    if isinstance(outcome, PhotoRefusedError):
        head, body = {"sentence": outcome.sentence, "values": outcome.values}, b""
    else:
        head = {
            "sha256_received": outcome.sha256_received,
            "width": outcome.width,
            "height": outcome.height,
            "received_bytes": outcome.received_bytes,
            "picture_bytes": len(outcome.picture),
            "doubt": outcome.doubt,
        }
        body = outcome.picture + outcome.thumbnail
    return json.dumps(head).encode() + b"\n" + body


def unpack(parcel: bytes) -> CleanPhoto | PhotoRefusedError | None:
    """Return what was packed; None if this is not a whole parcel."""
    line, _, body = parcel.partition(b"\n")
    try:
        head = json.loads(line)
        if "sentence" in head:
            if head["sentence"] not in SENTENCES:
                return None
            return PhotoRefusedError(head["sentence"], **head["values"])
        picture, thumbnail = body[: head["picture_bytes"]], body[head["picture_bytes"] :]
        if not (picture.endswith(b"\xff\xd9") and thumbnail.endswith(b"\xff\xd9")):
            return None
        return CleanPhoto(
            sha256_received=str(head["sha256_received"]),
            sha256_kept=hashlib.sha256(picture).hexdigest(),
            width=int(head["width"]),
            height=int(head["height"]),
            picture=picture,
            thumbnail=thumbnail,
            received_bytes=int(head["received_bytes"]),
            doubt=head["doubt"] if head["doubt"] in DOUBTS else None,
        )
    except (ValueError, TypeError, KeyError):
        return None
