"""Small forms, read by hand: bounded, and never answered with a list of machine errors."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from diary_app.api.pages import PageError
from diary_app.text import _

LARGEST_FORM_BYTES = 64 * 1024
MOST_FIELDS = 50


@dataclass(frozen=True)
class Form:
    """What was typed, by field name; the last value counts."""

    fields: Mapping[str, str]

    def text(self, name: str) -> str:
        """Return what was typed without blanks around it; empty when the field is absent."""
        return self.fields.get(name, "").strip()

    def exact(self, name: str) -> str:
        """Return what was typed exactly, for passwords."""
        return self.fields.get(name, "")


async def read_form(request: Request) -> Form:
    """Return the urlencoded form of a request.

    Raises:
        PageError: If it is larger than 64 KB or is no form.
    """
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > LARGEST_FORM_BYTES:
            raise PageError(413, _("This form is too large; please go back and type less."))
    try:
        pairs = parse_qsl(
            received.decode("ascii", "replace"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise PageError(
            400, _("This form could not be read; please go back and try again.")
        ) from None
    # NUL has no meaning in words, and PostgreSQL refuses it.
    return Form({name: value.replace("\0", "") for name, value in pairs})


SmallForm = Annotated[Form, Depends(read_form)]
