"""Who owns a Flet session: decided by the sign-in cookie, never by what the client says."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

import flet as ft


class NotSignedInError(LookupError):
    """Nobody is signed in to this Flet session."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One person signed in on one device.

    Attributes:
        sign_in_id: Names the sign-in, not the person; safe to log.
        kind: Whether a patient or a member of staff sits in front of the screen.
        viewer: What the services ask for permission; opaque here.
        language: Language tag of the person, such as ``"en"`` or ``"es"``.
        time_zone: IANA name of the zone the person's days are counted in.
    """

    sign_in_id: str
    kind: Literal["patient", "staff"]
    viewer: object
    language: str
    time_zone: str


arriving: ContextVar[SignedIn | None] = ContextVar("diary_arriving", default=None)
_owners: dict[str, SignedIn] = {}


def own(session_id: str, person: SignedIn) -> None:
    """Give the Flet session to this person, or renew what is known about its owner."""
    _owners[session_id] = person


def disown(session_id: str) -> None:
    """Forget who owned the Flet session; unknown sessions are ignored."""
    _owners.pop(session_id, None)


def owner(session_id: str) -> SignedIn | None:
    """Return who owns the Flet session; None means nobody does."""
    return _owners.get(session_id)


def sessions_of(sign_in_id: str) -> list[str]:
    """Return the ids of all Flet sessions of one sign-in."""
    return [session for session, person in _owners.items() if person.sign_in_id == sign_in_id]


def signed_in(page: ft.Page) -> SignedIn:
    """Return who owns the page's session.

    Raises:
        NotSignedInError: If the session has no owner, or had one and was ended.
    """
    person = _owners.get(page.session.id)
    if person is None:
        raise NotSignedInError("This screen needs a sign-in. Please sign in again.")
    return person
