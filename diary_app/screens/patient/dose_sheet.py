"""What became of one dose, when it was not simply taken as planned."""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any

import flet as ft

from diary_app import routes
from diary_app.components.buttons import Act, call_button, main_button, other_button
from diary_app.components.care_component import keyed
from diary_app.components.choices import Choice, one_of
from diary_app.components.fields import edge
from diary_app.components.frame import framed
from diary_app.components.heading import body, heading, quiet
from diary_app.components.loading import could_not_read, use_loaded, waiting
from diary_app.components.notice import notice
from diary_app.ground.boundary import screen_component
from diary_app.screens.patient.around import Around, go, use_around
from diary_app.screens.patient.dose_card import told_after
from diary_app.state.advice import Call
from diary_app.state.calendar import day_words
from diary_app.state.dose_words import drug_words, planned_words, said_words, vomited_words
from diary_app.state.doses import JUST_NOW, DoseRow, DosesView
from diary_app.state.faults import DiaryError
from diary_app.state.wording import milligrams, read_milligrams
from diary_app.text import _
from diary_app.theme import BODY

Say = Callable[..., Any]


@screen_component
def DoseSheet() -> ft.View:
    """Draw the question of one dose; every answer is kept at once."""
    around = use_around()
    named = ft.use_route_params()
    drug, on = named["drug"], _day(named["day"])
    loaded = use_loaded(around.diary.doses.view)
    row = None
    if loaded.value is not None and on is not None:
        row = loaded.value.row(drug, on)
    if loaded.value is None:
        content = [waiting()] if loaded.error is None else [could_not_read(loaded.again)]
    elif row is None:
        content = [_not_here()]
    else:
        content = [DoseForm(around, loaded.value, row, key=f"{drug}-{on}")]
    return framed(drug_words(drug), content, route=ft.use_view_path())


