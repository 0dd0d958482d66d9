"""The frame of every care-team screen: where one can go, and whether alerting runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import flet as ft

from diary_app.components.care_keys import Keys
from diary_app.components.care_parts import FINE, band, fine, watch_words
from diary_app.ground.controls import open_same_window
from diary_app.routes import (
    DEVICES_PAGE,
    HOME,
    ON_CALL,
    PATIENTS,
    SIGN_OUT_PAGE,
    SUMMARY,
    THRESHOLDS,
    WAYS,
)
from diary_app.services.desk import Desk
from diary_app.services.watch import Watch
from diary_app.text import _

WIDE_FROM = 720
MOST_WORDS = 5  # side by side in the bar of a phone
ADMIN = "/admin"


@dataclass(frozen=True)
class Care:
    """What every care-team screen finds around it; ``wide`` = a desk, not a phone."""

    desk: Desk
    wide: bool
    language: str = "en"
    keys: Keys = field(default_factory=Keys)


_NO_CARE: object = None
CareContext = ft.create_context(_NO_CARE)


def use_care() -> Care:
    """Return the desk around this screen; a hook."""
    care = ft.use_context(CareContext)
    if not isinstance(care, Care):
        raise TypeError("A care-team screen is drawn inside CareTeamApp.")
    return care


@dataclass(frozen=True)
class _Place:
    path: str
    word: Callable[[], str]
    icon: ft.IconData
    verb: str


_PLACES = (
    _Place(HOME, lambda: _("Inbox"), ft.Icons.INBOX, "alert.read"),
    _Place(SUMMARY, lambda: _("Summary"), ft.Icons.SUMMARIZE, "digest.review"),
    _Place(PATIENTS, lambda: _("Patients"), ft.Icons.PEOPLE, "patient.list"),
    _Place(ON_CALL, lambda: _("On call"), ft.Icons.PHONE_IN_TALK, "policy.read"),
    _Place(THRESHOLDS, lambda: _("Rules"), ft.Icons.TUNE, "rules.read"),
    _Place(WAYS, lambda: _("My ways"), ft.Icons.SEND_TO_MOBILE, "way.own"),
    _Place(ADMIN, lambda: _("Admin"), ft.Icons.ADMIN_PANEL_SETTINGS, "clinic.read"),
)


def shell(
    care: Care,
    title: str,
    controls: Sequence[ft.Control],
    *,
    place: str,
    watch: Watch | None,
    deep: bool = False,
    scrolling: ft.Ref[ft.Column] | None = None,
) -> ft.View:
    """Return a screen.

    Args:
        care: Of ``use_care``.
        title: The page's heading, in the bar.
        controls: The body; it scrolls.
        place: Path of the main place this screen belongs to.
        watch: None while it is not known yet.
        deep: A page below a main place: a way back, and no bar of places on a phone.
        scrolling: Takes the column that scrolls the body.
    """
    places = [each for each in _PLACES if care.desk.me.may(each.verb)]
    chosen = next((i for i, each in enumerate(places) if each.path == place), 0)

    def go(event: ft.Event[ft.NavigationBar] | ft.Event[ft.NavigationRail]) -> None:
        index = event.control.selected_index
        if index is not None and 0 <= index < len(places):
            ft.context.page.navigate(places[index].path)

    dead = watch is not None and not watch.running
    body = ft.Column(
        [
            *([band("urgent", watch_words(watch), key="watch-dead")] if watch and dead else []),
            ft.Column(
                ref=scrolling,
                controls=[
                    ft.Container(
                        padding=16 if care.wide else 12,
                        content=ft.Column(
                            list(controls),
                            spacing=14,
                            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                        ),
                    )
                ],
                expand=True,
                scroll=ft.ScrollMode.AUTO,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
        ],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    if not care.wide and watch is not None and not dead:
        strip = ft.Container(_alive(watch), padding=ft.Padding.only(left=16, right=16, bottom=6))
        body.controls.insert(0, strip)
    content: ft.Control = body
    if care.wide and len(places) > 1:
        content = ft.Row(
            [_rail(places, chosen, go), ft.VerticalDivider(width=1), body],
            expand=True,
            spacing=0,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    return ft.View(
        route=ft.use_view_path(),
        padding=0,
        spacing=0,
        appbar=ft.AppBar(
            title=ft.Semantics(
                heading_level=1,
                header=True,
                content=ft.Text(title, size=20, weight=ft.FontWeight.W_600),
            ),
            automatically_imply_leading=deep,
            bgcolor=ft.Colors.SURFACE,
            actions=_actions(care, watch, dead=dead),
        ),
        navigation_bar=None
        if care.wide or deep or len(places) < 2
        else ft.NavigationBar(
            destinations=[
                ft.NavigationBarDestination(icon=each.icon, label=each.word()) for each in places
            ],
            selected_index=chosen,
            label_behavior=ft.NavigationBarLabelBehavior.ONLY_SHOW_SELECTED
            if len(places) > MOST_WORDS
            else ft.NavigationBarLabelBehavior.ALWAYS_SHOW,
            on_change=go,
        ),
        controls=[ft.SafeArea(content, expand=True, avoid_intrusions_top=False)],
    )


def _rail(
    places: Sequence[_Place],
    chosen: int,
    go: Callable[[ft.Event[ft.NavigationRail]], None],
) -> ft.Control:
    return ft.NavigationRail(
        destinations=[
            ft.NavigationRailDestination(icon=each.icon, label=each.word()) for each in places
        ],
        selected_index=chosen,
        label_type=ft.NavigationRailLabelType.ALL,
        min_width=96,
        bgcolor=ft.Colors.SURFACE,
        on_change=go,
    )


def _alive(watch: Watch) -> ft.Control:
    return ft.Row(
        [
            ft.Icon(ft.Icons.CHECK_CIRCLE, color=ft.Colors.GREEN_700, size=18),
            fine(watch_words(watch)),
        ],
        spacing=6,
        tight=True,
    )


def _actions(care: Care, watch: Watch | None, *, dead: bool) -> list[ft.Control]:
    shown: list[ft.Control] = []
    if care.wide:
        if watch is not None and not dead:
            shown.append(_alive(watch))
        shown.append(
            ft.Container(fine(care.desk.me.name), padding=ft.Padding.only(left=20, right=8))
        )
    shown.append(_leaving(care, "devices", _("My sign-in"), ft.Icons.MANAGE_ACCOUNTS, DEVICES_PAGE))
    shown.append(_leaving(care, "sign-out", _("Sign out"), ft.Icons.LOGOUT, SIGN_OUT_PAGE))
    return shown


def _leaving(care: Care, key: str, word: str, icon: ft.IconData, path: str) -> ft.Control:
    """Return a button that leads out of the app to a plain page."""

    async def leave() -> None:
        await open_same_window(path)

    if care.wide:
        style = ft.ButtonStyle(text_style=ft.TextStyle(size=FINE))
        return ft.TextButton(word, key=key, style=style, on_click=leave)
    return ft.IconButton(ft.Icon(icon, semantics_label=word), key=key, on_click=leave)


def reading_body(problem: str) -> list[ft.Control]:
    """Return what stands in for a page that is not read yet, or could not be."""
    if problem:
        return [band("prompt", problem, key="problem")]
    return [ft.Row([ft.ProgressRing(width=28, height=28), fine(_("Reading..."))], spacing=12)]
