"""The first screen: what to do today, and what still holds of the last entry."""

import asyncio

import flet as ft

from diary_app.components.buttons import Act, call_button, main_button, other_button
from diary_app.components.clinic_answer import answer_card
from diary_app.components.frame import framed
from diary_app.components.heading import body, heading, quiet
from diary_app.components.loading import could_not_read, use_loaded, waiting
from diary_app.components.notice import card
from diary_app.ground.boundary import screen_component
from diary_app.ground.live import use_topic
from diary_app.routes import ENTRY, FROM_CLINIC, HOME, WEEKLY, history_day
from diary_app.screens.patient.advice_card import (
    advice_card,
    asked_again_card,
    not_emergencies,
    recheck_card,
    seen_line,
    stopped_card,
    why_card,
)
from diary_app.screens.patient.around import Around, go, places, use_around
from diary_app.screens.patient.dose_card import DosesCard, plan_change_card
from diary_app.screens.patient.weekly_card import weekly_card
from diary_app.state.advice import Call
from diary_app.state.calendar import day_words, greeting
from diary_app.state.diary import ClinicCard, OpenDraft, TodayView
from diary_app.text import _

LOOK_AGAIN_SECONDS = 60


@screen_component
def Today() -> ft.View:
    """Draw the first screen; it follows what the clinic does."""
    around = use_around()
    loaded = use_loaded(around.diary.today)
    page = ft.context.page
    # The page below is the same after an entry was saved on top of it.
    in_sight = ft.use_route_location() == HOME

    def look() -> None:
        if in_sight:
            loaded.again()

    async def look_now_and_then() -> None:
        # A stopped clinic rings no bell; nor does the time of a second reading.
        while in_sight:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            if page.session.connection is not None:
                loaded.again()

    use_topic(around.diary.topic, look)
    ft.use_effect(look, [in_sight])
    ft.use_effect(look_now_and_then, [in_sight], cleanup=lambda: None)

    if loaded.value is None:
        content = [waiting()] if loaded.error is None else [could_not_read(loaded.again)]
    else:
        content = _content(around, loaded.value, loaded.again)
    return framed(
        _("Today"),
        content,
        route=HOME,
        foot=emergency_line(around.clinic),
        navigation=places(HOME),
        back=False,
    )


def emergency_line(clinic: ClinicCard) -> list[ft.Control]:
    """Return the line that is always in sight."""
    number = clinic.emergency_number
    return [
        quiet(_("Trouble breathing, swollen lips or tongue, confusion, chest pain?")),
        call_button(
            Call(_("Emergency: call {number}").format(number=number), number, is_emergency=True),
            strong=False,
            key="emergency-line",
        ),
    ]


def _content(around: Around, today: TodayView, again: Act) -> list[ft.Control]:
    async def start(kind: str) -> None:
        await asyncio.to_thread(around.diary.begin, kind)
        go(ENTRY)

    async def begin() -> None:
        await start("full")

    async def measure() -> None:
        await start("reading")

    async def skip_week() -> None:
        await asyncio.to_thread(around.diary.weekly.skip)
        again()

    controls: list[ft.Control] = [
        heading(greeting(today.first_name)),
        quiet(day_words(today.on)),
    ]
    if today.alerting_stopped:
        call = Call(_("Call the clinic {number}").format(number=around.clinic.phone),
                    around.clinic.phone)  # fmt: skip
        controls.append(
            stopped_card(around.clinic, today.stopped_since, [call_button(call, strong=False)])
        )
    if today.advice is not None:
        controls.append(advice_card(today.advice))
    if today.doses is not None and today.doses.plan_changed_on is not None:
        controls.append(plan_change_card(today.doses.plan_changed_on))
    if today.recheck is not None:
        button = main_button(
            _("Write the temperature"), measure, key="recheck", icon=ft.Icons.THERMOSTAT
        )
        controls.append(recheck_card(today.recheck, [button]))
    if today.asked_again is not None and today.draft is None:
        write = main_button(_("Write today's entry"), begin, key="asked-again", icon=ft.Icons.EDIT)
        controls.append(asked_again_card(today.asked_again, [write]))
    else:
        controls += _entry_buttons(today, begin)
    if today.saved is not None:
        saved_id = today.saved.id
        controls.append(
            card(
                [
                    seen_line(today.saved.clock, today.saved.seen),
                    other_button(
                        _("See this entry"), lambda: go(history_day(saved_id)), key="see-saved"
                    ),
                ]
            )
        )
    if today.answer is not None:
        more = other_button(_("All from your clinic"), lambda: go(FROM_CLINIC), key="from-clinic")
        controls.append(answer_card(today.answer, [more], title=_("From your clinic")))
    if today.doses is not None:
        controls.append(DosesCard(around.diary.doses, today.doses, again, key="doses"))
    why = None if today.advice is None else why_card(today.advice)
    if why is not None:
        controls.append(why)
    if today.saved is not None and today.recheck is None:
        controls.append(
            other_button(
                _("Add another temperature"), measure, key="reading", icon=ft.Icons.THERMOSTAT
            )
        )
    if today.weekly is not None:
        controls.append(weekly_card(today.weekly, lambda: go(WEEKLY), skip_week))
    controls.append(not_emergencies())
    return controls


def _entry_buttons(today: TodayView, begin: Act) -> list[ft.Control]:
    draft = today.draft
    label = _("Write another entry") if today.saved is not None else _("Write today's entry")
    start = main_button(label, begin, key="begin", icon=ft.Icons.EDIT)
    if draft is None:
        return [start]
    if draft.corrects:
        return [start, _unfinished(_("Your correction was not saved yet."), draft)]
    if not draft.is_of_today:
        told = _("Your entry of {day} was not saved.").format(day=day_words(draft.on))
        return [start, _unfinished(told, draft)]
    return [
        main_button(_("Go on with your entry"), lambda: go(ENTRY), key="go-on", icon=ft.Icons.EDIT),
        quiet(_("Not saved as an entry yet. Kept at {clock}.").format(clock=draft.clock)),
    ]


def _unfinished(told: str, draft: OpenDraft) -> ft.Control:
    label = _("Go on with the correction") if draft.corrects else _("Finish that entry")
    return card(
        [
            body(told, strong=True),
            quiet(_("If you begin a new entry, it is set aside.")),
            other_button(label, lambda: go(ENTRY), key="go-on-earlier"),
        ]
    )