@keyed
def DoseForm(around: Around, view: DosesView, start: DoseRow) -> ft.Control:
    """Draw the answers, what each still asks for, and what is told afterwards."""
    row, set_row = ft.use_state(start)
    how, set_how = ft.use_state("")
    done, set_done = ft.use_state(False)
    typed, set_typed = ft.use_state("")
    trouble, set_trouble = ft.use_state("")
    busy, set_busy = ft.use_state(False)
    doses = around.diary.doses

    async def keep(act: Callable[..., DoseRow], *values: Any, **named: Any) -> None:
        if busy:
            return
        set_busy(True)
        set_trouble("")
        try:
            kept = await asyncio.to_thread(act, row.drug, row.on, *values, **named)
        except DiaryError as error:
            set_trouble(str(error))
        else:
            set_row(kept)
            set_done(True)
        finally:
            set_busy(False)

    async def say(word: str, **named: Any) -> None:
        await keep(doses.say, word, **named)

    async def undo() -> None:
        await keep(doses.undo)

    async def pick(word: str) -> None:
        set_trouble("")
        set_typed("")
        set_how(word)
        if word in {"planned", "missed", "taken_back"}:
            await say(word)

    def again() -> None:
        set_done(False)
        set_how("")

    def change_day(day: date) -> None:
        set_row(view.row(row.drug, day) or row)
        again()

    controls = [notice(trouble, level="prompt", live=True)] if trouble else []
    if done:
        controls += _after(row, around, undo, again)
    else:
        controls += _which_day(view, row, change_day)
        controls += _question(row, view, how, pick)
        controls += _further(row, view, how, typed, set_typed, say, set_trouble)
    return ft.Column(controls, spacing=16, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _question(row: DoseRow, view: DosesView, how: str, pick: Act) -> list[ft.Control]:
    choices = []
    if row.planned_mg:
        dose = milligrams(row.planned_mg)
        choices = [
            Choice("how-planned", _("Taken as planned: {dose}").format(dose=dose), "planned"),
            Choice("how-late", _("Taken late"), "late"),
            Choice("how-missed", _("Missed: not taken, and I will not take it"), "missed"),
            Choice("how-different", _("A different amount"), "different"),
            Choice("how-vomited", _("I vomited after it"), "vomited"),
        ]
    else:
        choices = [Choice("how-different", _("I took some"), "different")]
    if row.said is not None:
        choices.append(
            Choice("how-taken_back", _("Logged by mistake: nothing is known yet"), "taken_back")
        )
    planned = planned_words(row)
    if row.on != view.on:
        planned = _("Planned: {dose}").format(dose=milligrams(row.planned_mg or 0))
    lines: list[ft.Control] = [heading(day_words(row.on)), quiet(planned)]
    if row.off_day:
        lines.append(body(_("This is an off day: nothing to take, and nothing can be missed.")))
    if row.said is not None:
        lines.append(
            body(_("Logged so far: {said}").format(said=said_words(row.said)), strong=True)
        )
    return [*lines, one_of(choices, how, pick)]


def _further(
    row: DoseRow,
    view: DosesView,
    how: str,
    typed: str,
    set_typed: Callable[[str], None],
    say: Say,
    complain: Callable[[str], None],
) -> list[ft.Control]:
    async def late_now() -> None:
        await say("late", taken_clock=JUST_NOW)

    async def late_at() -> None:
        await say("late", taken_clock=typed)

    async def amount() -> None:
        milligrams_taken = read_milligrams(typed)
        if milligrams_taken is None or milligrams_taken == 0:
            complain(_("Please type a number of milligrams, for example 100."))
        else:
            await say("different", taken_mg=milligrams_taken)

    async def vomited(word: str) -> None:
        await say("vomited", vomited_after=word)

    match how:
        case "late":
            now = main_button(_("Just now"), late_now, key="late-now", icon=ft.Icons.SCHEDULE)
            return [
                heading(_("When did you take it?"), 2),
                *([now] if row.on == view.on else []),
                _field("late-at", _("Or the time, such as 14:20"), typed, set_typed, late_at),
                other_button(_("Save this time"), late_at, key="late-save"),
            ]
        case "different":
            return [
                heading(_("How many milligrams in all that day?"), 2),
                _field("amount", _("Milligrams (mg)"), typed, set_typed, amount, number=True),
                main_button(_("Save"), amount, key="amount-save"),
            ]
        case "vomited":
            choices = [
                Choice(f"vomited-{word}", words, word) for word, words in vomited_words().items()
            ]
            return [heading(_("How long after the dose?"), 2), one_of(choices, "", vomited)]
    return []


def _after(row: DoseRow, around: Around, undo: Act, again: Act) -> list[ft.Control]:
    clinic = around.clinic
    said = _("Nothing is logged for this dose now.") if row.said is None else said_words(row.said)
    told = told_after(row, clinic.phone)
    call = Call(_("Call the clinic {number}").format(number=clinic.phone), clinic.phone)
    buttons: list[ft.Control] = [
        main_button(_("Done"), lambda: go(routes.HOME), key="dose-done"),
        *([other_button(_("Undo"), undo, key="dose-undo", icon=ft.Icons.UNDO)]
          if row.can_undo else []),
        *([] if row.can_undo else [other_button(_("Change"), again, key="dose-change")]),
    ]  # fmt: skip
    return [
        ft.Semantics(
            container=True,
            live_region=True,
            label=said,
            content=ft.Column([heading(said), quiet(day_words(row.on))], spacing=4, tight=True),
        ),
        *told,
        *([call_button(call, strong=False, key="dose-call")] if told else []),
        *buttons,
    ]


def _which_day(view: DosesView, row: DoseRow, change: Callable[[date], None]) -> list[ft.Control]:
    other = _other_day(view, row)
    if other is None:
        return []
    days = sorted([row.on, other.on])
    return [
        heading(_("Which day was this dose for?"), 2),
        one_of(
            [Choice(f"day-{day.isoformat()}", day_words(day), day) for day in days],
            row.on,
            change,
        ),
    ]


def _other_day(view: DosesView, row: DoseRow) -> DoseRow | None:
    """Return the other day this dose may belong to; None when it is clear."""
    rows = [each for each in (*view.today, *view.yesterday) if each.drug == row.drug]
    if not view.is_unclear(row.drug):
        return None
    return next((each for each in rows if each.on != row.on), None)


def _field(
    key: str,
    label: str,
    typed: str,
    set_typed: Callable[[str], None],
    go_on: Act,
    *,
    number: bool = False,
) -> ft.Control:
    return ft.TextField(
        key=key,
        label=label,
        value=typed,
        keyboard_type=ft.KeyboardType.NUMBER if number else ft.KeyboardType.DATETIME,
        text_size=28,
        label_style=ft.TextStyle(size=BODY),
        border=edge(),
        on_change=lambda event: set_typed((event.control.value or "")[:8]),
        on_submit=go_on,
    )


def _not_here() -> ft.Control:
    return notice(
        _("This dose can no longer be logged here"),
        [_("Today's and yesterday's doses can. For an earlier day, correct that day's entry.")],
        actions=[main_button(_("Back to today"), lambda: go(routes.HOME), key="dose-home")],
    )


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
