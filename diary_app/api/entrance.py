"""What the Flet app asks about a browser: who it is, and which page comes first."""

from collections.abc import Callable, Mapping

from fastapi import Request

from diary_app.ground.signed_in import SignedIn
from diary_app.services.doors import SignInDesk
from diary_app.services.kit import Kit


def lookup(kit: Kit) -> Callable[[Mapping[str, str]], SignedIn | None]:
    """Return the function that tells a socket's owner by its cookies.

    It gives None for a locked diary too. Call it with ``active=False`` for a mere look at a
    socket that may be idle, or its idle time never ends.
    """
    desk = SignInDesk(kit)

    def find(cookies: Mapping[str, str], *, active: bool = True) -> SignedIn | None:
        visitor = desk.who(cookies, kit.clock(), active=active)
        if visitor is None or visitor.locked:
            return None
        return SignedIn(
            sign_in_id=visitor.sign_in_id,
            kind=visitor.kind,
            viewer=visitor.viewer,
            language=visitor.language,
            time_zone=visitor.time_zone,
        )

    return find


def door(kit: Kit) -> Callable[[Request], str | None]:
    """Return the function that leads a browser to a page before the app; None = come in."""
    desk = SignInDesk(kit)

    def first_page(request: Request) -> str | None:
        visitor = desk.who(request.cookies, kit.clock())
        if visitor is None:
            return "/welcome"
        return "/pin" if visitor.locked else None

    return first_page
