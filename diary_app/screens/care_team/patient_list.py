"""Importing a list of patients: choose or paste, see what would happen, add all or nobody."""

import asyncio
from collections.abc import Awaitable, Callable

import flet as ft

from diary_app.components.care_file import FileButton
from diary_app.components.care_invite import print_sheets
from diary_app.components.care_list_lines import list_lines
from diary_app.components.care_parts import band, button, fine, part, text
from diary_app.components.care_reading import attempt, use_reading
from diary_app.components.care_shell import shell, use_care
from diary_app.ground.boundary import screen_component
from diary_app.routes import PATIENTS
from diary_app.services.care_errors import REFUSALS
from diary_app.services.inviting import MOST_SHEETS
from diary_app.services.patient_list import ListCheck, ListKept
from diary_app.text import _, _n

HEAD = "code,name,born_on,phone,time_zone,language"


@screen_component
def PatientListScreen() -> ft.View:
    """Import a list; nothing is kept before the dry run has no bad line."""
    care = use_care()
    problem, set_problem = ft.use_state("")
    no_check: ListCheck | None = None
    check, set_check = ft.use_state(no_check)
    nothing: ListKept | None = None
    kept, set_kept = ft.use_state(nothing)
    content: ft.MutableRef[bytes] = ft.use_ref()
    lists, roster = care.desk.lists, care.desk.roster
    watch = use_reading(lambda _again: roster.watch(), roster.topic, [care.desk])
    go = ft.context.page

    async def look(what: bytes) -> None:
        content.current = what
        set_kept(lambda _before: None)
        try:
            found = await asyncio.to_thread(lists.check, what)
        except REFUSALS as error:
            set_problem(str(error))
            set_check(lambda _before: None)
        else:
            set_problem("")
            set_check(lambda _before: found)

    async def keep() -> None:
        try:
            done = await asyncio.to_thread(lists.keep, content.current or b"")
        except REFUSALS as error:
            set_problem(str(error))
            await look(content.current or b"")
            return
        set_check(lambda _before: None)
        set_kept(lambda _before: done)

    async def changed() -> None:
        set_check(lambda _before: None)

    body: list[ft.Control] = [_Source(look, changed)]
    if problem:
        body.append(band("prompt", problem, key="list-problem"))
    if isinstance(check, ListCheck):
        new = check.count("new")
        acts: list[ft.Control] = []
        if new and not check.count("refused"):
            words = _n("Add {count} patient", "Add {count} patients", new).format(count=new)
            acts.append(ft.Row([button(words, keep, key="keep-list", main=True)]))
        checked = part(_("What would happen"), [*list_lines(check), *acts])
        body.append(checked)
    if isinstance(kept, ListKept):
        body.append(_Kept(kept))
    body.append(ft.Row([button(_("To the patients"), lambda: go.navigate(PATIENTS), key="back")]))
    return shell(care, _("Import a list"), body, place=PATIENTS, watch=watch.value, deep=True)


@ft.component
def _Source(
    look: Callable[[bytes], Awaitable[None]], changed: Callable[[], Awaitable[None]]
) -> ft.Control:
    """Ask for the list: a file, or lines that were copied."""
    typed, set_typed = ft.use_state("")
    named, set_named = ft.use_state("")

    async def chosen(name: str, what: bytes) -> None:
        set_named(name)
        set_typed("")
        await look(what)

    async def pasted() -> None:
        set_named("")
        await look(typed.encode())

    async def type_(event: ft.Event[ft.TextField]) -> None:
        set_typed(event.control.value)
        await changed()

    file_name = [fine(_("Chosen: {name}").format(name=named))] if named else []
    return part(
        _("The list"),
        [
            text(
                _(
                    "A CSV file, or lines copied from a spreadsheet. The first line names the "
                    "columns: code, name and born_on (YYYY-MM-DD) are needed, phone, time_zone "
                    "and language (en, ko, es) are not."
                )
            ),
            fine(_("Such as: {head}").format(head=HEAD)),
            ft.Row(
                [
                    FileButton(_("Choose a CSV file"), ("csv", "tsv", "txt"), chosen, key="file"),
                    *file_name,
                ],
                wrap=True,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            ),
            ft.TextField(
                key="list-text",
                label=_("Or paste the lines here"),
                value=typed,
                multiline=True,
                min_lines=4,
                max_lines=10,
                text_size=14,
                on_change=type_,
            ),
            ft.Row([button(_("Check the lines"), pasted, key="check-list")]),
        ],
    )


@ft.component
def _Kept(kept: ListKept) -> ft.Control:
    """Say who was added, and offer to print their invitations."""
    care = use_care()
    added = len(kept.added)
    told = _n("{count} patient was added.", "{count} patients were added.", added)

    async def paper() -> None:
        ticket = await attempt(care.desk.inviting.sheets, kept.added)
        if ticket is not None:
            await print_sheets(ticket)

    offer: list[ft.Control] = []
    if 0 < added <= MOST_SHEETS:
        offer = [
            text(_("Hand each of them a sheet with their own one-time code:")),
            ft.Row(
                [
                    button(
                        _("Print the invitations"),
                        paper,
                        key="print-all",
                        icon=ft.Icons.PRINT,
                        main=True,
                    )
                ]
            ),
        ]
    return part(
        _("Done"),
        [
            ft.Semantics(live_region=True, content=text(told.format(count=added), strong=True)),
            *offer,
        ],
    )
