"""The parts of an alert's page."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial

import flet as ft

from diary_app.components.care_answers import contact_words
from diary_app.components.care_parts import FINE, button, fine, level_tag, pair, text
from diary_app.components.care_table import table, wrapped
from diary_app.components.care_words import (
    CALL_ENDS,
    EVENTS,
    MESSAGES,
    OUTCOMES,
    WAYS,
    clock,
    day_words,
    logged_words,
    mg,
    plain_day,
    planned_words,
    step_words,
    taken_words,
    waiting_words,
    when,
    word,
)
from diary_app.exports.fact_words import known_pairs
from diary_app.services.alert_page import AlertPage, HistoryLine, MessageLine
from diary_app.text import _
from diary_app.theme import look


def headline(page: AlertPage, acts: Sequence[ft.Control]) -> ft.Control:
    """Return who it is about, how urgent, since when, who has it, and what can be done."""
    seen, who = look(page.level), page.patient
    return ft.Container(
        padding=16,
        bgcolor=seen.ground,
        border=ft.Border.all(2, seen.ink),
        border_radius=12,
        content=ft.Column(
            [
                ft.Row(
                    [
                        level_tag(page.level),
                        ft.Text(who.name, size=22, weight=ft.FontWeight.W_600, color=seen.ink),
                        _ink(who.code, page.level),
                    ],
                    spacing=12,
                    wrap=True,
                    run_spacing=6,
                    vertical_alignment=ft.CrossAxisAlignment.CENTER,
                ),
                _ink(
                    _("Born {day}. Phone {phone}.").format(
                        day=plain_day(who.born_on), phone=who.phone or _("not known")
                    ),
                    page.level,
                ),
                _ink(state_words(page), page.level),
                ft.Row(list(acts), wrap=True, spacing=8, run_spacing=8),
            ],
            spacing=8,
        ),
    )


def _ink(words: str, level: str) -> ft.Text:
    return text(words, color=look(level).ink)


def state_words(page: AlertPage) -> str:
    """Return what state the alert is in, since when, and through whom."""
    zone, now = page.watch.time_zone, page.now
    since = _("Raised {time}, {ago} ago.").format(
        time=when(page.raised_at, zone, now), ago=waiting_words(page.raised_at, now)
    )
    if page.closed_at is not None:
        done = _("{name} closed this alert at {time}: {outcome}.").format(
            name=page.closed_by or _("Somebody"),
            time=when(page.closed_at, zone, now),
            outcome=word(OUTCOMES, page.outcome or ""),
        )
    elif page.held_at is not None and page.held_by is not None:
        name = _("You") if page.mine else page.held_by
        done = _("{name} took this alert at {time}.").format(
            name=name, time=when(page.held_at, zone, now)
        )
    else:
        done = _("Nobody has taken it yet.")
    more = ""
    if page.snoozed_until is not None:
        more = _("Snoozed until {time}.").format(time=when(page.snoozed_until, zone, now))
    elif page.told_again_at is not None:
        more = _("The holder was told again at {time}; soon the team is.").format(
            time=when(page.told_again_at, zone, now)
        )
    held = [line.held_until for line in page.messages if line.held_until is not None]
    if held:
        more = _("Messages are held until {time}, quiet hours.").format(
            time=when(min(held), zone, now)
        )
    return " ".join(filter(None, (since, done, more)))


def acts_of(
    page: AlertPage,
    *,
    take: Callable[..., object],
    hand_back: Callable[..., object],
    snooze: Callable[..., object],
    call: Callable[..., object],
    note: Callable[..., object],
    close: Callable[..., object],
) -> list[ft.Control]:
    """Return the buttons that fit the alert's state; the service checks again."""
    written = [
        button(_("Log a call"), call, key="log-call"),
        button(_("Add note"), note, key="add-note"),
    ]
    if page.state == "closed":
        return written
    shown = []
    if page.state == "open":
        shown.append(button(_("Take"), take, key="take", main=True))
    elif page.mine:
        shown.append(button(_("Hand back"), hand_back, key="hand-back"))
        if page.snoozes:
            shown.append(button(_("Snooze"), snooze, key="snooze"))
    return [
        *shown,
        *written,
        button(_("Close alert"), close, key="close-alert", main=page.state != "open"),
    ]


def facts(page: AlertPage) -> list[ft.Control]:
    """Return dose planned and taken, the step, and whether the patient wants a call."""
    dose = page.dose
    wants = contact_words(page.entries[0].answers) if page.entries else _("Not asked")
    steroid = (
        _("not in the plan")
        if dose.prednisolone_planned_mg is None
        else mg(dose.prednisolone_planned_mg)
    )
    return [
        pair(_("Dose step"), step_words(dose.step_up), strong=True),
        pair(
            _("Imatinib on {day}").format(day=day_words(dose.on)),
            _("planned {planned}, taken: {taken}").format(
                planned=planned_words(dose), taken=logged_words(dose)
            ),
        ),
        pair(
            _("Prednisolone on that day"),
            _("planned {planned}, taken: {taken}").format(
                planned=steroid,
                taken=taken_words(dose.prednisolone_taken_mg, dose.prednisolone_how),
            ),
        ),
        pair(_("Needs someone today?"), wants, strong=True),
    ]


