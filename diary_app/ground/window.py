"""The app in a window of its own: through Flet's desktop client, without a browser or server."""

import asyncio
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

import flet as ft
from flet.utils import is_embedded, is_linux_server

from diary_app.ground import live, patches
from diary_app.ground.build import owned
from diary_app.ground.signed_in import SignedIn, arriving

CLIENT = "flet-desktop"


def why_no_window() -> str | None:
    """Return in one sentence why this machine shows no window; None when it can show one."""
    if is_embedded():  # type: ignore[no-untyped-call]
        return None
    if not has_screen():
        return "This machine has no screen; the diary can be opened in a browser."
    try:
        fits = version(CLIENT) == version("flet")
    except PackageNotFoundError:
        return "Flet's desktop client is not installed, so the diary opens in the browser."
    # Flet would replace a client of another version by itself, from the network.
    return (
        None
        if fits
        else "Flet's desktop client has another version, so the diary opens in the browser."
    )


def has_screen() -> bool:
    """Return whether a browser can be shown here; False on a server without a screen."""
    return not is_linux_server()  # type: ignore[no-untyped-call]


def open_window(main: Callable[[ft.Page], None], person: SignedIn) -> None:
    """Show the app of one person until the window is closed.

    Args:
        main: Draws the first screen.
        person: Whose app it is; there is no sign-in, whoever sits here holds the data already.

    Raises:
        UnknownFletError: If the installed Flet is another one.
    """
    patches.install()
    draw = owned(main)

    def begin(page: ft.Page) -> None:
        live.bind_loop(asyncio.get_running_loop())
        draw(page)

    arriving.set(person)
    try:
        ft.run(begin, view=ft.AppView.FLET_APP)
    finally:
        live.bind_loop(None)
