"""One weekly rota: who is on call now, its week, and its overrides."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_confirm import confirm_dialog
from diary_app.components.care_parts import band, button, fine, part, text, title
from diary_app.components.care_pick import pick_days, pick_list
from diary_app.components.care_words import WEEKDAYS, day_and_clock
from diary_app.services.care_errors import REFUSALS, UnusableAnswerError
from diary_app.services.on_call import OnCall, OverrideLine, RotaLine, missing
from diary_app.services.rota_form import ShiftForm
from diary_app.text import _


def shift_words(shift: ShiftForm, staff: dict[UUID, str]) -> str:
    """Return one row of the week: "Mon 20:00 to Tue 08:00, Ben"."""
    last = (shift.weekday + (shift.ends <= shift.starts)) % 7
    return _("{first} {starts} to {last} {ends}, {name}").format(
        first=WEEKDAYS[shift.weekday](),
        starts=shift.starts,
        last=WEEKDAYS[last](),
        ends=shift.ends,
        name=staff.get(shift.user_id, _("Somebody who left")),
    )


@keyed
def RotaCard(
    on_call: OnCall,
    rota: RotaLine,
    staff: dict[UUID, str],
    zone: str,
    again: Callable[[], Awaitable[None]],
    *,
    may_write: bool,
) -> ft.Control:
    """Show a rota; who may, changes its week and adds overrides.

    Args:
        rota: As it is kept.
        staff: Id -> name of everybody who can be on call.
        zone: The clinic's time zone.
        again: Reads the page once more.
        may_write: Whether changes are offered.
    """
    changing, change = ft.use_state(False)
    names = ", ".join(rota.now) or _("nobody")

    async def done() -> None:
        change(False)
        await again()

    shown: list[ft.Control] = [
        text(_("On call now: {names}").format(names=names), strong=True),
        *([band("prompt", rota.holes)] if rota.holes and not changing else []),
    ]
    if changing:
        shown.append(WeekForm(on_call, rota, staff, done, key=f"week-{rota.rota_id}"))
    else:
        shown += [text(shift_words(each, staff)) for each in rota.shifts]
    shown += _overrides(on_call, rota, zone, again, may_write=may_write)
    if may_write and not changing:
        shown.append(OverrideForm(on_call, rota, staff, again, key=f"override-{rota.rota_id}"))
    acts: list[ft.Control] = []
    if may_write and not changing:
        acts = acts_together(
            button(
                _("Change the week"), lambda: change(True), key=f"change-{rota.name}", main=True
            ),
            GiveUp(
                _("Give up the rota {name}?").format(name=rota.name),
                partial(on_call.end_rota, rota.rota_id),
                again,
                key=f"end-{rota.name}",
            ),
        )
    return part(_("Rota {name}").format(name=rota.name), shown, actions=acts)


def acts_together(*acts: ft.Control) -> list[ft.Control]:
    """Return a part's buttons as one group at its end."""
    return [ft.Row(list(acts), spacing=8, tight=True)]


@keyed
def GiveUp(
    question: str, act: Callable[[], None], again: Callable[[], Awaitable[None]]
) -> ft.Control:
    """Offer to give a team or a rota up, after a question."""
    asking, ask = ft.use_state(False)
    refused, set_refused = ft.use_state("")

    async def really() -> None:
        ask(False)
        try:
            await asyncio.to_thread(act)
        except REFUSALS as error:
            set_refused(str(error))
        else:
            await again()

    ft.use_dialog(
        confirm_dialog(question, [], _("Give up"), really, lambda: ask(False)) if asking else None
    )
    return ft.Column(
        [
            button(_("Give up"), lambda: ask(True)),
            *([fine(refused, color=ft.Colors.ERROR)] if refused else []),
        ],
        spacing=4,
        tight=True,
    )


