"""What the keys do in the inbox: move from alert to alert, open, take, search."""

from collections.abc import Awaitable, Callable, Sequence

import flet as ft

from diary_app.components.care_inbox_row import row_key
from diary_app.components.care_keys import Answer
from diary_app.components.care_reading import tell
from diary_app.routes import alert
from diary_app.services.inbox import InboxRow
from diary_app.text import _


def list_keys(
    shown: Sequence[InboxRow],
    marked: str,
    mark: Callable[[str], None],
    take: Callable[[InboxRow], Awaitable[None]],
    body: ft.Ref[ft.Column],
) -> dict[str, Answer]:
    """Return what moves through the list and acts on the marked alert.

    Args:
        shown: The alerts as they stand on the screen.
        marked: Code of the alert that keys act on; none of the list = none.
        mark: Takes the code of another.
        take: Takes an alert.
        body: What scrolls; the marked alert is kept in sight.
    """
    at = next((i for i, row in enumerate(shown) if row.code == marked), None)

    async def step(by: int) -> None:
        if not shown:
            return
        start = (-1 if by > 0 else 0) if at is None else at
        row = shown[min(max(start + by, 0), len(shown) - 1)]
        mark(row.code)
        if body.current is not None:
            await body.current.scroll_to(scroll_key=row_key(row), duration=120)

    def open_it() -> None:
        if at is not None:
            ft.context.page.navigate(alert(shown[at].alert_id))

    async def take_it() -> None:
        if at is None:
            tell(ft.context.page, _("Choose an alert with j or k first."))
        elif shown[at].state == "open":
            await take(shown[at])

    return {
        "j": lambda: step(1),
        "k": lambda: step(-1),
        "enter": open_it,
        "o": open_it,
        "t": take_it,
    }


def short_keys() -> dict[str, str]:
    """Return the keys that stand below the list."""
    return {
        "j k": _("down, up"),
        "Enter": _("open"),
        "t": _("take"),
        "/": _("search"),
        "?": _("all keys"),
    }


def every_key() -> dict[str, str]:
    """Return all keys of the inbox and what they do."""
    return {
        "j Down": _("To the next alert"),
        "k Up": _("To the alert before"),
        "Enter": _("Open the chosen alert"),
        "t": _("Take the chosen alert"),
        "u": _("Undo what you did last, within a minute"),
        "/": _("Search by name, number or day of birth"),
        "1 2 3": _("Show open alerts, mine, closed ones"),
        "?": _("Show and hide this list"),
    }
