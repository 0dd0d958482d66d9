"""Teams, and who is away."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from uuid import UUID

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_confirm import confirm_dialog
from diary_app.components.care_parts import band, button, fine, part, text
from diary_app.components.care_rota import GiveUp, acts_together, people_list
from diary_app.components.care_words import plain_day
from diary_app.services.care_errors import REFUSALS
from diary_app.services.on_call import AbsenceLine, OnCall, TeamLine
from diary_app.text import _


@keyed
def TeamCard(
    on_call: OnCall,
    team: TeamLine,
    staff: dict[UUID, str],
    again: Callable[[], Awaitable[None]],
    *,
    may_write: bool,
) -> ft.Control:
    """Show a team; who may, changes who is in it."""
    start = frozenset(member for member in team.members if member in staff)
    changing, change = ft.use_state(False)
    chosen, choose = ft.use_state(start)
    confirming, confirm = ft.use_state(False)
    refused, set_refused = ft.use_state("")

    def toggle(user: UUID) -> None:
        choose(lambda before: before ^ {user})

    def begin() -> None:
        choose(start)
        change(True)

    async def keep() -> None:
        confirm(False)
        members = [user for user in staff if user in chosen]
        try:
            await asyncio.to_thread(on_call.set_members, team.team_id, members)
        except REFUSALS as error:
            set_refused(str(error))
            return
        change(False)
        await again()

    names = ", ".join(staff[user] for user in staff if user in chosen)
    ft.use_dialog(
        confirm_dialog(
            _("Who is in the team {name} from now on?").format(name=team.name),
            [names or _("Nobody: a step that tells only this team is skipped.")],
            _("Keep the team"),
            keep,
            lambda: confirm(False),
        )
        if confirming
        else None
    )
    shown: list[ft.Control] = [band("prompt", refused)] if refused else []
    acts: list[ft.Control] = []
    if changing:
        shown += [
            *(
                ft.Checkbox(
                    key=f"member-{name}",
                    label=name,
                    value=user in chosen,
                    on_change=partial(toggle, user),
                )
                for user, name in staff.items()
            ),
            ft.Row(
                [
                    button(_("Save the team"), lambda: confirm(True), key="save-team", main=True),
                    button(_("Cancel"), lambda: change(False), key="cancel-team"),
                ],
                wrap=True,
                spacing=8,
            ),
        ]
    else:
        there = ", ".join(staff[member] for member in team.members if member in staff)
        shown.append(text(there or _("Nobody is in this team.")))
        if may_write:
            acts = acts_together(
                button(_("Change members"), begin, key=f"change-{team.name}", main=True),
                GiveUp(
                    _("Give up the team {name}?").format(name=team.name),
                    partial(on_call.end_team, team.team_id),
                    again,
                    key=f"end-{team.name}",
                ),
            )
    return part(_("Team {name}").format(name=team.name), shown, actions=acts)


@keyed
def NewGroup(
    label: str,
    what: str,
    add: Callable[[str], None],
    again: Callable[[], Awaitable[None]],
    name: str,
) -> ft.Control:
    """Ask for the name of a new team or rota.

    Args:
        label: Of the field.
        what: Words of the button.
        add: Keeps it.
        again: Reads the page once more.
        name: Of the controls' keys.
    """
    typed, set_typed = ft.use_state("")
    problem, set_problem = ft.use_state("")

    async def keep() -> None:
        try:
            await asyncio.to_thread(add, typed)
        except REFUSALS as error:
            set_problem(str(error))
            return
        set_problem("")
        set_typed("")
        await again()

    return ft.Row(
        [
            ft.TextField(
                key=f"{name}-name",
                label=label,
                value=typed,
                width=240,
                error=problem or None,
                on_change=lambda event: set_typed(event.control.value),
            ),
            button(what, keep, key=f"{name}-add", icon=ft.Icons.ADD),
        ],
        wrap=True,
        spacing=8,
        run_spacing=8,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


@keyed
def AwayPart(
    on_call: OnCall,
    absences: Sequence[AbsenceLine],
    staff: dict[UUID, str],
    again: Callable[[], Awaitable[None]],
    *,
    may_write: bool,
) -> ft.Control:
    """Show who is away and who takes over; who may, adds days and takes them back."""
    typed, set_typed = ft.use_state({"first": "", "last": "", "who": "", "cover": ""})
    problem, set_problem = ft.use_state("")

    def put(name: str, value: str) -> None:
        set_typed(lambda before: {**before, name: value})

    async def keep() -> None:
        who, cover = (UUID(typed[name]) if typed[name] else None for name in ("who", "cover"))
        try:
            await asyncio.to_thread(on_call.add_absence, typed["first"], typed["last"], who, cover)
        except REFUSALS as error:
            set_problem(str(error))
            return
        set_problem("")
        set_typed({"first": "", "last": "", "who": "", "cover": ""})
        await again()

    async def remove(absence: AbsenceLine) -> None:
        await asyncio.to_thread(on_call.remove_absence, absence.absence_id)
        await again()

    def day(name: str, label: str) -> ft.Control:
        return ft.TextField(
            key=f"away-{name}",
            label=label,
            value=typed[name],
            width=270,
            on_change=lambda event: put(name, event.control.value),
        )

    form: list[ft.Control] = []
    if may_write:
        form = [
            ft.Row(
                [
                    people_list(
                        _("Away"), staff, typed["who"], lambda v: put("who", v), key="away-who"
                    ),
                    day("first", _("First day (YYYY-MM-DD)")),
                    day("last", _("Last day")),
                    people_list(
                        _("Cover"),
                        staff,
                        typed["cover"],
                        lambda v: put("cover", v),
                        key="away-cover",
                    ),
                    button(_("Add"), keep, key="away-add", icon=ft.Icons.ADD),
                ],
                wrap=True,
                spacing=8,
                run_spacing=8,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            ),
            *([band("prompt", problem)] if problem else []),
        ]
    return part(
        _("Days away"),
        [
            fine(
                _(
                    "On a rota the cover takes over. Without a cover nobody does, and a step that "
                    "tells only this rota is skipped at once."
                )
            ),
            *(
                ft.Row(
                    [
                        ft.Container(text(_away_words(each)), expand=True),
                        *(
                            [
                                button(
                                    _("Take back"),
                                    partial(remove, each),
                                    key=f"take-back-{each.absence_id}",
                                )
                            ]
                            if may_write
                            else []
                        ),
                    ]
                )
                for each in absences
            ),
            *([] if absences else [text(_("Nobody is away."))]),
            *form,
        ],
    )


def _away_words(line: AbsenceLine) -> str:
    days = plain_day(line.first_on)
    if line.last_on != line.first_on:
        days = _("{first} to {last}").format(first=days, last=plain_day(line.last_on))
    if line.cover:
        return _("{name}, {days}, cover: {cover}").format(
            name=line.name, days=days, cover=line.cover
        )
    return _("{name}, {days}, no cover").format(name=line.name, days=days)
