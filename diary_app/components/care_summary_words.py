"""Words of the summary, for the screen and for paper."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from diary_app.components.care_words import (
    Word,
    day_and_clock,
    plain_day,
    short_day,
    waiting_words,
)
from diary_app.services.summary import Mailing, SummaryPage, SummaryRow
from diary_app.text import _
from diary_app.theme import look

COUNTS: Mapping[str, Word] = {
    "new_alerts": lambda: _("New in 24 h"),
    "open_alerts": lambda: _("Taken by nobody"),
    "overdue_alerts": lambda: _("Overdue"),
    "taken_alerts": lambda: _("Taken, not closed"),
    "silent_patients": lambda: _("Silent patients"),
    "review_patients": lambda: _("On the weekly list"),
    "entries": lambda: _("Entries in 24 h"),
    "ungraded_entries": lambda: _("Not graded"),
    "lost_messages": lambda: _("Messages lost"),
    "open_tasks": lambda: _("Open tasks"),
}
GROUP_WORDS: Mapping[str, Word] = {
    "overdue": lambda: _("Overdue"),
    "open": lambda: _("Open, taken by nobody"),
    "taken": lambda: _("Taken, not closed"),
    "silent": lambda: _("Silent"),
    "weekly": lambda: _("Weekly list"),
}


def load_words(level: str, alerts: int, rate: float | None, budget: float) -> str:
    """Return one level's load as a sentence."""
    name = look(level).word()
    if rate is None:
        return _("{level}: {n} alerts, no patient in follow-up.").format(level=name, n=alerts)
    many = _("1 alert") if alerts == 1 else _("{n} alerts").format(n=alerts)
    within = _("above the budget") if rate > budget + 1e-9 else _("within the budget")
    return _("{level}: {many}, {rate} per patient-week; {within} of {budget}.").format(
        level=name, many=many, rate=f"{rate:.2f}", budget=f"{budget:.2f}", within=within
    )


def mailing_words(mailing: Mailing | None, zone: str) -> list[str]:
    """Return what became of the last summary mail, in sentences."""
    if mailing is None:
        return [_("No summary was mailed in the last 8 days.")]
    said = []
    if mailing.sent_at is None:
        said.append(
            _("The summary of {day} was queued {time} and has not left yet.").format(
                day=plain_day(mailing.day), time=day_and_clock(mailing.queued_at, zone)
            )
        )
    else:
        said.append(
            _("The summary of {day} was sent {time}.").format(
                day=plain_day(mailing.day), time=day_and_clock(mailing.sent_at, zone)
            )
        )
    for words, names in (
        (_("Sent to: {names}."), mailing.arrived),
        (_("Not sent yet, tried again: {names}."), mailing.waiting),
        (_("Failed for good: {names}. Tell them yourself."), mailing.lost),
    ):
        if names:
            said.append(words.format(names=", ".join(names)))
    return said


def silence_words(row: SummaryRow) -> str:
    """Return when the patient wrote last, in one sentence."""
    if row.last_entry_on is None or row.silent_days is None:
        return _("No entry yet")
    if row.silent_days <= 0:
        return _("Wrote today")
    if row.silent_days == 1:
        return _("Wrote yesterday")
    return _("Last entry {day}, {n} days ago").format(
        day=short_day(row.last_entry_on), n=row.silent_days
    )


def alert_words(row: SummaryRow, page: SummaryPage) -> list[str]:
    """Return each alert of a patient in one sentence."""
    return [
        (
            _("{code}: waits {time}, taken by {name}")
            if each.held_by is not None
            else _("{code}: waits {time}, taken by nobody")
        ).format(code=each.code, time=waiting_words(each.raised_at, page.now), name=each.held_by)
        for each in row.alerts
    ]


def review_words(row: SummaryRow, zone: str) -> str:
    """Return how much of a patient waits to be reviewed, and since when; empty when nothing."""
    if row.review_since is None:
        return ""
    since = short_day(row.review_since.astimezone(ZoneInfo(zone)).date())
    if len(row.review) == 1:
        return _("To review: 1 entry of {day}").format(day=since)
    return _("To review: {n} entries since {day}").format(n=len(row.review), day=since)


def week_words(row: SummaryRow) -> str:
    """Return the worst level of the week."""
    if not row.assessed:
        return _("Nothing this week")
    return _("Week: {level}").format(level=look(row.level).word())
