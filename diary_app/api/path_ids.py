"""Ids that come in by an address."""

from uuid import UUID

from diary_app.api.pages import PageError
from diary_app.text import _


def id_in_path(text: str) -> UUID:
    """Return the id; raises PageError (404) when the text is none."""
    try:
        return UUID(text)
    except ValueError:
        raise PageError(404, _("There is no such page. Please check the address.")) from None
