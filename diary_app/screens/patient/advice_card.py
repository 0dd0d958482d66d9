"""What an entry means, as a card: what to do, whom to call, and why."""

import flet as ft

from diary_app.components.buttons import call_button
from diary_app.components.heading import body, heading, quiet
from diary_app.components.notice import card, notice
from diary_app.state.advice import Advice
from diary_app.state.calendar import day_words
from diary_app.state.diary import AskedAgain, ClinicCard, Recheck, Seen
from diary_app.state.told import not_for_emergencies, recheck_words, saved_words, stopped_words
from diary_app.text import _


def advice_card(advice: Advice, *, live: bool = False) -> ft.Control:
    """Return the advice with its numbers to call; an urgent one fills them with color."""
    strong = advice.kind in {"emergency", "urgent"}
    return notice(
        advice.title,
        advice.sentences,
        level=advice.level,
        live=live,
        actions=[call_button(call, strong=strong) for call in advice.calls],
    )


def why_card(advice: Advice, call_if: str = "") -> ft.Control | None:
    """Return the reasons in plain words and when to call at once; None when there are none.

    Args:
        call_if: A sentence; empty = none.
    """
    if not advice.why and not call_if:
        return None
    return card(
        [
            heading(_("Why am I told this?"), 2),
            *(body(f"• {sentence}") for sentence in advice.why),
            *([body(call_if, strong=True)] if call_if else []),
        ]
    )


def told_card(advice: Advice) -> ft.Control | None:
    """Return what was told about an entry of the past and why; None when there are no reasons."""
    if not advice.why:
        return None
    return card(
        [
            heading(_("Why was I told this?"), 2),
            quiet(_("You were told: {title}.").format(title=advice.title)),
            *(body(f"• {sentence}") for sentence in advice.why),
        ]
    )


def seen_line(clock: str, seen: Seen | None) -> ft.Control:
    """Return when an entry was saved and who has seen it."""
    icon = ft.Icons.CHECK if seen is None else ft.Icons.DONE_ALL
    return ft.Semantics(
        container=True,
        live_region=True,
        content=ft.Row(
            [ft.Icon(icon, size=24), ft.Container(body(saved_words(clock, seen)), expand=True)],
            spacing=10,
        ),
    )


def recheck_card(recheck: Recheck, actions: list[ft.Control]) -> ft.Control:
    """Return the request for a second temperature."""
    return notice(
        recheck_words(recheck),
        [_("Write it here, also when it is normal.")],
        level="prompt" if recheck.is_due else "digest",
        actions=actions,
    )


def asked_again_card(asked: AskedAgain, actions: list[ft.Control]) -> ft.Control:
    """Return the question on the day after an entry that needed a person."""
    return notice(
        _("How are you now?"),
        [
            _(
                "Your entry of {day} needed attention. Please measure your temperature again and"
                " write today's entry, also when things are better."
            ).format(day=day_words(asked.about))
        ],
        level="prompt",
        actions=actions,
    )


def stopped_card(clinic: ClinicCard, since: str, actions: list[ft.Control]) -> ft.Control:
    """Return the warning that the clinic is not alerted by itself at the moment.

    Args:
        since: Clock, and day if it was not today, of its last run; empty = never.
    """
    title, sentences = stopped_words(clinic, since)
    return notice(title, sentences, level="prompt", actions=actions, live=True)


def not_emergencies() -> ft.Control:
    """Return the sentence every main screen carries."""
    return quiet(not_for_emergencies())
