"""Controls that Flet 1.0.5 declares differently from what its browser client does."""

import flet as ft


@ft.control("Semantics")  # type: ignore[arg-type]
class Sem(ft.Semantics):
    """A node for screen readers that can be tapped.

    The client of flet 1.0.5 raises "click", while ``ft.Semantics`` declares ``on_tap``, which
    never fires.
    """

    on_click: ft.ControlEventHandler["Sem"] | None = None


async def announce(words: str) -> None:
    """Have a screen reader read out what no control on the screen says."""
    await ft.SemanticsService().announce_message(words)


async def open_other_tab(url: str) -> None:
    """Open another page of this site beside the app, in a new browser tab."""
    await ft.UrlLauncher().launch_url(url, web_only_window_name="_blank")


async def open_same_window(url: str) -> None:
    """Leave the app for another page of this site, in the same browser tab.

    Args:
        url: Path on this site, such as ``"/sign-out"``.
    """
    await ft.UrlLauncher().launch_url(url, web_only_window_name="_self")