@keyed
def WeekForm(
    on_call: OnCall,
    rota: RotaLine,
    staff: dict[UUID, str],
    done: Callable[[], Awaitable[None]],
) -> ft.Control:
    """Change the week of a rota: take shifts out, add some, confirm."""
    week, set_week = ft.use_state(rota.shifts)
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    days, set_days = ft.use_state(weekdays)
    starts, set_starts = ft.use_state("08:00")
    ends, set_ends = ft.use_state("20:00")
    whose, set_whose = ft.use_state("")
    problem, set_problem = ft.use_state("")
    confirming, confirm = ft.use_state(False)

    def add() -> None:
        person = UUID(whose) if whose else None
        try:
            new = on_call.shifts(days, starts, ends, person)
        except UnusableAnswerError as error:
            set_problem(str(error))
            return
        set_problem("")
        set_week(lambda before: tuple(sorted({*before, *new}, key=_order)))

    def take_out(gone: ShiftForm) -> None:
        set_week(lambda before: tuple(each for each in before if each != gone))

    async def keep() -> None:
        confirm(False)
        try:
            await asyncio.to_thread(on_call.set_week, rota.rota_id, week)
        except REFUSALS as error:
            set_problem(str(error))
        else:
            await done()

    hole = missing(rota.name, week)
    ft.use_dialog(
        confirm_dialog(
            _("Keep this week of the rota {name}?").format(name=rota.name),
            [
                *(shift_words(each, staff) for each in week),
                _("It holds from now on, also for the next steps of alerts that are open."),
            ],
            _("Keep the week"),
            keep,
            lambda: confirm(False),
            warnings=[hole] if hole else [],
        )
        if confirming
        else None
    )
    return ft.Column(
        [
            *(
                ft.Row(
                    [
                        ft.Container(text(shift_words(each, staff)), expand=True),
                        button(_("Take out"), partial(take_out, each), key=f"out-{index}"),
                    ]
                )
                for index, each in enumerate(week)
            ),
            title(_("Add shifts"), 3),
            pick_days(days, set_days, key="shift-days"),
            _line(
                [
                    _clock("shift-starts", _("From (HH:MM)"), starts, set_starts),
                    _clock("shift-ends", _("To (HH:MM)"), ends, set_ends),
                    people_list(_("Person"), staff, whose, set_whose, key="shift-person"),
                    button(_("Add"), add, key="add-shifts", icon=ft.Icons.ADD),
                ]
            ),
            fine(_("An end that is not later than the begin lies on the next day.")),
            *([band("prompt", problem)] if problem else []),
            *([band("prompt", hole)] if hole else []),
            _line(
                [
                    button(_("Save the week"), lambda: confirm(True), key="save-week", main=True),
                    button(_("Cancel"), done, key="cancel-week"),
                ]
            ),
        ],
        spacing=10,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _overrides(
    on_call: OnCall,
    rota: RotaLine,
    zone: str,
    again: Callable[[], Awaitable[None]],
    *,
    may_write: bool,
) -> list[ft.Control]:
    async def remove(override: OverrideLine) -> None:
        await asyncio.to_thread(on_call.remove_override, override.override_id)
        await again()

    return [
        ft.Row(
            [
                ft.Container(
                    text(
                        _("Instead from {starts} to {ends}: {name}").format(
                            starts=day_and_clock(each.starts_at, zone),
                            ends=day_and_clock(each.ends_at, zone),
                            name=each.name,
                        )
                    ),
                    expand=True,
                ),
                *(
                    [
                        button(
                            _("Take back"),
                            partial(remove, each),
                            key=f"take-back-{each.override_id}",
                        )
                    ]
                    if may_write
                    else []
                ),
            ]
        )
        for each in rota.overrides
    ]


@keyed
def OverrideForm(
    on_call: OnCall,
    rota: RotaLine,
    staff: dict[UUID, str],
    again: Callable[[], Awaitable[None]],
) -> ft.Control:
    """Put somebody on call for a while instead of the weekly rota."""
    opened, set_opened = ft.use_state(False)
    starts, set_starts = ft.use_state("")
    ends, set_ends = ft.use_state("")
    whose, set_whose = ft.use_state("")
    problem, set_problem = ft.use_state("")

    async def keep() -> None:
        person = UUID(whose) if whose else None
        try:
            await asyncio.to_thread(on_call.add_override, rota.rota_id, starts, ends, person)
        except REFUSALS as error:
            set_problem(str(error))
            return
        set_problem("")
        set_opened(False)
        await again()

    if not opened:
        return ft.Row(
            [
                button(
                    _("Add an override"),
                    lambda: set_opened(True),
                    key=f"add-override-{rota.name}",
                    icon=ft.Icons.SWAP_HORIZ,
                )
            ]
        )
    hint = _("YYYY-MM-DD HH:MM")
    return ft.Column(
        [
            title(_("On call instead of the week's rota"), 3),
            _line(
                [
                    _clock("override-starts", _("From"), starts, set_starts, hint, 220),
                    _clock("override-ends", _("To"), ends, set_ends, hint, 220),
                    people_list(_("Person"), staff, whose, set_whose, key="override-person"),
                ]
            ),
            *([band("prompt", problem)] if problem else []),
            _line(
                [
                    button(_("Keep the override"), keep, key="keep-override", main=True),
                    button(_("Cancel"), lambda: set_opened(False), key="cancel-override"),
                ]
            ),
        ],
        spacing=10,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def people_list(
    label: str, staff: dict[UUID, str], chosen: str, on_pick: Callable[[str], None], *, key: str
) -> ft.Control:
    """Return a list of the clinic's people of which one is chosen."""
    return pick_list(
        label, {str(user): name for user, name in staff.items()}, chosen, on_pick, key=key
    )


def _clock(
    key: str,
    label: str,
    value: str,
    put: Callable[[str], None],
    hint: str = "",
    width: int = 150,
) -> ft.Control:
    return ft.TextField(
        key=key,
        label=label,
        value=value,
        helper=hint or None,
        width=width,
        on_change=lambda event: put(event.control.value),
    )


def _order(shift: ShiftForm) -> tuple[int, str, str]:
    return shift.weekday, shift.starts, str(shift.user_id)


def _line(controls: list[ft.Control]) -> ft.Control:
    return ft.Row(
        controls,
        wrap=True,
        spacing=8,
        run_spacing=8,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
