"""What a nurse can do on an alert's page, and what is said when it fails."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import flet as ft

from diary_app.components.care_keys import Answer
from diary_app.components.care_reading import attempt, tell
from diary_app.components.care_words import clock
from diary_app.routes import HOME, patient
from diary_app.services.alert_page import AlertPage
from diary_app.services.inbox import Inbox
from diary_app.text import _


@dataclass(frozen=True)
class AlertActs:
    """The acts on one alert.

    Attributes:
        inbox: Does them.
        page: The alert as it was read last.
        again: Reads it once more.
        ask: Opens a dialog by name; an empty name closes it.
    """

    inbox: Inbox
    page: AlertPage
    again: Callable[[], Awaitable[None]]
    ask: Callable[[str], None]

    async def take(self) -> None:
        """Take it, or say who was first."""
        if await attempt(self.inbox.take, self.page.alert_id) is False:
            tell(ft.context.page, await self._who_was_first())
        await self.again()

    async def hand_back(self) -> None:
        """Give it back to the team."""
        if await attempt(self.inbox.hand_back, self.page.alert_id) is False:
            tell(ft.context.page, _("You do not hold this alert any more."))
        await self.again()

    async def snooze(self, minutes: int) -> None:
        """Be told again in so many minutes."""
        self.ask("")
        if await attempt(self.inbox.snooze, self.page.alert_id, minutes) is False:
            tell(ft.context.page, _("You do not hold this alert any more."))
        await self.again()

    async def note(self, words: str) -> None:
        """Add a note."""
        self.ask("")
        await attempt(self.inbox.add_note, self.page.alert_id, words)
        await self.again()

    async def call(self, end: str, words: str) -> None:
        """Log a call."""
        self.ask("")
        await attempt(self.inbox.log_call, self.page.alert_id, end, words)
        await self.again()

    async def close(self, outcome: str, words: str) -> None:
        """Close it with what was done."""
        self.ask("")
        if await attempt(self.inbox.close, self.page.alert_id, outcome, words) is False:
            tell(ft.context.page, _("A colleague closed this alert first."))
        await self.again()

    async def undo(self) -> None:
        """Take back what was done last."""
        undo = self.page.undo
        if undo is None:
            return
        if await attempt(self.inbox.undo, self.page.alert_id, undo.event_id) is False:
            tell(ft.context.page, _("It is too late to undo this, or somebody acted since."))
        await self.again()

    def to_patient(self) -> None:
        """Go to the patient's page."""
        ft.context.page.navigate(patient(self.page.patient.id))

    def keys(self) -> dict[str, Answer]:
        """Return what the keys do, as far as it fits the alert's state."""
        state, mine = self.page.state, self.page.mine
        answers: dict[str, Answer] = {
            "c": lambda: self.ask("call"),
            "n": lambda: self.ask("note"),
            "p": self.to_patient,
            "u": self.undo,
            "i": lambda: ft.context.page.navigate(HOME),
            "?": lambda: self.ask("keys"),
        }
        if state == "open":
            answers["t"] = self.take
        if state == "acknowledged" and mine:
            answers["h"] = self.hand_back
        if state != "closed":
            answers["e"] = lambda: self.ask("close")
        return answers

    async def _who_was_first(self) -> str:
        newest = await attempt(lambda: self.inbox.open(self.page.alert_id, again=True))
        if newest is None or newest.held_by is None or newest.held_at is None:
            return _("A colleague was first.")
        return _("{name} took this alert at {time}.").format(
            name=newest.held_by, time=clock(newest.held_at, newest.watch.time_zone)
        )


def alert_keys() -> dict[str, str]:
    """Return all keys of an alert's page and what they do."""
    return {
        "t": _("Take this alert"),
        "h": _("Hand it back"),
        "c": _("Log a call"),
        "n": _("Add note"),
        "e": _("Close alert"),
        "u": _("Undo what you did last, within a minute"),
        "p": _("Patient's page"),
        "i": _("To the inbox"),
        "?": _("Show and hide this list"),
    }
