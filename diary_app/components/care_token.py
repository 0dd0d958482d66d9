"""Tokens of other programs: the form that makes one, and one row of the list."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_parts import TARGET, TEXT, band, button, choices, fine, tag, text
from diary_app.components.care_proof import proved
from diary_app.components.care_shell import use_care
from diary_app.components.care_words import Word, plain_day, when
from diary_app.services.care_errors import REFUSALS, UnusableAnswerError
from diary_app.services.programs import DAYS, SCOPES, TokenLine
from diary_app.text import _, _n
from diary_app.theme import look

SCOPE_WORDS: Mapping[str, Word] = {
    "entries:read": lambda: _("read diary entries"),
    "entries:write": lambda: _("send diary entries"),
    "patients:read": lambda: _("read the list of patients"),
    "alerts:read": lambda: _("read alerts"),
    "plans:read": lambda: _("read plans"),
    "exports:read": lambda: _("export a patient's whole diary"),
}
_STATES: Mapping[str, tuple[str, Word]] = {
    "valid": ("none", lambda: _("Valid")),
    "ended": ("digest", lambda: _("Withdrawn")),
    "expired": ("digest", lambda: _("Run out")),
}


@keyed
def TokenForm(
    make: Callable[[str, frozenset[str], int], str],
    made: Callable[[str], Awaitable[None]],
    cancel: Callable[[], None],
) -> ft.Control:
    """Ask which program it is, what it may do, and for how long.

    Args:
        make: Keeps the token and returns it; may refuse.
        made: Called with the token.
        cancel: Called when none is to be made.
    """
    name, set_name = ft.use_state("")
    scopes, set_scopes = ft.use_state(frozenset[str]())
    days, set_days = ft.use_state(str(DAYS[1]))
    problem, set_problem = ft.use_state(("", ""))
    where, sentence = problem
    care, page = use_care(), ft.context.page

    def flip(scope: str) -> None:
        set_scopes(lambda before: before ^ {scope})

    async def save() -> None:
        try:
            token = await proved(page, care.desk.proof, make, name, scopes, int(days))
        except UnusableAnswerError as error:
            set_problem((error.field, str(error)))
        except REFUSALS as error:
            set_problem(("", str(error)))
        else:
            await made(token)

    return ft.Column(
        [
            *([band("prompt", sentence)] if sentence and where != "name" else []),
            ft.TextField(
                key="token-name",
                label=_("Name of the program"),
                helper=_("It stands in the audit beside everything the program does."),
                value=name,
                error=sentence if where == "name" else None,
                on_change=lambda event: set_name(event.control.value or ""),
            ),
            text(_("It may")),
            ft.ResponsiveRow(
                [
                    ft.Container(
                        ft.Checkbox(
                            label=SCOPE_WORDS[scope](),
                            label_style=ft.TextStyle(size=TEXT),
                            value=scope in scopes,
                            key=f"scope-{scope}",
                            on_change=partial(flip, scope),
                        ),
                        col={"xs": 12, "md": 6, "xl": 4},
                        height=TARGET + 4,
                    )
                    for scope in SCOPES
                ],
                spacing=4,
                run_spacing=0,
            ),
            text(_("It holds for")),
            ft.Row(
                [
                    choices(
                        [
                            (str(each), _n("{count} day", "{count} days", each).format(count=each))
                            for each in DAYS
                        ],
                        days,
                        set_days,
                        key="token-days",
                    )
                ]
            ),
            ft.Row(
                [
                    button(_("Make the token"), save, key="token-make", main=True),
                    button(_("Cancel"), cancel, key="token-cancel"),
                ],
                wrap=True,
            ),
        ],
        spacing=10,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@keyed
def ShownToken(token: str, copied: Callable[[], None], gone: Callable[[], None]) -> ft.Control:
    """Show a new token this once.

    Args:
        token: Kept nowhere.
        copied: Called when it lies in the clipboard.
        gone: Called when it is to be shown no longer.
    """
    clipboard = ft.use_memo(ft.Clipboard, [])

    async def copy() -> None:
        await clipboard.set(token)
        copied()

    return ft.Column(
        [
            band("digest", _("Copy the token now; it is not shown again."), key="token-once"),
            ft.TextField(key="token-text", label=_("Token"), value=token, read_only=True),
            fine(_("Give it to the program's administrator by a way that nobody else reads.")),
            ft.Row(
                [
                    button(
                        _("Copy"), copy, key="token-copy", icon=ft.Icons.CONTENT_COPY, main=True
                    ),
                    button(_("I have it"), gone, key="token-gone"),
                ],
                wrap=True,
            ),
        ],
        spacing=10,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@keyed
def TokenRow(
    line: TokenLine, now: datetime, zone: str, end: Callable[[UUID], Awaitable[None]]
) -> ft.Control:
    """Show one token; withdrawing it asks once more.

    Args:
        now: Of the reading.
        zone: The clinic's time zone.
        end: Withdraws it.
    """
    sure, set_sure = ft.use_state(False)
    level, state = _STATES[line.state]
    may = ", ".join(SCOPE_WORDS[scope]() for scope in line.scopes if scope in SCOPE_WORDS)

    async def withdraw() -> None:
        set_sure(False)
        await end(line.id)

    acts: list[ft.Control] = []
    if line.state == "valid" and not sure:
        acts = [button(_("Withdraw"), lambda: set_sure(True), key=f"end-{line.name}")]
    elif line.state == "valid":
        acts = [
            text(_("The program is shut out at once. Withdraw the token?")),
            button(_("Withdraw"), withdraw, key=f"sure-{line.name}", main=True),
            button(_("Keep it"), lambda: set_sure(False), key=f"keep-{line.name}"),
        ]
    return ft.Container(
        padding=ft.Padding.symmetric(horizontal=14, vertical=12),
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=10,
        bgcolor=ft.Colors.SURFACE,
        content=ft.Column(
            [
                ft.Row(
                    [
                        ft.Container(text(line.name, strong=True), expand=True),
                        tag(look(level), state()),
                    ],
                    spacing=12,
                ),
                text(_("It may: {list}.").format(list=may)),
                fine(_used(line, now, zone)),
                fine(_times(line, now, zone)),
                *([ft.Row(acts, wrap=True, spacing=8, run_spacing=8)] if acts else []),
            ],
            spacing=6,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
    )


def _used(line: TokenLine, now: datetime, zone: str) -> str:
    if line.last_used_at is None:
        return _("Never used.")
    return _("Last used: {time}.").format(time=when(line.last_used_at, zone, now))


def _times(line: TokenLine, now: datetime, zone: str) -> str:
    made = _("Made by {name}: {time}.").format(
        name=line.made_by, time=when(line.created_at, zone, now)
    )
    if line.ended_at is not None:
        return f"{made} " + _("Withdrawn: {time}.").format(time=when(line.ended_at, zone, now))
    until = plain_day(line.expires_at.astimezone(ZoneInfo(zone)).date())
    if line.state == "expired":
        return f"{made} " + _("Ran out: {day}.").format(day=until)
    return f"{made} " + _("Holds until {day}.").format(day=until)