def known(page: AlertPage) -> list[ft.Control]:
    """Return what the rules know of the patient besides the diary."""
    return [pair(label, value) for label, value in known_pairs(page.facts)]


def numbers(page: AlertPage, dial: Callable[[str], Awaitable[None]]) -> list[ft.Control]:
    """Return whom to phone: the patient, and what the patient is told to call.

    Args:
        dial: Takes a number to call.
    """

    def line(label: str, number: str, key: str) -> ft.Control:
        if not number:
            return pair(label, _("not known"))
        return ft.Row(
            [
                ft.Container(pair(label, number, strong=True), expand=True),
                button(_("Call"), partial(dial, number), key=key, icon=ft.Icons.PHONE),
            ]
        )

    on_call = [
        pair(_("On call now: {rota}").format(rota=each.rota), ", ".join(each.names) or _("nobody"))
        for each in page.on_call
    ]
    return [
        line(page.patient.name, page.patient.phone, "dial-patient"),
        pair(_("The clinic's line for patients"), page.numbers.helpline or _("not known")),
        pair(_("Emergency number"), page.numbers.emergency or _("not known")),
        *on_call,
    ]


def history(page: AlertPage) -> list[ft.Control]:
    """Return what happened to the alert, newest first, with names and clocks."""
    zone = page.watch.time_zone
    return [
        ft.Row(
            [
                ft.Container(fine(when(line.at, zone, page.now)), width=120),
                ft.Column(
                    [
                        text(_happened(line), size=15),
                        *([fine(_("Taken back by its author"))] if line.withdrawn else []),
                        *_detail(line, zone, page.now),
                    ],
                    spacing=0,
                    expand=True,
                ),
            ],
            vertical_alignment=ft.CrossAxisAlignment.START,
            spacing=8,
        )
        for line in reversed(page.history)
    ]


def _happened(line: HistoryLine) -> str:
    left = line.kind == "returned" and line.detail.get("because") == "left"
    words = word(EVENTS, "left" if left else line.kind)
    return _("{what}, {name}").format(what=words, name=line.actor) if line.actor else words


def _detail(line: HistoryLine, zone: str, now: datetime) -> list[ft.Control]:
    until = line.detail.get("until") or line.detail.get("held_until")
    if isinstance(until, str):
        end = when(datetime.fromisoformat(until), zone, now)
        if line.kind == "snoozed":
            return [fine(_("Until {time}").format(time=end))]
        return [fine(_("Messages held until {time}, quiet hours").format(time=end))]
    if line.kind in {"noted", "called"}:
        words = str(line.detail.get("text", ""))
        end = word(CALL_ENDS, str(line.detail.get("end", ""))) if line.kind == "called" else ""
        return [_written(each, struck=line.withdrawn) for each in (end, words) if each]
    if line.kind == "closed":
        return [fine(word(OUTCOMES, str(line.detail.get("outcome", ""))))]
    if line.kind == "step_reached":
        step = line.detail.get("step")
        instead = line.detail.get("instead") is True
        return [
            *([fine(_("Step {n}").format(n=step + 1))] if isinstance(step, int) else []),
            *([fine(_("No step had anybody, so others were told instead"))] if instead else []),
        ]
    if "silent" in line.detail:
        return [fine(_("By silence on {day}").format(day=line.detail["silent"]))]
    if "doses" in line.detail:
        return [fine(_("By doses logged for {day}").format(day=line.detail["doses"]))]
    if "labs" in line.detail:
        return [fine(_("By laboratory values of {day}").format(day=line.detail["labs"]))]
    return []


def _written(words: str, *, struck: bool) -> ft.Control:
    through = ft.TextDecoration.LINE_THROUGH if struck else None
    return ft.Text(words, size=15, style=ft.TextStyle(decoration=through))


def _to(line: MessageLine) -> str:
    """Return the recipient, and the way where it is not the mail of the sign-in."""
    kind, _colon, way = line.way.partition(":")
    name = line.to or _("The clinic's own system")
    return name if not way else f"{name} ({word(WAYS, kind)})"


def messages(page: AlertPage, *, wide: bool) -> ft.Control:
    """Return who was sent a message and what became of it."""
    zone = page.watch.time_zone
    return table(
        [_("Recipient"), _("State"), _("Tries"), _("Time"), _("Error")],
        [
            [
                _to(line),
                word(MESSAGES, line.state)
                if line.held_until is None
                else _("Held until {time}, quiet hours").format(
                    time=when(line.held_until, zone, page.now)
                ),
                str(line.attempts),
                clock(line.sent_at or line.created_at, zone),
                wrapped(line.error or "-", 180) if len(line.error) > FINE else line.error or "-",
            ]
            for line in page.messages
        ],
        empty=_("No message was sent yet."),
        stacked=not wide,
    )
